import type { Random } from '../../random/random.ts';
import { tridiagonalEigen } from '../dense/tridiagonal-eigen.ts';
import type { LinearOperator } from '../linear-operator.ts';
import { machineEpsilon } from '../precision.ts';
import {
  advanceLanczosProcess,
  type LanczosProcess,
  releaseLanczosProcess,
  startLanczosProcess,
} from './lanczos-process.ts';
import {
  eigenvalueErrorEstimate,
  gapAround,
  meetsTolerances,
  type RitzValues,
  ritzValues,
  type Tolerances,
} from './ritz-values.ts';
import { keptRitzIndices, thickRestart } from './thick-restart.ts';

export interface SearchPlan<V> {
  readonly operator: LinearOperator<V>;
  readonly top: number;
  readonly bottom: number;
  readonly tolerances: Tolerances;
  readonly rng: Random;
  readonly start: readonly V[];
  readonly productLimit: number;
  readonly maxBasis: number;
  readonly symmetryTol: number;
  readonly verifyMultiplicity: boolean;
  readonly keepVectors: boolean;
  /** Whether one product a pair is kept back to compute its residual. */
  readonly certify: boolean;
  readonly signal: { readonly aborted: boolean } | undefined;
  readonly report: (products: number, ritz: RitzValues) => void;
}

/** How a search ended; `closed`: in an invariant subspace, without the budget to look for further copies. */
export type Outcome = 'settled' | 'closed' | 'budgetSpent' | 'notFinite' | 'notSymmetric' | 'cancelled';

export interface FoundPair<V> {
  readonly value: number;
  readonly estimate: number;
  /** Distance to the other Ritz values of the same run. */
  readonly gap: number;
  vector: V | null;
}

export interface Search<V> {
  readonly plan: SearchPlan<V>;
  /** Wanted pairs of all runs together. */
  readonly found: FoundPair<V>[];
  /** What further runs stay orthogonal to: vectors of `found` and of `closedBases`. */
  readonly locked: V[];
  readonly closedBases: V[];
  products: number;
  scale: number;
  asymmetry: number;
  restarts: number;
  /** Runs after the first. */
  furtherStarts: number;
  firstRunProducts: number;
  alpha: readonly number[];
  beta: readonly number[];
}

/** A pair is taken as converged a little below the tolerance, so that the computed residual meets it as well. */
const safety = 0.9;
/** Length of the random part of a warm start, in units of the rest. */
const freshShare = 0.1;
/** In machine epsilons times ‖A‖: estimated residuals below it say no more. */
const estimateFactor = 4;
/** In machine epsilons times ‖A‖: rounding in the products of two programs makes their eigenvalues differ by this. */
const floorFactor = 16;

export function newSearch<V>(plan: SearchPlan<V>): Search<V> {
  return {
    plan,
    found: [],
    locked: [],
    closedBases: [],
    products: 0,
    scale: 0,
    asymmetry: 0,
    restarts: 0,
    furtherStarts: 0,
    firstRunProducts: 0,
    alpha: [],
    beta: [],
  };
}

/** What the arithmetic leaves uncertain of an eigenvalue: a few machine epsilons of ‖A‖. */
export function precisionFloor<V>(search: Search<V>): number {
  return floorFactor * machineEpsilon(search.plan.operator.space.precision) * search.scale;
}

/** Below it an estimated residual says nothing about the true one. */
export function estimateFloor<V>(search: Search<V>): number {
  return (estimateFactor / floorFactor) * precisionFloor(search);
}

/** Runs from the start vectors, then from random ones in the complement for as long as that can change the answer. */
export async function searchEigenvalues<V>(search: Search<V>): Promise<Outcome> {
  const { plan } = search;
  let [start = randomStart(search)] = await warmStart(search);
  for (;;) {
    const process = await startLanczosProcess(plan.operator, start, search.locked, search.scale);
    if (process === null) return search.found.length > 0 ? 'settled' : 'notFinite';
    const outcome = await runAndCollect(search, process);
    if (outcome !== 'settled' && outcome !== 'closed') return outcome;
    if (!canChange(search, outcome)) return 'settled';
    if (search.products >= plan.productLimit) return outcome === 'closed' ? 'closed' : 'budgetSpent';
    search.furtherStarts++;
    start = randomStart(search);
  }
}

