import { create } from 'zustand';
import type { FinderId } from '../../core/analyses/saddles/finders/finder.ts';
import type { ExactCriticalPoint, SaddleSearch, SearchedPoint } from '../../core/analyses/saddles/saddle.ts';
import type { ShownSearch } from '../../core/protocol/methods.ts';

/** What a point counts as in lists and pictures: a verdict, or `certified` for one with a proof. */
export type PointKind = 'certified' | 'critical' | 'gradientFlat' | 'notConverged' | 'atInfinity';

/** In the order of legends, the best one first. */
export const pointKinds: readonly PointKind[] = ['certified', 'critical', 'gradientFlat', 'notConverged', 'atInfinity'];

export const kindOf = ({ certified, verdict }: Pick<SearchedPoint, 'certified' | 'verdict'>): PointKind =>
  certified ? 'certified' : verdict;

/** How a search was asked for by hand: the same question goes on with it. */
export interface AskedSearch {
  readonly source: unknown;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A search as far as it is. */
export interface HeldSearch {
  /** Of its finder and its kind of starts: a later one takes its place. */
  readonly id: string;
  readonly finder: FinderId;
  readonly from: SaddleSearch['from'];
  readonly starts: number;
  readonly points: readonly SearchedPoint[];
  readonly tolerance: number;
  /** Null until the document is there. */
  readonly document: ShownSearch | null;
  readonly state: 'running' | 'stopped' | 'failed' | 'whole';
  /** Null for one of an earlier session. */
  readonly asked: AskedSearch | null;
}

export type IndexAxis = 'fraction' | 'count';

/** What of a search is drawn, and how. */
export interface SearchView {
  readonly kinds: readonly PointKind[];
  readonly copies: boolean;
  readonly axis: IndexAxis;
  readonly scale: 'log' | 'linear';
  /** The critical points that are known in closed form. */
  readonly exact: boolean;
  /** Bray and Dean's curve, fitted to the energies and indices that were found. */
  readonly theory: boolean;
}

/** Searches by whose they are: a run by its id, or `experimentKey`. */
export interface Searches {
  readonly searches: Readonly<Record<string, readonly HeldSearch[]>>;
  /** The id of the one that is shown; the latest where there is none. */
  readonly shown: Readonly<Record<string, string>>;
  /** The number of the point that is looked at. */
  readonly selected: Readonly<Record<string, number>>;
  readonly view: SearchView;
}

/** Whose searches are those of the experiment in the editor, while no run is studied. */
export const experimentKey = 'experiment';

export const defaultView: SearchView = {
  kinds: ['certified', 'critical', 'gradientFlat'],
  copies: false,
  axis: 'fraction',
  scale: 'log',
  exact: true,
  theory: false,
};

export const useSearches = create<Searches>(() => ({ searches: {}, shown: {}, selected: {}, view: defaultView }));

export const searchId = (finder: FinderId, from: SaddleSearch['from']): string => `${finder} ${from}`;

/** The search of a subject that is shown: the chosen one, else the latest. */
export const shownSearch = (
  { searches, shown }: Pick<Searches, 'searches' | 'shown'>,
  key: string,
): HeldSearch | null => {
  const all = searches[key] ?? [];
  return all.find(({ id }) => id === shown[key]) ?? all.at(-1) ?? null;
};

export const useShownSearch = (key: string): HeldSearch | null => useSearches((state) => shownSearch(state, key));

/** The point that is looked at, as the shown search has it: the chosen one; by itself, once the search rests, a saddle. */
export function selectedPoint(state: Searches, key: string): SearchedPoint | null {
  const search = shownSearch(state, key);
  if (search === null) return null;
  const chosen = search.points.find(({ number }) => number === state.selected[key]);
  return chosen ?? (search.state === 'running' ? null : steepestSaddle(search.points));
}

/** The saddle that falls off most for its scale, λ_min / λ_max, one with a proof before those without; null where none is. */
function steepestSaddle(points: readonly SearchedPoint[]): SearchedPoint | null {
  const saddles = points.filter(
    ({ verdict, index, sameAs }) => verdict === 'critical' && sameAs === null && (index?.negative ?? 0) >= 0.5,
  );
  const fall = ({ lowest, highest }: SearchedPoint) =>
    lowest && highest && highest.value > 0 ? lowest.value / highest.value : 0;
  return saddles.sort((a, b) => Number(b.certified) - Number(a.certified) || fall(a) - fall(b))[0] ?? null;
}

export const useSelectedPoint = (key: string): SearchedPoint | null =>
  useSearches((state) => selectedPoint(state, key));

export const selectPoint = (key: string, number: number): void =>
  useSearches.setState(({ selected }) => ({ selected: { ...selected, [key]: number } }));

export const showSearch = (key: string, id: string): void =>
  useSearches.setState(({ shown }) => ({ shown: { ...shown, [key]: id } }));

export const changeView = (change: Partial<SearchView>): void =>
  useSearches.setState(({ view }) => ({ view: { ...view, ...change } }));

/** In the place of the one of its id, and shown. */
export function putSearch(key: string, search: HeldSearch): void {
  useSearches.setState(({ searches, shown }) => ({
    searches: { ...searches, [key]: [...(searches[key] ?? []).filter(({ id }) => id !== search.id), search] },
    shown: { ...shown, [key]: search.id },
  }));
}

export function updateSearch(key: string, id: string, change: (search: HeldSearch) => HeldSearch): void {
  useSearches.setState(({ searches }) => ({
    searches: { ...searches, [key]: (searches[key] ?? []).map((one) => (one.id === id ? change(one) : one)) },
  }));
}

export function removeSearch(key: string, id: string): void {
  useSearches.setState(({ searches }) => ({
    searches: { ...searches, [key]: (searches[key] ?? []).filter((one) => one.id !== id) },
  }));
}

export const heldFrom = (document: ShownSearch, asked: AskedSearch | null): HeldSearch => ({
  id: searchId(document.finder, document.from),
  finder: document.finder,
  from: document.from,
  starts: document.starts,
  points: document.points,
  tolerance: document.tolerance,
  document,
  state: document.points.length < document.starts ? 'stopped' : 'whole',
  asked,
});

/** Points by their numbers, later ones in the place of earlier ones. */
export function mergedPoints(
  before: readonly SearchedPoint[],
  more: readonly SearchedPoint[],
): readonly SearchedPoint[] {
  const byNumber = new Map([...before, ...more].map((point) => [point.number, point]));
  return [...byNumber.values()].sort((a, b) => a.number - b.number);
}

/** How often each first point was found, itself included, by its number. */
export function copyCounts(points: readonly SearchedPoint[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { number, sameAs } of points) {
    const first = sameAs ?? number;
    counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  return counts;
}

/** Those that the view shows. */
export const visiblePoints = (points: readonly SearchedPoint[], { kinds, copies }: SearchView): SearchedPoint[] =>
  points.filter((point) => kinds.includes(kindOf(point)) && (copies || point.sameAs === null));

export const exactOf = (search: HeldSearch | null): readonly ExactCriticalPoint[] => search?.document?.exact ?? [];

/** Number of parameters: of the document, else of the first index that adds up to it. */
export function dimensionOf({ document, points }: HeldSearch): number | null {
  if (document) return document.dim;
  const known = points.find(({ index }) => index !== null)?.index;
  return known ? known.negative + known.null + known.positive : null;
}

export function forgetSearches(key: string): void {
  const without = <T>(table: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(table).filter(([name]) => name !== key));
  useSearches.setState(({ searches, shown, selected }) => ({
    searches: without(searches),
    shown: without(shown),
    selected: without(selected),
  }));
}
