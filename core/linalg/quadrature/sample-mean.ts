/** A mean over independent draws with its standard error s/√n; NaN from fewer than two draws, which show no spread. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
}

/** Mean and standard error of independent draws of one quantity. */
export function sampleMean(draws: ArrayLike<number>): Estimate {
  const n = draws.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += draws[i]!;
  const value = sum / n;
  let square = 0;
  for (let i = 0; i < n; i++) square += (draws[i]! - value) ** 2;
  return { value, standardError: n < 2 ? Number.NaN : Math.sqrt(square / (n - 1) / n) };
}
