import { BadInput } from '../../bad-input.ts';
import type { Random } from '../../random/random.ts';
import type { LinearOperator } from '../linear-operator.ts';
import { machineEpsilon } from '../precision.ts';
import type { Result, Status } from '../result.ts';
import {
  estimateFloor,
  type FoundPair,
  newSearch,
  type Outcome,
  precisionFloor,
  type Search,
  searchEigenvalues,
} from './lanczos-search.ts';
import { eigenvalueErrorEstimate, meetsTolerances, type RitzValues } from './ritz-values.ts';

export interface LanczosProgress {
  readonly products: number;
  readonly limit: number;
  /** Current Ritz values, largest first. */
  readonly top: readonly number[];
  /** Current Ritz values, most negative first. */
  readonly bottom: readonly number[];
}

export interface LanczosOptions<V> {
  /** How many of the largest eigenvalues. Default 1. */
  readonly top?: number | undefined;
  /** How many of the most negative eigenvalues. Default 0. */
  readonly bottom?: number | undefined;
  readonly rng: Random;
  /**
   * Warm start: the sum of these vectors (an earlier Ritz basis, or one vector), with a tenth of a random one so that
   * nothing is out of reach. They stay the caller's. To follow λ₁ along a run give the two or three leading vectors.
   */
  readonly start?: readonly V[] | undefined;
  /** Wanted ‖A y − θ y‖ / |θ| of every wanted pair. Default 1e-3 when neither tolerance is given; both may be. */
  readonly residualTol?: number | undefined;
  /** Wanted |λ − θ| / |θ| by the estimate min(r, r²/gap), with the gap seen in the Ritz values: fewer products. */
  readonly eigenvalueTol?: number | undefined;
  /** Limit of products, those for the true residuals included. Default 1000. */
  readonly maxProducts?: number | undefined;
  /** Limit of basis vectors in memory; beyond it the basis is thickly restarted. Default 300. */
  readonly maxBasis?: number | undefined;
  /**
   * Search again from random vectors in the complement of what was found, until nothing more comes: one start vector
   * sees one copy of a multiple eigenvalue. Costs about as many products again. Spaces that close are always searched
   * again. Default false.
   */
  readonly verifyMultiplicity?: boolean | undefined;
  /** Compute ‖A y − θ y‖ afresh, one product a pair. Default true; otherwise residuals are the estimates βₘ|sₘ|. */
  readonly trueResiduals?: boolean | undefined;
  /** Return the vectors; they are then the caller's to release. Default false. */
  readonly eigenvectors?: boolean | undefined;
  /** Asymmetry of the products, relative to ‖A‖, that ends the work. Default 1e-6 in float64, 1e-4 in float32. */
  readonly symmetryTol?: number | undefined;
  readonly signal?: { readonly aborted: boolean } | undefined;
  readonly onProgress?: ((progress: LanczosProgress) => void) | undefined;
}

export interface RitzPair<V> {
  readonly value: number;
  /** ‖A y − θ y‖ for the unit vector y. */
  readonly residual: number;
  /** True where the residual was estimated and not computed. */
  readonly residualIsEstimate: boolean;
  /** The residual plus the floor of the precision: an eigenvalue lies within it (where the residual was computed). */
  readonly errorBound: number;
  /**
   * min(r, r²/gap) plus the floor, with the gap seen in the Ritz values: the usual size of the error, and wrong where an
   * eigenvalue nearby has not been seen. Ranks are those among the values found.
   */
  readonly errorEstimate: number;
  readonly vector: V | null;
}

export interface LanczosValue<V> {
  /** Largest first. */
  readonly top: readonly RitzPair<V>[];
  /** Most negative first. */
  readonly bottom: readonly RitzPair<V>[];
  /** Diagonal and off-diagonal of the last tridiagonal matrix; the last β couples to the outside (0: closed). */
  readonly alpha: Float64Array;
  readonly beta: Float64Array;
  readonly basisSize: number;
  readonly restarts: number;
  /** Searches of the complement after the first run, by closure or for verification. */
  readonly furtherStarts: number;
  /** Largest ‖A v‖ seen: a lower bound of ‖A‖. */
  readonly scale: number;
  /** Largest asymmetry of a product relative to `scale`. */
  readonly asymmetry: number;
}

/** In machine epsilons times ‖A‖: a value and a residual below it are zero. */
const zeroFactor = 64;

