import { BadInput } from '../../bad-input.ts';
import type { EigenpairList } from './eigenpairs.ts';
import type { Tolerances } from './ritz-values.ts';

/** How many eigenvalues of each list are wanted. */
export interface Wanted {
  readonly top: number;
  readonly bottom: number;
  readonly magnitude: number;
}

export interface WantedList {
  readonly name: EigenpairList;
  readonly count: number;
  /** The list holds the values of largest key, largest first. */
  readonly key: (value: number) => number;
}

const keys: Readonly<Record<EigenpairList, (value: number) => number>> = {
  top: (value) => value,
  bottom: (value) => -value,
  magnitude: Math.abs,
};

/** The lists that are asked for; what is asked of each is at most the dimension. Throws BadInput. */
export function readWanted(asked: { readonly [list in EigenpairList]?: number | undefined }, dim: number): Wanted {
  const magnitude = Math.min(wholeCount(asked.magnitude ?? 0, 'largest in magnitude'), dim);
  const top = Math.min(wholeCount(asked.top ?? (magnitude > 0 ? 0 : 1), 'largest'), dim);
  const bottom = Math.min(wholeCount(asked.bottom ?? 0, 'most negative'), dim);
  if (top + bottom + magnitude === 0) {
    throw new BadInput('No eigenvalue is asked for.', 'Ask for at least one at either end.');
  }
  return { top, bottom, magnitude };
}

export function wantedCount({ top, bottom, magnitude }: Wanted): number {
  return top + bottom + magnitude;
}

export function wantedLists(wanted: Wanted): WantedList[] {
  const names = ['top', 'bottom', 'magnitude'] as const;
  return names.map((name) => ({ name, count: wanted[name], key: keys[name] })).filter(({ count }) => count > 0);
}

/** Places of the values of largest key, largest first; values of one key in their order. */
export function ranked(values: ArrayLike<number>, { key, count }: WantedList): number[] {
  const places = Array.from({ length: values.length }, (_, i) => i);
  return places.sort((i, j) => key(values[j]!) - key(values[i]!)).slice(0, count);
}

/** How many of ascending values the wanted ones take at each end: what every list asks together. */
export function wantedEnds(
  values: ArrayLike<number>,
  wanted: Wanted,
): { readonly top: number; readonly bottom: number } {
  const n = values.length;
  let high = 0;
  let low = 0;
  while (high + low < Math.min(wanted.magnitude, n)) {
    if (Math.abs(values[n - 1 - high]!) >= Math.abs(values[low]!)) high++;
    else low++;
  }
  return { top: Math.min(n, Math.max(wanted.top, high)), bottom: Math.min(n, Math.max(wanted.bottom, low)) };
}

/** Of ascending values the outermost at the end opposite to the last taken of the largest |θ|, and that |θ|. */
export function rivalInMagnitude(values: Float64Array, count: number): { place: number; least: number } | null {
  const { top, bottom } = wantedEnds(values, { top: 0, bottom: 0, magnitude: count });
  if (top + bottom >= values.length) return null;
  const atTop = top > 0 ? Math.abs(values[values.length - top]!) : Number.POSITIVE_INFINITY;
  const atBottom = bottom > 0 ? Math.abs(values[bottom - 1]!) : Number.POSITIVE_INFINITY;
  return atTop <= atBottom ? { place: bottom, least: atTop } : { place: values.length - 1 - top, least: atBottom };
}

/** Every place that some list wants, ascending. */
export function wantedPlaces(values: Float64Array, wanted: Wanted): number[] {
  const { top, bottom } = wantedEnds(values, wanted);
  return Array.from(values.keys()).filter((i) => i < bottom || i >= values.length - top);
}

export function wholeCount(value: number, what: string): number {
  if (Number.isInteger(value) && value >= 0) return value;
  throw new BadInput(`The number of ${what} eigenvalues is ${value}.`, 'Give a whole number, 0 or more.');
}

/** Both tolerances, or 1e-3 of the residual where neither is given. Throws BadInput. */
export function readTolerances(asked: {
  readonly residualTol?: number | undefined;
  readonly eigenvalueTol?: number | undefined;
}): Tolerances {
  const residualTol = tolerance(asked.residualTol) ?? (asked.eigenvalueTol === undefined ? 1e-3 : null);
  return { residualTol, eigenvalueTol: tolerance(asked.eigenvalueTol) };
}

function tolerance(value: number | undefined): number | null {
  if (value === undefined) return null;
  if (value > 0) return value;
  throw new BadInput(`The tolerance is ${value}.`, 'Give a number above 0.');
}

/** The limit of products as a whole number. Throws BadInput. */
export function readProductLimit(maxProducts: number | undefined): number {
  const limit = maxProducts ?? 1000;
  if (!(limit >= 1)) throw new BadInput('The limit of products is below 1.', 'Allow at least one product.');
  return Math.floor(limit);
}

/** The moment, on the clock of `performance.now`, at which the seconds are over. Throws BadInput. */
export function readDeadline(maxSeconds: number | undefined, began: number): number {
  if (maxSeconds === undefined) return Number.POSITIVE_INFINITY;
  if (maxSeconds > 0) return began + 1000 * maxSeconds;
  throw new BadInput(`The limit of seconds is ${maxSeconds}.`, 'Give a number above 0.');
}

/** The asymmetry of products that exact ones of a precision stay far below. */
export function symmetryLimit(given: number | undefined, precision: 'float64' | 'float32'): number {
  return given ?? (precision === 'float64' ? 1e-6 : 1e-4);
}
