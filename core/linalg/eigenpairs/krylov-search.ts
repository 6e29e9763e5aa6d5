import { estimateFloor, type FoundPair, precisionFloor, type Search } from './krylov-plan.ts';
import type { KrylovRun } from './krylov-run.ts';
import { residualDeviation } from './residual-certificate.ts';
import { eigenvalueErrorEstimate, gapAround, meetsTolerances } from './ritz-values.ts';
import { keptRitzIndices } from './thick-restart.ts';
import {
  ranked,
  rivalInMagnitude,
  type WantedList,
  wantedCount,
  wantedEnds,
  wantedLists,
  wantedPlaces,
} from './wanted.ts';

/** How a search ended; `closed`: in an invariant subspace, without the budget to look for further copies. */
export type Outcome = 'settled' | 'closed' | 'budgetSpent' | 'notFinite' | 'notSymmetric' | 'cancelled';

/** A pair is taken as converged a little below the tolerance, so that the computed residual meets it as well. */
const safety = 0.9;
/**
 * Runs from the start vectors, then from random ones in the complement for as long as that can change the answer; or what
 * is left of that after a stored state.
 */
export async function searchEigenvalues<V>(search: Search<V>): Promise<Outcome> {
  const { plan } = search;
  let run = plan.resume === undefined ? await plan.startRun(search) : plan.resume(search);
  search.stateAt = search.products;
  if (plan.resume !== undefined && run === null) run = await furtherRun(search);
  for (;;) {
    if (run === null) return search.found.length > 0 ? 'settled' : 'notFinite';
    const outcome = await advanceAndCollect(search, run);
    if (outcome !== 'settled' && outcome !== 'closed') return outcome;
    if (!canChange(search, outcome)) return 'settled';
    if (budgetIsSpent(search)) {
      await plan.snapshot?.(search, null);
      return outcome === 'closed' ? 'closed' : 'budgetSpent';
    }
    run = await furtherRun(search);
  }
}

function furtherRun<V>(search: Search<V>): Promise<KrylovRun<V> | null> {
  search.furtherStarts++;
  search.runStart = search.products;
  search.nextCheck = 1;
  return search.plan.startRun(search);
}

function budgetIsSpent<V>({ plan, products }: Search<V>): boolean {
  return products >= plan.productLimit || performance.now() >= plan.deadline;
}

async function advanceAndCollect<V>(search: Search<V>, run: KrylovRun<V>): Promise<Outcome> {
  const { plan } = search;
  try {
    const outcome = await advance(search, run);
    const lock = outcome === 'settled' && plan.verifyMultiplicity;
    const pairs = await collect(search, run, outcome, plan.keepVectors || lock);
    search.found.push(...pairs);
    if (lock) search.locked.push(...pairs.flatMap((pair) => pair.vector ?? []));
    if (outcome === 'closed') {
      const basis = run.takeBasis();
      search.locked.push(...basis);
      search.closedBases.push(...basis);
    }
    if (search.furtherStarts === 0) search.firstRunProducts = run.products;
    return outcome;
  } finally {
    run.release();
  }
}

async function advance<V>(search: Search<V>, run: KrylovRun<V>): Promise<Outcome> {
  const { plan } = search;
  for (;;) {
    if (plan.signal?.aborted) {
      await plan.snapshot?.(search, run);
      return 'cancelled';
    }
    if (budgetIsSpent(search)) {
      if (settledNow(search, run)) return 'settled';
      await plan.snapshot?.(search, run);
      return 'budgetSpent';
    }
    await snapshotWhenDue(search, run);
    const step = await run.advance();
    search.products = search.runStart + run.products;
    search.scale = Math.max(search.scale, run.scale);
    search.asymmetry = Math.max(search.asymmetry, run.asymmetry);
    if (step === 'notFinite') return 'notFinite';
    if (search.asymmetry > plan.symmetryTol) return 'notSymmetric';
    if (step === 'closed') return 'closed';
    if (run.size < search.nextCheck && run.size < plan.maxBasis) continue;
    if (settledNow(search, run)) return 'settled';
    if (run.size >= plan.maxBasis) restart(search, run);
    search.nextCheck = run.size + Math.max(1, Math.floor(run.size / 25));
  }
}

function restart<V>(search: Search<V>, run: KrylovRun<V>): void {
  const { wanted, width } = search.plan;
  const ends = wantedEnds(run.ritz().values, wanted);
  // Of the largest |λ| more may come at either end: neighbours are kept at both.
  const least = wanted.magnitude > 0 ? 1 : 0;
  run.restart(keptRitzIndices(run.size, Math.max(least, ends.top), Math.max(least, ends.bottom), 2 * width));
  search.restarts++;
}

async function snapshotWhenDue<V>(search: Search<V>, run: KrylovRun<V>): Promise<void> {
  const { snapshot, stateEvery } = search.plan;
  if (snapshot === undefined || search.products - search.stateAt < stateEvery) return;
  search.stateAt = search.products;
  await snapshot(search, run);
}

/** Whether every pair that the answer needs from this run has converged. */
function settledNow<V>(search: Search<V>, run: KrylovRun<V>): boolean {
  const { plan } = search;
  const { wanted } = plan;
  const ritz = run.ritz();
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
  const { values } = search.lastRitz;
  return wantedLists(plan.wanted).some((list) => {
    if (search.found.length < list.count) return true;
    const outermost = Math.max(list.key(values[0]!), list.key(values[values.length - 1]!));
    return outermost > lastKey(search, list) + precisionFloor(search);
  });
}

/** The wanted Ritz pairs of one run, each once, with their certificate where one product a run gives it. */
async function collect<V>(
  search: Search<V>,
  run: KrylovRun<V>,
  outcome: Outcome,
  withVectors: boolean,
): Promise<FoundPair<V>[]> {
  const { plan } = search;
  const ritz = run.ritz();
  const places = wantedPlaces(ritz.values, plan.wanted);
  search.lastRitz = ritz;
  search.lastTaken = places;
  if (places.length === 0) return [];
  const pair = (i: number) => ({
    value: ritz.values[i]!,
    estimate: ritz.estimates[i]!,
    gap: gapAround(ritz, i),
    run: search.furtherStarts,
  });
  if (!withVectors) return places.map((i) => ({ ...pair(i), deviation: null, vector: null }));
  const pairs = run.ritzPairs(places);
  const usable = outcome === 'settled' || outcome === 'closed' || outcome === 'budgetSpent';
  let deviation: number | null = null;
  if (plan.certify === 'combination' && usable) {
    const rng = plan.rng.split(`certificate ${search.furtherStarts}`);
    deviation = await residualDeviation(plan.operator, pairs, run.outside(), rng);
    search.products++;
  }
  return places.map((i, at) => ({ ...pair(i), deviation, vector: pairs[at]!.vector }));
}
