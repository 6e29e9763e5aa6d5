import type { LinearOperator } from '../linear-operator.ts';
import { machineEpsilon } from '../precision.ts';
import type { Result, Status } from '../result.ts';
import { readBlockSize } from './block-lanczos.ts';
import type { BlockOptions, EigenpairsValue, InvariantSubspace, RitzPair } from './eigenpairs.ts';
import { floorFactor } from './krylov-plan.ts';
import { freshened, randomStart } from './lanczos-run.ts';
import {
  advanceLobpcg,
  type LobpcgBlock,
  type LobpcgSizes,
  lobpcgResiduals,
  refreshLobpcg,
  releaseLobpcg,
  startLobpcgBlock,
} from './lobpcg-block.ts';
import {
  eigenvalueErrorEstimate,
  errorAroundZero,
  gapAround,
  meetsTolerances,
  type RitzValues,
  type Tolerances,
} from './ritz-values.ts';
import { invariantSubspaces } from './subspaces.ts';
import {
  ranked,
  readDeadline,
  readProductLimit,
  readTolerances,
  readWanted,
  rivalInMagnitude,
  symmetryLimit,
  type Wanted,
  type WantedList,
  wantedLists,
  wantedPlaces,
} from './wanted.ts';

export interface LobpcgOptions<V> extends BlockOptions<V> {
  /** An approximate inverse of A (for the bottom) or of ‖A‖ − A (for the top), symmetric and positive definite. */
  readonly preconditioner?: LinearOperator<V> | undefined;
}

export interface LobpcgValue<V> extends EigenpairsValue<V> {
  readonly iterations: number;
  /** Ritz vectors carried at each end: the wanted ones and guards. */
  readonly blockSizes: LobpcgSizes;
  readonly preconditionerProducts: number;
  readonly scale: number;
  readonly asymmetry: number;
}

/** A pair is taken as converged a little below the tolerance, so that the computed residual meets it as well. */
const safety = 0.9;
/** A renewed residual that has not come below this share of the one before has met the floor of the precision. */
const stagnationShare = 0.5;

/**
 * Eigenpairs at the ends of the spectrum, or largest in magnitude (both ends, each with that number), of a symmetric
 * operator by LOBPCG (Knyazev 2001): Rayleigh–Ritz on the block of Ritz vectors X, their preconditioned residuals W and
 * the last directions P, for both ends at once. The basis [X P W] is orthonormal at every step, P by its coordinates
 * (Hetmaniuk and Lehoucq 2006; Duersch, Shao, Yang and Gu 2018), so the projected problem is an ordinary one and does not
 * break down near convergence. Converged pairs stay in X and get no residual (soft locking).
 *
 * Of use where a preconditioner or good start vectors are at hand, or memory is for a few blocks only (6 of them);
 * otherwise `lanczos` takes several times fewer products. `blockSize` is the number of vectors at each end, at least the
 * wanted ones; by default a third more and two as guards. Copies of a multiple eigenvalue are seen up to it.
 *
 * Residuals of the returned pairs are computed with a product each at the end, and the search goes on where rounding in
 * the carried products had hidden that they were not small enough; when the budget, the seconds or the caller end it
 * before that, they come from the carried products and are `estimated`.
 *
 * Cost: a product a pair and iteration that has not converged, and (6 block)² p operations. `maxBasis` does not apply.
 * Status: `converged`, `budgetSpent`, `stagnated`, `notFinite`, `notSymmetric`, `cancelled`.
 */
