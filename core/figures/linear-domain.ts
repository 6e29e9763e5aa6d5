/** From zero, or below where there are negative values, to a little above the highest, so that nothing lies on the border. */
export function linearDomain(values: Iterable<number | null>): readonly [number, number] {
  let [low, high] = [0, 0];
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const margin = 0.08 * (high - low) || 1;
  return [low < 0 ? low - margin : 0, high > 0 ? high + margin : 0];
}
