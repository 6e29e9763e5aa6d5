import { BadInput } from '../../bad-input.ts';
import { boundsAt, cumulativeBoundSteps } from './chebyshev-markov-bounds.ts';
import { type AxisBranch, axisValues, linearAxis, logAxis } from './density-axis.ts';
import { massInterval } from './mass-interval.ts';
import { normalCumulative } from './normal-distribution.ts';
import { type Estimate, sampleMean } from './sample-mean.ts';
import type { SpectralQuadrature, SpectralSample } from './spectral-quadrature.ts';

export type DensityAxis = 'linear' | 'log';

export interface CurveOptions {
  /** p, deflated pairs included. */
  readonly dim: number;
  /** Lanczos steps that were asked a probe; they set the default kernel. */
  readonly steps: number;
  /** Points of the curve. Default 1024. */
  readonly gridPoints?: number | undefined;
  /** Standard deviation σ of the Gaussian kernel, in eigenvalues or, on the log axis, in decades. */
  readonly kernelWidth?: number | undefined;
  /** Default linear. */
  readonly axis?: DensityAxis | undefined;
  /** Log axis: the magnitude below which eigenvalues count as near zero. Default 1e-6 of the largest, never below rounding. */
  readonly smallest?: number | undefined;
  /** Eigenvalues that were removed exactly. */
  readonly deflated?: ArrayLike<number> | undefined;
}

export interface SpectralDensity extends SpectralSample {
  readonly axis: DensityAxis;
  /** Eigenvalues at the centres of the cells, ascending: equal cells of λ or, on the log axis, of log10|λ| on each side. */
  readonly x: Float64Array;
  /**
   * Mean of the smoothed density over each cell, so that Σ y Δ = 1 however narrow the kernel: per unit of λ on the linear
   * axis, per decade of |λ| on the log axis, where Σ y Δ + nearZero = 1.
   */
  readonly y: Float64Array;
  /** Standard error of y over the probes (n − 1 degrees of freedom); NaN everywhere with a single probe. */
  readonly standardError: Float64Array;
  /** Smoothed share of the eigenvalues up to the right end of each cell. */
  readonly cumulative: Float64Array;
  /** Ends of the 95 % interval of the share of eigenvalues up to the right end of each cell, unsmoothed; see `densityOfQuadratures`. */
  readonly cumulativeLower: Float64Array;
  readonly cumulativeUpper: Float64Array;
  readonly kernelWidth: number;
  /** Log axis: what is not on it, |λ| < `smallest` after smoothing. Null on the linear axis. */
  readonly nearZero: Estimate | null;
  /** Where the log axis begins on both sides. Null on the linear axis. */
  readonly smallest: number | null;
  readonly probes: number;
  readonly steps: number;
  /** tr A / p. */
  readonly mean: Estimate;
  /** tr A² / p. */
  readonly secondMoment: Estimate;
}

/**
 * The smoothed curve of quadratures, in whatever order they come: they are joined in the order of their probes, so that
 * the result does not depend on where they were computed. Another kernel, grid or axis costs no products.
 *
 * With k deflated eigenvalues of p, the density is k/p of their exact kernels and (p − k)/p of the mean of the
 * quadratures, which live in the complement; only the latter has a standard error.
 *
 * **Linear axis.** y = (1/p) Σ g_σ(λ − λᵢ). Default σ = h/(2 √(2 ln 1.25)), h = (range of the nodes)/m: the resolution of
 * m steps (Lin, Saad and Yang 2016, κ = 1.25). **Log axis.** The kernel acts on u = log10|λ|, with σ in decades, on the
 * side of the sign of each eigenvalue; what it carries below `smallest`, and all |λ| < `smallest`, is `nearZero`. Default
 * σ by the same formula from the decades of the longer side. Lanczos resolves distances of λ, not of its logarithm: what
 * lies many decades below the largest is drawn as sharp as the kernel but known only as far as the bounds say.
 *
 * **Bounds.** Each probe gives rigorous bounds of the distribution function of its own spectral measure
 * (Chebyshev–Markov–Stieltjes, see `cumulativeBounds`); what they mean over the probes for the eigenvalues is statistical:
 * `cumulativeLower` and `cumulativeUpper` are the ends of the interval of `massInterval` for the mean of these bounds,
 * 95 % at each point by itself, not of all points together.
 */
