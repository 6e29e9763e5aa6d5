/**
 * Distribution function Φ(x) of the standard normal law, absolute error below 1e-15, by the series of Marsaglia 2004:
 * Φ(x) = ½ + φ(x) (x + x³/3 + x⁵/(3·5) + …).
 */
export function normalCumulative(x: number): number {
  if (x < -8.3) return 0;
  if (x > 8.3) return 1;
  let term = x;
  let sum = x;
  for (let k = 3; sum + term !== sum; k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
}
