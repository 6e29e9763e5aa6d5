import { BadInput } from '../../bad-input.ts';
import { boundsAt, cumulativeBoundSteps } from './chebyshev-markov-bounds.ts';
import { type Cells, cellMargin, kernelMasses, resolutionOfSteps } from './kernel-cells.ts';
import { massInterval } from './mass-interval.ts';
import { type Estimate, sampleMean } from './sample-mean.ts';
import type { SpectralQuadrature } from './spectral-quadrature.ts';
import { type SpectralSample, withDeflated } from './spectral-sample.ts';

export interface CurveOptions {
  /** p, deflated pairs included. */
  readonly dim: number;
  /** Lanczos steps that were asked a probe; they set the default kernel. */
  readonly steps: number;
  /** Points of the curve. Default 1024. */
  readonly gridPoints?: number | undefined;
  /** Standard deviation σ of the Gaussian kernel. Default: the resolution of the steps, see below. */
  readonly kernelWidth?: number | undefined;
  /** Eigenvalues that were removed exactly. */
  readonly deflated?: ArrayLike<number> | undefined;
}

export interface SpectralDensity extends SpectralSample {
  /** Centres of equal cells that reach 6 σ beyond the outermost nodes. */
  readonly x: Float64Array;
  /** Mean of the smoothed density over each cell, so that Σ y Δx = 1 however narrow the kernel. */
  readonly y: Float64Array;
  /** Standard error of y over the probes (n − 1 degrees of freedom); NaN everywhere with a single probe. */
  readonly standardError: Float64Array;
  /** Smoothed share of the eigenvalues up to the right end of each cell. */
  readonly cumulative: Float64Array;
  /** Ends of the 95 % interval of the *unsmoothed* share of the eigenvalues up to the right end of each cell; see below. */
  readonly cumulativeLower: Float64Array;
  readonly cumulativeUpper: Float64Array;
  readonly kernelWidth: number;
  readonly probes: number;
  readonly steps: number;
  /** tr A / p. */
  readonly mean: Estimate;
  /** tr A² / p. */
  readonly secondMoment: Estimate;
}

/**
 * The smoothed curve y = (1/p) Σ g_σ(x − λᵢ) of quadratures, in whatever order they come: they are joined in the order of
 * their probes, so that the result does not depend on where they were computed. Another kernel or grid costs no products;
 * for the logarithmic axis see `logDensityOfQuadratures`.
 *
 * With k deflated eigenvalues of p, the density is the sum of their exact kernels, of mass 1/p each, and (p − k)/p of the
 * mean of the quadratures, which live in the complement; only the latter has a standard error.
 *
 * Default σ = h/(2 √(2 ln 1.25)), h = (range of the nodes)/m: the resolution of m steps (Lin, Saad and Yang 2016, κ = 1.25).
 *
 * **Bounds.** Each probe gives rigorous bounds of the distribution function of its own spectral measure
 * (Chebyshev–Markov–Stieltjes: `cumulativeBounds`). What they say of the eigenvalues is statistical: `cumulativeLower` and
 * `cumulativeUpper` are the ends of the interval of `massInterval` for the mean of these bounds over the probes, 95 % at
 * each point by itself, not for all points at once. They stand with a single probe.
 */
export function densityOfQuadratures(given: readonly SpectralQuadrature[], options: CurveOptions): SpectralDensity {
  const { dim, steps, gridPoints = 1024 } = options;
  const sample = spectralSample(given, dim, options.deflated);
  const { quadratures, deflated } = sample;
  if (options.kernelWidth !== undefined && !(options.kernelWidth > 0)) {
    throw new BadInput(`The kernel width is ${options.kernelWidth}.`, 'Give a number above 0, or none.');
  }
  const nodes = quadratures.flatMap((q) => [q.nodes[0]!, q.nodes[q.nodes.length - 1]!]);
  const isEmpty = quadratures.length === 0 && deflated.length < dim;
  const [low, high] = isEmpty ? [Number.NaN, Number.NaN] : extent([...nodes, ...deflated]);
  const range = nodes.length > 0 ? extent(nodes)[1] - extent(nodes)[0] : 0;
  // A single eigenvalue has no range: draw it a thousandth of its size wide.
  const kernelWidth = options.kernelWidth ?? (resolutionOfSteps(range, steps) || 1e-3 * (Math.abs(high) || 1));
  const left = low - cellMargin * kernelWidth;
  const cells: Cells = isEmpty
    ? { left: 0, cell: 1, cells: 0 }
    : { left, cell: (high + cellMargin * kernelWidth - left) / gridPoints, cells: gridPoints };
  return {
    ...sample,
    ...smoothedCurve(sample, cells, kernelWidth),
    ...boundedCumulative(sample, cells),
    kernelWidth,
    probes: quadratures.length,
    steps,
    mean: moment(sample, 1),
    secondMoment: moment(sample, 2),
  };
}

