import { BadInput } from '../../bad-input.ts';
import { cumulativeBounds } from './chebyshev-markov-bounds.ts';
import { massInterval } from './mass-interval.ts';
import type { Estimate } from './sample-mean.ts';
import type { SpectralQuadrature } from './spectral-quadrature.ts';
import { type SpectralSample, withDeflated } from './spectral-sample.ts';

export interface MassEstimate extends Estimate {
  /** Middle of the bounds of the quadrature, in the mean over the probes. */
  readonly value: number;
  /** Over the probes, of the middles; NaN with a single one. */
  readonly standardError: number;
  /** Bound of the error of the quadrature itself: half the distance of its bounds, in the mean over the probes. */
  readonly resolution: number;
  /** Ends of the 95 % interval that holds both errors, within 0…1 (0…p for counts). */
  readonly low95: number;
  readonly high95: number;
}

/** The same as a share of all eigenvalues and as a number of them. */
export interface MassAndCount extends MassEstimate {
  readonly count: MassEstimate;
}

export interface DensityMasses {
  readonly delta: number;
  /** λ < −δ. */
  readonly below: MassAndCount;
  /** −δ ≤ λ ≤ δ. */
  readonly near: MassAndCount;
  /** λ > δ. */
  readonly above: MassAndCount;
}

/**
 * Shares of the eigenvalues below −δ, within [−δ, δ] and above δ, unsmoothed, adding to 1. Each probe bounds the masses of
 * its own spectral measure rigorously (`cumulativeBounds`); over the probes the interval is that of `massInterval`.
 * Deflated eigenvalues are counted exactly. An eigenvalue within the rounding of a threshold (`nodeError`) is counted as
 * undecided: it widens `resolution`.
 *
 * Cost: no products, 80 m² operations a probe.
 */
export function densityMasses(sample: SpectralSample, delta: number): DensityMasses {
  if (!(delta >= 0)) throw new BadInput(`The threshold δ is ${delta}.`, 'Give a number of 0 or more.');
  const bounds = sample.quadratures.map((q) => ({
    left: cumulativeBounds(q, -delta),
    right: cumulativeBounds(q, delta),
  }));
  const exact = (holds: (value: number) => boolean) => sample.deflated.filter(holds).length;
  return {
    delta,
    below: estimate(
      sample,
      exact((value) => value < -delta),
      bounds.map(({ left }) => left),
    ),
    near: estimate(
      sample,
      exact((value) => Math.abs(value) <= delta),
      bounds.map(({ left, right }) => ({
        lower: Math.max(0, right.lower - left.upper),
        upper: Math.max(0, right.upper - left.lower),
        middle: (right.lower + right.upper - left.lower - left.upper) / 2,
      })),
    ),
    above: estimate(
      sample,
      exact((value) => value > delta),
      bounds.map(({ right }) => ({ lower: 1 - right.upper, upper: 1 - right.lower })),
    ),
  };
}

/**
 * Share of the eigenvalues below a threshold, unsmoothed: with a threshold of −τ |λ|_max the index fraction of a critical
 * point. Errors as in `densityMasses`.
 */
export function densityMassBelow(sample: SpectralSample, threshold: number): MassAndCount {
  const below = sample.deflated.filter((value) => value < threshold).length;
  return estimate(
    sample,
    below,
    sample.quadratures.map((q: SpectralQuadrature) => cumulativeBounds(q, threshold)),
  );
}

interface ProbeMass {
  readonly lower: number;
  readonly upper: number;
  readonly middle?: number;
}

function estimate(sample: SpectralSample, exact: number, masses: readonly ProbeMass[]): MassAndCount {
  const { dim, deflated } = sample;
  const left = dim - deflated.length;
  const share = left / dim;
  const middles = masses.map(({ lower, upper, middle }) => middle ?? (lower + upper) / 2);
  const mean = (of: (mass: ProbeMass) => number) => masses.reduce((sum, mass) => sum + of(mass), 0) / masses.length;
  const [lower, upper] = left === 0 ? [0, 0] : [mean((mass) => mass.lower), mean((mass) => mass.upper)];
  const interval = left === 0 ? { low: 0, high: 0 } : massInterval(lower, upper, masses.length, left);
  const mass: MassEstimate = {
    ...withDeflated(sample, exact / dim, middles),
    resolution: (share * (upper - lower)) / 2,
    low95: clipped(exact / dim + share * interval.low),
    high95: clipped(exact / dim + share * interval.high),
  };
  return { ...mass, count: scaled(mass, dim) };
}

function clipped(share: number): number {
  return Math.min(1, Math.max(0, share));
}

function scaled(mass: MassEstimate, factor: number): MassEstimate {
  return {
    ...mass,
    value: mass.value * factor,
    standardError: mass.standardError * factor,
    resolution: mass.resolution * factor,
    low95: mass.low95 * factor,
    high95: mass.high95 * factor,
  };
}
