import { lanczos } from '../../linalg/eigenpairs/lanczos.ts';
import type { LinearOperator } from '../../linalg/linear-operator.ts';
import type { Status } from '../../linalg/result.ts';
import type { HostVector } from '../../linalg/vector-space.ts';
import type { Random } from '../../random/random.ts';

/** What one measurement leaves for the next: plain data. */
export interface WarmStart<V> {
  /** The leading Ritz vectors, in memory of their own; the second may be older than the first. */
  readonly vectors: readonly V[];
  /** Measurements since the second vector was renewed. */
  readonly age: number;
}

export interface ExtremeEigenvalueOptions<V> {
  readonly end: 'top' | 'bottom';
  readonly rng: Random;
  /** Of an earlier point; null = a random start. */
  readonly start: WarmStart<V> | null;
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
  /** For the next measurement; null where nothing usable was found. */
  readonly next: WarmStart<V> | null;
}

/** Following λ₂ as closely as λ₁ would double the products of a warm start. */
const renewEvery = 5;
/** Length of the random part of a warm start, in units of a Ritz vector: what rises from the bulk is met through it. */
const freshShare = 0.1;

/**
 * λ_max or λ_min by Lanczos from where it was last time: the sum of the two leading vectors and a little of a random one.
 * An old eigenvector alone would be a Krylov space of its own, and λ₂ could never overtake; so the second pair is
 * converged too, in every fifth measurement. Cost: 4 to 10 products where θ moved little, else as from a random start.
 */
export async function extremeEigenvalue<V extends HostVector>(
  operator: LinearOperator<V>,
  options: ExtremeEigenvalueOptions<V>,
): Promise<ExtremeEigenvalue<V>> {
  const { space } = operator;
  const { end, rng, start, residualTol, maxProducts, signal } = options;
  const renews = start === null || start.age + 1 >= renewEvery || start.vectors.length < 2;
  const wanted = Math.min(renews ? 2 : 1, space.dim);
  const fresh = space.random(rng.split('fresh part'), 'sphere');
  const { value, status } = await lanczos(operator, {
    top: end === 'top' ? wanted : 0,
    bottom: end === 'bottom' ? wanted : 0,
    rng,
    start: start === null ? [fresh] : [...start.vectors, space.scale(fresh, freshShare)],
    residualTol,
    maxProducts,
    eigenvectors: true,
    signal,
  });
  space.release(fresh);
  const pairs = value[end];
  const held = pairs.flatMap(({ vector }) => (vector === null ? [] : [vector]));
  const found = held.map((vector) => vector.slice() as V);
  space.release(...held);
  const best = pairs[0];
  if (best === undefined || !Number.isFinite(best.value))
    return { value: Number.NaN, residual: Number.NaN, status, next: null };
  // The second pair is sought for the sake of the next start; that it is not there yet says nothing against the first.
  const reached = status === 'budgetSpent' && best.residual <= residualTol * Math.abs(best.value);
  return {
    value: best.value,
    residual: best.residual,
    status: reached ? 'converged' : status,
    next: renews ? { vectors: found, age: 0 } : { vectors: [...found, ...start.vectors.slice(1)], age: start.age + 1 },
  };
}
