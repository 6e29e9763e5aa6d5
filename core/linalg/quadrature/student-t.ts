import { BadInput } from '../../bad-input.ts';
import { incompleteBeta } from './incomplete-beta.ts';
import type { Estimate } from './sample-mean.ts';

/**
 * Distribution function of Student's t with ν > 0 degrees of freedom (any real ν; infinity is the normal law):
 * P(T ≤ t) = 1 − ½ I_{ν/(ν+t²)}(ν/2, ½) for t ≥ 0.
 */
export function studentTCumulative(t: number, degreesOfFreedom: number): number {
  requireDegrees(degreesOfFreedom);
  if (Number.isNaN(t)) return t;
  const square = t * t;
  const nu = Math.min(degreesOfFreedom, largestDegrees);
  // Of the two equal forms, the one whose argument is small keeps the digits of its tail.
  const tail =
    square < nu
      ? 0.5 - 0.5 * incompleteBeta(square / (nu + square), 0.5, nu / 2)
      : 0.5 * incompleteBeta(nu / (nu + square), nu / 2, 0.5);
  return t >= 0 ? 1 - tail : tail;
}

/** Beyond it the law is normal to 1e-9 and the logarithms of the incomplete beta function would cancel. */
const largestDegrees = 1e8;

/** The t with P(T ≤ t) = probability, by bisection to the last digits; −∞ and ∞ at 0 and 1. */
export function studentTQuantile(probability: number, degreesOfFreedom: number): number {
  requireDegrees(degreesOfFreedom);
  if (!(probability >= 0 && probability <= 1)) {
    throw new BadInput(`The probability is ${probability}.`, 'Give a number from 0 to 1.');
  }
  if (probability === 0.5) return 0;
  if (probability < 0.5) return -upperQuantile(probability, degreesOfFreedom);
  return upperQuantile(1 - probability, degreesOfFreedom);
}

/** The t ≥ 0 with P(T > t) = tail. */
function upperQuantile(tail: number, degreesOfFreedom: number): number {
  if (tail === 0) return Number.POSITIVE_INFINITY;
  let high = 1;
  while (studentTCumulative(-high, degreesOfFreedom) > tail && high < 1e300) high *= 2;
  let low = high === 1 ? 0 : high / 2;
  for (let i = 0; i < 200 && high - low > 1e-15 * high; i++) {
    const middle = (low + high) / 2;
    if (studentTCumulative(-middle, degreesOfFreedom) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function requireDegrees(degreesOfFreedom: number): void {
  if (degreesOfFreedom > 0) return;
  throw new BadInput(`The degrees of freedom are ${degreesOfFreedom}.`, 'Give a number above 0.');
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * value ± t · standardError with the (1 + level)/2 quantile of Student's t. It assumes independent draws whose mean is
 * near normal: few draws of a skewed quantity (one eigenvalue that outweighs all others) are covered less often, 86 % of
 * the time at 10 draws of a χ² with one degree of freedom where 95 % is asked.
 *
 * Without `degreesOfFreedom` the normal quantile is used. A standard error of NaN, or no degree of freedom, gives
 * −∞ … ∞: a single draw bounds nothing.
 */
export function confidenceInterval(estimate: Estimate, level = 0.95): Interval {
  const { value, standardError, degreesOfFreedom = Number.POSITIVE_INFINITY } = estimate;
  if (!(level > 0 && level < 1)) throw new BadInput(`The level is ${level}.`, 'Give a number between 0 and 1.');
  if (!(degreesOfFreedom > 0) || Number.isNaN(standardError)) {
    return { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  }
  const half = studentTQuantile((1 + level) / 2, degreesOfFreedom) * standardError;
  return { low: value - half, high: value + half };
}