export function densityOfQuadratures(given: readonly SpectralQuadrature[], options: CurveOptions): SpectralDensity {
  const { dim, steps, axis = 'linear', gridPoints = 1024 } = options;
  const deflated = Float64Array.from(options.deflated ?? []).sort();
  requireCurve(options, deflated.length);
  const quadratures = [...given].sort((a, b) => a.probe - b.probe);
  const sample: SpectralSample = { quadratures, dim, deflated };
  const nothing = quadratures.length === 0 && deflated.length < dim;
  const { branches, kernelWidth, smallest } = nothing
    ? { branches: [], kernelWidth: options.kernelWidth ?? Number.NaN, smallest: axis === 'log' ? Number.NaN : null }
    : chooseAxis(sample, options, axis, gridPoints);
  const curve = smoothedCurve(sample, branches, kernelWidth);
  return {
    ...sample,
    ...curve,
    ...boundedCumulative(sample, axisValues(branches, 1)),
    axis,
    kernelWidth,
    smallest,
    nearZero: axis === 'log' ? curve.nearZero : null,
    probes: quadratures.length,
    steps,
    mean: moment(sample, 1),
    secondMoment: moment(sample, 2),
  };
}

function requireCurve({ dim, kernelWidth, smallest }: CurveOptions, deflated: number): void {
  if (kernelWidth !== undefined && !(kernelWidth > 0)) {
    throw new BadInput(`The kernel width is ${kernelWidth}.`, 'Give a number above 0, or none.');
  }
  if (smallest !== undefined && !(smallest > 0)) {
    throw new BadInput(`The smallest magnitude of the log axis is ${smallest}.`, 'Give a number above 0, or none.');
  }
  if (deflated > dim) {
    throw new BadInput(`${deflated} eigenvalues of an operator of dimension ${dim}.`, 'Give each eigenvalue once.');
  }
}

interface ChosenAxis {
  readonly branches: readonly AxisBranch[];
  readonly kernelWidth: number;
  readonly smallest: number | null;
}

function chooseAxis(sample: SpectralSample, options: CurveOptions, axis: DensityAxis, gridPoints: number): ChosenAxis {
  const { quadratures, deflated } = sample;
  const nodes = quadratures.flatMap((q) => [q.nodes[0]!, q.nodes[q.nodes.length - 1]!]);
  const [low, high] = [least([...nodes, ...deflated]), most([...nodes, ...deflated])];
  if (axis === 'linear') {
    const range = nodes.length > 0 ? most(nodes) - least(nodes) : 0;
    const kernelWidth = options.kernelWidth ?? (resolution(range, options.steps) || 1e-3 * (Math.abs(high) || 1));
    return { branches: linearAxis(low, high, kernelWidth, gridPoints), kernelWidth, smallest: null };
  }
  const largest = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const rounding =
    10 *
    most(
      quadratures.map((q) => q.nodeError),
      0,
    );
  const smallest = options.smallest ?? Math.max(1e-6 * largest, rounding);
  const decades = Math.log10(largest / smallest);
  const kernelWidth = options.kernelWidth ?? (resolution(Math.max(0, decades), options.steps) || 0.01);
  return { branches: logAxis(low, high, smallest, kernelWidth, gridPoints), kernelWidth, smallest };
}

