import { BadInput } from '../../bad-input.ts';
import type { Random } from '../../random/random.ts';
import { tridiagonalEigen } from '../dense/tridiagonal-eigen.ts';
import { advanceLanczosProcess, releaseLanczosProcess, startLanczosProcess } from '../eigenpairs/lanczos-process.ts';
import type { LinearOperator } from '../linear-operator.ts';
import type { Result, Status } from '../result.ts';
import { normalCumulative } from './normal-distribution.ts';
import { type Estimate, sampleMean } from './sample-mean.ts';

export interface DensityOptions {
  readonly rng: Random;
  /** Independent starts; two or more give standard errors. Default 10. */
  readonly probes?: number | undefined;
  /** Lanczos steps a probe. Default 80. */
  readonly steps?: number | undefined;
  /** Points of the curve. Default 1024. */
  readonly gridPoints?: number | undefined;
  /** Standard deviation σ of the Gaussian kernel. Default: the resolution of the steps, see below. */
  readonly kernelWidth?: number | undefined;
  /** Entries of the starts before they are scaled to unit length. Default rademacher. */
  readonly distribution?: 'rademacher' | 'normal' | undefined;
  /** Asymmetry of the products, relative to ‖A‖, that ends the work. Default 1e-6 in float64, 1e-4 in float32. */
  readonly symmetryTol?: number | undefined;
  readonly signal?: { readonly aborted: boolean } | undefined;
  readonly onProgress?: ((progress: { readonly products: number; readonly limit: number }) => void) | undefined;
}

/** A Gauss quadrature of the spectral measure of one start: nodes ascending, weights adding to 1. */
export interface SpectralQuadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

export interface SpectralDensity {
  /** Centres of equal cells that reach 6 σ beyond the outermost nodes. */
  readonly x: Float64Array;
  /** Mean of the smoothed density over each cell, so that Σ y Δx = 1 however narrow the kernel. */
  readonly y: Float64Array;
  /** Standard error of y over the probes; NaN everywhere with a single probe. */
  readonly standardError: Float64Array;
  /** Smoothed share of the eigenvalues up to the right end of each cell. */
  readonly cumulative: Float64Array;
  readonly kernelWidth: number;
  readonly probes: number;
  readonly steps: number;
  readonly quadratures: readonly SpectralQuadrature[];
  /** tr A / p. */
  readonly mean: Estimate;
  /** tr A² / p. */
  readonly secondMoment: Estimate;
}

/** Reach of the grid beyond the outermost nodes, in kernel widths: the mass outside is 1e-9 of a node's. */
const margin = 6;

/**
 * The density of the eigenvalues φ(x) = (1/p) Σᵢ g_σ(x − λᵢ) by stochastic Lanczos quadrature (Lin, Saad and Yang 2016;
 * Ghorbani, Krishnan and Xiao 2019): from each random unit start m Lanczos steps with full reorthogonalisation give the
 * Gauss quadrature with nodes = eigenvalues of T and weights = squared first components of its eigenvectors; the mean
 * over the starts is unbiased up to degree 2m − 1.
 *
 * Default σ = h / (2 √(2 ln 1.25)) with h = (range of the nodes)/m, the resolution of m steps (Lin, Saad and Yang 2016,
 * κ = 1.25). Each probe has a stream of its own, so more probes continue the same sequence.
 *
 * Cost: probes × steps products and 4 to 8 m² p operations a probe; memory of m vectors. A space that closes early is
 * exact for its start.
 *
 * Status: `converged`, `notFinite`, `notSymmetric`, `cancelled`; then the probes finished before are returned, and
 * without any the arrays are empty.
 *
 * @example
 * const { value } = await stochasticLanczosDensity(hessian, { probes: 10, steps: 80, rng: randomFromSeed(1) });
 */
export async function stochasticLanczosDensity<V>(
  operator: LinearOperator<V>,
  options: DensityOptions,
): Promise<Result<SpectralDensity>> {
  const began = performance.now();
  const probes = positiveInteger(options.probes ?? 10, 'probes');
  const steps = Math.min(positiveInteger(options.steps ?? 80, 'Lanczos steps'), operator.space.dim);
  const gridPoints = positiveInteger(options.gridPoints ?? 1024, 'grid points');
  if (options.kernelWidth !== undefined && !(options.kernelWidth > 0)) {
    throw new BadInput(`The kernel width is ${options.kernelWidth}.`, 'Give a number above 0, or none.');
  }
  const quadratures: SpectralQuadrature[] = [];
  let status: Status = 'converged';
  let products = 0;
  for (let probe = 0; probe < probes && status === 'converged'; probe++) {
    const outcome = await probeSpectrum(operator, options, probe, steps, (done) =>
      options.onProgress?.({ products: products + done, limit: probes * steps }),
    );
    products += outcome.products;
    status = outcome.status;
    if (outcome.quadrature !== null) quadratures.push(outcome.quadrature);
  }
  const seconds = (performance.now() - began) / 1000;
  const value = densityOfQuadratures(quadratures, steps, gridPoints, options.kernelWidth);
  return { value, status, stats: { products, gradients: 0, losses: 0, seconds } };
}

function positiveInteger(value: number, what: string): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new BadInput(`The number of ${what} is ${value}.`, 'Give a whole number, 1 or more.');
}

