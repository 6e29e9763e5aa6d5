import { nameOfParameters } from '../../core/experiment/slice-name.ts';
import type { PartialSlice, ShownSlice } from '../../core/protocol/methods.ts';
import {
  cellsOf,
  fewestCells,
  type PlaneKind,
  putLandscape,
  type ShownLandscape,
  useResults,
} from '../state/results.ts';
import { runOf } from '../state/runs.ts';
import { sliceTitle } from '../state/slice-title.ts';
import { type StartedJob, startJob } from './analysis-job.ts';

export interface SliceJob {
  readonly run: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Null: the last checkpoint. */
  readonly step: number | null;
  readonly automatic: boolean;
  /** Whether it is stored in the run folder. */
  readonly keep: boolean;
}

/** What the user asked for last, by run and name of the slice. */
const lastAsked = new Map<string, SliceJob['parameters']>();

/** How a slice was asked for by hand; null where it was not. */
export const parametersOf = (run: string, plane: PlaneKind): SliceJob['parameters'] | null =>
  lastAsked.get(`${run} ${plane}`) ?? null;

/** A picture that grows is drawn so often: each time its surface and its contours are made anew. */
const pictureEveryMs = 250;

const shownBefore = (run: string, plane: PlaneKind): ShownLandscape | null =>
  useResults.getState().landscapes[run]?.[plane] ?? null;

/**
 * Computes a plane, shown while it is computed. A finished picture gives way to an unfinished one only if the user asked
 * for it anew, and not before that one shows as much as 12 × 12 points; what comes to nothing leaves it as it was.
 */
export function startSlice({ run, parameters, step, automatic, keep }: SliceJob): StartedJob<ShownSlice> {
  const plane = nameOfParameters(parameters);
  if (!automatic) lastAsked.set(`${run} ${plane}`, parameters);
  const before = shownBefore(run, plane);
  const finished = before?.complete ? before : null;
  let shownAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest: PartialSlice | null = null;
  const show = () => {
    [shownAt, timer] = [performance.now(), undefined];
    if (latest && runOf(run)) putLandscape(run, plane, { slice: latest, complete: false, newer: null });
  };
  const at = step === null ? '' : ` at step ${step}`;
  const job = startJob(
    'slice',
    { source: { run, step }, parameters, keep },
    {
      title: `${sliceTitle(plane)}${at}${automatic ? ' (by itself)' : ''}`,
      brief: `${sliceTitle(plane)}${at}`,
      run,
      automatic,
      onPartial(slice) {
        if (finished !== null && (automatic || cellsOf(slice) < fewestCells)) return;
        latest = slice;
        timer ??= setTimeout(show, Math.max(0, shownAt + pictureEveryMs - performance.now()));
      },
    },
  );
  const ended = job.ended.then((outcome) => {
    clearTimeout(timer);
    if (!runOf(run)) return outcome;
    const worth = outcome && (outcome.status !== 'cancelled' || (finished === null && cellsOf(outcome.value) > 0));
    if (worth) putLandscape(run, plane, { slice: outcome.value, complete: true, newer: null });
    else if (finished !== null) putLandscape(run, plane, finished);
    else show();
    return outcome;
  });
  return { cancel: job.cancel, ended };
}