/** Quadratures in the order of their probes, with what they leave out. */
export function spectralSample(
  quadratures: readonly SpectralQuadrature[],
  dim: number,
  deflated: ArrayLike<number> = [],
): SpectralSample {
  if (deflated.length > dim) {
    throw new BadInput(`${deflated.length} eigenvalues of an operator of dimension ${dim}.`, 'Give each one once.');
  }
  return {
    quadratures: [...quadratures].sort((a, b) => a.probe - b.probe),
    dim,
    deflated: Array.from(deflated).sort((a, b) => a - b),
  };
}

function extent(values: readonly number[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

function moment(sample: SpectralSample, power: number): Estimate {
  const exact = sample.deflated.reduce((sum, value) => sum + value ** power, 0) / sample.dim;
  const draws = sample.quadratures.map((q) => q.nodes.reduce((sum, x, i) => sum + q.weights[i]! * x ** power, 0));
  return withDeflated(sample, exact, draws);
}

function smoothedCurve(sample: SpectralSample, cells: Cells, sigma: number) {
  const { quadratures, deflated, dim } = sample;
  const points = cells.cells;
  const exact = kernelMasses(deflated, () => 1 / dim, cells, sigma);
  const masses = quadratures.map((q) => kernelMasses(q.nodes, (k) => q.weights[k]!, cells, sigma));
  const x = Float64Array.from({ length: points }, (_, i) => cells.left + (i + 0.5) * cells.cell);
  const y = new Float64Array(points);
  const standardError = new Float64Array(points);
  const cumulative = new Float64Array(points);
  let total = 0;
  for (let i = 0; i < points; i++) {
    const draws = masses.map((mass) => mass[i]!);
    const mass = withDeflated(sample, exact[i]!, draws);
    y[i] = mass.value / cells.cell;
    standardError[i] = mass.standardError / cells.cell;
    total += mass.value;
    cumulative[i] = total;
  }
  return { x, y, standardError, cumulative };
}

function boundedCumulative(sample: SpectralSample, { left, cell, cells }: Cells) {
  const { quadratures, deflated, dim } = sample;
  const rest = dim - deflated.length;
  const ends = Float64Array.from({ length: cells }, (_, i) => left + (i + 1) * cell);
  const bounds = quadratures.map((q) => boundsAt(cumulativeBoundSteps(q), ends));
  const cumulativeLower = new Float64Array(cells);
  const cumulativeUpper = new Float64Array(cells);
  let known = { lower: Number.NaN, upper: Number.NaN, low: 0, high: 1 };
  let passed = 0;
  ends.forEach((end, i) => {
    const lower = rest === 0 ? 0 : sampleMean(bounds.map((b) => b.lower[i]!)).value;
    const upper = rest === 0 ? 0 : sampleMean(bounds.map((b) => b.upper[i]!)).value;
    // Bounds are steps: most cells repeat those of the cell before.
    if (lower !== known.lower || upper !== known.upper) {
      known = { lower, upper, ...massInterval(lower, upper, quadratures.length, rest) };
    }
    while (passed < deflated.length && deflated[passed]! <= end) passed++;
    cumulativeLower[i] = Math.min(1, (passed + rest * known.low) / dim);
    cumulativeUpper[i] = Math.min(1, (passed + rest * known.high) / dim);
  });
  return { cumulativeLower, cumulativeUpper };
}
