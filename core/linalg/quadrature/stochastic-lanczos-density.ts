import { BadInput } from '../../bad-input.ts';
import type { LinearOperator } from '../linear-operator.ts';
import { machineEpsilon } from '../precision.ts';
import type { Result, Status } from '../result.ts';
import type { VectorSpace } from '../vector-space.ts';
import { type CurveOptions, densityOfQuadratures, type SpectralDensity } from './spectral-density.ts';
import { type Deflation, type ProbeOptions, type ProbeOutcome, probeQuadrature } from './spectral-quadrature.ts';

export type { SpectralDensity } from './spectral-density.ts';

/** The probes 0 … `count` − 1 of one density, for whoever shares them out. */
export interface ProbesToShare {
  readonly count: number;
  /** Computes one with the operator at hand. `onProduct` is called after each product. */
  here(
    probe: number,
    watch: { readonly signal: { readonly aborted: boolean }; readonly onProduct: () => void },
  ): Promise<ProbeOutcome>;
  /** To be told how many products all probes together have cost so far. */
  onProducts(products: number): void;
}

export interface SharedOutcomes {
  /** By probe, from 0 on, as far as none is missing: a probe that was not finished ends the list. */
  readonly outcomes: readonly ProbeOutcome[];
  /** Of all probes, those not listed included. */
  readonly products: number;
}

export interface DensityOptions<V = unknown>
  extends Omit<ProbeOptions<V>, 'onProduct'>,
    Omit<CurveOptions, 'dim' | 'steps' | 'deflated'> {
  /** Independent starts; two or more give standard errors. Default 10. */
  readonly probes?: number | undefined;
  readonly onProgress?: ((progress: { readonly products: number; readonly limit: number }) => void) | undefined;
  /** Has the probes computed in any order, at once and anywhere; by itself one after the other here. */
  readonly shareOut?: ((probes: ProbesToShare) => Promise<SharedOutcomes>) | undefined;
}

/**
 * The density of the eigenvalues φ(x) = (1/p) Σᵢ g_σ(x − λᵢ) by stochastic Lanczos quadrature (Lin, Saad and Yang 2016;
 * Ghorbani, Krishnan and Xiao 2019): from each random unit start m Lanczos steps with full reorthogonalisation give the
 * Gauss quadrature with nodes = eigenvalues of T and weights = squared first components of its eigenvectors; the mean
 * over the starts is unbiased up to degree 2m − 1.
 *
 * Curve, kernel and bounds: `densityOfQuadratures`; logarithmic axis: `logDensityOfQuadratures`; both from the same probes. Outliers known beforehand are taken out exactly with
 * `deflated` (`Deflation`). Each probe has a stream of its own, so more probes continue the same sequence, and probes
 * computed elsewhere by `probeQuadrature` give the same curve.
 *
 * Cost: probes × steps products and about 2 m² p operations a probe; memory of m vectors. A space that closes early is
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
  options: DensityOptions<V>,
): Promise<Result<SpectralDensity>> {
  const began = performance.now();
  const { dim } = operator.space;
  const deflated = options.deflated?.values ?? [];
  const probes = deflated.length === dim ? 0 : positiveInteger(options.probes ?? 10, 'probes');
  const steps = Math.min(positiveInteger(options.steps ?? 80, 'Lanczos steps'), dim);
  const gridPoints = positiveInteger(options.gridPoints ?? 1024, 'grid points');
  if (options.deflated !== undefined) await requireOrthonormal(operator.space, options.deflated);
  const shareOut = options.shareOut ?? ((shared: ProbesToShare) => oneByOne(shared, options.signal));
  const { outcomes, products } = await shareOut({
    count: probes,
    here: (probe, { signal, onProduct }) => probeQuadrature(operator, probe, { ...options, signal, onProduct }),
    onProducts: (done) => options.onProgress?.({ products: done, limit: probes * steps }),
  });
  const failed = outcomes.findIndex(({ quadrature }) => quadrature === null);
  const finished = failed < 0 ? outcomes : outcomes.slice(0, failed);
  const quadratures = finished.map(({ quadrature }) => quadrature!);
  const status: Status = outcomes[failed]?.status ?? (finished.length < probes ? 'cancelled' : 'converged');
  const value = densityOfQuadratures(quadratures, { ...options, dim, steps, gridPoints, deflated });
  const seconds = (performance.now() - began) / 1000;
  return { value, status, stats: { products, gradients: 0, losses: 0, seconds } };
}

async function oneByOne(
  { count, here, onProducts }: ProbesToShare,
  signal: { readonly aborted: boolean } = { aborted: false },
): Promise<SharedOutcomes> {
  const outcomes: ProbeOutcome[] = [];
  let done = 0;
  for (let probe = 0; probe < count; probe++) {
    const outcome = await here(probe, { signal, onProduct: () => onProducts(++done) });
    outcomes.push(outcome);
    if (outcome.quadrature === null) break;
  }
  return { outcomes, products: outcomes.reduce((sum, { products }) => sum + products, 0) };
}

function positiveInteger(value: number, what: string): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new BadInput(`The number of ${what} is ${value}.`, 'Give a whole number, 1 or more.');
}

/** Pairs that are not orthonormal would be counted wrongly, without a sign of it. Cost: k² inner products. */
export async function requireOrthonormal<V>(space: VectorSpace<V>, { values, vectors }: Deflation<V>): Promise<void> {
  if (values.length !== vectors.length || vectors.length > space.dim) {
    throw new BadInput(
      `${values.length} eigenvalues and ${vectors.length} eigenvectors are to be deflated.`,
      'Give one vector for each value, at most as many as there are dimensions.',
    );
  }
  const tolerance = Math.sqrt(machineEpsilon(space.precision));
  for (let i = 0; i < vectors.length; i++) {
    const products = await space.dots(vectors.slice(0, i + 1), vectors[i]!);
    const worst = products.reduce((most, product, j) => Math.max(most, Math.abs(product - (j === i ? 1 : 0))), 0);
    if (worst <= tolerance) continue;
    throw new BadInput(
      `The eigenvectors to be deflated are orthonormal to ${worst.toExponential(1)} only.`,
      'Orthogonalise them and scale them to unit length first.',
    );
  }
}
