import { tridiagonalEigen } from '../dense/tridiagonal-eigen.ts';
import { estimateFloor, type FoundPair, precisionFloor, type Search } from './lanczos-plan.ts';
import {
  advanceLanczosProcess,
  type LanczosProcess,
  releaseLanczosProcess,
  startLanczosProcess,
} from './lanczos-process.ts';
import { lanczosState, restoreLanczosState } from './lanczos-resume.ts';
import { residualDeviation } from './residual-certificate.ts';
import { eigenvalueErrorEstimate, gapAround, meetsTolerances, ritzValues } from './ritz-values.ts';
import { keptRitzIndices, thickRestart } from './thick-restart.ts';
import { ranked, type Wanted, type WantedList, wantedCount, wantedEnds, wantedLists } from './wanted.ts';

/** How a search ended; `closed`: in an invariant subspace, without the budget to look for further copies. */
export type Outcome = 'settled' | 'closed' | 'budgetSpent' | 'notFinite' | 'notSymmetric' | 'cancelled';

/** A pair is taken as converged a little below the tolerance, so that the computed residual meets it as well. */
const safety = 0.9;
/** Length of the random part of a warm start, in units of the rest. */
const freshShare = 0.1;
/**
 * Runs from the start vectors, then from random ones in the complement for as long as that can change the answer; or what
 * is left of that after a stored state.
 */
export async function searchEigenvalues<V>(search: Search<V>): Promise<Outcome> {
  const { plan } = search;
  let process = plan.from === undefined ? await firstProcess(search) : restoreLanczosState(search, plan.from);
  search.stateAt = search.products;
  if (plan.from !== undefined && process === null) process = await furtherProcess(search);
  for (;;) {
    if (process === null) return search.found.length > 0 ? 'settled' : 'notFinite';
    const outcome = await runAndCollect(search, process);
    if (outcome !== 'settled' && outcome !== 'closed') return outcome;
    if (!canChange(search, outcome)) return 'settled';
    if (budgetIsSpent(search)) {
      await plan.onState?.(await lanczosState(search, null));
      return outcome === 'closed' ? 'closed' : 'budgetSpent';
    }
    process = await furtherProcess(search);
  }
}

async function firstProcess<V>(search: Search<V>): Promise<LanczosProcess<V> | null> {
  const [start = randomStart(search)] = await warmStart(search);
  return startLanczosProcess(search.plan.operator, start, search.locked, search.scale);
}

async function furtherProcess<V>(search: Search<V>): Promise<LanczosProcess<V> | null> {
  search.furtherStarts++;
  search.runStart = search.products;
  search.nextCheck = 1;
  return startLanczosProcess(search.plan.operator, randomStart(search), search.locked, search.scale);
}

function budgetIsSpent<V>({ plan, products }: Search<V>): boolean {
  return products >= plan.productLimit || performance.now() >= plan.deadline;
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
  try {
    const outcome = await run(search, process);
    search.alpha = process.alpha;
    search.beta = process.beta;
    const lock = outcome === 'settled' && plan.verifyMultiplicity;
    const pairs = await collect(search, process, outcome, plan.keepVectors || lock);
    search.found.push(...pairs);
    if (lock) search.locked.push(...pairs.flatMap((pair) => pair.vector ?? []));
    if (outcome === 'closed') {
      search.locked.push(...process.basis);
      search.closedBases.push(...process.basis);
      process.basis = [];
    }
    if (search.furtherStarts === 0) search.firstRunProducts = process.products;
    return outcome;
  } finally {
    releaseLanczosProcess(process);
  }
}