/**
 * The largest and the most negative eigenvalues of a symmetric operator by the Lanczos method (Lanczos 1950) with full
 * reorthogonalisation and thick restarts, each with its residual ‖A y − θ y‖: some eigenvalue of A lies within the
 * residual of θ. Both ends come from one Krylov space.
 *
 * What the residual does not say is that none was missed. From a random start that is improbable (Kuczyński and
 * Woźniakowski 1992), except for further copies of a multiple eigenvalue: see `verifyMultiplicity`.
 *
 * Departures from the textbook: (1) block Gram–Schmidt, twice where needed, against the whole basis at every step, so
 * there are no ghost copies; (2) restarts keep T tridiagonal; (3) a closed space is followed by a random start in its
 * complement until the wanted ends are complete; (4) entries of VᵀAv that symmetry makes zero are watched.
 *
 * Cost: one product a step and one a returned pair for the true residuals; 4 to 8 m p operations a step for the
 * orthogonality; memory of `maxBasis` vectors.
 *
 * Status: `converged`; `budgetSpent`; `invariantSubspace` (the space closed and the budget ended before the search for
 * further copies); `stagnated` (the computed residuals stay above the tolerance: floor of the precision or noise in the
 * products); `notFinite`; `notSymmetric`; `cancelled`. Whatever was found by then is returned with its residual.
 *
 * @example
 * const { value, status } = await lanczos(hessian, { top: 10, bottom: 5, eigenvalueTol: 1e-4, rng: randomFromSeed(1) });
 */
export async function lanczos<V>(
  operator: LinearOperator<V>,
  options: LanczosOptions<V>,
): Promise<Result<LanczosValue<V>>> {
  const began = performance.now();
  const search = newSearch(searchPlan(operator, options));
  const handed = new Set<FoundPair<V>>();
  try {
    const outcome = await searchEigenvalues(search);
    const top = outermost(search, search.plan.top, 1);
    const bottom = outermost(search, search.plan.bottom, -1);
    const certified = await certify(search, [...top, ...bottom], outcome, options);
    const status = finalStatus(search, outcome, certified, top.length + bottom.length);
    const pair = (found: FoundPair<V>) => ritzPair(search, found, certified, handed, options.eigenvectors ?? false);
    const value = {
      top: top.map(pair),
      bottom: bottom.map(pair),
      alpha: Float64Array.from(search.alpha),
      beta: Float64Array.from(search.beta),
      basisSize: search.alpha.length,
      restarts: search.restarts,
      furtherStarts: search.furtherStarts,
      scale: search.scale,
      asymmetry: search.asymmetry,
    };
    const seconds = (performance.now() - began) / 1000;
    return { value, status, stats: { products: search.products, gradients: 0, losses: 0, seconds } };
  } finally {
    const kept = search.found.filter((found) => !handed.has(found));
    operator.space.release(...search.closedBases, ...kept.flatMap((found) => found.vector ?? []));
  }
}

function searchPlan<V>(operator: LinearOperator<V>, options: LanczosOptions<V>) {
  const { dim, precision } = operator.space;
  const top = Math.min(count(options.top ?? 1, 'largest'), dim);
  const bottom = Math.min(count(options.bottom ?? 0, 'most negative'), dim);
  const wanted = top + bottom;
  if (wanted === 0) throw new BadInput('No eigenvalue is asked for.', 'Ask for at least one at either end.');
  const maxBasis = Math.min(options.maxBasis ?? Math.max(300, 2 * wanted + 20), dim);
  if (maxBasis < Math.min(dim, wanted + 3)) {
    throw new BadInput(
      `A basis of ${maxBasis} vectors cannot hold the ${wanted} wanted ones.`,
      `Allow at least ${wanted + 3} basis vectors.`,
    );
  }
  const maxProducts = options.maxProducts ?? 1000;
  if (!(maxProducts >= 1)) throw new BadInput('The limit of products is below 1.', 'Allow at least one product.');
  // A budget that certifying would use up is better spent on the search; the residuals are then estimates, and say so.
  const certify = (options.trueResiduals ?? true) && maxProducts > 2 * wanted;
  const productLimit = Math.max(1, Math.floor(maxProducts) - (certify ? wanted : 0));
  const residualTol = tolerance(options.residualTol) ?? (options.eigenvalueTol === undefined ? 1e-3 : null);
  const { onProgress } = options;
  return {
    operator,
    top,
    bottom,
    tolerances: { residualTol, eigenvalueTol: tolerance(options.eigenvalueTol) },
    rng: options.rng,
    start: options.start ?? [],
    productLimit,
    maxBasis,
    symmetryTol: options.symmetryTol ?? (precision === 'float64' ? 1e-6 : 1e-4),
    verifyMultiplicity: options.verifyMultiplicity ?? false,
    keepVectors: certify || (options.eigenvectors ?? false),
    certify,
    signal: options.signal,
    report: (products: number, { values }: RitzValues) => {
      if (onProgress === undefined) return;
      const ascending = Array.from(values);
      onProgress({
        products,
        limit: productLimit,
        top: ascending.slice(Math.max(0, ascending.length - top)).reverse(),
        bottom: ascending.slice(0, bottom),
      });
    },
  };
}

