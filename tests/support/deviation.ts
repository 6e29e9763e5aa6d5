/**
 * Largest difference relative to the largest finite entry; infinite where lengths differ, or where NaN and infinities
 * do not lie at the same places.
 */
export function deviation(found: ArrayLike<number>, exact: ArrayLike<number>): number {
  if (found.length !== exact.length) return Number.POSITIVE_INFINITY;
  let [difference, most] = [0, Number.MIN_VALUE];
  for (let i = 0; i < exact.length; i++) {
    const [x, y] = [found[i]!, exact[i]!];
    if (Number.isFinite(y)) most = Math.max(most, Math.abs(y));
    if (Object.is(x, y)) continue;
    const apart = Math.abs(x - y);
    difference = Math.max(difference, Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart);
  }
  return difference / most;
}