async function run<V>(search: Search<V>, process: LanczosProcess<V>): Promise<Outcome> {
  const { plan } = search;
  for (;;) {
    if (plan.signal?.aborted) {
      await plan.onState?.(await lanczosState(search, process));
      return 'cancelled';
    }
    if (budgetIsSpent(search)) {
      if (settledNow(search, process)) return 'settled';
      await plan.onState?.(await lanczosState(search, process));
      return 'budgetSpent';
    }
    await stateWhenDue(search, process);
    const step = await advanceLanczosProcess(process);
    search.products = search.runStart + process.products;
    search.scale = Math.max(search.scale, process.scale);
    search.asymmetry = Math.max(search.asymmetry, process.asymmetry);
    if (step === 'notFinite') return 'notFinite';
    if (search.asymmetry > plan.symmetryTol) return 'notSymmetric';
    if (step === 'closed') return 'closed';
    const m = process.basis.length;
    if (m < search.nextCheck && m < plan.maxBasis) continue;
    if (settledNow(search, process)) return 'settled';
    if (m >= plan.maxBasis) {
      const ends = wantedEnds(ritzValues(process.alpha, process.beta).values, plan.wanted);
      // Of the largest |λ| more may come at either end: neighbours are kept at both.
      const least = plan.wanted.magnitude > 0 ? 1 : 0;
      thickRestart(process, keptRitzIndices(m, Math.max(least, ends.top), Math.max(least, ends.bottom)));
      search.restarts++;
    }
    search.nextCheck = process.basis.length + Math.max(1, Math.floor(process.basis.length / 25));
  }
}

async function stateWhenDue<V>(search: Search<V>, process: LanczosProcess<V>): Promise<void> {
  const { onState, stateEvery } = search.plan;
  if (onState === undefined || search.products - search.stateAt < stateEvery) return;
  search.stateAt = search.products;
  await onState(await lanczosState(search, process));
}

/** Whether every pair that the answer needs from this run has converged. */
function settledNow<V>(search: Search<V>, process: LanczosProcess<V>): boolean {
  const { plan } = search;
  const { wanted } = plan;
  const ritz = ritzValues(process.alpha, process.beta);
  const m = ritz.values.length;
  plan.report(search.products, ritz);
  const first = search.furtherStarts === 0;
  if (m < (first ? wantedCount(wanted) + 2 : 3)) return false;
  const floor = precisionFloor(search);
  const floors = { residual: estimateFloor(search), eigenvalue: 2 * floor };
  const smallest = Math.min(...wantedPlaces(ritz.values, wanted).map((i) => Math.abs(ritz.values[i]!)));
  const errorOf = (i: number, residual: number) => eigenvalueErrorEstimate(residual, gapAround(ritz, i)) + floor;
  const converged = (i: number) => {
    // Residuals of locked pairs come back in those found after them: all have to be as good as the smallest needs.
    const value = plan.verifyMultiplicity ? smallest / Math.sqrt(wantedCount(wanted)) : ritz.values[i]!;
    const residual = ritz.estimates[i]! / safety;
    return meetsTolerances(plan.tolerances, { value, residual, errorEstimate: errorOf(i, residual) }, floors);
  };
  const long = search.products - search.runStart >= search.firstRunProducts;
  for (const list of wantedLists(wanted)) {
    const places = ranked(ritz.values, list);
    if (!places.slice(0, needed(search, list, ritz.values, places, long)).every(converged)) return false;
  }
  if (wanted.magnitude === 0 || !first) return true;
  // The first value left out at the other end may still grow past the last one taken.
  const rival = rivalInMagnitude(ritz.values, wanted.magnitude);
  if (rival === null || converged(rival.place)) return true;
  return Math.abs(ritz.values[rival.place]!) + errorOf(rival.place, ritz.estimates[rival.place]!) <= rival.least;
}

/** Of ascending values the outermost at the end opposite to the last taken of the largest |θ|, and that |θ|. */
function rivalInMagnitude(values: Float64Array, count: number): { place: number; least: number } | null {
  const { top, bottom } = wantedEnds(values, { top: 0, bottom: 0, magnitude: count });
  if (top + bottom >= values.length) return null;
  const atTop = top > 0 ? Math.abs(values[values.length - top]!) : Number.POSITIVE_INFINITY;
  const atBottom = bottom > 0 ? Math.abs(values[bottom - 1]!) : Number.POSITIVE_INFINITY;
  return atTop <= atBottom ? { place: bottom, least: atTop } : { place: values.length - 1 - top, least: atBottom };
}