function randomStart<V>({ plan, furtherStarts }: Search<V>): V {
  return plan.operator.space.random(plan.rng.split(`lanczos start ${furtherStarts}`), 'sphere');
}

/**
 * The sum of the given vectors and a tenth of its length of a random one: exact eigenvectors alone would be a Krylov
 * space of their own, and one that is not the largest would be taken for it. None where they are of no use.
 */
async function warmStart<V>(search: Search<V>): Promise<V[]> {
  const { operator, start } = search.plan;
  if (start.length === 0) return [];
  const { space } = operator;
  const sum = space.combine(start, new Float64Array(start.length).fill(1));
  const length = Math.sqrt((await space.dots([sum], sum))[0]!);
  if (!(length > 0) || !Number.isFinite(length)) {
    space.release(sum);
    return [];
  }
  const fresh = randomStart(search);
  const mixed = space.addScaled(sum, freshShare * length, fresh);
  space.release(fresh);
  return [mixed];
}

async function runAndCollect<V>(search: Search<V>, process: LanczosProcess<V>): Promise<Outcome> {
  const { plan } = search;
  const before = search.products;
  try {
    const outcome = await run(search, process);
    search.alpha = process.alpha;
    search.beta = process.beta;
    const lock = outcome === 'settled' && plan.verifyMultiplicity;
    const pairs = collect(search, process, plan.keepVectors || lock);
    search.found.push(...pairs);
    if (lock) search.locked.push(...pairs.flatMap((pair) => pair.vector ?? []));
    if (outcome === 'closed') {
      search.locked.push(...process.basis);
      search.closedBases.push(...process.basis);
      process.basis = [];
    }
    if (search.furtherStarts === 0) search.firstRunProducts = search.products - before;
    return outcome;
  } finally {
    releaseLanczosProcess(process);
  }
}

async function run<V>(search: Search<V>, process: LanczosProcess<V>): Promise<Outcome> {
  const { plan } = search;
  const before = search.products;
  let nextCheck = 1;
  for (;;) {
    if (plan.signal?.aborted) return 'cancelled';
    if (search.products >= plan.productLimit) return settledNow(search, process, before) ? 'settled' : 'budgetSpent';
    const step = await advanceLanczosProcess(process);
    search.products = before + process.products;
    search.scale = Math.max(search.scale, process.scale);
    search.asymmetry = Math.max(search.asymmetry, process.asymmetry);
    if (step === 'notFinite') return 'notFinite';
    if (search.asymmetry > plan.symmetryTol) return 'notSymmetric';
    if (step === 'closed') return 'closed';
    const m = process.basis.length;
    if (m < nextCheck && m < plan.maxBasis) continue;
    if (settledNow(search, process, before)) return 'settled';
    if (m >= plan.maxBasis) {
      thickRestart(process, keptRitzIndices(m, plan.top, plan.bottom));
      search.restarts++;
    }
    nextCheck = process.basis.length + Math.max(1, Math.floor(process.basis.length / 25));
  }
}

