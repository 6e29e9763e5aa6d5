import type { Matrix } from '../../linalg/matrix.ts';
import { matrixOperator } from '../../linalg/matrix-operator.ts';
import { hostFloat64Space } from '../../linalg/spaces/float64-space.ts';
import type { Random } from '../../random/random.ts';
import {
  type BlockMatrix,
  blockProduct,
  blockTrace,
  frobeniusDistance,
  frobeniusNorm,
  matrixTrace,
} from './block-matrix.ts';
import { solvePositiveDefinite } from './cholesky.ts';
import type { ApproximationName, ApproximationQuality } from './structure.ts';
import { sineBound, topSubspace } from './top-subspace.ts';

interface TopPair {
  readonly value: number;
  readonly vector: Float64Array;
  readonly sine: number;
}

/** A dense matrix that approximations are measured against, with what each comparison needs of it. */
export interface DenseTruth {
  readonly of: ApproximationQuality['of'];
  readonly matrix: Matrix;
  readonly norm: number;
  readonly trace: number;
  readonly top: TopPair;
  /** (M + σI)⁻¹∇L, or null. */
  readonly step: Float64Array | null;
}

/** Cost: some 50 products with the dense matrix and p³/3 operations of a Cholesky decomposition. */
export async function denseTruth(
  of: DenseTruth['of'],
  matrix: Matrix,
  gradient: Float64Array,
  damping: number,
  rng: Random,
): Promise<DenseTruth> {
  const operator = matrixOperator(hostFloat64Space(matrix.rows), matrix);
  return {
    of,
    matrix,
    norm: frobeniusNorm(matrix),
    trace: matrixTrace(matrix),
    top: await topPair((v) => operator.apply(v), matrix.rows, rng),
    step: solvePositiveDefinite(matrix, damping, gradient),
  };
}

/** How an approximation A does for M: see `ApproximationQuality`. Cost: p³/3 operations at most, no product of L. */
export async function approximationQuality(
  truth: DenseTruth,
  name: ApproximationName,
  definition: string,
  approximation: BlockMatrix,
  gradient: Float64Array,
  damping: number,
  rng: Random,
): Promise<ApproximationQuality> {
  const top = await topPair(async (v) => blockProduct(approximation, v), approximation.dim, rng);
  const step = truth.step && blockStep(approximation, damping, gradient);
  return {
    name,
    of: truth.of,
    definition,
    frobeniusError: frobeniusDistance(approximation, truth.matrix) / truth.norm,
    traceError: (blockTrace(approximation) - truth.trace) / Math.abs(truth.trace),
    largestRatio: top.value / truth.top.value,
    topCosine: {
      value: Math.abs(dot(top.vector, truth.top.vector)),
      error: Math.min(1, top.sine + truth.top.sine),
    },
    stepCosine: step && truth.step && cosine(step, truth.step),
  };
}

/** Tight: these products cost no evaluation of the loss. */
const residualTolOfDense = 1e-9;

async function topPair(apply: (v: Float64Array) => Promise<Float64Array>, dim: number, rng: Random): Promise<TopPair> {
  const space = hostFloat64Space(dim);
  const copied = async (v: Float64Array) => space.fromHost(await apply(v));
  const { values, vectors } = await topSubspace(
    { space, symmetric: true, positiveSemidefinite: false, apply: copied },
    { count: 2, rng, residualTol: residualTolOfDense, maxProducts: 1000 },
  );
  const vector = await space.toHost(vectors[0]!);
  space.release(...vectors);
  return { value: values[0]!.value, vector, sine: sineBound(values, 1, dim) };
}

function blockStep({ dim, blocks }: BlockMatrix, damping: number, gradient: Float64Array): Float64Array | null {
  const step = new Float64Array(dim);
  for (const { offset, matrix } of blocks) {
    const part = solvePositiveDefinite(matrix, damping, gradient.subarray(offset, offset + matrix.rows));
    if (part === null) return null;
    step.set(part, offset);
  }
  return step;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

const cosine = (a: Float64Array, b: Float64Array): number => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