/** Every place that some list wants, ascending. */
function wantedPlaces(values: Float64Array, wanted: Wanted): number[] {
  const { top, bottom } = wantedEnds(values, wanted);
  return Array.from(values.keys()).filter((i) => i < bottom || i >= values.length - top);
}

/**
 * How many pairs of a list this run has to deliver: all in the first; in a later one those beyond what is known, and
 * the outermost in any case, unless the run has lasted as long as the first, which found its pairs in that time.
 */
function needed<V>(
  search: Search<V>,
  list: WantedList,
  values: Float64Array,
  places: readonly number[],
  long: boolean,
): number {
  if (search.furtherStarts === 0 || search.found.length < list.count) return list.count;
  const known = lastKey(search, list) + precisionFloor(search);
  let beyond = 0;
  while (beyond < places.length && list.key(values[places[beyond]!]!) > known) beyond++;
  return Math.max(beyond, long ? 0 : 1);
}

/** The key of the last pair that a list takes of those found. */
function lastKey<V>(search: Search<V>, { key, count }: WantedList): number {
  return search.found.map(({ value }) => key(value)).sort((a, b) => b - a)[count - 1]!;
}

/** Whether another run in the complement could still change the wanted pairs. */
function canChange<V>(search: Search<V>, outcome: 'settled' | 'closed'): boolean {
  const { plan } = search;
  if (outcome === 'settled' && !plan.verifyMultiplicity) return false;
  if (search.locked.length >= plan.operator.space.dim) return false;
  const { values } = ritzValues(search.alpha, search.beta);
  return wantedLists(plan.wanted).some((list) => {
    if (search.found.length < list.count) return true;
    const outermost = Math.max(list.key(values[0]!), list.key(values[values.length - 1]!));
    return outermost > lastKey(search, list) + precisionFloor(search);
  });
}

/** The wanted Ritz pairs of one run, each once, with their certificate where one product a run gives it. */
async function collect<V>(
  search: Search<V>,
  process: LanczosProcess<V>,
  outcome: Outcome,
  withVectors: boolean,
): Promise<FoundPair<V>[]> {
  const { plan } = search;
  const { space } = plan.operator;
  const m = process.basis.length;
  if (m === 0) return [];
  const ritz = ritzValues(process.alpha, process.beta);
  const places = wantedPlaces(ritz.values, plan.wanted);
  const pair = (i: number) => ({ value: ritz.values[i]!, estimate: ritz.estimates[i]!, gap: gapAround(ritz, i) });
  if (!withVectors) return places.map((i) => ({ ...pair(i), deviation: null, vector: null }));
  const small = tridiagonalEigen(Float64Array.from(process.alpha), Float64Array.from(process.beta), 'all').vectors;
  const vectors = places.map((i) => space.combine(process.basis, small.slice(i * m, (i + 1) * m)));
  const usable = outcome === 'settled' || outcome === 'closed' || outcome === 'budgetSpent';
  let deviation: number | null = null;
  if (plan.certify === 'combination' && usable) {
    const last = process.beta[m - 1]!;
    const pairs = places.map((i, at) => ({
      value: ritz.values[i]!,
      vector: vectors[at]!,
      coupling: [last * small[i * m + m - 1]!],
    }));
    const rng = plan.rng.split(`certificate ${search.furtherStarts}`);
    deviation = await residualDeviation(plan.operator, pairs, process.next === null ? [] : [process.next], rng);
    search.products++;
  }
  return places.map((i, at) => ({ ...pair(i), deviation, vector: vectors[at]! }));
}