interface ProbeOutcome {
  readonly status: Status;
  readonly products: number;
  readonly quadrature: SpectralQuadrature | null;
}

async function probeSpectrum<V>(
  operator: LinearOperator<V>,
  options: DensityOptions,
  probe: number,
  steps: number,
  onProduct: (done: number) => void,
): Promise<ProbeOutcome> {
  const { space } = operator;
  const symmetryTol = options.symmetryTol ?? (space.precision === 'float64' ? 1e-6 : 1e-4);
  const start = space.random(options.rng.split(`density probe ${probe}`), options.distribution ?? 'rademacher');
  const process = await startLanczosProcess(operator, start);
  if (process === null) return { status: 'notFinite', products: 0, quadrature: null };
  const ended = (status: Status) => ({ status, products: process.products, quadrature: null });
  try {
    for (let step = 0; step < steps; step++) {
      if (options.signal?.aborted) return ended('cancelled');
      const advance = await advanceLanczosProcess(process);
      if (advance === 'notFinite') return ended('notFinite');
      if (process.asymmetry > symmetryTol) return ended('notSymmetric');
      onProduct(process.products);
      if (advance === 'closed') break;
    }
    const { values, vectors } = tridiagonalEigen(
      Float64Array.from(process.alpha),
      Float64Array.from(process.beta),
      'first',
    );
    const quadrature = { nodes: values, weights: vectors.map((first) => first * first) };
    return { status: 'converged', products: process.products, quadrature };
  } finally {
    releaseLanczosProcess(process);
  }
}

/** The smoothed curve of given quadratures: changing kernel or grid costs no products. */
export function densityOfQuadratures(
  quadratures: readonly SpectralQuadrature[],
  steps: number,
  gridPoints: number,
  kernelWidth?: number,
): SpectralDensity {
  const moments = (power: number) =>
    sampleMean(quadratures.map((q) => q.nodes.reduce((sum, node, i) => sum + q.weights[i]! * node ** power, 0)));
  const low = Math.min(...quadratures.map((q) => q.nodes[0]!));
  const high = Math.max(...quadratures.map((q) => q.nodes[q.nodes.length - 1]!));
  const sigma = kernelWidth ?? defaultKernelWidth(low, high, steps);
  const points = quadratures.length === 0 ? 0 : gridPoints;
  const cell = (high - low + 2 * margin * sigma) / points;
  const left = low - margin * sigma;
  const x = Float64Array.from({ length: points }, (_, i) => left + (i + 0.5) * cell);
  const masses = quadratures.map((q) => cellMasses(q, left, cell, points, sigma));
  const y = new Float64Array(points);
  const standardError = new Float64Array(points);
  const cumulative = new Float64Array(points);
  let total = 0;
  for (let i = 0; i < points; i++) {
    const { value, standardError: error } = sampleMean(masses.map((mass) => mass[i]!));
    y[i] = value / cell;
    standardError[i] = error / cell;
    total += value;
    cumulative[i] = total;
  }
  const probes = quadratures.length;
  return {
    x,
    y,
    standardError,
    cumulative,
    kernelWidth: sigma,
    probes,
    steps,
    quadratures,
    mean: moments(1),
    secondMoment: moments(2),
  };
}

function defaultKernelWidth(low: number, high: number, steps: number): number {
  const resolution = (high - low) / steps / (2 * Math.sqrt(2 * Math.log(1.25)));
  // A single eigenvalue has no range: draw it a thousandth of its size wide.
  return resolution > 0 ? resolution : 1e-3 * (Math.abs(high) || 1);
}

function cellMasses(q: SpectralQuadrature, left: number, cell: number, cells: number, sigma: number): Float64Array {
  const mass = new Float64Array(cells);
  q.nodes.forEach((node, k) => {
    const first = Math.max(0, Math.floor((node - 8.5 * sigma - left) / cell));
    const last = Math.min(cells - 1, Math.ceil((node + 8.5 * sigma - left) / cell));
    let before = normalCumulative((left + first * cell - node) / sigma);
    for (let i = first; i <= last; i++) {
      const after = normalCumulative((left + (i + 1) * cell - node) / sigma);
      mass[i] = mass[i]! + q.weights[k]! * Math.max(0, after - before);
      before = after;
    }
  });
  return mass;
}

export interface MassEstimate extends Estimate {
  /**
   * Bound of the error of the quadrature itself, in the mean over the probes: the larger weight of the two nodes beside
   * the threshold (Chebyshev–Markov–Stieltjes inequalities, Szegő 1939).
   */
  readonly resolution: number;
}

/**
 * Share of the eigenvalues below a threshold, unsmoothed, with its standard error over the probes: with a threshold of
 * −τ |λ|_max the index fraction of a critical point.
 */
export function densityMassBelow({ quadratures }: SpectralDensity, threshold: number): MassEstimate {
  const masses: number[] = [];
  let resolution = 0;
  for (const { nodes, weights } of quadratures) {
    const below = nodes.filter((node) => node < threshold).length;
    masses.push(weights.subarray(0, below).reduce((sum, weight) => sum + weight, 0));
    resolution += Math.max(weights[below - 1] ?? 0, weights[below] ?? 0) / quadratures.length;
  }
  return { ...sampleMean(masses), resolution };
}