export async function lobpcg<V>(
  operator: LinearOperator<V>,
  options: LobpcgOptions<V>,
): Promise<Result<LobpcgValue<V>>> {
  const began = performance.now();
  const { space } = operator;
  const wanted = readWanted(options, space.dim);
  const sizes = blockSizes(options, wanted, space.dim);
  const search: LobpcgSearch<V> = {
    options,
    wanted,
    sizes,
    tolerances: readTolerances(options),
    limit: readProductLimit(options.maxProducts),
    deadline: readDeadline(options.maxSeconds, began),
    symmetryTol: symmetryLimit(options.symmetryTol, space.precision),
    iterations: 0,
  };
  const starts = await startVectors(operator, options, Math.min(sizes.top + sizes.bottom, space.dim));
  const allowed = Math.max(1, Math.min(starts.length, search.limit));
  space.release(...starts.slice(allowed));
  const cancelled = options.signal?.aborted ?? false;
  if (cancelled) space.release(...starts.slice(0, allowed));
  const first = cancelled ? [] : starts.slice(0, allowed);
  const { block, step } = await startLobpcgBlock(operator, options.preconditioner ?? null, first, sizes);
  try {
    const outcome: LobpcgOutcome =
      cancelled || step === 'notFinite'
        ? { status: cancelled ? 'cancelled' : 'notFinite', computed: none }
        : await iterate(search, block);
    const value = await lobpcgValue(search, block, outcome);
    const seconds = (performance.now() - began) / 1000;
    const stats = { products: block.products, gradients: 0, losses: 0, seconds };
    return { value, status: outcome.status, stats };
  } finally {
    releaseLobpcg(block);
  }
}

interface LobpcgSearch<V> {
  readonly options: LobpcgOptions<V>;
  readonly wanted: Wanted;
  readonly sizes: LobpcgSizes;
  readonly tolerances: Tolerances;
  readonly limit: number;
  readonly deadline: number;
  readonly symmetryTol: number;
  iterations: number;
}

/** How it ended, and the places of X whose products are those of this X and not carried along. */
interface LobpcgOutcome {
  readonly status: Status;
  readonly computed: ReadonlySet<number>;
}

const none: ReadonlySet<number> = new Set();

async function iterate<V>(search: LobpcgSearch<V>, block: LobpcgBlock<V>): Promise<LobpcgOutcome> {
  const { options, sizes, limit } = search;
  const { space } = block.operator;
  let computed = none;
  let worstBefore = Number.POSITIVE_INFINITY;
  const renew = async (places: readonly number[]) => {
    computed = new Set([...computed, ...places]);
    return refreshLobpcg(block, places);
  };
  for (;;) {
    const ended = (status: Status): LobpcgOutcome => ({ status, computed });
    if (block.asymmetry > search.symmetryTol) return ended('notSymmetric');
    const { vectors, norms } = await lobpcgResiduals(block);
    const places = wantedPlaces(block.values, search.wanted);
    const carried = places.filter((i) => !computed.has(i));
    const timeIsUp = performance.now() >= search.deadline;
    const certifies = limit > 2 * places.length && !timeIsUp;
    const open = openPlaces(search, block, norms);
    const unmet = places.filter((i) => !meetsTolerance(search, block, norms, i));
    report(search, block);
    let stop: Status | 'renew' | null = null;
    if (options.signal?.aborted) stop = 'cancelled';
    else if (open.required.length === 0 && certifies && carried.length > 0) stop = 'renew';
    else if (open.required.length === 0 && unmet.length === 0) stop = 'converged';
    else if (computed.size > 0) {
      const worst = Math.max(...[...open.required, ...unmet].map((i) => norms[i]! / Math.abs(block.values[i]!)));
      if (!(worst < stagnationShare * worstBefore)) stop = 'stagnated';
      worstBefore = worst;
    } else if (open.required.length === 0) stop = 'stagnated';
    const room = limit - block.products - (certifies ? places.length : 0);
    if (stop === null && (room < 1 || timeIsUp)) {
      if (!timeIsUp && certifies && carried.length > 0 && !(await renew(carried))) stop = 'notFinite';
      else stop = 'budgetSpent';
    }
    if (stop !== null) space.release(...vectors);
    if (stop !== null && stop !== 'renew') return stop === 'notFinite' ? { status: stop, computed: none } : ended(stop);
    if (stop === 'renew') {
      if (await renew(carried)) continue;
      return { status: 'notFinite', computed: none };
    }
    const all = [...new Set([...open.required, ...unmet, ...open.others])];
    const active = new Set(all.slice(0, room));
    space.release(...vectors.filter((_, i) => !active.has(i)));
    const residuals = vectors.filter((_, i) => active.has(i));
    const step = await advanceLobpcg(block, residuals, sizes, (place) => !active.has(place));
    search.iterations++;
    if (step === 'notFinite') return { status: 'notFinite', computed: none };
    if (step === 'advanced') computed = none;
    else if (carried.length === 0 || !certifies) return ended('stagnated');
    else if (!(await renew(carried))) return { status: 'notFinite', computed: none };
  }
}

