import type { LinearOperator } from '../linear-operator.ts';
import { machineEpsilon } from '../precision.ts';
import { orthogonalize } from './orthogonalize.ts';

/**
 * A Lanczos process in motion: A Vₘ = Vₘ Tₘ + βₘ vₘ₊₁ eₘᵀ with VₘᵀVₘ = I and T tridiagonal, inside the orthogonal complement
 * of `locked`.
 */
export interface LanczosProcess<V> {
  readonly operator: LinearOperator<V>;
  /** Orthonormal vectors that the process stays orthogonal to; they belong to someone else. */
  readonly locked: readonly V[];
  /** v₁ … vₘ, owned by the process. */
  basis: V[];
  /** Diagonal of T. */
  alpha: number[];
  /** β[j] couples vⱼ and vⱼ₊₁; the last one couples to `next` and is 0 once the space has closed. */
  beta: number[];
  /** vₘ₊₁, owned; null once the space has closed. */
  next: V | null;
  products: number;
  /** Largest ‖A v‖ seen: a lower bound of ‖A‖. */
  scale: number;
  /** Largest ‖(entries of VᵀAv that symmetry makes zero)‖ / scale. */
  asymmetry: number;
}

export type Advance = 'advanced' | 'closed' | 'notFinite';

/** In units of the machine epsilon times ‖A‖: a remainder below it is rounding. */
export const closedFactor = 8;

/**
 * A process that starts at `start` (consumed) made orthogonal to `locked`; null where nothing of it is left or where it
 * is not finite. Cost: no products.
 *
 * @param scale a lower bound of ‖A‖ that is known already: in the complement of all that matters products are rounding
 */
export async function startLanczosProcess<V>(
  operator: LinearOperator<V>,
  start: V,
  locked: readonly V[] = [],
  scale = 0,
): Promise<LanczosProcess<V> | null> {
  const { space } = operator;
  const before = (await space.dots([start], start))[0]!;
  if (!(before > 0) || !Number.isFinite(before)) {
    space.release(start);
    return null;
  }
  const unit = space.scale(start, 1 / Math.sqrt(before));
  const { vector, norm } = await orthogonalize(space, locked, unit);
  if (!(norm > closedFactor * machineEpsilon(space.precision))) {
    space.release(vector);
    return null;
  }
  const next = space.scale(vector, 1 / norm);
  return { operator, locked, basis: [], alpha: [], beta: [], next, products: 0, scale, asymmetry: 0 };
}

/**
 * One Lanczos step with full reorthogonalisation: the three-term recurrence, then one pass over all vectors, and a second
 * one where the first removed much of what the recurrence left ("twice is enough": Kahan in Parlett 1980; Daniel, Gragg,
 * Kaufman and Stewart 1976). Cost: one product and 4 (m + 1) p operations, 8 (m + 1) p where only rounding is left or much
 * lies in the span of `locked`.
 *
 * `closed`: the Krylov space is invariant, its Ritz pairs are exact. `notFinite`: the product or its length is not
 * finite; the process is left as it was before the step.
 */
export async function advanceLanczosProcess<V>(process: LanczosProcess<V>): Promise<Advance> {
  const { operator, locked, basis } = process;
  const { space } = operator;
  if (process.next === null) return 'closed';
  const v = process.next;
  const m = basis.length;
  const product = await operator.apply(v);
  process.products++;
  // Without it every pass over the frame would remove much and have to be repeated.
  const nearest = [...basis.slice(-1), v];
  const near = await space.dots([...nearest, product], product);
  const length = Math.sqrt(near[nearest.length]!);
  const recurrence = near.subarray(0, nearest.length);
  const rest = space.combine(nearest, recurrence.map(negated), product);
  const frame = [...locked, ...basis, v];
  const { vector, norm, coefficients } = await orthogonalize(space, frame, rest);
  const first = frame.length - nearest.length;
  recurrence.forEach((coefficient, i) => {
    coefficients[first + i] = coefficients[first + i]! + coefficient;
  });
  if (!Number.isFinite(norm) || !Number.isFinite(length)) {
    space.release(vector);
    return 'notFinite';
  }
  process.scale = Math.max(process.scale, length);
  noteAsymmetry(process, coefficients.subarray(locked.length));
  basis.push(v);
  process.alpha.push(coefficients[frame.length - 1]!);
  const full = locked.length + m + 1 >= space.dim;
  if (full || norm <= closedFactor * machineEpsilon(space.precision) * process.scale) {
    space.release(vector);
    process.beta.push(0);
    process.next = null;
    return 'closed';
  }
  process.beta.push(norm);
  process.next = space.scale(vector, 1 / norm);
  return 'advanced';
}

export function releaseLanczosProcess<V>(process: LanczosProcess<V>): void {
  const { space } = process.operator;
  space.release(...process.basis);
  if (process.next !== null) space.release(process.next);
  process.basis = [];
  process.next = null;
}

function negated(x: number): number {
  return -x;
}

/** For a symmetric A, VᵀA vₘ is (0 … 0, βₘ₋₁, αₘ); what differs is asymmetry, noise or rounding. */
function noteAsymmetry<V>(process: LanczosProcess<V>, column: Float64Array): void {
  const m = process.basis.length;
  if (m === 0 || process.scale === 0) return;
  let square = (column[m - 1]! - process.beta[m - 1]!) ** 2;
  for (let i = 0; i < m - 1; i++) square += column[i]! ** 2;
  process.asymmetry = Math.max(process.asymmetry, Math.sqrt(square) / process.scale);
}
