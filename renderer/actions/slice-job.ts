import { nameOfParameters } from '../../core/experiment/slice-name.ts';
import { numberText } from '../../core/figures/number-text.ts';
import type { PartialSlice, ShownSlice } from '../../core/protocol/methods.ts';
import {
  cellsOf,
  fewestCells,
  type PlaneKind,
  putLandscape,
  type ShownLandscape,
  useResults,
  valuesOf,
} from '../state/results.ts';
import { runOf } from '../state/runs.ts';
import { forgetPause, setPause, setSliceJob } from '../state/slice-progress.ts';
import { centreMark, sliceTitle } from '../state/slice-title.ts';
import { type StartedJob, startJob } from './analysis-job.ts';

export interface SliceJob {
  readonly run: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Null: the last checkpoint. */
  readonly step: number | null;
  readonly automatic: boolean;
  /** Whether it is stored in the run folder. */
  readonly keep: boolean;
  /** Another centre than a checkpoint: a point of a slice that is held. */
  readonly centre?: SliceCentre | undefined;
}

export interface SliceCentre {
  readonly planeId: string;
  readonly coordinates: readonly number[];
}

/** `α 0.5, β −0.25` */
export const placeText = (coordinates: readonly number[]): string =>
  coordinates.map((at, k) => `${'αβγ'[k]} ${numberText(at, 3)}`).join(', ');

/** What the user asked for last, by run and name of the slice. */
const lastAsked = new Map<string, SliceJob>();

/** How a slice was asked for by hand; null where it was not. */
export const askedFor = (run: string, plane: PlaneKind): SliceJob | null => lastAsked.get(`${run} ${plane}`) ?? null;

export const parametersOf = (run: string, plane: PlaneKind): SliceJob['parameters'] | null =>
  askedFor(run, plane)?.parameters ?? null;

/** A picture that grows is drawn so often: each time its surface and its contours are made anew. */
const pictureEveryMs = 250;

const shownBefore = (run: string, plane: PlaneKind): ShownLandscape | null =>
  useResults.getState().landscapes[run]?.[plane] ?? null;

/**
 * Computes a plane, shown while it is computed. A finished picture gives way to an unfinished one only if the user asked
 * for it anew, and not before that one shows as much as 12 × 12 points; what comes to nothing leaves it as it was.
 */
export function startSlice(asked: SliceJob): StartedJob<ShownSlice> {
  const { run, parameters, step, automatic, keep, centre } = asked;
  const plane = nameOfJob(asked);
  if (!automatic) lastAsked.set(`${run} ${plane}`, asked);
  forgetPause(run, plane);
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
    { source: centre ? { run, ...centre } : { run, step }, parameters, keep },
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
  if (!automatic) setSliceJob(run, plane, { cancel: job.cancel });
  const ended = job.ended.then((outcome) => {
    clearTimeout(timer);
    if (!automatic) setSliceJob(run, plane, null);
    if (!runOf(run)) return outcome;
    const reached = outcome?.status === 'cancelled' ? outcome.value : latest;
    if (!automatic && keep && reached && (outcome === null ? job.wasCancelled() : outcome.status === 'cancelled'))
      setPause({ run, plane, ...valuesOf(reached), quantities: reached.fields.length });
    const worth = outcome && (outcome.status !== 'cancelled' || (finished === null && cellsOf(outcome.value) > 0));
    if (worth) putLandscape(run, plane, { slice: outcome.value, complete: true, newer: null });
    else if (finished !== null) putLandscape(run, plane, finished);
    else show();
    return outcome;
  });
  return { ...job, ended };
}

/** The name under which its result is shown. */
export const nameOfJob = ({ parameters, centre }: Pick<SliceJob, 'parameters' | 'centre'>): PlaneKind =>
  `${nameOfParameters(withPaths(parameters))}${centre ? `${centreMark}${placeText(centre.coordinates)}` : ''}`;

/** The page names other runs by their references; folders, files and terminals know them by their paths. */
export function withPaths(parameters: SliceJob['parameters']): SliceJob['parameters'] {
  const path = (value: unknown): unknown => {
    const [, id = '', step = ''] = /^(.+?)(@\d+)?$/s.exec(typeof value === 'string' ? value : '') ?? [];
    const other = runOf(id);
    return other ? `${other.file.shown}${step}` : value;
  };
  const points = ['to', 'third'].filter((name) => name in parameters);
  return { ...parameters, ...Object.fromEntries(points.map((name) => [name, path(parameters[name])])) };
}
