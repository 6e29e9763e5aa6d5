import { prescribedQuadrature } from './chebyshev-markov-bounds.ts';
import { meanInterval } from './mean-interval.ts';
import type { Estimate } from './sample-mean.ts';
import type { SpectralQuadrature } from './spectral-quadrature.ts';
import { type SpectralSample, withDeflated } from './spectral-sample.ts';

export interface SpectralSum extends Estimate {
  readonly value: number;
  /** Over the probes; NaN with a single one. */
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  /** Bound of the error of the quadrature itself; NaN where none is known. */
  readonly resolution: number;
  /** Ends of the 95 % interval (`meanInterval`), widened by the bounds of the quadrature where they are known. */
  readonly low95: number;
  readonly high95: number;
}

/** What one quadrature says of ∫ f dμ for the measure of its start. */
export interface SumOfProbe {
  readonly lower: number;
  readonly upper: number;
  readonly value: number;
}

/**
 * tr f(A) = Σᵢ f(λᵢ) ≈ (p/n) Σ over the probes of Σₖ wₖ f(nodeₖ), deflated eigenvalues exactly (Bai, Fahey and Golub
 * 1996; Ubaru, Chen and Saad 2017). The error of the quadrature itself falls as ρ^(−2m) for f analytic in the Bernstein
 * ellipse ρ around the spectrum, and is not part of the interval: with kinks of f inside the spectrum take enough steps.
 *
 * Cost: no products. NaN where f gives NaN at a node.
 */
export function spectralSum(sample: SpectralSample, f: (eigenvalue: number) => number): SpectralSum {
  return boundedSpectralSum(
    sample,
    f,
    ({ nodes, weights }) => {
      const value = weightedSum(nodes, weights, f);
      return { lower: value, upper: value, value };
    },
    false,
  );
}

/** The same with bounds of each probe's integral. */
export function boundedSpectralSum(
  sample: SpectralSample,
  f: (eigenvalue: number) => number,
  ofProbe: (quadrature: SpectralQuadrature) => SumOfProbe,
  isBounded = true,
): SpectralSum {
  const { quadratures, deflated, dim } = sample;
  const exact = deflated.reduce((sum, value) => sum + f(value), 0);
  const rest = dim - deflated.length;
  if (rest === 0) {
    const certain = { value: exact, low95: exact, high95: exact, resolution: 0 };
    return { ...certain, standardError: 0, degreesOfFreedom: Number.POSITIVE_INFINITY };
  }
  const sums = quadratures.map(ofProbe);
  const share = withDeflated(
    sample,
    exact / dim,
    sums.map(({ value }) => value),
  );
  const width = sums.reduce((total, { lower, upper }) => total + (upper - lower), 0) / sums.length;
  return {
    value: share.value * dim,
    standardError: share.standardError * dim,
    degreesOfFreedom: share.degreesOfFreedom,
    resolution: isBounded ? (rest * width) / 2 : Number.NaN,
    low95: exact + rest * meanInterval(sums.map(({ lower }) => lower)).low,
    high95: exact + rest * meanInterval(sums.map(({ upper }) => upper)).high,
  };
}

/**
 * Bounds of ∫ f dμ for an f with f″, f⁗ … ≤ 0 and f′, f‴ … ≥ 0 on the spectrum, as ln(x + σ) and x/(x + σ), when the
 * spectrum begins at `start` or later: Gauss's quadrature is too large, Gauss–Radau's with a node at `start` too small
 * (Golub and Meurant 2010 §6). The value is their middle.
 */
export function radauBounds(q: SpectralQuadrature, f: (eigenvalue: number) => number, start: number): SumOfProbe {
  const gauss = weightedSum(q.nodes, q.weights, f);
  // Rounding can leave a node of a closed space a little before the start.
  const { nodes, weights } = prescribedQuadrature(q, Math.min(start, q.nodes[0]!));
  const radau = Math.min(gauss, weightedSum(nodes, weights, f));
  return { lower: radau, upper: gauss, value: (radau + gauss) / 2 };
}

export function weightedSum(nodes: Float64Array, weights: Float64Array, f: (x: number) => number): number {
  let sum = 0;
  for (let k = 0; k < nodes.length; k++) sum += weights[k]! * f(nodes[k]!);
  return sum;
}
