import { BadInput } from '../../bad-input.ts';
import type { LinearOperator } from '../linear-operator.ts';
import { machineEpsilon } from '../precision.ts';
import type { Result, Status } from '../result.ts';
import type {
  EigenpairsOptions,
  EigenpairsValue,
  InvariantSubspace,
  ResidualEvidence,
  RitzPair,
} from './eigenpairs.ts';
import {
  estimateFloor,
  type FoundPair,
  newSearch,
  precisionFloor,
  type Search,
  type SearchPlan,
} from './krylov-plan.ts';
import { type Outcome, searchEigenvalues } from './krylov-search.ts';
import { eigenvalueErrorEstimate, meetsTolerances, type RitzValues } from './ritz-values.ts';
import { invariantSubspaces } from './subspaces.ts';
import {
  ranked,
  readDeadline,
  readProductLimit,
  readTolerances,
  readWanted,
  symmetryLimit,
  type Wanted,
  type WantedList,
  wantedCount,
  wantedLists,
} from './wanted.ts';

/** What Krylov methods are asked besides. */
export interface KrylovOptions<V> extends EigenpairsOptions<V> {
  /**
   * Search again from random vectors in the complement of what was found, until nothing more comes: b start vectors see
   * b copies of a multiple eigenvalue. Costs about as many products again. Spaces that close are always searched again.
   * Default false.
   */
  readonly verifyMultiplicity?: boolean | undefined;
  /**
   * `each` (or true, the default): ‖A y − θ y‖ afresh, one product a pair. `combination`: one product with a random
   * combination of the pairs bounds every residual at 95 % (see `residualDeviation`), and one a pair only where that bound
   * is too coarse for the tolerance. False: residuals are the estimates
   * of the recurrence, unchecked.
   */
  readonly trueResiduals?: boolean | 'each' | 'combination' | undefined;
}

export interface KrylovValue<V> extends EigenpairsValue<V> {
  readonly basisSize: number;
  readonly restarts: number;
  /** Searches of the complement after the first run, by closure or for verification. */
  readonly furtherStarts: number;
  /** Largest ‖A v‖ seen: a lower bound of ‖A‖. */
  readonly scale: number;
  /** Largest asymmetry of a product relative to `scale`. */
  readonly asymmetry: number;
}

/** What tells one Krylov method from another. */
export type KrylovMethod<V> = Pick<SearchPlan<V>, 'width' | 'startRun' | 'resume' | 'snapshot' | 'stateEvery'>;

/** In machine epsilons times ‖A‖: a value and a residual below it are zero. */
const zeroFactor = 64;

