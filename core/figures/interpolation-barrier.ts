export interface Barrier {
  /** max over 0 ≤ α ≤ 1 of L(α) − [(1 − α) L(0) + α L(1)]; +∞ where the line is infinite. */
  readonly height: number;
  /** Where. */
  readonly alpha: number;
  /** Values at the two ends. */
  readonly zero: number;
  readonly one: number;
  /** False where a point between the ends is not computed or not a number: the barrier is at least this. */
  readonly complete: boolean;
}

/** Of the spacing: a point of the grid this near to an end is that end. */
const nearness = 1e-9;

/**
 * The barrier on the straight line between two points (Frankle et al. 2020), over the points of the grid: their maximum
 * is a lower bound of that over the whole line. Null where the grid has no finite value at α = 0 or at α = 1.
 */
export function barrierOf(
  alpha: ArrayLike<number>,
  values: ArrayLike<number>,
  computed: ArrayLike<number>,
): Barrier | null {
  const at = (wanted: number) => Array.from(alpha).findIndex((one) => Math.abs(one - wanted) < nearness);
  const [from, to] = [at(0), at(1)];
  if (from < 0 || to < 0 || computed[from] !== 1 || computed[to] !== 1) return null;
  const [zero, one] = [values[from]!, values[to]!];
  if (!Number.isFinite(zero) || !Number.isFinite(one)) return null;
  let [height, where, complete] = [0, alpha[from]!, true];
  for (let i = Math.min(from, to) + 1; i < Math.max(from, to); i++) {
    if (computed[i] !== 1 || Number.isNaN(values[i]!)) {
      complete = false;
      continue;
    }
    const rise = values[i]! - ((1 - alpha[i]!) * zero + alpha[i]! * one);
    if (rise > height) [height, where] = [rise, alpha[i]!];
  }
  return { height, alpha: where, zero, one, complete: complete || height === Number.POSITIVE_INFINITY };
}