/** Places that have not converged, nothing finer than rounding being asked: those that the answer needs, and others. */
function openPlaces<V>({ wanted, tolerances }: LobpcgSearch<V>, block: LobpcgBlock<V>, norms: Float64Array) {
  const ritz = { values: block.values, estimates: norms };
  const floor = precisionFloor(block);
  const floors = { residual: zeroFloor(block) / 4, eigenvalue: 2 * floor };
  const errorOf = (i: number, residual: number) => eigenvalueErrorEstimate(residual, gapAround(ritz, i)) + floor;
  const isOpen = (i: number) => {
    const residual = norms[i]! / safety;
    if (isZero(tolerances, ritz, i, residual, floors.residual)) return false;
    return !meetsTolerances(
      tolerances,
      { value: block.values[i]!, residual, errorEstimate: errorOf(i, residual) },
      floors,
    );
  };
  const places = wantedPlaces(block.values, wanted);
  const required = places.filter(isOpen);
  const rival = wanted.magnitude > 0 ? rivalInMagnitude(block.values, wanted.magnitude) : null;
  if (rival !== null && !places.includes(rival.place) && isOpen(rival.place)) {
    const reach = Math.abs(block.values[rival.place]!) + errorOf(rival.place, norms[rival.place]!);
    if (reach > rival.least) required.push(rival.place);
  }
  const others = Array.from(block.values.keys()).filter((i) => !required.includes(i) && isOpen(i));
  return { required, others };
}

/**
 * Of the outermost places those of a list, in its order. Renewed products move values by rounding: what is outermost
 * goes by the place, which was settled before.
 */
function listPlaces(values: Float64Array, list: WantedList): number[] {
  const places = wantedPlaces(values, { top: 0, bottom: 0, magnitude: 0, [list.name]: list.count });
  return places.sort((i, j) => list.key(values[j]!) - list.key(values[i]!));
}

function precisionFloor<V>({ operator, scale }: LobpcgBlock<V>): number {
  return floorFactor * machineEpsilon(operator.space.precision) * scale;
}

/** Whether the tolerances themselves are met, where convergence asked for no more than rounding allows. */
function meetsTolerance<V>({ tolerances }: LobpcgSearch<V>, block: LobpcgBlock<V>, norms: Float64Array, i: number) {
  const value = block.values[i]!;
  const residual = norms[i]!;
  const ritz = { values: block.values, estimates: norms };
  if (isZero(tolerances, ritz, i, residual, zeroFloor(block))) return true;
  const gap = gapAround(ritz, i);
  const errorEstimate = eigenvalueErrorEstimate(residual, gap) + precisionFloor(block);
  return meetsTolerances(tolerances, { value, residual, errorEstimate }, { residual: 0, eigenvalue: 0 });
}

/** Whether a value is 0 and known as well as rounding allows. */
function isZero({ residualTol }: Tolerances, ritz: RitzValues, i: number, residual: number, zero: number): boolean {
  if (Math.abs(ritz.values[i]!) > zero) return false;
  return (residualTol === null ? errorAroundZero(ritz, residual, zero) : residual) <= zero;
}

