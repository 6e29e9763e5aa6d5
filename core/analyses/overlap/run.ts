import { BadInput } from '../../bad-input.ts';
import type { Result, Status } from '../../linalg/result.ts';
import { curvatureOperator } from '../../objective/curvature/curvature-operator.ts';
import type { BatchKey, Objective } from '../../objective/objective.ts';
import type { Random } from '../../random/random.ts';
import type { AnalysisContext } from '../analysis-run.ts';
import { readParameters } from '../read-parameters.ts';
import { type Trajectory, thinned } from '../trajectory.ts';
import { type OverlapParameters, overlapDescriptor } from './descriptor.ts';
import type { SubspaceOverlap } from './overlap.ts';
import { overlapMatrices, squaredCosines } from './overlap-matrix.ts';
import { type FoundSubspace, topSubspace } from './top-subspace.ts';

export interface OverlapContext extends AnalysisContext {
  /** The checkpoints whose subspaces are compared. */
  readonly trajectory?: Trajectory | undefined;
}

/** Numbers of all vectors together that are held: 1.6 GB. */
const mostNumbers = 2e8;

/** A subspace that is to be found: of which function, where, on which examples, of which blocks. */
interface Place<V> {
  readonly label: string;
  readonly theta: () => Promise<V>;
  readonly batch?: BatchKey;
  readonly block?: string;
}

/**
 * How much the top-k eigenspaces have in common: between checkpoints of a run, between two random halves of the examples
 * and all of them, or between the diagonal blocks of the layers and the whole matrix (blocks among themselves are
 * orthogonal by construction; what is compared there is each with the whole).
 *
 * Cost: one gradient and one Lanczos search of k + 1 pairs for each subspace. Status: that of the worst search.
 */
export async function runOverlap<V>(
  objective: Objective<V>,
  theta: V,
  given: Partial<OverlapParameters> | Readonly<Record<string, unknown>>,
  context: OverlapContext,
): Promise<Result<SubspaceOverlap>> {
  const began = performance.now();
  const parameters = readParameters(overlapDescriptor.parameters, given) as unknown as OverlapParameters;
  const { space } = objective;
  const places = placesOf(objective, theta, parameters, context);
  const k = Math.min(parameters.top, space.dim);
  requireMemory(places.length * k * space.dim);
  const found: FoundSubspace[] = [];
  let status: Status = 'converged';
  let products = 0;
  for (const place of places) {
    const result = await subspaceAt(objective, place, parameters, context, { done: products, of: places.length });
    products += result.stats.products;
    if (result.status !== 'converged' && result.status !== 'invariantSubspace') status = result.status;
    if (status === 'cancelled' || status === 'notFinite') break;
    found.push(result.value);
  }
  const value: SubspaceOverlap = {
    kind: parameters.between,
    operator: parameters.operator,
    k,
    labels: found.map(({ label }) => label),
    ...overlapMatrices(found, k),
    random: k / space.dim,
    subspaces: found.map(({ vectors: _, ...subspace }) => subspace),
    pairs: pairsOf(found.length).map(([first, second]) => ({
      first,
      second,
      squaredCosines: squaredCosines(found[first]!.vectors, found[second]!.vectors),
    })),
    dim: space.dim,
    convention: objective.convention,
    engine: objective.engine,
    precision: space.precision,
  };
  const seconds = (performance.now() - began) / 1000;
  return { value, status, stats: { products, gradients: found.length, losses: 0, seconds } };
}

/** Neighbours, and the first and the last. */
function pairsOf(n: number): [number, number][] {
  const neighbours = Array.from({ length: Math.max(0, n - 1) }, (_, i): [number, number] => [i, i + 1]);
  return n > 2 ? [...neighbours, [0, n - 1]] : neighbours;
}

function placesOf<V>(
  objective: Objective<V>,
  theta: V,
  { between, points, top }: OverlapParameters,
  { rng, trajectory }: OverlapContext,
): Place<V>[] {
  const { space, layout, examples } = objective;
  const here = async () => space.copy(theta);
  if (between === 'halves') {
    const [one, other] = halves(examples, rng.split('halves'));
    return [
      { label: 'all examples', theta: here },
      { label: 'one half', theta: here, batch: one },
      { label: 'other half', theta: here, batch: other },
    ];
  }
  if (between === 'layers') {
    // A block smaller than k has no top-k subspace.
    const blocks = layout.blocks.filter(({ size }) => size > top);
    return [{ label: 'whole', theta: here }, ...blocks.map(({ name }) => ({ label: name, theta: here, block: name }))];
  }
  if (trajectory === undefined || trajectory.steps.length < 2)
    throw new BadInput(
      'There are no two checkpoints to compare.',
      'Give the folder of a run with checkpoints, or compare halves or layers.',
    );
  const path = thinned(trajectory, points);
  return path.steps.map((step, i) => ({
    label: `step ${step}`,
    theta: async () => space.fromHost(await path.theta(i)),
  }));
}

function halves(examples: number, rng: Random): [BatchKey, BatchKey] {
  if (examples < 2)
    throw new BadInput(`${examples} example has no halves.`, 'Take more examples, or compare steps or layers.');
  const order = rng.permutation(examples);
  const middle = Math.floor(examples / 2);
  return [order.slice(0, middle).sort(), order.slice(middle).sort()];
}

async function subspaceAt<V>(
  objective: Objective<V>,
  { label, theta: load, batch, block }: Place<V>,
  parameters: OverlapParameters,
  { rng, signal, onProgress }: OverlapContext,
  { done, of }: { readonly done: number; readonly of: number },
): Promise<Result<FoundSubspace>> {
  const { space, layout } = objective;
  const theta = await load();
  const linearization = await objective.linearize(theta, batch);
  const curvature = await curvatureOperator(
    { objective, theta, linearization, batch },
    { kind: parameters.operator, blocks: block === undefined ? null : [block] },
  );
  try {
    const result = await topSubspace(curvature.operator, label, parameters, {
      rng: rng.split(label),
      signal,
      onProducts: (products) =>
        onProgress?.({ stage: label, done: done + products, total: of * parameters.maxProducts, unit: 'products' }),
    });
    const place = layout.blocks.find(({ name }) => name === block);
    if (place === undefined) return result;
    const embed = (part: Float64Array) => {
      const whole = new Float64Array(layout.dim);
      whole.set(part, place.offset);
      return whole;
    };
    return { ...result, value: { ...result.value, vectors: result.value.vectors.map(embed) } };
  } finally {
    curvature.dispose();
    linearization.dispose();
    space.release(theta);
  }
}

function requireMemory(numbers: number): void {
  if (numbers <= mostNumbers) return;
  throw new BadInput(
    `The vectors of all subspaces have ${numbers.toExponential(1)} numbers, above the limit ${mostNumbers.toExponential(0)}.`,
    'Ask for fewer points or a smaller subspace.',
  );
}
