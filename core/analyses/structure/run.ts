import { BadInput } from '../../bad-input.ts';
import { type Result, worstStatus } from '../../linalg/result.ts';
import type { Objective } from '../../objective/objective.ts';
import type { AnalysisContext } from '../analysis-run.ts';
import { readParameters } from '../read-parameters.ts';
import { measureApproximations } from './approximations.ts';
import { denseTruthLimit, type StructureParameters, type StructurePart, structureDescriptor } from './descriptor.ts';
import { measureSharpness } from './sharpness.ts';
import { spectralParts } from './spectral-parts.ts';
import type { Structure } from './structure.ts';
import { type StructureWork, searchOptions, wants } from './structure-work.ts';

/**
 * What the curvature at θ is made of: class means in G, the share of the gradient in the top subspace of H, block-diagonal
 * and K-FAC approximations against the dense truth, and sharpness by each definition. What a model does not allow is null
 * with a notice. Every part has a random stream of its own.
 *
 * Cost: see `classFactors`, `classStructure`, `halfSubspaces`, `measureApproximations`, `measureSharpness`; one search of
 * the top eigenvectors of H serves the first two. BadInput where approximations are asked for by name above 3,000
 * parameters. Status: that of the worst part; `notFinite` where loss or gradient are not, and then nothing else is spent.
 */
export async function runStructure<V>(
  objective: Objective<V>,
  theta: V,
  given: Partial<StructureParameters> | Readonly<Record<string, unknown>>,
  context: AnalysisContext,
): Promise<Result<Structure>> {
  const began = performance.now();
  const parameters = readParameters(structureDescriptor.parameters, given) as unknown as StructureParameters;
  const { space } = objective;
  requireDenseTruth(parameters.part, space.dim);
  const linearization = await objective.linearize(theta);
  const work: StructureWork<V> = {
    ...{ objective, theta, linearization, parameters, context },
    ...{ notices: [], spent: { products: 0, gradients: 1, losses: 0 } },
  };
  try {
    const gradientNorm = Math.sqrt((await space.dots([linearization.gradient], linearization.gradient))[0]!);
    const finite = Number.isFinite(linearization.loss) && Number.isFinite(gradientNorm);
    const parts = finite ? await runParts(work) : nothing;
    const value: Structure = {
      loss: linearization.loss,
      gradientNorm,
      dim: space.dim,
      examples: objective.examples,
      convention: objective.convention,
      engine: objective.engine,
      precision: space.precision,
      inexactReason: linearization.exact ? null : (linearization.inexactReason ?? 'products are differences'),
      classes: parts.classes,
      gradientShares: parts.gradientShares,
      approximations: parts.approximations,
      sharpness: parts.sharpness,
      notices: work.notices,
      parts: parts.statuses,
    };
    const statuses = Object.values(parts.statuses).flatMap((status) => status ?? []);
    const stats = { ...work.spent, seconds: (performance.now() - began) / 1000 };
    return { value, status: finite ? worstStatus(statuses) : 'notFinite', stats };
  } finally {
    linearization.dispose();
  }
}

interface Parts extends Pick<Structure, 'classes' | 'gradientShares' | 'approximations' | 'sharpness'> {
  readonly statuses: Structure['parts'];
}

const nothing: Parts = {
  ...{ classes: null, gradientShares: null, approximations: null, sharpness: null },
  statuses: { classes: null, gradient: null, approximations: null, sharpness: null },
};

function requireDenseTruth(part: StructurePart, dim: number): void {
  if (part !== 'approximations' || dim <= denseTruthLimit) return;
  throw new BadInput(
    `Approximations are measured against dense matrices, and ${dim} parameters are above the limit of ${denseTruthLimit}.`,
    'Use a smaller model; the other parts need products only.',
  );
}

async function runParts<V>(work: StructureWork<V>): Promise<Parts> {
  const spectral = await spectralParts(work);
  const approximations = wants(work, 'approximations') ? await approximationsOf(work) : null;
  const sharpness = wants(work, 'sharpness') ? await sharpnessOf(work) : null;
  return {
    classes: spectral.classes,
    gradientShares: spectral.gradientShares,
    approximations: approximations?.value ?? null,
    sharpness: sharpness?.value ?? null,
    statuses: {
      classes: spectral.classesStatus,
      gradient: spectral.gradientStatus,
      approximations: approximations?.status ?? null,
      sharpness: sharpness === null ? null : worstStatus(sharpness.statuses),
    },
  };
}

async function approximationsOf<V>(work: StructureWork<V>) {
  const { objective, theta, linearization, parameters, context, notices, spent } = work;
  const { dim } = objective.space;
  if (dim > denseTruthLimit) {
    notices.push(
      `Approximations are left out: they are measured against dense matrices, and ${dim} parameters are above ${denseTruthLimit}.`,
    );
    return null;
  }
  const own = { ...context, rng: context.rng.split('approximations') };
  const found = await measureApproximations(objective, theta, linearization, parameters, own);
  notices.push(...found.notices);
  spent.products += found.products;
  spent.gradients += found.gradients;
  spent.losses += found.losses;
  return found;
}

async function sharpnessOf<V>(work: StructureWork<V>) {
  const { objective, theta, linearization, parameters, context, notices, spent } = work;
  const own = { ...context, rng: context.rng.split('sharpness') };
  const { rng: _, ...limits } = searchOptions(work, 'sharpness', 1);
  const found = await measureSharpness(objective, theta, linearization, { ...parameters, search: limits }, own);
  notices.push(...found.notices);
  spent.products += found.products;
  spent.gradients += found.gradients;
  spent.losses += found.losses;
  return found;
}