function resolution(range: number, steps: number): number {
  return range / steps / (2 * Math.sqrt(2 * Math.log(1.25)));
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

function most(values: readonly number[], start = Number.NEGATIVE_INFINITY): number {
  return values.reduce((a, b) => Math.max(a, b), start);
}

/** k/p of an exact part and (p − k)/p of the mean of what each probe says of the rest. */
export function withDeflated(
  { dim, deflated }: SpectralSample,
  exact: number,
  draws: ArrayLike<number>,
): Required<Estimate> {
  const share = (dim - deflated.length) / dim;
  if (share === 0) return { value: exact, standardError: 0, degreesOfFreedom: Number.POSITIVE_INFINITY };
  const { value, standardError, degreesOfFreedom } = sampleMean(draws);
  return {
    value: exact + share * value,
    standardError: share * standardError,
    degreesOfFreedom: degreesOfFreedom ?? 0,
  };
}

function moment(sample: SpectralSample, power: number): Estimate {
  const exact = sample.deflated.reduce((sum, value) => sum + value ** power, 0) / sample.dim;
  const draws = sample.quadratures.map((q) => q.nodes.reduce((sum, x, i) => sum + q.weights[i]! * x ** power, 0));
  return withDeflated(sample, exact, draws);
}

function smoothedCurve(sample: SpectralSample, branches: readonly AxisBranch[], sigma: number) {
  const { quadratures, deflated, dim } = sample;
  const exact = cellMasses(deflated, () => 1 / dim, branches, sigma);
  const masses = quadratures.map((q) => cellMasses(q.nodes, (k) => q.weights[k]!, branches, sigma));
  const points = exact.inside.length;
  const y = new Float64Array(points);
  const standardError = new Float64Array(points);
  const cumulative = new Float64Array(points);
  const nearZero = withDeflated(
    sample,
    exact.outside,
    masses.map(({ outside }) => outside),
  );
  let total = 0;
  let i = 0;
  for (const branch of branches) {
    // Near zero comes before the first cell of positive eigenvalues.
    if (branch.value(branch.left) > 0 && branch.coordinate(-1) !== -1) total += nearZero.value;
    for (const end = i + branch.cells; i < end; i++) {
      const at = i;
      const mass = withDeflated(
        sample,
        exact.inside[i]!,
        masses.map(({ inside }) => inside[at]!),
      );
      y[i] = mass.value / branch.cell;
      standardError[i] = mass.standardError / branch.cell;
      total += mass.value;
      cumulative[i] = total;
    }
  }
  return { x: axisValues(branches), y, standardError, cumulative, nearZero };
}

/** What kernels at the values put in each cell, and what in none. */
function cellMasses(
  values: Float64Array,
  weight: (k: number) => number,
  branches: readonly AxisBranch[],
  sigma: number,
): { inside: Float64Array; outside: number } {
  const inside = new Float64Array(branches.reduce((sum, { cells }) => sum + cells, 0));
  let outside = 0;
  for (let k = 0; k < values.length; k++) {
    let kept = 0;
    let offset = 0;
    for (const branch of branches) {
      const centre = branch.coordinate(values[k]!);
      if (Number.isFinite(centre)) kept += spread(inside, offset, branch, centre, sigma, weight(k));
      offset += branch.cells;
    }
    outside += weight(k) - kept;
  }
  return { inside, outside: Math.max(0, outside) };
}

function spread(
  inside: Float64Array,
  offset: number,
  { left, cell, cells }: AxisBranch,
  centre: number,
  sigma: number,
  weight: number,
): number {
  const first = Math.max(0, Math.floor((centre - 8.5 * sigma - left) / cell));
  const last = Math.min(cells - 1, Math.ceil((centre + 8.5 * sigma - left) / cell));
  let before = normalCumulative((left + first * cell - centre) / sigma);
  let kept = 0;
  for (let i = first; i <= last; i++) {
    const after = normalCumulative((left + (i + 1) * cell - centre) / sigma);
    const mass = weight * Math.max(0, after - before);
    inside[offset + i] = inside[offset + i]! + mass;
    kept += mass;
    before = after;
  }
  return kept;
}

function boundedCumulative(sample: SpectralSample, ends: Float64Array) {
  const { quadratures, deflated, dim } = sample;
  const share = (dim - deflated.length) / dim;
  const bounds = quadratures.map((q) => boundsAt(cumulativeBoundSteps(q), ends));
  const cumulativeLower = new Float64Array(ends.length);
  const cumulativeUpper = new Float64Array(ends.length);
  let known = { lower: Number.NaN, upper: Number.NaN, low: 0, high: 1 };
  ends.forEach((end, i) => {
    const lower = sampleMean(bounds.map((b) => b.lower[i]!)).value;
    const upper = sampleMean(bounds.map((b) => b.upper[i]!)).value;
    // Bounds are steps: most cells repeat those of the one before.
    if (lower !== known.lower || upper !== known.upper) {
      known = { lower, upper, ...massInterval(lower, upper, quadratures.length, dim - deflated.length) };
    }
    const exact = deflated.filter((value) => value <= end).length / dim;
    cumulativeLower[i] = exact + share * known.low;
    cumulativeUpper[i] = exact + share * known.high;
  });
  return { cumulativeLower, cumulativeUpper };
}
