import { BadInput } from '../../bad-input.ts';
import type { HostVector, VectorSpace } from '../vector-space.ts';
import type { FoundPair, Search } from './krylov-plan.ts';
import type { LanczosProcess } from './lanczos-process.ts';
import type { FoundPairState, LanczosProcessState, LanczosState } from './lanczos-state.ts';
import { type Wanted, wantedCount } from './wanted.ts';

/** A copy of the search as it stands. Cost: no products; every vector is copied to the host. */
export async function lanczosState<V>(search: Search<V>, process: LanczosProcess<V> | null): Promise<LanczosState> {
  const { plan } = search;
  const { space } = plan.operator;
  const host = (x: V) => hostCopy(space, x);
  const found: FoundPairState[] = [];
  for (const pair of search.found) {
    const { value, estimate, deviation, gap, run, vector } = pair;
    found.push({ value, estimate, deviation, gap, run, vector: vector === null ? null : await host(vector) });
  }
  return {
    dim: space.dim,
    precision: space.precision,
    wanted: plan.wanted,
    verifyMultiplicity: plan.verifyMultiplicity,
    randomKey: plan.rng.state().key,
    products: search.products,
    scale: search.scale,
    asymmetry: search.asymmetry,
    restarts: search.restarts,
    furtherStarts: search.furtherStarts,
    firstRunProducts: search.firstRunProducts,
    runStart: search.runStart,
    nextCheck: search.nextCheck,
    process: process === null ? null : await processState(space, process),
    found,
    closedBases: await hostCopies(space, search.closedBases),
    locked: search.locked.map((vector) => {
      const pair = search.found.findIndex((one) => one.vector === vector);
      return pair >= 0 ? pair : -1 - search.closedBases.indexOf(vector);
    }),
  };
}

async function processState<V>(space: VectorSpace<V>, process: LanczosProcess<V>): Promise<LanczosProcessState> {
  const { products, scale, asymmetry } = process;
  return {
    basis: await hostCopies(space, process.basis),
    next: process.next === null ? null : await hostCopy(space, process.next),
    alpha: [...process.alpha],
    beta: [...process.beta],
    products,
    scale,
    asymmetry,
  };
}

async function hostCopies<V>(space: VectorSpace<V>, vectors: readonly V[]): Promise<HostVector[]> {
  const copies: HostVector[] = [];
  for (const vector of vectors) copies.push(await hostCopy(space, vector));
  return copies;
}

async function hostCopy<V>(space: VectorSpace<V>, vector: V): Promise<HostVector> {
  const host = await space.toHost(vector);
  return space.precision === 'float32' ? Float32Array.from(host) : host;
}

/** Sets a new search to the state and gives back the run under way. Throws BadInput where it belongs to another search. */
export function restoreLanczosState<V>(search: Search<V>, state: LanczosState): LanczosProcess<V> | null {
  const { plan } = search;
  const { space } = plan.operator;
  requireSameSearch(search, state);
  search.found.push(
    ...state.found.map((pair): FoundPair<V> => {
      return { ...pair, vector: pair.vector === null ? null : space.fromHost(pair.vector) };
    }),
  );
  search.closedBases.push(...state.closedBases.map((vector) => space.fromHost(vector)));
  search.locked.push(
    ...state.locked.map((place) => (place >= 0 ? search.found[place]!.vector! : search.closedBases[-1 - place]!)),
  );
  const { products, scale, asymmetry, restarts, furtherStarts, firstRunProducts, runStart, nextCheck } = state;
  Object.assign(search, { products, scale, asymmetry, restarts, furtherStarts, firstRunProducts, runStart, nextCheck });
  if (state.process === null) return null;
  const { process } = state;
  return {
    operator: plan.operator,
    locked: search.locked,
    basis: process.basis.map((vector) => space.fromHost(vector)),
    alpha: [...process.alpha],
    beta: [...process.beta],
    next: process.next === null ? null : space.fromHost(process.next),
    products: process.products,
    scale: process.scale,
    asymmetry: process.asymmetry,
  };
}

function requireSameSearch<V>({ plan }: Search<V>, state: LanczosState): void {
  const { space } = plan.operator;
  const differs = (what: string, here: unknown, there: unknown) => {
    if (String(here) === String(there)) return;
    throw new BadInput(
      `The stored Lanczos state has ${what} ${there}, this search ${here}.`,
      'Continue with the settings it was begun with, or begin anew without it.',
    );
  };
  differs('the dimension', space.dim, state.dim);
  differs('the precision', space.precision, state.precision);
  differs('the random key', plan.rng.state().key, state.randomKey);
  differs('the numbers of wanted eigenvalues', counts(plan.wanted), counts(state.wanted));
  differs('verification of multiplicities', plan.verifyMultiplicity, state.verifyMultiplicity);
  const size = state.process?.basis.length ?? 0;
  if (size <= plan.maxBasis) return;
  throw new BadInput(
    `The stored Lanczos state has ${size} basis vectors, above the limit ${plan.maxBasis} of this search.`,
    `Allow ${size} basis vectors (${wantedCount(plan.wanted)} eigenvalues are wanted).`,
  );
}

function counts({ top, bottom, magnitude }: Wanted): string {
  return `${top}, ${bottom}, ${magnitude}`;
}