/** Searches, certifies and reports: what `lanczos` and `blockLanczos` share. */
export async function krylovEigenpairs<V>(
  operator: LinearOperator<V>,
  options: KrylovOptions<V>,
  method: KrylovMethod<V>,
): Promise<Result<KrylovValue<V>>> {
  const began = performance.now();
  const search = newSearch(searchPlan(operator, options, method, began));
  const handed = new Set<FoundPair<V>>();
  try {
    const outcome = await searchEigenvalues(search);
    const lists = wantedLists(search.plan.wanted).map((list) => ({ list, pairs: outermost(search, list) }));
    const chosen = lists.flatMap(({ pairs }) => pairs);
    const certified = await certify(search, chosen, outcome, options);
    const status = finalStatus(search, outcome, certified, chosen.length);
    const values: Record<WantedList['name'], RitzPair<V>[]> = { top: [], bottom: [], magnitude: [] };
    const subspaces: InvariantSubspace[] = [];
    for (const { list, pairs } of lists) {
      values[list.name] = pairs.map((found) =>
        ritzPair(search, found, certified, handed, options.eigenvectors ?? false),
      );
      subspaces.push(...subspacesOf(search, list, pairs, values[list.name], outcome, method.width));
    }
    const value = {
      ...values,
      subspaces,
      basisSize: search.lastRitz.values.length,
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

function searchPlan<V>(
  operator: LinearOperator<V>,
  options: KrylovOptions<V>,
  method: KrylovMethod<V>,
  began: number,
): SearchPlan<V> {
  const { dim, precision } = operator.space;
  const wanted = readWanted(options, dim);
  const total = wantedCount(wanted);
  const maxBasis = Math.min(options.maxBasis ?? Math.max(300, 2 * total + 20), dim);
  if (maxBasis < Math.min(dim, total + 3)) {
    throw new BadInput(
      `A basis of ${maxBasis} vectors cannot hold the ${total} wanted ones.`,
      `Allow at least ${total + 3} basis vectors.`,
    );
  }
  const maxProducts = readProductLimit(options.maxProducts);
  const certify = certification(options, wanted, maxProducts);
  const reserved = certify === 'each' ? total : certify === 'combination' ? 1 : 0;
  const productLimit = Math.max(1, maxProducts - reserved);
  return {
    operator,
    wanted,
    width: method.width,
    tolerances: readTolerances(options),
    rng: options.rng,
    startRun: method.startRun,
    productLimit,
    deadline: readDeadline(options.maxSeconds, began),
    maxBasis,
    symmetryTol: symmetryLimit(options.symmetryTol, precision),
    verifyMultiplicity: options.verifyMultiplicity ?? false,
    keepVectors: certify !== false || method.snapshot !== undefined || (options.eigenvectors ?? false),
    certify,
    signal: options.signal,
    report: progressReport(options, wanted, productLimit),
    resume: method.resume,
    snapshot: method.snapshot,
    stateEvery: method.stateEvery,
  };
}

/** A budget that certifying would use up is better spent on the search; the residuals are then estimates, and say so. */
function certification<V>(
  { trueResiduals = 'each' }: KrylovOptions<V>,
  wanted: Wanted,
  maxProducts: number,
): 'each' | 'combination' | false {
  if (trueResiduals === false) return false;
  if (trueResiduals === 'combination') return maxProducts > 2 ? 'combination' : false;
  return maxProducts > 2 * wantedCount(wanted) ? 'each' : false;
}

function progressReport<V>({ onProgress }: KrylovOptions<V>, wanted: Wanted, limit: number) {
  return (products: number, { values }: RitzValues) => {
    if (onProgress === undefined) return;
    const lists: Record<WantedList['name'], number[]> = { top: [], bottom: [], magnitude: [] };
    for (const list of wantedLists(wanted)) lists[list.name] = ranked(values, list).map((i) => values[i]!);
    onProgress({ products, limit, ...lists });
  };
}

function outermost<V>(search: Search<V>, list: WantedList): FoundPair<V>[] {
  const values = search.found.map(({ value }) => value);
  return ranked(values, list).map((i) => search.found[i]!);
}

/**
 * `width` start vectors see as many copies of each eigenvalue. After verification all copies have been seen, unless the
 * last run, which was to find no more, found one itself.
 */
function subspacesOf<V>(
  search: Search<V>,
  { name }: WantedList,
  chosen: readonly FoundPair<V>[],
  pairs: readonly RitzPair<V>[],
  outcome: Outcome,
  width: number,
): InvariantSubspace[] {
  const { values, estimates } = search.lastRitz;
  const floor = precisionFloor(search);
  const bounded = (value: number, residual: number) => ({ value, errorBound: residual + floor });
  const others = [
    ...search.found.filter((found) => !chosen.includes(found)).map((found) => bounded(found.value, found.estimate)),
    ...Array.from(values, (value, i) => bounded(value, estimates[i]!)).filter((_, i) => !search.lastTaken.includes(i)),
  ];
  const settled = outcome === 'settled';
  const verified = settled && search.plan.verifyMultiplicity && search.furtherStarts > 0;
  return invariantSubspaces(name, pairs, {
    others,
    exhausted: pairs.length === search.plan.operator.space.dim,
    multiplicitySeen: (indices) => {
      if (!settled) return 0;
      const byLastRun = indices.some((i) => chosen[i]!.run === search.furtherStarts);
      return verified && !byLastRun ? Number.POSITIVE_INFINITY : width;
    },
  });
}

interface Certificate {
  readonly residual: number;
  readonly evidence: ResidualEvidence;
}

interface Certified<V> {
  /** Computed or bounded residuals; pairs that are not in it have their estimate only. */
  readonly residuals: ReadonlyMap<FoundPair<V>, Certificate>;
  readonly interrupted: 'cancelled' | 'notFinite' | null;
}

/**
 * What the runs have bounded, or one product a pair, unless the products are unusable or the budget has ended. Where a
 * bound is too coarse for the tolerance and the budget allows it, the residual is computed.
 */
async function certify<V>(
  search: Search<V>,
  pairs: readonly FoundPair<V>[],
  outcome: Outcome,
  options: KrylovOptions<V>,
): Promise<Certified<V>> {
  const residuals = new Map<FoundPair<V>, Certificate>();
  const { operator, deadline, certify: way } = search.plan;
  const ended = (interrupted: Certified<V>['interrupted'] = null): Certified<V> => ({ residuals, interrupted });
  if (way === false || outcome === 'cancelled' || outcome === 'notFinite') return ended();
  const maxProducts = readProductLimit(options.maxProducts);
  for (const pair of new Set(pairs)) {
    if (way === 'combination') {
      if (Number.isNaN(pair.deviation)) return ended('notFinite');
      if (pair.deviation === null) continue;
      const residual = pair.estimate + pair.deviation;
      residuals.set(pair, { residual, evidence: 'bounded' });
      const enough = outcome !== 'settled' || isGoodEnough(search, pair, residual);
      if (enough || search.products >= maxProducts) continue;
    }
    if (options.signal?.aborted) return ended('cancelled');
    if (pair.vector === null || performance.now() >= deadline) continue;
    search.products++;
    const residual = await computedResidual(operator, pair.value, pair.vector);
    if (!Number.isFinite(residual)) return ended('notFinite');
    residuals.set(pair, { residual, evidence: 'computed' });
  }
  return ended();
}

async function computedResidual<V>(operator: LinearOperator<V>, value: number, vector: V): Promise<number> {
  const { space } = operator;
  const difference = space.addScaled(await operator.apply(vector), -value, vector);
  const residual = Math.sqrt((await space.dots([difference], difference))[0]!);
  space.release(difference);
  return residual;
}

function finalStatus<V>(search: Search<V>, outcome: Outcome, certified: Certified<V>, delivered: number): Status {
  if (certified.interrupted !== null) return certified.interrupted;
  if (outcome === 'closed') return 'invariantSubspace';
  if (outcome !== 'settled') return outcome;
  if (delivered < wantedCount(search.plan.wanted)) return 'stagnated';
  for (const [pair, { residual }] of certified.residuals) {
    if (!isGoodEnough(search, pair, residual)) return 'stagnated';
  }
  return 'converged';
}

/** Whether a certified residual meets the tolerances; a value and an error that are both rounding do. */
function isGoodEnough<V>(search: Search<V>, { value, gap }: FoundPair<V>, residual: number): boolean {
  const { tolerances, operator } = search.plan;
  const zero = zeroFactor * machineEpsilon(operator.space.precision) * search.scale;
  const errorEstimate = eigenvalueErrorEstimate(residual, gap) + precisionFloor(search);
  // An eigenvalue of 0 has no relative error: it is known as well as it can be.
  const error = tolerances.residualTol === null ? errorEstimate : residual;
  if (Math.abs(value) <= zero && error <= zero) return true;
  return meetsTolerances(tolerances, { value, residual, errorEstimate }, { residual: 0, eigenvalue: 0 });
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
  const residual = computed?.residual ?? Math.max(found.estimate, estimateFloor(search));
  return {
    value: found.value,
    residual,
    evidence: computed?.evidence ?? 'estimated',
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
