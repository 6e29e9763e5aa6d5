/** Mean and variance (n − 1 in the denominator) of some numbers. */
export function spread(values: ArrayLike<number>): { readonly mean: number; readonly variance: number } {
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i]! / n;
  let square = 0;
  for (let i = 0; i < n; i++) square += (values[i]! - mean) ** 2;
  return { mean, variance: square / (n - 1) };
}

/** σ of single examples from means over disjoint batches: √(b Var), with about 95 % limits from the number of batches. */
export function perExampleDeviation(
  variance: number,
  batchSize: number,
  batches: number,
): { readonly perExample: number; readonly perExampleLow95: number; readonly perExampleHigh95: number } {
  const perExample = Math.sqrt(Math.max(0, variance) * batchSize);
  // ln s² is close to normal with variance 2/(n − 1).
  const factor = Math.exp(1.96 / Math.sqrt(2 * (batches - 1)));
  return { perExample, perExampleLow95: perExample / factor, perExampleHigh95: perExample * factor };
}

/**
 * Variance over batches of the mean of M noisy readings whose noise is independent between readings: with V̄ the variance
 * of the mean and V the mean of the variances, Var = (M V̄ − V)/(M − 1). Unbiased; below 0 by chance, then 0.
 */
export function commonVariance(readings: readonly ArrayLike<number>[]): number {
  const m = readings.length;
  const batches = readings[0]!.length;
  const means = Float64Array.from({ length: batches }, (_, k) => readings.reduce((sum, row) => sum + row[k]! / m, 0));
  const each = readings.reduce((sum, row) => sum + spread(row).variance / m, 0);
  return Math.max(0, (m * spread(means).variance - each) / (m - 1));
}
