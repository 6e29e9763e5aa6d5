import type { RitzPair } from '../../linalg/eigenpairs/eigenpairs.ts';
import { lanczos } from '../../linalg/eigenpairs/lanczos.ts';
import type { LinearOperator } from '../../linalg/linear-operator.ts';
import { densityMasses, type MassEstimate } from '../../linalg/quadrature/density-masses.ts';
import { stochasticLanczosDensity } from '../../linalg/quadrature/stochastic-lanczos-density.ts';
import type { Status } from '../../linalg/result.ts';
import type { Random } from '../../random/random.ts';
import type { CertifiedExtreme, IndexCounts } from './saddle.ts';

/** Share of |λ|_max below which a quadrature of so many steps takes an eigenvalue for null. */
const delta = 1e-3;
/** Outermost eigenvalues that are counted one by one, so that the quadrature resolves the rest. */
const deflated = 10;
const mostProducts = 160;
const probes = 5;
const steps = 96;
/** Standard deviations of a normal law that hold 95 %. */
const normal95 = 1.96;

export interface SampledIndex {
  readonly status: Status;
  /** Null where the work was cancelled or the products are unusable. */
  readonly index: IndexCounts | null;
  readonly lowest: CertifiedExtreme | null;
  readonly highest: CertifiedExtreme | null;
}

/**
 * The index of a large H from products: extreme eigenvalues with their residuals by Lanczos, then the number of
 * eigenvalues below −δ, within ±δ and above, δ = 1e-3 |λ|_max, by stochastic Lanczos quadrature of 5 starts and 96 steps
 * (Ubaru, Chen and Saad 2017) about the 10 largest |λ|, which are deflated. The counts are no whole numbers.
 *
 * `standardError` is the longer side of the 95 % interval of `densityMasses` over 1.96. The spread of 5 draws is itself known
 * to a third only; the interval takes the variance from the law of the mass instead, and holds what the quadrature leaves
 * open at −δ, which is the larger part where eigenvalues crowd there. Cost: at most 640 products.
 */
export async function sampledIndex<V>(
  operator: LinearOperator<V>,
  rng: Random,
  signal: { readonly aborted: boolean } | undefined,
): Promise<SampledIndex> {
  const { space } = operator;
  const found = await lanczos(operator, {
    top: 1,
    bottom: 1,
    magnitude: Math.min(deflated, space.dim),
    eigenvectors: true,
    eigenvalueTol: 1e-4,
    maxProducts: mostProducts,
    rng: rng.split('extremes'),
    signal,
  });
  const { top, bottom, magnitude } = found.value;
  try {
    const [highest, lowest] = [top[0], bottom[0]].map((pair) => (pair ? certified(pair) : null));
    const known = { lowest: lowest ?? null, highest: highest ?? null };
    if (!highest || !lowest || found.status === 'cancelled' || found.status === 'notFinite')
      return { status: found.status, index: null, ...known };
    const scale = Math.max(Math.abs(highest.value), Math.abs(lowest.value));
    const tolerance = delta * scale;
    const sharp = magnitude.filter(
      ({ vector, residual, evidence }) => vector !== null && evidence === 'computed' && residual <= 0.1 * tolerance,
    );
    const density = await stochasticLanczosDensity(operator, {
      probes,
      steps,
      rng: rng.split('density'),
      signal,
      ...(sharp.length > 0 && {
        deflated: { values: sharp.map(({ value }) => value), vectors: sharp.map(({ vector }) => vector!) },
      }),
    });
    if (density.status !== 'converged') return { status: density.status, index: null, ...known };
    const { below, above } = densityMasses(density.value, tolerance);
    const negative = Math.max(0, below.count.value);
    const positive = Math.max(0, Math.min(above.count.value, space.dim - negative));
    const index: IndexCounts = {
      negative,
      null: space.dim - negative - positive,
      positive,
      tolerance,
      method: 'quadrature',
      standardError: errorOf(below.count),
    };
    return { status: 'converged', index, ...known };
  } finally {
    space.release(...[...top, ...bottom, ...magnitude].flatMap(({ vector }) => (vector === null ? [] : [vector])));
  }
}

/** A standard error: within twice it lies the truth in 95 of 100 cases. */
const errorOf = ({ value, low95, high95 }: MassEstimate): number => Math.max(value - low95, high95 - value) / normal95;

const certified = <V>({ value, errorBound }: RitzPair<V>): CertifiedExtreme => ({ value, errorBound });
