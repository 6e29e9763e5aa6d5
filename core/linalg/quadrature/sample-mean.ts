/** A mean over independent draws with its standard error s/√n; NaN from fewer than two draws, which show no spread. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
  /** Of the standard error: n − 1 for a mean of n draws. Absent where it is not known. */
  readonly degreesOfFreedom?: number;
}

/** Mean and standard error of independent draws of one quantity. */
export function sampleMean(draws: ArrayLike<number>): Estimate {
  const n = draws.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += draws[i]!;
  const value = sum / n;
  let square = 0;
  for (let i = 0; i < n; i++) square += (draws[i]! - value) ** 2;
  const standardError = n < 2 ? Number.NaN : Math.sqrt(square / (n - 1) / n);
  return { value, standardError, degreesOfFreedom: Math.max(0, n - 1) };
}
