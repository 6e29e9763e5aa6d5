/** Kolmogorov–Smirnov distance sup |Fₙ − F| between a sample (ascending) and a continuous distribution function. */
export function kolmogorovSmirnovDistance(ascending: ArrayLike<number>, cumulative: (x: number) => number): number {
  const n = ascending.length;
  let distance = 0;
  for (let i = 0; i < n; i++) {
    const f = cumulative(ascending[i]!);
    distance = Math.max(distance, f - i / n, (i + 1) / n - f);
  }
  return distance;
}
