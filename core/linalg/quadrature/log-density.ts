import { BadInput } from '../../bad-input.ts';
import { type Cells, cellMargin, kernelMasses, resolutionOfSteps } from './kernel-cells.ts';
import { type SpectralSample, withDeflated } from './spectral-sample.ts';

export interface LogCurveOptions {
  /** Lanczos steps that were asked a probe; they set the default kernel. */
  readonly steps: number;
  /** Points of the axis, shared by both signs. Default 512. */
  readonly gridPoints?: number | undefined;
  /** Standard deviation of the Gaussian kernel in decades. */
  readonly kernelWidth?: number | undefined;
  /** Magnitude at which the axis begins. Default 1e-6 of the largest, never below the rounding of the nodes. */
  readonly smallest?: number | undefined;
}

/** The density over u = lg |λ|, both signs apart, as shares of all eigenvalues a decade. */
export interface LogDensity {
  /** u at the centres of equal cells, ascending from lg `smallest` to 6 kernel widths beyond the largest magnitude. */
  readonly x: Float64Array;
  readonly positive: Float64Array;
  readonly positiveStandardError: Float64Array;
  readonly negative: Float64Array;
  readonly negativeStandardError: Float64Array;
  /** Standard deviation of the Gaussian kernel, in decades. */
  readonly kernelWidth: number;
  readonly smallest: number;
  /** What is not on the axis: |λ| < `smallest`, after smoothing. Σ (positive + negative) Δu + nearZero = 1. */
  readonly nearZero: number;
  readonly nearZeroStandardError: number;
}

/**
 * The density on a logarithmic axis: every eigenvalue is a Gaussian in u = lg |λ| on the side of its sign,
 * positive(u) = (1/p) Σ_{λᵢ>0} g_σ(u − lg λᵢ), and the same for the negative ones. What the kernels carry below
 * lg `smallest`, and eigenvalues with |λ| < `smallest` whole, are `nearZero`. Deflated eigenvalues as in
 * `densityOfQuadratures`.
 *
 * Default σ = h/(2 √(2 ln 1.25)), h = (decades of the axis)/m. Lanczos resolves distances of λ, not of its logarithm: far
 * below the largest |λ| a node stands for all eigenvalues around it, and the curve is a series of such nodes, spread by
 * their chance positions over the probes. How much lies there is what the bounds of `densityMasses` say.
 */
export function logDensityOfQuadratures(sample: SpectralSample, options: LogCurveOptions): LogDensity {
  const { quadratures, deflated, dim } = sample;
  const { steps, gridPoints = 512 } = options;
  requirePositive(options.kernelWidth, 'kernel width');
  requirePositive(options.smallest, 'smallest magnitude of the axis');
  const isEmpty = quadratures.length === 0 && deflated.length < dim;
  const largest = magnitude(sample);
  const rounding = quadratures.reduce((most, q) => Math.max(most, 10 * q.nodeError), 0);
  const smallest = options.smallest ?? Math.max(1e-6 * largest, rounding);
  const decades = Math.max(0, Math.log10(largest / smallest));
  const kernelWidth = options.kernelWidth ?? (resolutionOfSteps(decades, steps) || 0.01);
  const cells: Cells = isEmpty
    ? { left: 0, cell: 1, cells: 0 }
    : {
        left: Math.log10(smallest),
        cell: (decades + cellMargin * kernelWidth) / gridPoints,
        cells: gridPoints,
      };
  const x = Float64Array.from({ length: cells.cells }, (_, i) => cells.left + (i + 0.5) * cells.cell);
  const exact = sides(deflated, () => 1 / dim, cells, smallest, kernelWidth);
  const masses = quadratures.map((q) => sides(q.nodes, (k) => q.weights[k]!, cells, smallest, kernelWidth));
  const nearZero = withDeflated(
    sample,
    exact.nearZero,
    masses.map((mass) => mass.nearZero),
  );
  const side = (name: 'positive' | 'negative') => {
    const y = new Float64Array(x.length);
    const standardError = new Float64Array(x.length);
    for (let i = 0; i < x.length; i++) {
      const draws = masses.map((mass) => mass[name][i]!);
      const mass = withDeflated(sample, exact[name][i]!, draws);
      y[i] = mass.value / cells.cell;
      standardError[i] = mass.standardError / cells.cell;
    }
    return { y, standardError };
  };
  const [positive, negative] = [side('positive'), side('negative')];
  return {
    x,
    positive: positive.y,
    positiveStandardError: positive.standardError,
    negative: negative.y,
    negativeStandardError: negative.standardError,
    kernelWidth,
    smallest,
    nearZero: nearZero.value,
    nearZeroStandardError: nearZero.standardError,
  };
}

function requirePositive(value: number | undefined, what: string): void {
  if (value === undefined || value > 0) return;
  throw new BadInput(`The ${what} is ${value}.`, 'Give a number above 0, or none.');
}

/** Largest |λ| seen; 1 where all are zero. */
function magnitude({ quadratures, deflated }: SpectralSample): number {
  let largest = 0;
  for (const { nodes } of quadratures) for (const node of nodes) largest = Math.max(largest, Math.abs(node));
  for (const value of deflated) largest = Math.max(largest, Math.abs(value));
  return largest || 1;
}

function sides(
  values: ArrayLike<number>,
  weight: (k: number) => number,
  cells: Cells,
  smallest: number,
  sigma: number,
) {
  const of = (sign: number) => {
    const held = Array.from({ length: values.length }, (_, k) => k).filter((k) => sign * values[k]! >= smallest);
    const centres = held.map((k) => Math.log10(sign * values[k]!));
    return kernelMasses(centres, (k) => weight(held[k]!), cells, sigma);
  };
  const [positive, negative] = [of(1), of(-1)];
  let outside = 0;
  for (let k = 0; k < values.length; k++) outside += weight(k);
  for (let i = 0; i < cells.cells; i++) outside -= positive[i]! + negative[i]!;
  return { positive, negative, nearZero: Math.max(0, outside) };
}
