import { incompleteBeta } from './incomplete-beta.ts';
import type { Interval } from './student-t.ts';

/**
 * The interval of a share of the eigenvalues at a level, from the mean over n starts of bounds of it.
 *
 * The mass that a start uniform on the unit sphere of dimension d puts on c of the d eigendirections has the beta law with
 * parameters c/2 and (d − c)/2, whatever the matrix: mean M = c/d, variance M (1 − M)/(d/2 + 1). The mean over n starts
 * is taken as beta with that mean and 1/n of that variance (exact at n = 1), so nothing is estimated from the spread of
 * few draws, and the interval stands with a single start. The ends are the shares at which the observed means would
 * have been this extreme with probability (1 − level)/2, as in Clopper and Pearson 1934; lower bounds of the masses only
 * lower the low end, so that the level holds with them.
 *
 * Starts of ±1 have at most that variance (eigenvectors that spread over many coordinates: the same).
 */
export function massInterval(lower: number, upper: number, starts: number, dim: number, level = 0.95): Interval {
  if (starts < 1 || Number.isNaN(lower + upper)) return { low: 0, high: 1 };
  const tail = (1 - level) / 2;
  return { low: lowEnd(lower, starts, dim, tail), high: 1 - lowEnd(1 - upper, starts, dim, tail) };
}

/** The share M at which a mean of at least `observed` has probability `tail`; 0 where nothing was seen. */
function lowEnd(observed: number, starts: number, dim: number, tail: number): number {
  if (!(observed > 0)) return 0;
  if (observed >= 1) return 1;
  const total = starts * (dim / 2 + 1) - 1;
  if (!(total > 0)) return 0;
  let low = 0;
  let high = observed;
  for (let i = 0; i < 60 && high - low > 1e-4 * Math.max(observed - low, high - low, Number.MIN_VALUE); i++) {
    const middle = (low + high) / 2;
    if (1 - incompleteBeta(observed, middle * total, (1 - middle) * total) > tail) high = middle;
    else low = middle;
  }
  return low;
}
