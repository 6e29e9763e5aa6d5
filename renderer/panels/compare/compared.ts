import { create } from 'zustand';
import type { SliceField } from '../../../core/analyses/slices/slice.ts';
import { nameOfSlice } from '../../../core/experiment/slice-name.ts';
import { stepText } from '../../scene/step-text.ts';
import { studiedTitle } from '../../state/landscape-files.ts';
import { type Results, type ShownLandscape, useResults } from '../../state/results.ts';
import { sliceTitle } from '../../state/slice-title.ts';

/** A plane that can stand beside others. */
export interface Compared {
  readonly key: string;
  /** Run, or file. */
  readonly id: string;
  /** `digits, seed 1: Random plane at step 300`. */
  readonly name: string;
  readonly shown: ShownLandscape;
  /** Its name on the side that computes, where that holds it. */
  readonly planeId: string | null;
}

export const mostCompared = 4;

/** What stands side by side. Of this session: planes are held no longer. */
export interface CompareState {
  /** Every whole plane since the page began, newest last: another one of the same kind does not push it out. */
  readonly known: readonly Compared[];
  /** Keys, in their order on the screen. */
  readonly chosen: readonly string[];
  readonly view: 'surface' | 'contours';
  readonly scales: 'shared' | 'own';
  /** Keys of the difference first − second; null where none is shown. */
  readonly difference: readonly [first: string, second: string] | null;
  /** Runs whose paths are drawn besides the one of each plane. */
  readonly paths: readonly string[];
  /** The point of each plane that is looked at. */
  readonly point: { readonly alpha: number; readonly beta: number } | null;
}

const mostKnown = 40;

export const useCompare = create<CompareState>(() => ({
  known: [],
  chosen: [],
  view: 'surface',
  scales: 'shared',
  difference: null,
  paths: [],
  point: null,
}));

const isPlane = ({ slice, complete }: ShownLandscape): boolean =>
  complete && slice.axes.length === 2 && slice.fields[0].computed.includes(1);

export const lossOf = ({ shown }: Compared): SliceField => shown.slice.fields[0];

/** What of a slice is the same as long as it is the same plane. */
const keyOf = (id: string, { slice, file }: ShownLandscape): string =>
  `${id} ${'planeId' in slice ? slice.planeId : file ? 'file' : nameOfSlice(slice)}`;

function comparedOf(id: string, shown: ShownLandscape): Compared {
  const { slice } = shown;
  const title = studiedTitle(id) ?? 'a run';
  const at = slice.step === null ? '' : ` at step ${stepText(slice.step)}`;
  return {
    key: keyOf(id, shown),
    id,
    name: shown.file ? title : `${title}: ${sliceTitle(nameOfSlice(slice)).toLowerCase()}${at}`,
    shown,
    planeId: 'planeId' in slice ? slice.planeId : null,
  };
}

/** The planes of these results, with those of runs still open that were there before. */
export function knownPlanes(before: readonly Compared[], landscapes: Results['landscapes']): readonly Compared[] {
  const found = Object.entries(landscapes).flatMap(([id, planes]) =>
    Object.values(planes)
      .filter(isPlane)
      .map((shown) => ({ id, shown, key: keyOf(id, shown) })),
  );
  const kept = before
    .filter(({ id }) => id in landscapes)
    .map((old) => {
      const now = found.find(({ key }) => key === old.key);
      return now && now.shown !== old.shown ? comparedOf(now.id, now.shown) : old;
    });
  const added = found.filter(({ key }) => !before.some((old) => old.key === key));
  const all = [...kept, ...added.map(({ id, shown }) => comparedOf(id, shown))];
  const isSame = all.length === before.length && all.every((one, i) => one === before[i]);
  return isSame ? before : all.slice(-mostKnown);
}

function collect({ landscapes }: Results): void {
  const { known, chosen, difference, paths } = useCompare.getState();
  const next = knownPlanes(known, landscapes);
  if (next === known) return;
  const isThere = (key: string) => next.some((one) => one.key === key);
  useCompare.setState({
    known: next,
    chosen: chosen.filter(isThere),
    difference: difference?.every(isThere) ? difference : null,
    paths: paths.filter((id) => id in landscapes || next.some((one) => one.id === id)),
  });
}

let following = false;

/** From the first time on that anybody asks. */
export function followPlanes(): void {
  if (following) return;
  following = true;
  collect(useResults.getState());
  useResults.subscribe((now, before) => {
    if (now.landscapes !== before.landscapes) collect(now);
  });
}

/** Puts another plane in a place, or one more at the end; one that is there already changes places. */
export function choosePlane(place: number, key: string): void {
  useCompare.setState(({ chosen, difference }) => {
    const old = chosen[place];
    const at = chosen.indexOf(key);
    if (old === undefined) return { chosen: at < 0 ? [...chosen, key].slice(0, mostCompared) : chosen };
    const next = chosen.map((one, i) => (i === place ? key : i === at ? old : one));
    // The difference is of those two places.
    const renamed = at < 0 ? difference?.map((one) => (one === old ? key : one)) : difference;
    return { chosen: next, difference: renamed ? (renamed as [string, string]) : null };
  });
}

export const removePlane = (place: number): void =>
  useCompare.setState(({ chosen, difference }) => {
    const next = chosen.filter((_, i) => i !== place);
    return { chosen: next, difference: difference?.every((key) => next.includes(key)) ? difference : null };
  });

/** The first two until somebody says otherwise. */
export function toggleDifference(): void {
  useCompare.setState(({ chosen, difference }) => {
    const [first, second] = [chosen[0], chosen.find((key) => key !== chosen[0])];
    return { difference: difference === null && first && second ? [first, second] : null };
  });
}

export const pointAt = (point: CompareState['point']): void => {
  if (point !== useCompare.getState().point) useCompare.setState({ point });
};
