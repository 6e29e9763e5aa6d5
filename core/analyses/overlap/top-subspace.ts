import { lanczos } from '../../linalg/eigenpairs/lanczos.ts';
import type { LinearOperator } from '../../linalg/linear-operator.ts';
import type { Result } from '../../linalg/result.ts';
import type { Random } from '../../random/random.ts';
import type { OverlapParameters } from './descriptor.ts';
import type { TopSubspace } from './overlap.ts';

export interface FoundSubspace extends TopSubspace {
  /** Orthonormal, in the memory of this process. */
  readonly vectors: readonly Float64Array[];
}

/**
 * The top-k eigenspace of an operator with the bound of its angle to the true one. The pair after the last is computed
 * with the others, because the gap to it is what the bound needs. Cost: that of `lanczos` for k + 1 pairs.
 */
export async function topSubspace<V>(
  operator: LinearOperator<V>,
  label: string,
  { top, residualTol, maxProducts }: Pick<OverlapParameters, 'top' | 'residualTol' | 'maxProducts'>,
  {
    rng,
    signal,
    onProducts,
  }: {
    readonly rng: Random;
    readonly signal?: { readonly aborted: boolean } | undefined;
    readonly onProducts?: ((products: number) => void) | undefined;
  },
): Promise<Result<FoundSubspace>> {
  const { space } = operator;
  const k = Math.min(top, space.dim);
  const { value, status, stats } = await lanczos(operator, {
    top: Math.min(k + 1, space.dim),
    residualTol,
    maxProducts,
    eigenvectors: true,
    rng,
    signal,
    onProgress: ({ products }) => onProducts?.(products),
  });
  const pairs = value.top.slice(0, k);
  const [last, next] = [pairs.at(-1), value.top[k]];
  const vectors = await Promise.all(pairs.flatMap(({ vector }) => (vector === null ? [] : [space.toHost(vector)])));
  space.release(...value.top.flatMap(({ vector }) => vector ?? []));
  const gap =
    last && next
      ? Math.max(0, last.value - next.value - next.errorBound)
      : k === space.dim
        ? Number.POSITIVE_INFINITY
        : 0;
  const residual = Math.hypot(...pairs.map((pair) => pair.residual));
  const found = {
    label,
    eigenvalues: pairs.map((pair) => ({ value: pair.value, residual: pair.residual })),
    gap,
    angleBound: gap > 0 ? Math.min(Math.sqrt(k), residual / gap) : Math.sqrt(k),
    vectors,
  };
  return { value: found, status, stats };
}
