export interface Barrier {
  /** max over 0 ≤ α ≤ 1 of L(α) − [(1 − α) L(0) + α L(1)]; +∞ where the line is infinite. */
  readonly height: number;
  /** Where. */
  readonly alpha: number;
  /** Values at the two ends. */
  readonly zero: number;
  readonly one: number;
  /** √(s² + (1 − α)² s₀² + α² s₁²), as for independent errors of the three values; null where none are known. */
  readonly standardError: number | null;
  /** To the farther of its two neighbours: the maximum may lie anywhere between them. */
  readonly spacing: number;
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
  standardError: ArrayLike<number> | null = null,
): Barrier | null {
  const at = (wanted: number) => Array.from(alpha).findIndex((one) => Math.abs(one - wanted) < nearness);
  const [from, to] = [at(0), at(1)];
  if (from < 0 || to < 0 || computed[from] !== 1 || computed[to] !== 1) return null;
  const [zero, one] = [values[from]!, values[to]!];
  if (!Number.isFinite(zero) || !Number.isFinite(one)) return null;
  let [height, top, complete] = [0, from, true];
  for (let i = Math.min(from, to) + 1; i < Math.max(from, to); i++) {
    if (computed[i] !== 1 || Number.isNaN(values[i]!)) {
      complete = false;
      continue;
    }
    const rise = values[i]! - ((1 - alpha[i]!) * zero + alpha[i]! * one);
    if (rise > height) [height, top] = [rise, i];
  }
  const where = alpha[top]!;
  const spacing = Math.max(...[top - 1, top + 1].flatMap((i) => (i in alpha ? [Math.abs(alpha[i]! - where)] : [])));
  const s = standardError;
  return {
    height,
    alpha: where,
    zero,
    one,
    standardError: s && height > 0 ? Math.hypot(s[top]!, (1 - where) * s[from]!, where * s[to]!) : null,
    spacing,
    complete: complete || height === Number.POSITIVE_INFINITY,
  };
}

/** `barrier 0.31 ± 0.02 (standard error) at α = 0.45 ± 0.05`, what the line shows of it in words. */
export function barrierText(barrier: Barrier): string {
  const { height, alpha, standardError, spacing, complete } = barrier;
  const least = complete ? '' : 'at least ';
  if (height === 0)
    return `no barrier: the loss lies nowhere above the straight line between its ends at the points ${complete ? 'of the grid' : 'that were computed'}`;
  const error = standardError === null ? '' : ` ± ${standardError.toPrecision(2)} (standard error)`;
  return `barrier ${least}${height.toPrecision(4)}${error} above the straight line between the ends, at α = ${alpha.toPrecision(3)} ± ${spacing.toPrecision(2)} (grid)`;
}