/** Whether every pair that the answer needs from this run has converged. */
function settledNow<V>(search: Search<V>, process: LanczosProcess<V>, before: number): boolean {
  const { plan } = search;
  const ritz = ritzValues(process.alpha, process.beta);
  const m = ritz.values.length;
  plan.report(search.products, ritz);
  const first = search.furtherStarts === 0;
  if (m < (first ? plan.top + plan.bottom + 2 : 3)) return false;
  const floor = precisionFloor(search);
  const floors = { residual: estimateFloor(search), eigenvalue: 2 * floor };
  const wanted = (i: number) => i < plan.bottom || i >= m - plan.top;
  const smallest = ritz.values.reduce((least, v, i) => (wanted(i) ? Math.min(least, Math.abs(v)) : least), Infinity);
  const converged = (i: number) => {
    // Residuals of locked pairs come back in those found after them: all have to be as good as the smallest needs.
    const value = plan.verifyMultiplicity ? smallest / Math.sqrt(plan.top + plan.bottom) : ritz.values[i]!;
    const residual = ritz.estimates[i]! / safety;
    const errorEstimate = eigenvalueErrorEstimate(residual, gapAround(ritz, i)) + floor;
    return meetsTolerances(plan.tolerances, { value, residual, errorEstimate }, floors);
  };
  const long = search.products - before >= search.firstRunProducts;
  const top = needed(search, plan.top, (r) => ritz.values[m - 1 - r]!, long, 1);
  const bottom = needed(search, plan.bottom, (r) => ritz.values[r]!, long, -1);
  for (let r = 0; r < Math.min(m, top); r++) if (!converged(m - 1 - r)) return false;
  for (let r = 0; r < Math.min(m, bottom); r++) if (!converged(r)) return false;
  return true;
}

/**
 * How many pairs of one end this run has to deliver: all in the first; in a later one those beyond what is known, and
 * the outermost in any case, unless the run has lasted as long as the first, which found its pairs in that time.
 */
function needed<V>(
  search: Search<V>,
  wanted: number,
  value: (rank: number) => number,
  long: boolean,
  sign: 1 | -1,
): number {
  if (wanted === 0 || search.furtherStarts === 0 || search.found.length < wanted) return wanted;
  const known = sign * kthValue(search, wanted, sign) + precisionFloor(search);
  let beyond = 0;
  while (beyond < wanted && sign * value(beyond) > known) beyond++;
  return Math.max(beyond, long ? 0 : 1);
}

/** The k-th largest (sign 1) or k-th smallest (sign −1) value found. */
function kthValue<V>(search: Search<V>, k: number, sign: 1 | -1): number {
  const values = search.found.map((pair) => pair.value).sort((a, b) => sign * (b - a));
  return values[k - 1]!;
}

/** Whether another run in the complement could still change the wanted pairs. */
function canChange<V>(search: Search<V>, outcome: 'settled' | 'closed'): boolean {
  const { plan } = search;
  if (outcome === 'settled' && !plan.verifyMultiplicity) return false;
  if (search.locked.length >= plan.operator.space.dim) return false;
  const ritz = ritzValues(search.alpha, search.beta).values;
  const open = (wanted: number, outermost: number, sign: 1 | -1) =>
    wanted > 0 &&
    (search.found.length < wanted || sign * outermost > sign * kthValue(search, wanted, sign) + precisionFloor(search));
  return open(plan.top, ritz[ritz.length - 1]!, 1) || open(plan.bottom, ritz[0]!, -1);
}

/** The wanted Ritz pairs of one run, both ends, each once. */
function collect<V>(search: Search<V>, process: LanczosProcess<V>, withVectors: boolean): FoundPair<V>[] {
  const { plan } = search;
  const { space } = plan.operator;
  const m = process.basis.length;
  if (m === 0) return [];
  const ritz = ritzValues(process.alpha, process.beta);
  const full = withVectors
    ? tridiagonalEigen(Float64Array.from(process.alpha), Float64Array.from(process.beta), 'all').vectors
    : null;
  const pairs: FoundPair<V>[] = [];
  for (let i = 0; i < m; i++) {
    if (i >= plan.bottom && i < m - plan.top) continue;
    const vector = full === null ? null : space.combine(process.basis, full.slice(i * m, (i + 1) * m));
    pairs.push({ value: ritz.values[i]!, estimate: ritz.estimates[i]!, gap: gapAround(ritz, i), vector });
  }
  return pairs;
}
