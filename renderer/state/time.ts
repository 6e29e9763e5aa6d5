import { create } from 'zustand';
import { rowAtOrBefore } from './columns.ts';
import type { RunSeries } from './run-series.ts';
import { currentRun, type Run } from './runs.ts';

/** One step axis and one cursor for all charts. */
export interface Time {
  /** The step that is looked at; null follows the newest step of the current run. */
  readonly cursor: number | null;
  /** The step under the pointer, for reading off; null elsewhere. */
  readonly hover: number | null;
  /** The steps shown; null shows all. */
  readonly range: readonly [number, number] | null;
}

export const useTime = create<Time>(() => ({ cursor: null, hover: null, range: null }));

/** What was shown before each zoom, for the way back. */
const earlierRanges: Time['range'][] = [];
const mostEarlierRanges = 50;
/** Zooms in quick succession (a turning wheel) are one. */
const mergeWithinMs = 500;
let zoomedAt = Number.NEGATIVE_INFINITY;

/** The newest step that anything is known of; 0 for a run without records. */
export function newestStep({ updates, losses, eigenvalues, subspaces, densities }: RunSeries): number {
  let newest = densities[densities.length - 1]?.step ?? 0;
  for (const { data, length } of [updates, losses, subspaces, ...Object.values(eigenvalues)])
    if (length > 0) newest = Math.max(newest, data.step[length - 1] ?? 0);
  return newest;
}

/** The step that panels speak of: the cursor's, or the newest of the run that is studied. */
export const stepLookedAt = ({ cursor }: Time, run: Run | null): number => cursor ?? (run ? newestStep(run.series) : 0);

/** Null follows the run. */
export function setCursor(cursor: number | null): void {
  if (useTime.getState().cursor !== cursor) useTime.setState({ cursor });
}

export function setHover(hover: number | null): void {
  if (useTime.getState().hover !== hover) useTime.setState({ hover });
}

/** By so many records of the run that is studied; beyond the last one of a run the cursor follows it. */
export function moveCursor(records: number): void {
  const run = currentRun();
  if (!run) return;
  const { updates, losses } = run.series;
  const columns = updates.length > 0 ? updates : losses;
  if (columns.length === 0) return;
  const at = stepLookedAt(useTime.getState(), run);
  const row = rowAtOrBefore(columns as Parameters<typeof rowAtOrBefore>[0], at) + records;
  if (row >= columns.length) setCursor(null);
  else setCursor(columns.data.step[Math.max(0, row)] ?? 0);
}

/** Zooms all charts; null shows all steps. */
export function zoomTo(range: Time['range']): void {
  const now = performance.now();
  const before = useTime.getState().range;
  if (before?.[0] === range?.[0] && before?.[1] === range?.[1]) return;
  if (now - zoomedAt > mergeWithinMs) {
    earlierRanges.push(before);
    if (earlierRanges.length > mostEarlierRanges) earlierRanges.shift();
  }
  zoomedAt = now;
  useTime.setState({ range });
}

/** To what was shown before the last zoom. */
export function zoomBack(): void {
  zoomedAt = Number.NEGATIVE_INFINITY;
  if (earlierRanges.length > 0) useTime.setState({ range: earlierRanges.pop() ?? null });
  else useTime.setState({ range: null });
}
