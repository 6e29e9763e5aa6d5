import type { DensityCurve } from './density-curve.ts';

const points = 1024;

/**
 * The mean of several densities at each λ, with the lowest and the highest of them: spectra of several seeds. Each curve
 * is linear between its points and nothing outside them. The eigenvalues of none are its ticks. Null without a curve.
 */
export function meanDensity(curves: readonly DensityCurve[]): DensityCurve | null {
  const drawn = curves.filter(({ x }) => x.length > 1);
  const [first] = drawn;
  if (first === undefined) return null;
  const low = Math.min(...drawn.map(({ x }) => x[0]!));
  const high = Math.max(...drawn.map(({ x }) => x[x.length - 1]!));
  const x = Float64Array.from({ length: points }, (_, i) => low + (i / (points - 1)) * (high - low));
  const density = acrossSpectra(drawn.map((curve) => resampled(curve.x, curve.y, x, [0, 0])));
  const cumulative = drawn.every((curve) => curve.cumulative !== undefined)
    ? acrossSpectra(drawn.map((curve) => resampled(curve.x, curve.cumulative!, x, [0, 1])))
    : null;
  return {
    x,
    y: density.mean,
    standardError: new Float64Array(points).fill(Number.NaN),
    ...(cumulative && {
      cumulative: cumulative.mean,
      cumulativeLower: cumulative.low,
      cumulativeUpper: cumulative.high,
    }),
    kernelWidth: Math.max(...drawn.map(({ kernelWidth }) => kernelWidth)),
    probes: Math.min(...drawn.map(({ probes }) => probes)),
    steps: Math.min(...drawn.map(({ steps }) => steps)),
    eigenvalues: [],
    range: { low: density.low, high: density.high, count: drawn.length },
  };
}

/** Mean, lowest and highest at each point. */
export function acrossSpectra(rows: readonly Float64Array[]) {
  const length = rows[0]?.length ?? 0;
  const [mean, low, high] = [new Float64Array(length), new Float64Array(length), new Float64Array(length)];
  for (let i = 0; i < length; i++) {
    let [sum, least, most] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const row of rows) {
      const value = row[i]!;
      sum += value;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    mean[i] = sum / rows.length;
    low[i] = least;
    high[i] = most;
  }
  return { mean, low, high };
}

/** Linear between the points of a curve at other, rising points; `outside` before its first and after its last one. */
function resampled(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  at: Float64Array,
  outside: readonly [number, number],
): Float64Array {
  let right = 1;
  return at.map((wanted) => {
    if (wanted < x[0]!) return outside[0];
    if (wanted > x[x.length - 1]!) return outside[1];
    while (right < x.length - 1 && x[right]! < wanted) right++;
    const [a, b] = [x[right - 1]!, x[right]!];
    return y[right - 1]! + ((wanted - a) / (b - a || 1)) * (y[right]! - y[right - 1]!);
  });
}
