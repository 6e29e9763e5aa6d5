import { studentTQuantile } from '../../linalg/quadrature/student-t.ts';

/** Mean and variance (n − 1 in the denominator) of some numbers. */
export function spread(values: ArrayLike<number>): { readonly mean: number; readonly variance: number } {
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i]! / n;
  let square = 0;
  for (let i = 0; i < n; i++) square += (values[i]! - mean) ** 2;
  return { mean, variance: square / (n - 1) };
}

/**
 * σ of single examples from readings of disjoint batches of b examples: √(b Var), with a 95 % interval from leaving out one
 * batch after the other (jackknife of ln Var: Tukey 1958), which needs no normal law. Several readings of each batch are
 * noisy ones of the same quantity.
 */
export function perExampleDeviation(
  readings: readonly ArrayLike<number>[],
  batchSize: number,
): { readonly perExample: number; readonly perExampleLow95: number; readonly perExampleHigh95: number } {
  const variance = varianceOf(readings);
  const perExample = Math.sqrt(variance * batchSize);
  const batches = readings[0]!.length;
  const logs = Float64Array.from({ length: batches }, (_, left) =>
    Math.log(varianceOf(readings.map((row) => Array.from(row).filter((_, k) => k !== left)))),
  );
  const deviation = Math.sqrt(((batches - 1) ** 2 / batches) * spread(logs).variance);
  // Half of ln Var is ln σ.
  const factor = Math.exp(0.5 * studentTQuantile(0.975, batches - 1) * deviation);
  const isKnown = Number.isFinite(factor) && variance > 0;
  return {
    perExample,
    perExampleLow95: isKnown ? perExample / factor : 0,
    perExampleHigh95: isKnown ? perExample * factor : Number.POSITIVE_INFINITY,
  };
}

function varianceOf(readings: readonly ArrayLike<number>[]): number {
  return readings.length === 1 ? spread(readings[0]!).variance : commonVariance(readings);
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
