import type { LinearOperator } from '../../linalg/linear-operator.ts';
import { differenceOperator } from '../../linalg/operators/difference.ts';
import { projectedOperator } from '../../linalg/operators/projected.ts';
import { sampleMean } from '../../linalg/quadrature/sample-mean.ts';
import { confidenceInterval } from '../../linalg/quadrature/student-t.ts';
import { hutchinsonTrace } from '../../linalg/quadrature/trace/hutchinson.ts';
import type { Status } from '../../linalg/result.ts';
import type { VectorSpace } from '../../linalg/vector-space.ts';
import type { Random } from '../../random/random.ts';
import type { ClassFactors } from './class-means.ts';
import { eigenvalueRatios } from './eigenvalue-ratios.ts';
import { type GramEigen, gramEigen, gramEigenvectors } from './gram-eigen.ts';
import type { ClassPart, ClassStructure, EstimatedTrace, SubspaceShare } from './structure.ts';
import { sineBound, subspaceOverlap, type TopSubspace, topSubspace } from './top-subspace.ts';

export interface ClassStructureInputs<V> {
  readonly space: VectorSpace<V>;
  readonly gaussNewton: LinearOperator<V>;
  readonly factors: ClassFactors<V>;
  /** At least C + 1 pairs each, where the dimension allows: the gap below the C-th certifies the subspace. */
  readonly topOfHessian: TopSubspace<V>;
  readonly topOfGaussNewton: TopSubspace<V>;
  readonly traceProbes: number;
  readonly rng: Random;
  readonly signal?: { readonly aborted: boolean } | undefined;
  readonly onProduct: (stage: string, done: number, total: number) => void;
}

/** The eigenvalues of G_within crowd: more products than this are not spent on its largest. */
const productsForWithin = 200;
const residualTolWithin = 1e-2;

/**
 * The parts of G by classes (see `classFactors`): eigenvalues and traces of G0, G1, G2 from Gram matrices, trace and
 * largest eigenvalue of the rest, whose C leading eigenvectors are taken out before its trace is probed (as in Hutch++);
 * and how the C leading eigenvectors of H and of G lie to those of G1. Cost: `traceProbes` and up to 200 products with G.
 */
export async function classStructure<V>(
  inputs: ClassStructureInputs<V>,
): Promise<{ readonly value: ClassStructure; readonly statuses: readonly Status[]; readonly products: number }> {
  const { space, factors, topOfHessian, topOfGaussNewton, rng, signal, onProduct } = inputs;
  const classes = factors.counts.length;
  const [e0, e1, e2] = [
    await gramEigen(space, factors.g0),
    await gramEigen(space, factors.g1),
    await gramEigen(space, factors.g2),
  ];
  const parts = [
    classPart('G0', 'Σ_c w_c δ_{c,c} δ_{c,c}ᵀ', e0),
    classPart('G1', '(C−1) Σ_c w_c δ_c δ_cᵀ', e1),
    classPart('G2', 'Σ_c w_c Σ_{c′≠c} (δ_{c,c′} − δ_c)(δ_{c,c′} − δ_c)ᵀ', e2),
  ];
  const within = differenceOperator(
    inputs.gaussNewton,
    factorOperator(space, [...factors.g0, ...factors.g1, ...factors.g2]),
  );
  // Few large eigenvalues make probes skewed and their intervals too short: they are counted by themselves.
  const leading = await topSubspace(within, {
    count: Math.min(classes, space.dim),
    rng: rng.split('largest within classes'),
    residualTol: residualTolWithin,
    maxProducts: productsForWithin,
    signal,
    onProgress: (products, limit) => onProduct('largest within classes', products, limit),
  });
  const trace = await hutchinsonTrace(projectedOperator(within, leading.vectors), {
    probes: inputs.traceProbes,
    rng: rng.split('trace within classes'),
    signal,
    onProgress: ({ products, limit }) => onProduct('trace within classes', products, limit),
  });
  space.release(...leading.vectors);
  // Ritz values are the quotients vᵀAv of orthonormal vectors: with them the sum is exact however rough the vectors are.
  const counted = leading.values.slice(0, leading.vectors.length).reduce((sum, { value }) => sum + value, 0);
  const known = parts.reduce((sum, part) => sum + part.trace, 0);
  const traceWithin = estimatedTrace(trace.value.samples, counted);
  const q1 = gramEigenvectors(space, factors.g1, e1, classes);
  try {
    const value: ClassStructure = {
      classes,
      counts: Array.from(factors.counts),
      parts,
      within: {
        formula: 'G − G0 − G1 − G2 = Σ_c w_c (1/N_c) Σ_{i∈c} Σ_{c′} (δ_{i,c′} − δ_{c,c′})(…)ᵀ',
        trace: traceWithin,
        largest: leading.values[0] ?? null,
      },
      traceOfG: estimatedTrace(trace.value.samples, counted + known),
      hessian: topOfHessian.values,
      gaussNewton: topOfGaussNewton.values,
      hessianRatios: eigenvalueRatios(topOfHessian.values, 2 * classes),
      gaussNewtonRatios: eigenvalueRatios(topOfGaussNewton.values, 2 * classes),
      g1OverGaussNewton: shares(e1, topOfGaussNewton),
      g1OverHessian: shares(e1, topOfHessian),
      overlapWithHessian: await overlapWith(space, q1, topOfHessian),
      overlapWithGaussNewton: await overlapWith(space, q1, topOfGaussNewton),
    };
    const products = trace.stats.products + leading.products;
    return { value, statuses: [trace.status, leading.status], products };
  } finally {
    space.release(...q1);
  }
}

function classPart(name: ClassPart['name'], formula: string, { eigenvalues, floor }: GramEigen): ClassPart {
  return { name, formula, eigenvalues, trace: eigenvalues.reduce((sum, value) => sum + value, 0), floor };
}

/** Eigenvalue i of F Fᵀ over eigenvalue i of another matrix, as many as F has columns. */
function shares<V>({ eigenvalues }: GramEigen, { values }: TopSubspace<V>): number[] {
  return values.slice(0, eigenvalues.length).map(({ value }, i) => eigenvalues[i]! / value);
}

/** F Fᵀ. Cost of a product: 4 m p operations, no product with the curvature. */
function factorOperator<V>(space: VectorSpace<V>, factors: readonly V[]): LinearOperator<V> {
  return {
    space,
    symmetric: true,
    positiveSemidefinite: true,
    apply: async (v) => space.combine(factors, await space.dots(factors, v)),
  };
}

function estimatedTrace(samples: Float64Array, known: number): EstimatedTrace {
  const estimate = sampleMean(samples);
  const { low, high } = confidenceInterval(estimate);
  const { value, standardError } = estimate;
  return {
    value: value + known,
    standardError,
    low95: low + known,
    high95: high + known,
    probes: samples.length,
  };
}

/** Of the k leading vectors, k the rank of G1. */
async function overlapWith<V>(
  space: VectorSpace<V>,
  q1: readonly V[],
  { values, vectors }: TopSubspace<V>,
): Promise<SubspaceShare> {
  const k = q1.length;
  if (k === 0 || vectors.length < k) return { value: Number.NaN, error: 1 };
  return subspaceOverlap(space, q1, vectors.slice(0, k), sineBound(values, k, space.dim));
}
