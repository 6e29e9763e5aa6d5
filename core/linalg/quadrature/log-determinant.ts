import { BadInput } from '../../bad-input.ts';
import type { SpectralSample } from './spectral-sample.ts';
import { boundedSpectralSum, radauBounds, type SpectralSum, spectralSum } from './spectral-sum.ts';

export interface ShiftedSumOptions {
  /**
   * A number that no eigenvalue is below, such as 0 for a positive semidefinite operator: then the quadrature is bounded
   * on both sides and the bounds are part of the interval.
   */
  readonly spectrumStart?: number | undefined;
}

/**
 * ln det(A + σI) = Σ ln(λᵢ + σ) (Ubaru, Chen and Saad 2017), from the quadratures of a density. Deflated eigenvalues are
 * exact. With `spectrumStart` rigorous bounds of each probe's quadrature (Gauss from above, Gauss–Radau from below).
 *
 * `BadInput` where a node or a deflated eigenvalue is −σ or less: the determinant is not that of a positive definite
 * matrix. An eigenvalue there that no probe has seen is not found out.
 */
export function logDeterminant(sample: SpectralSample, shift: number, options: ShiftedSumOptions = {}): SpectralSum {
  const smallest = smallestSeen(sample);
  if (!(smallest + shift > 0)) {
    throw new BadInput(
      `The smallest eigenvalue seen is ${smallest.toPrecision(4)}; shifted by ${shift} it is not above 0, so that ln det is not real.`,
      `Shift by more than ${(-smallest).toPrecision(4)}, or take the Gauss–Newton part.`,
    );
  }
  const f = (value: number) => Math.log(value + shift);
  const start = usableStart(options, shift);
  return start === undefined ? spectralSum(sample, f) : boundedSpectralSum(sample, f, (q) => radauBounds(q, f, start));
}

function smallestSeen({ quadratures, deflated }: SpectralSample): number {
  const first = Math.min(...quadratures.map(({ nodes }) => nodes[0]!), ...deflated.slice(0, 1));
  return first;
}

/** The start of the spectrum, where one is given: above −σ. */
export function usableStart({ spectrumStart }: ShiftedSumOptions, shift: number): number | undefined {
  if (spectrumStart === undefined || spectrumStart + shift > 0) return spectrumStart;
  throw new BadInput(
    `The spectrum may start at ${spectrumStart}, which shifted by ${shift} is not above 0.`,
    'Shift by more, or leave the start out.',
  );
}