function count(value: number, what: string): number {
  if (Number.isInteger(value) && value >= 0) return value;
  throw new BadInput(`The number of ${what} eigenvalues is ${value}.`, 'Give a whole number, 0 or more.');
}

function tolerance(value: number | undefined): number | null {
  if (value === undefined) return null;
  if (value > 0) return value;
  throw new BadInput(`The tolerance is ${value}.`, 'Give a number above 0.');
}

function outermost<V>(search: Search<V>, wanted: number, sign: 1 | -1): FoundPair<V>[] {
  return [...search.found].sort((a, b) => sign * (b.value - a.value)).slice(0, wanted);
}

interface Certified<V> {
  /** Computed residuals; pairs that are not in it have their estimate only. */
  readonly residuals: ReadonlyMap<FoundPair<V>, number>;
  readonly interrupted: 'cancelled' | 'notFinite' | null;
}

/** One product a pair, unless the products have shown to be unusable or the work was cancelled. */
async function certify<V>(
  search: Search<V>,
  pairs: readonly FoundPair<V>[],
  outcome: Outcome,
  options: LanczosOptions<V>,
): Promise<Certified<V>> {
  const residuals = new Map<FoundPair<V>, number>();
  const { operator } = search.plan;
  const { space } = operator;
  if (!search.plan.certify || outcome === 'cancelled' || outcome === 'notFinite') {
    return { residuals, interrupted: null };
  }
  for (const pair of new Set(pairs)) {
    if (options.signal?.aborted) return { residuals, interrupted: 'cancelled' };
    if (pair.vector === null) continue;
    const product = await operator.apply(pair.vector);
    search.products++;
    const difference = space.addScaled(product, -pair.value, pair.vector);
    const residual = Math.sqrt((await space.dots([difference], difference))[0]!);
    space.release(difference);
    if (!Number.isFinite(residual)) return { residuals, interrupted: 'notFinite' };
    residuals.set(pair, residual);
  }
  return { residuals, interrupted: null };
}

function finalStatus<V>(search: Search<V>, outcome: Outcome, certified: Certified<V>, delivered: number): Status {
  if (certified.interrupted !== null) return certified.interrupted;
  if (outcome === 'closed') return 'invariantSubspace';
  if (outcome !== 'settled') return outcome;
  if (delivered < search.plan.top + search.plan.bottom) return 'stagnated';
  const { tolerances, operator } = search.plan;
  const zero = zeroFactor * machineEpsilon(operator.space.precision) * search.scale;
  for (const [pair, residual] of certified.residuals) {
    if (Math.abs(pair.value) <= zero && residual <= zero) continue;
    const errorEstimate = eigenvalueErrorEstimate(residual, pair.gap) + precisionFloor(search);
    if (!meetsTolerances(tolerances, { value: pair.value, residual, errorEstimate }, { residual: 0, eigenvalue: 0 }))
      return 'stagnated';
  }
  return 'converged';
}

function ritzPair<V>(
  search: Search<V>,
  found: FoundPair<V>,
  certified: Certified<V>,
  handed: Set<FoundPair<V>>,
  withVector: boolean,
): RitzPair<V> {
  const floor = precisionFloor(search);
  const computed = certified.residuals.get(found);
  const residual = computed ?? Math.max(found.estimate, estimateFloor(search));
  return {
    value: found.value,
    residual,
    residualIsEstimate: computed === undefined,
    errorBound: residual + floor,
    errorEstimate: eigenvalueErrorEstimate(residual, found.gap) + floor,
    vector: withVector ? handOver(search, found, handed) : null,
  };
}

/** A pair can be wanted at both ends; then its second vector is a copy. */
function handOver<V>(search: Search<V>, found: FoundPair<V>, handed: Set<FoundPair<V>>): V | null {
  if (found.vector === null) return null;
  if (handed.has(found)) return search.plan.operator.space.copy(found.vector);
  handed.add(found);
  return found.vector;
}
