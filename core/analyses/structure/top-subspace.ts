import { lanczos } from '../../linalg/eigenpairs/lanczos.ts';
import type { LinearOperator } from '../../linalg/linear-operator.ts';
import { machineEpsilon } from '../../linalg/precision.ts';
import type { Status } from '../../linalg/result.ts';
import type { VectorSpace } from '../../linalg/vector-space.ts';
import type { Random } from '../../random/random.ts';
import type { StructureEigenvalue, SubspaceShare } from './structure.ts';

/** The eigenpairs of the largest eigenvalues of an operator, descending; `release` ends the vectors. */
export interface TopSubspace<V> {
  readonly values: readonly StructureEigenvalue[];
  readonly vectors: readonly V[];
  readonly status: Status;
  readonly products: number;
}

export interface TopSubspaceOptions {
  readonly count: number;
  readonly rng: Random;
  readonly residualTol: number;
  readonly maxProducts: number;
  /** For products that are differences of gradients. */
  readonly symmetryTol?: number | undefined;
  readonly signal?: { readonly aborted: boolean } | undefined;
  readonly onProgress?: ((products: number, limit: number, top: readonly number[]) => void) | undefined;
}

/** By Lanczos, with a product for the residual of each pair. Cost and status: those of `lanczos`. */
export async function topSubspace<V>(
  operator: LinearOperator<V>,
  { count, onProgress, ...options }: TopSubspaceOptions,
): Promise<TopSubspace<V>> {
  const top = Math.min(count, operator.space.dim);
  const { value, status, stats } = await lanczos(operator, {
    ...options,
    top,
    eigenvectors: true,
    onProgress: (progress) => onProgress?.(progress.products, progress.limit, progress.top),
  });
  const converged = status === 'converged' || status === 'invariantSubspace';
  const values = value.top.map(({ value: lambda, residual, errorBound, errorEstimate }) => {
    return { value: lambda, residual, errorBound, errorEstimate: converged ? errorEstimate : errorBound };
  });
  return { values, vectors: value.top.flatMap(({ vector }) => vector ?? []), status, products: stats.products };
}

/**
 * sin θ ≤ ‖R‖_F / gap between the first k Ritz vectors and the invariant subspace of the k largest eigenvalues (Davis,
 * Kahan 1970), with the gap from θ_k down to θ_{k+1} plus the error bound of that one; 1 where there is none. R are the
 * residuals with the rounding of the precision. Right unless the search missed an eigenvalue above θ_{k+1}.
 */
export function sineBound(values: readonly StructureEigenvalue[], k: number, dim: number): number {
  if (k >= dim && values.length >= dim) return 0;
  const next = values[k];
  const last = values[k - 1];
  if (next === undefined || last === undefined) return 1;
  const gap = last.value - next.value - next.errorBound;
  const residual = Math.sqrt(values.slice(0, k).reduce((sum, { errorBound }) => sum + errorBound ** 2, 0));
  return gap > residual ? residual / gap : 1;
}

/** ‖Vᵀx‖²/‖x‖² for orthonormal V; NaN for x = 0. Projectors differ by sin θ in norm, and so does the share. */
export async function shareIn<V>(
  space: VectorSpace<V>,
  vectors: readonly V[],
  x: V,
  sine: number,
): Promise<SubspaceShare> {
  const [square] = await space.dots([x], x);
  const along = await space.dots(vectors, x);
  const value = along.reduce((sum, one) => sum + one * one, 0) / square!;
  return { value, error: Math.min(1, sine + 8 * machineEpsilon(space.precision) * Math.sqrt(vectors.length)) };
}

/** ‖UᵀV‖_F²/k for k orthonormal vectors each: 1 for the same subspace, k/p by chance. Its error is at most sin θ of each. */
export async function subspaceOverlap<V>(
  space: VectorSpace<V>,
  u: readonly V[],
  v: readonly V[],
  sine: number,
): Promise<SubspaceShare> {
  let square = 0;
  for (const one of v) for (const along of await space.dots(u, one)) square += along * along;
  const error = Math.min(1, sine + 8 * machineEpsilon(space.precision) * Math.sqrt(u.length));
  return { value: square / Math.max(1, u.length), error };
}
