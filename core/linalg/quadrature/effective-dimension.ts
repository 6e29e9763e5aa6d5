import { BadInput } from '../../bad-input.ts';
import { cumulativeBoundSteps } from './chebyshev-markov-bounds.ts';
import { type ShiftedSumOptions, usableStart } from './log-determinant.ts';
import type { SpectralQuadrature } from './spectral-quadrature.ts';
import type { SpectralSample } from './spectral-sample.ts';
import { boundedSpectralSum, radauBounds, type SpectralSum, type SumOfProbe, weightedSum } from './spectral-sum.ts';

/**
 * The effective number of parameters Σ λ/(λ + σ) for σ > 0 (MacKay 1992): how many directions the data determine beyond a
 * prior of precision σ. Only λ > 0 count; those of an indefinite Hessian below add 0, not their negative terms.
 *
 * The interval holds statistical error and quadrature. With `spectrumStart` ≥ 0 the latter is Gauss–Radau's, which is
 * tight; without it the bounds of any rising function hold, from the distribution function (`cumulativeBoundSteps`): wide
 * where many eigenvalues lie within the resolution of the steps and of σ around 0, as they should be.
 */
export function effectiveDimension(
  sample: SpectralSample,
  shift: number,
  options: ShiftedSumOptions = {},
): SpectralSum {
  if (!(shift > 0)) throw new BadInput(`The shift σ is ${shift}.`, 'Give a number above 0.');
  const start = usableStart(options, shift);
  const f = (value: number) => (value > 0 ? value / (value + shift) : 0);
  const isPositive = start !== undefined && start >= 0;
  const smooth = (value: number) => value / (value + shift);
  return boundedSpectralSum(sample, f, (q) => (isPositive ? radauBounds(q, smooth, start) : risingBounds(q, f)));
}

/** Bounds of ∫ f dμ for an f that rises from 0 to 1: all mass as far left, and as far right, as the bounds allow. */
function risingBounds(q: SpectralQuadrature, f: (value: number) => number): SumOfProbe {
  const { x, lower, upper } = cumulativeBoundSteps(q);
  const last = x.length - 1;
  let least = 0;
  let most = 1 - lower[last]!;
  for (let j = 0; j <= last; j++) {
    least += ((j < last ? upper[j + 1]! : 1) - upper[j]!) * f(x[j]!);
    most += (lower[j]! - (j > 0 ? lower[j - 1]! : 0)) * f(x[j]!);
  }
  return { lower: least, upper: most, value: weightedSum(q.nodes, q.weights, f) };
}
