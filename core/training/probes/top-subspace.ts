import { lanczos } from '../../linalg/eigenpairs/lanczos.ts';
import type { LinearOperator } from '../../linalg/linear-operator.ts';
import type { Status } from '../../linalg/result.ts';
import type { HostVector } from '../../linalg/vector-space.ts';
import type { Random } from '../../random/random.ts';

/** The subspace of the largest eigenvalues at one point, for the next measurement: plain data. */
export interface TopSubspace<V> {
  readonly step: number;
  /** Orthonormal, in memory of their own. */
  readonly vectors: readonly V[];
  /** Bound of the sine of the largest angle to the exact subspace. */
  readonly error: number;
  /** The eigenvector after the last one: a start, and no part of the subspace. */
  readonly guard: V | null;
}

export interface TopSubspaceOptions<V> {
  readonly step: number;
  readonly count: number;
  readonly gradient: V;
  readonly rng: Random;
  /** Of an earlier point; null = a random start. */
  readonly before: TopSubspace<V> | null;
  /** Wanted ‖H v − λ v‖ / |λ|. */
  readonly residualTol: number;
  readonly maxProducts: number;
  readonly signal?: AbortSignal | undefined;
}

export interface TopSubspaceReading<V> {
  /** Largest first. */
  readonly values: readonly number[];
  /** ‖H v − λ v‖ of each. */
  readonly residuals: readonly number[];
  readonly subspaceError: number;
  readonly overlap: number | null;
  readonly overlapError: number | null;
  readonly overlapWith: number | null;
  readonly gradientShare: number;
  readonly status: Status;
  /** For the next measurement; null where nothing usable was found. */
  readonly next: TopSubspace<V> | null;
}

/** Length of the random part of a warm start, in units of an eigenvector: what rises from the bulk is met through it. */
const freshShare = 0.1;

/**
 * The k largest eigenvalues of the Hessian and what their eigenvectors U span: the overlap ‖U₀ᵀU‖²_F / k with the
 * subspace U₀ of the measurement before, and the share ‖Uᵀg‖² / ‖g‖² of the gradient in it (Gur-Ari, Roberts and Dyer
 * 2018). Lanczos starts from the sum of the eigenvectors before and a little of a random vector.
 *
 * What certifies them: each value its residual; both shares the bound s of the sine of the largest angle between U and
 * the exact subspace, s = ‖R‖_F / (θ_k − θ_{k+1} − r_{k+1}) with R the residuals of U (Davis and Kahan 1970; for that
 * one eigenpair more is sought, and none may have been missed). The share of the gradient then lies within s of its
 * true value and the overlap within s + s₀. s = 1 says nothing: eigenvalues k and k + 1 are not told apart.
 *
 * Cost: some 5 (k + 1) products from a random start; from a warm one half of that where the outliers stand apart (61 and
 * 28 for k = 10 on a network for digits), a tenth less in a crowd. k + 1 of them are the residuals. Status: that of Lanczos; a lacking pair k + 1 alone is no fault.
 */
export async function topSubspace<V extends HostVector>(
  operator: LinearOperator<V>,
  options: TopSubspaceOptions<V>,
): Promise<TopSubspaceReading<V>> {
  const { space } = operator;
  const { before, rng, residualTol, maxProducts, signal, step, gradient } = options;
  const count = Math.min(options.count, space.dim);
  const fresh = space.random(rng.split('fresh part'), 'sphere');
  const start = before === null ? [] : [...before.vectors, ...(before.guard === null ? [] : [before.guard])];
  const { value, status } = await lanczos(operator, {
    top: Math.min(count + 1, space.dim),
    rng,
    start: before === null ? [fresh] : [...start, space.scale(fresh, freshShare)],
    residualTol,
    maxProducts,
    eigenvectors: true,
    signal,
  });
  space.release(fresh);
  const pairs = value.top.map(({ value: theta, residual, vector }) => ({ theta, residual, vector }));
  const held = pairs.flatMap(({ vector }) => (vector === null ? [] : [vector]));
  const kept = held.map((vector) => vector.slice() as V);
  space.release(...held);
  const found = pairs.slice(0, count);
  const values = found.map(({ theta }) => theta);
  const residuals = found.map(({ residual }) => residual);
  const usable = kept.length === pairs.length && found.length === count && values.every(Number.isFinite);
  if (!usable) {
    const unknown = { overlap: null, overlapError: null, overlapWith: null, gradientShare: Number.NaN };
    const ended = status === 'converged' || status === 'invariantSubspace' ? 'stagnated' : status;
    return { values, residuals, subspaceError: 1, ...unknown, status: ended, next: null };
  }
  const subspaceError = angleBound(residuals, values, pairs[count] ?? null, count === space.dim);
  const vectors = kept.slice(0, count);
  const reached = status === 'budgetSpent' && residuals.every((r, i) => r <= residualTol * Math.abs(values[i]!));
  return {
    values,
    residuals,
    subspaceError,
    ...(await overlapWith(operator, { vectors, error: subspaceError }, before)),
    gradientShare: await shareIn(operator, vectors, gradient),
    status: reached ? 'converged' : status,
    next: { step, vectors, error: subspaceError, guard: kept[count] ?? null },
  };
}

/** Davis–Kahan: the sine of the largest angle between the found subspace and the exact one, at most 1. */
function angleBound(
  residuals: readonly number[],
  values: readonly number[],
  after: { readonly theta: number; readonly residual: number } | null,
  whole: boolean,
): number {
  if (whole) return 0;
  if (after === null) return 1;
  const gap = values[values.length - 1]! - after.theta - after.residual;
  return gap > 0 ? Math.min(1, Math.hypot(...residuals) / gap) : 1;
}

/** Of subspaces of unlike dimensions: in units of the smaller. */
async function overlapWith<V extends HostVector>(
  { space }: LinearOperator<V>,
  now: Pick<TopSubspace<V>, 'vectors' | 'error'>,
  before: TopSubspace<V> | null,
): Promise<Pick<TopSubspaceReading<V>, 'overlap' | 'overlapError' | 'overlapWith'>> {
  if (before === null) return { overlap: null, overlapError: null, overlapWith: null };
  let sum = 0;
  for (const vector of now.vectors)
    for (const cosine of await space.dots(before.vectors, vector)) sum += cosine * cosine;
  const [k, k0] = [now.vectors.length, before.vectors.length];
  const smaller = Math.min(k, k0);
  const error = Math.min(1, (before.error * k + now.error * k0) / smaller);
  return { overlap: sum / smaller, overlapError: error, overlapWith: before.step };
}

/** ‖Uᵀg‖² / ‖g‖²; NaN where the gradient is zero. */
async function shareIn<V extends HostVector>(
  { space }: LinearOperator<V>,
  vectors: readonly V[],
  gradient: V,
): Promise<number> {
  const [whole = Number.NaN] = await space.dots([gradient], gradient);
  const parts = await space.dots(vectors, gradient);
  return parts.reduce((sum, part) => sum + part * part, 0) / whole;
}
