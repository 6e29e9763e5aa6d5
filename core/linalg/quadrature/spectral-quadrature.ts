import { BadInput } from '../../bad-input.ts';
import type { Random } from '../../random/random.ts';
import { tridiagonalEigen } from '../dense/tridiagonal-eigen.ts';
import {
  advanceLanczosProcess,
  type LanczosProcess,
  releaseLanczosProcess,
  startLanczosProcess,
} from '../eigenpairs/lanczos-process.ts';
import type { LinearOperator } from '../linear-operator.ts';
import { machineEpsilon } from '../precision.ts';
import type { Status } from '../result.ts';

/**
 * The Gauss quadrature of the spectral measure μ_v = Σᵢ ⟨uᵢ, v⟩² δ(λᵢ) of one unit start v: exact for polynomials up to
 * degree 2m − 1. Plain data: it may be sent to another thread or stored.
 */
export interface SpectralQuadrature {
  /** Eigenvalues of the tridiagonal matrix, ascending. */
  readonly nodes: Float64Array;
  /** Squared first components of its eigenvectors, adding to 1. */
  readonly weights: Float64Array;
  /** Diagonal of the tridiagonal matrix. */
  readonly alpha: Float64Array;
  /** Its off-diagonal, and as the last entry the coupling to the step not taken: 0 where the space has closed. */
  readonly beta: Float64Array;
  /** Which of the independent starts this is. */
  readonly probe: number;
  /** Rounding of the nodes: 8 ε ‖A‖ with ‖A‖ as seen. */
  readonly nodeError: number;
}

/**
 * Eigenpairs known beforehand, removed exactly: starts are made orthogonal to the vectors, Lanczos stays so, and the
 * pairs re-enter as points of mass 1/p without statistical error. The vectors are orthonormal; the values should be
 * their Rayleigh quotients. A residual r of a pair moves eigenvalues of the rest by at most r.
 */
export interface Deflation<V> {
  readonly values: ArrayLike<number>;
  readonly vectors: readonly V[];
}

export interface ProbeOptions<V> {
  readonly rng: Random;
  /** Lanczos steps. Default 80. */
  readonly steps?: number | undefined;
  /**
   * Entries of the starts before they are scaled to unit length. Default rademacher, and normal with deflated pairs: a
   * normal start is uniform on the unit sphere of the complement as well, so E v vᵀ = P/(p − k) exactly. Projected ±1
   * starts have it up to a relative error of order 1/p.
   */
  readonly distribution?: 'rademacher' | 'normal' | undefined;
  readonly deflated?: Deflation<V> | undefined;
  /** Asymmetry of the products, relative to ‖A‖, that ends the work. Default 1e-6 in float64, 1e-4 in float32. */
  readonly symmetryTol?: number | undefined;
  readonly signal?: { readonly aborted: boolean } | undefined;
  /** Called after each product with the number of them. */
  readonly onProduct?: ((products: number) => void) | undefined;
}

export interface ProbeOutcome {
  readonly status: Status;
  readonly products: number;
  /** Null unless the status is `converged`. */
  readonly quadrature: SpectralQuadrature | null;
}

/**
 * The quadrature of one start by m Lanczos steps with full reorthogonalisation (Golub and Welsch 1969; Golub and Meurant
 * 2010). It depends on the key of `rng` and the number of the probe only, so probes may be computed anywhere, in any
 * order, and joined by `densityOfQuadratures`.
 *
 * Cost: `steps` products and 2 m (m + 2 k) p operations; memory of m vectors. A space that closes early is exact for
 * its start. Status: `converged`, `notFinite`, `notSymmetric`, `cancelled`.
 */
export async function probeQuadrature<V>(
  operator: LinearOperator<V>,
  probe: number,
  options: ProbeOptions<V>,
): Promise<ProbeOutcome> {
  const { space } = operator;
  const { deflated } = options;
  const locked = deflated?.vectors ?? [];
  const left = space.dim - locked.length;
  if (left < 1) throw new BadInput('All eigenpairs are deflated.', 'Nothing is left to estimate: use their values.');
  const distribution = options.distribution ?? (locked.length > 0 ? 'normal' : 'rademacher');
  const steps = Math.min(options.steps ?? 80, left);
  const start = space.random(options.rng.split(`density probe ${probe}`), distribution);
  const scale = Array.from(deflated?.values ?? []).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const process = await startLanczosProcess(operator, start, locked, scale);
  if (process === null) return { status: 'notFinite', products: 0, quadrature: null };
  try {
    const status = await advance(process, steps, options);
    const quadrature = status === 'converged' ? quadratureOf(process, probe) : null;
    return { status, products: process.products, quadrature };
  } finally {
    releaseLanczosProcess(process);
  }
}

async function advance<V>(process: LanczosProcess<V>, steps: number, options: ProbeOptions<V>): Promise<Status> {
  const symmetryTol = options.symmetryTol ?? (process.operator.space.precision === 'float64' ? 1e-6 : 1e-4);
  for (let step = 0; step < steps; step++) {
    if (options.signal?.aborted) return 'cancelled';
    const moved = await advanceLanczosProcess(process);
    if (moved === 'notFinite') return 'notFinite';
    if (process.asymmetry > symmetryTol) return 'notSymmetric';
    options.onProduct?.(process.products);
    if (moved === 'closed') break;
  }
  return 'converged';
}

function quadratureOf<V>(process: LanczosProcess<V>, probe: number): SpectralQuadrature {
  const nodeError = 8 * machineEpsilon(process.operator.space.precision) * process.scale;
  return quadratureOfRecurrence(process.alpha, process.beta, probe, nodeError);
}

/** The quadrature of a given tridiagonal matrix: `beta` as long as `alpha`, its last entry as above. */
export function quadratureOfRecurrence(
  alpha: ArrayLike<number>,
  beta: ArrayLike<number>,
  probe = 0,
  nodeError = 0,
): SpectralQuadrature {
  const diagonal = Float64Array.from(alpha);
  const coupling = Float64Array.from(beta);
  const { values, vectors } = tridiagonalEigen(diagonal, coupling, 'first');
  return {
    nodes: values,
    weights: vectors.map((first) => first * first),
    alpha: diagonal,
    beta: coupling,
    probe,
    nodeError,
  };
}
