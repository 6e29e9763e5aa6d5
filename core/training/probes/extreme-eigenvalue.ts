import { lanczos } from '../../linalg/lanczos.ts';
import type { LinearOperator } from '../../linalg/linear-operator.ts';
import type { Status } from '../../linalg/result.ts';
import type { HostVector } from '../../linalg/vector-space.ts';
import type { Random } from '../../random/random.ts';

export interface ExtremeEigenvalueOptions<V> {
  readonly end: 'top' | 'bottom';
  readonly rng: Random;
  /** Leading Ritz vectors of an earlier point; empty = a random start. */
  readonly start: readonly V[];
  /** Wanted ‖H v − λ v‖ / |λ|. */
  readonly residualTol: number;
  readonly maxProducts: number;
  readonly signal?: AbortSignal | undefined;
}

export interface ExtremeEigenvalue<V> {
  readonly value: number;
  /** ‖H v − λ v‖. */
  readonly residual: number;
  readonly status: Status;
  /** Leading Ritz vectors in memory of their own, for the next warm start. */
  readonly vectors: readonly V[];
}

/** How many leading vectors are followed, so that λ₂ overtaking λ₁ is seen at once. */
const followed = 2;
/** Length of the random part of a warm start, in units of a Ritz vector: what rises from the bulk is met through it. */
const freshShare = 0.1;

/**
 * λ_max or λ_min by Lanczos from where it was last time: the sum of the leading vectors and a little of a random one. An
 * old eigenvector alone would be a Krylov space of its own, and λ₂ could never overtake. Cost: some 5 to 10 products
 * where θ moved little, else as from a random start.
 */
export async function extremeEigenvalue<V extends HostVector>(
  operator: LinearOperator<V>,
  options: ExtremeEigenvalueOptions<V>,
): Promise<ExtremeEigenvalue<V>> {
  const { space } = operator;
  const { end, rng, start, residualTol, maxProducts, signal } = options;
  const fresh = space.random(rng.split('fresh part'), 'sphere');
  const wanted = Math.min(followed, space.dim);
  const warm = start.length > 0 ? [...start, space.scale(fresh, freshShare)] : [fresh];
  const { value, status } = await lanczos(operator, {
    top: end === 'top' ? wanted : 0,
    bottom: end === 'bottom' ? wanted : 0,
    rng,
    start: warm,
    residualTol,
    maxProducts,
    eigenvectors: true,
    signal,
  });
  space.release(fresh);
  const pairs = value[end];
  const found = pairs.flatMap(({ vector }) => (vector === null ? [] : [vector]));
  const vectors = found.map((vector) => vector.slice() as V);
  space.release(...found);
  const best = pairs[0];
  return {
    value: best?.value ?? Number.NaN,
    residual: best?.residual ?? Number.NaN,
    status:
      status === 'budgetSpent' && best !== undefined && best.residual <= residualTol * Math.abs(best.value)
        ? 'converged'
        : status,
    vectors,
  };
}
