import { denseMatrix, interruptibleSymmetricEigen } from '../../linalg/dense/dense-symmetric.ts';
import { lanczos } from '../../linalg/eigenpairs/lanczos.ts';
import type { LinearOperator } from '../../linalg/linear-operator.ts';
import type { Status } from '../../linalg/result.ts';
import type { Random } from '../../random/random.ts';

/** Up to so many parameters the dense matrix decides: it has every copy of a multiple eigenvalue. */
const denseUpTo = 200;

export interface NegativeDirection<V> {
  readonly value: number;
  /** ‖Hv − λv‖ */
  readonly residual: number;
  /** Unit length; the caller's. */
  readonly vector: V;
}

export interface NegativeDirections<V> {
  /** Most negative first. */
  readonly directions: readonly NegativeDirection<V>[];
  /** All that were found, those beyond `count` included. */
  readonly found: number;
  readonly lowest: { readonly value: number; readonly residual: number } | null;
  /** max |λ| */
  readonly scale: number;
  readonly status: Status;
}

interface Search {
  readonly count: number;
  readonly maxProducts: number;
  readonly rng: Random;
  readonly signal?: { readonly aborted: boolean } | undefined;
}

/** An eigenvalue counts as negative below −τ |λ|_max: rounding alone makes null ones as large. */
const negativityShare = { float64: 1e-7, float32: 1e-4 } as const;

export const negativeBelow = (scale: number, precision: 'float64' | 'float32'): number =>
  -negativityShare[precision] * scale;

/** The most negative eigenpairs of H. Cost: p products up to 200 parameters, above that those of `lanczos`. */
export async function negativeDirections<V>(
  operator: LinearOperator<V>,
  search: Search,
): Promise<NegativeDirections<V>> {
  return operator.space.dim <= denseUpTo ? byDenseMatrix(operator, search) : byLanczos(operator, search);
}

async function byDenseMatrix<V>(
  operator: LinearOperator<V>,
  { count, signal }: Search,
): Promise<NegativeDirections<V>> {
  const { space } = operator;
  const none = { directions: [], found: 0, lowest: null, scale: 0 };
  const dense = await denseMatrix(operator, { signal });
  if (dense.status !== 'converged') return { ...none, status: dense.status };
  const eigen = await interruptibleSymmetricEigen(dense.value.matrix, { signal });
  if (eigen === null) return { ...none, status: 'cancelled' };
  const { eigenvalues, eigenvectors, residual: rounding } = eigen;
  const n = space.dim;
  const scale = Math.max(Math.abs(eigenvalues[0]!), Math.abs(eigenvalues[n - 1]!));
  const residual = rounding + dense.value.asymmetry * scale;
  const found = eigenvalues.filter((value) => value < negativeBelow(scale, space.precision)).length;
  const directions = Array.from({ length: Math.min(count, found) }, (_, j) => ({
    value: eigenvalues[j]!,
    residual,
    vector: space.fromHost(Float64Array.from({ length: n }, (_, i) => eigenvectors.data[i * n + j]!)),
  }));
  return { directions, found, lowest: { value: eigenvalues[0]!, residual }, scale, status: 'converged' };
}

async function byLanczos<V>(
  operator: LinearOperator<V>,
  { count, maxProducts, rng, signal }: Search,
): Promise<NegativeDirections<V>> {
  const { space } = operator;
  const { value, status } = await lanczos(operator, {
    bottom: Math.min(count, space.dim),
    top: 0,
    magnitude: 1,
    residualTol: 1e-3,
    maxProducts,
    eigenvectors: true,
    rng,
    signal,
  });
  const scale = Math.abs(value.magnitude[0]?.value ?? 0);
  const negative = value.bottom.filter((pair) => pair.value < negativeBelow(scale, space.precision));
  const directions = negative.flatMap(({ value: at, residual, vector }) =>
    vector === null ? [] : [{ value: at, residual, vector }],
  );
  space.release(
    ...value.bottom.slice(negative.length).flatMap(({ vector }) => vector ?? []),
    ...value.magnitude.flatMap(({ vector }) => vector ?? []),
  );
  const [first] = value.bottom;
  const lowest = first ? { value: first.value, residual: first.residual } : null;
  return { directions, found: negative.length, lowest, scale, status };
}

/** |λ|_max to a twentieth, for the length of steps. Cost: about ten products. */
export async function largestCurvature<V>(
  operator: LinearOperator<V>,
  { rng, signal }: Pick<Search, 'rng' | 'signal'>,
): Promise<number> {
  const { value } = await lanczos(operator, {
    top: 0,
    magnitude: 1,
    residualTol: 0.05,
    maxProducts: 40,
    maxBasis: 40,
    trueResiduals: false,
    rng,
    signal,
  });
  const [first] = value.magnitude;
  // An eigenvalue may lie a residual further out.
  return first ? Math.abs(first.value) + first.residual : 0;
}
