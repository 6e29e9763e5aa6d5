/** Differences smaller than this many standard errors are taken for noise: 95.4 % of a normal distribution lies within. */
export const significantErrors = 2;

/**
 * 1 where a value is known to be other than zero: |value| ≥ 2 standard errors. All computed points without standard errors
 * (exact values); not where the error itself is not a number. Infinite values are significant, NaN is not. O(points).
 */
export function significant(
  values: ArrayLike<number>,
  computed: ArrayLike<number>,
  standardError: ArrayLike<number> | null,
): Uint8Array {
  return Uint8Array.from({ length: values.length }, (_, point) =>
    computed[point] === 1 && Math.abs(values[point]!) >= significantErrors * (standardError?.[point] ?? 0) ? 1 : 0,
  );
}
