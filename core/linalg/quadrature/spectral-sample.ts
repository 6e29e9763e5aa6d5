import { type Estimate, sampleMean } from './sample-mean.ts';
import type { SpectralQuadrature } from './spectral-quadrature.ts';

/** What the quadratures of one operator are quadratures of: enough for every density, mass and spectral sum. */
export interface SpectralSample {
  readonly quadratures: readonly SpectralQuadrature[];
  /** p, deflated pairs included. */
  readonly dim: number;
  /** Eigenvalues that were removed exactly, ascending. */
  readonly deflated: readonly number[];
}

/** The part that is known exactly, plus (p − k)/p of the mean of what each probe says of the rest. */
export function withDeflated(
  { dim, deflated }: SpectralSample,
  exact: number,
  draws: ArrayLike<number>,
): Required<Estimate> {
  const share = (dim - deflated.length) / dim;
  if (share === 0) return { value: exact, standardError: 0, degreesOfFreedom: Number.POSITIVE_INFINITY };
  const { value, standardError, degreesOfFreedom = 0 } = sampleMean(draws);
  return { value: exact + share * value, standardError: share * standardError, degreesOfFreedom };
}