/** A value and a residual below it are zero: a few machine epsilons of ‖A‖. */
function zeroFloor<V>(block: LobpcgBlock<V>): number {
  return 16 * precisionFloor(block);
}

function report<V>({ options, wanted, limit }: LobpcgSearch<V>, { products, values }: LobpcgBlock<V>): void {
  if (options.onProgress === undefined) return;
  const lists: Record<WantedList['name'], number[]> = { top: [], bottom: [], magnitude: [] };
  for (const list of wantedLists(wanted)) lists[list.name] = ranked(values, list).map((i) => values[i]!);
  options.onProgress({ products, limit, ...lists });
}

function blockSizes<V>({ blockSize }: LobpcgOptions<V>, wanted: Wanted, dim: number): LobpcgSizes {
  const asked = blockSize === undefined ? null : readBlockSize({ blockSize });
  const atEnd = (count: number) =>
    count === 0 ? 0 : Math.min(dim, Math.max(count, asked ?? count + Math.max(2, Math.ceil(count / 3))));
  return {
    top: atEnd(Math.max(wanted.top, wanted.magnitude)),
    bottom: atEnd(Math.max(wanted.bottom, wanted.magnitude)),
  };
}

async function startVectors<V>({ space }: LinearOperator<V>, options: LobpcgOptions<V>, count: number): Promise<V[]> {
  const { rng, start = [] } = options;
  const starts: V[] = [];
  for (let i = 0; i < count; i++) {
    const fresh = () => randomStart(space, rng, i);
    const given = start[i];
    const warm = given === undefined ? null : await freshened(space, space.copy(given), fresh);
    starts.push(warm ?? fresh());
  }
  return starts;
}

async function lobpcgValue<V>(search: LobpcgSearch<V>, block: LobpcgBlock<V>, outcome: LobpcgOutcome) {
  const { space } = block.operator;
  const { vectors, norms } = await lobpcgResiduals(block);
  space.release(...vectors);
  const ritz = { values: block.values, estimates: norms };
  const floor = precisionFloor(block);
  const settled = outcome.status === 'converged' || outcome.status === 'stagnated';
  const isComputed = (i: number) => outcome.computed.has(i);
  const pair = (i: number): RitzPair<V> => {
    const residual = isComputed(i) ? norms[i]! : Math.max(norms[i]!, floor / 4);
    return {
      value: block.values[i]!,
      residual,
      evidence: isComputed(i) ? 'computed' : 'estimated',
      residualIsEstimate: !isComputed(i),
      errorBound: residual + floor,
      errorEstimate: eigenvalueErrorEstimate(residual, gapAround(ritz, i)) + floor,
      vector: search.options.eigenvectors ? space.copy(block.x[i]!) : null,
    };
  };
  const lists: Record<WantedList['name'], RitzPair<V>[]> = { top: [], bottom: [], magnitude: [] };
  const subspaces: InvariantSubspace[] = [];
  for (const list of wantedLists(search.wanted)) {
    const places = listPlaces(block.values, list);
    lists[list.name] = places.map(pair);
    const others = Array.from(block.values.keys()).filter((i) => !places.includes(i));
    const atEnd = (value: number) => (list.name === 'magnitude' ? (value > 0 ? 'top' : 'bottom') : list.name);
    subspaces.push(
      ...invariantSubspaces(list.name, lists[list.name], {
        others: others.map((i) => ({ value: block.values[i]!, errorBound: norms[i]! + floor })),
        exhausted: places.length === space.dim,
        multiplicitySeen: (indices) => (!settled ? 0 : search.sizes[atEnd(lists[list.name][indices[0]!]!.value)]),
      }),
    );
  }
  return {
    ...lists,
    subspaces,
    iterations: search.iterations,
    blockSizes: search.sizes,
    preconditionerProducts: block.preconditionerProducts,
    scale: block.scale,
    asymmetry: block.asymmetry,
  };
}
