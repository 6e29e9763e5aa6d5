import { saddlesDescriptor } from '../../core/analyses/saddles/descriptor.ts';
import type { FinderId } from '../../core/analyses/saddles/finders/finder.ts';
import type { SearchedPoint } from '../../core/analyses/saddles/saddle.ts';
import type { PartialSlice, PointSource, ShownSearch, ShownSlice } from '../../core/protocol/methods.ts';
import { bridge } from '../client/bridge.ts';
import { compute } from '../client/compute.ts';
import { checkpointFor } from '../panels/inspector/reading.ts';
import { extentFor } from '../panels/saddles/escape-paths.ts';
import { runOf } from '../state/runs.ts';
import { type SaddleSubject, type StartChoice, startOf, useSaddleForm } from '../state/saddle-form.ts';
import {
  changeCheck,
  changeScene,
  type FollowedEscape,
  forgetScenes,
  type PointName,
  pointKey,
  type SaddlePlane,
  sceneKey,
  sceneOf,
} from '../state/saddle-scenes.ts';
import {
  type AskedSearch,
  experimentKey,
  forgetSearches,
  type HeldSearch,
  heldFrom,
  mergedPoints,
  putSearch,
  removeSearch,
  searchId,
  updateSearch,
  useSearches,
} from '../state/searches.ts';
import { announce } from '../state/session.ts';
import { useStudiedPoint } from '../state/studied-point.ts';
import { stepLookedAt, useTime } from '../state/time.ts';
import { type StartedJob, startJob } from './analysis-job.ts';
import { failureOf, reporting } from './failures.ts';

/** Searches under way, by subject and id. */
const running = new Map<string, StartedJob<unknown>>();
const jobKey = (key: string, id: string): string => `${key} ${id}`;

/** Where the search begins, for the side that computes; null where the point is gone. */
export function sourceOfStart({ run, experiment }: SaddleSubject, choice: StartChoice): PointSource | null {
  if (run === null) return experiment && { experiment };
  if (choice === 'picked') {
    const { point } = useStudiedPoint.getState();
    return point && { run: run.id, planeId: point.planeId, coordinates: point.coordinates };
  }
  const at = choice === 'checkpoint' ? checkpointFor(run.checkpoints, stepLookedAt(useTime.getState(), run)) : null;
  return { run: run.id, step: at };
}

/** What the form asks for now; null where the point that it names is gone. */
export function askedByForm(subject: SaddleSubject): AskedSearch | null {
  const { values, from } = useSaddleForm.getState();
  const choice = startOf(subject, from);
  const source = sourceOfStart(subject, choice);
  if (source === null) return null;
  const own = { ...values, from: choice === 'checkpoint' || choice === 'picked' ? 'point' : choice };
  const given = saddlesDescriptor.parameters.filter(
    ({ name, default: byItself }) => own[name as keyof typeof own] !== byItself,
  );
  return { source, parameters: Object.fromEntries(given.map(({ name }) => [name, own[name as keyof typeof own]])) };
}

const fromOf = ({ parameters }: AskedSearch): HeldSearch['from'] =>
  (parameters.from as HeldSearch['from'] | undefined) ?? 'random';

/** Whether the same question goes on with a search; of one of an earlier session only its measures are known. */
export function goesOnWith(search: HeldSearch, asked: AskedSearch | null): boolean {
  if (asked === null || search.state !== 'stopped') return false;
  if (search.asked !== null) return JSON.stringify(search.asked) === JSON.stringify(asked);
  const { starts, tolerance } = useSaddleForm.getState().values;
  return search.starts === starts && search.tolerance === tolerance;
}

function begun(asked: AskedSearch, before: HeldSearch | null): HeldSearch {
  const values = useSaddleForm.getState().values;
  const finder = values.finder as FinderId;
  const goesOn = before !== null && goesOnWith(before, asked);
  return {
    id: searchId(finder, fromOf(asked)),
    finder,
    from: fromOf(asked),
    starts: Number(values.starts),
    points: goesOn ? before.points : [],
    tolerance: Number(values.tolerance),
    document: null,
    state: 'running',
    asked,
  };
}

/** What stood in the place of a search that is under way, for one that is put away. */
const replaced = new Map<string, HeldSearch>();

/** Searches for critical points as the form says; the points appear as they are judged. One that was stopped goes on. */
export function startSearch(subject: SaddleSubject): void {
  const asked = askedByForm(subject);
  if (asked === null) return;
  const { key, run } = subject;
  const id = searchId(useSaddleForm.getState().values.finder as FinderId, fromOf(asked));
  if (running.has(jobKey(key, id))) return;
  const before = (useSearches.getState().searches[key] ?? []).find((one) => one.id === id) ?? null;
  if (before?.state === 'whole') replaced.set(jobKey(key, id), before);
  putSearch(key, begun(asked, before));
  // Points of the same number are others now.
  if (before?.document?.search) forgetScenes(key, before.document.search);
  const job = startJob(
    'saddles',
    { source: asked.source as PointSource, parameters: asked.parameters, keep: run !== null },
    {
      title: `Search for critical points of ${subject.title}`,
      brief: 'Saddle search',
      run: run?.id ?? null,
      onPartial: ({ points, starts }) =>
        updateSearch(key, id, (one) => ({ ...one, starts, points: mergedPoints(one.points, points) })),
    },
  );
  running.set(jobKey(key, id), job);
  void job.ended.then((outcome) => {
    // It was put away meanwhile.
    if (running.get(jobKey(key, id)) !== job) return;
    running.delete(jobKey(key, id));
    const isThere = (useSearches.getState().searches[key] ?? []).some((one) => one.id === id);
    if (!isThere || (run !== null && !runOf(run.id))) return;
    if (outcome === null) {
      updateSearch(key, id, (one) => ({ ...one, state: job.wasCancelled() ? 'stopped' : 'failed' }));
      return;
    }
    replaced.delete(jobKey(key, id));
    const { kept, ...document } = outcome.value;
    const isWhole = outcome.status !== 'cancelled' && document.points.length >= document.starts;
    updateSearch(key, id, () => ({ ...heldFrom(document, asked), id, state: isWhole ? 'whole' : 'stopped' }));
    if (kept !== null && run !== null) announce(`The search is not kept: ${kept}`);
  });
}

/** Stops a search; what was found stays, and the same question goes on with it. */
export const pauseSearch = (key: string, id: string): void => running.get(jobKey(key, id))?.cancel();

/** Stops a search and takes it off the screen: what was there before it comes back. */
export function dropSearch(key: string, id: string): void {
  running.get(jobKey(key, id))?.cancel();
  running.delete(jobKey(key, id));
  const before = replaced.get(jobKey(key, id));
  replaced.delete(jobKey(key, id));
  removeSearch(key, id);
  if (before) putSearch(key, before);
}

/** A search that lies in the folder of a run. */
export function putStoredSearch(run: string, document: ShownSearch): void {
  putSearch(run, heldFrom(document, null));
}

/** Of a run that is closed. */
export function forgetSaddles(run: string): void {
  for (const { id } of useSearches.getState().searches[run] ?? []) running.get(jobKey(run, id))?.cancel();
  forgetSearches(run);
  forgetScenes(run);
}

/** By which the side that computes knows a point; null for points that no run keeps. */
export function nameOfPoint(key: string, search: HeldSearch | null, point: SearchedPoint | null): PointName | null {
  const name = search?.document?.search ?? null;
  if (key === experimentKey || name === null || point === null) return null;
  return { run: key, search: name, point: point.number };
}

/** Points along each side of the slice. */
const gridSide = 45;

const pictureEveryMs = 200;

const slicing = new Map<string, Promise<boolean>>();

/** How far the loss rises to the ends of a slice, as a share of it: near enough to see the saddle. */
const rise = 1;

/** The slice through a point; settles with whether it is there. */
export function showSlice(name: PointName, plane: SaddlePlane): Promise<boolean> {
  const key = sceneKey(name, plane);
  if (sceneOf(key).complete) return Promise.resolve(true);
  const under = slicing.get(key);
  if (under) return under;
  const work = shownSlice(name, plane, key).finally(() => slicing.delete(key));
  slicing.set(key, work);
  return work;
}

async function shownSlice(name: PointName, plane: SaddlePlane, key: string): Promise<boolean> {
  changeScene(key, { busy: 'slice', problem: null });
  let shownAt = Number.NEGATIVE_INFINITY;
  const job = sliceJob(name, { plane, grid: String(gridSide), rise }, (slice) => {
    if (performance.now() - shownAt < pictureEveryMs) return;
    shownAt = performance.now();
    changeScene(key, { slice });
  });
  const slice = await job.slice;
  const problem = job.wasCancelled() ? null : 'The slice could not be computed: see the message above.';
  changeScene(key, slice ? { busy: null, slice, complete: true } : { busy: null, slice: null, problem });
  return slice !== null;
}

function sliceJob(
  name: PointName,
  parameters: Readonly<Record<string, unknown>>,
  onPartial: (slice: PartialSlice) => void,
) {
  const job = startJob(
    'slice',
    { source: { ...name }, parameters, keep: false },
    {
      title: `Slice through point ${name.point} of ${runOf(name.run)?.title ?? 'the run'}`,
      brief: `Slice, point ${name.point}`,
      run: name.run,
      onPartial,
    },
  );
  const slice = job.ended.then((outcome): ShownSlice | null => {
    if (outcome === null || outcome.status === 'cancelled') return null;
    const { kept: _, ...whole } = outcome.value;
    return whole;
  });
  return { slice, wasCancelled: job.wasCancelled };
}

/** Descents along ± the negative directions of a point, drawn on its slice, which is computed first. */
export async function followEscape(name: PointName, plane: SaddlePlane): Promise<void> {
  const key = sceneKey(name, plane);
  if (sceneOf(key).busy === 'escape' || !(await showSlice(name, plane))) return;
  const { slice } = sceneOf(key);
  if (slice === null || !('planeId' in slice)) return;
  changeScene(key, { busy: 'escape', problem: null });
  const job = startJob(
    'escape',
    { source: { ...name }, parameters: {}, planeId: slice.planeId },
    {
      title: `Escape from point ${name.point} of ${runOf(name.run)?.title ?? 'the run'}`,
      brief: `Escape, point ${name.point}`,
      run: name.run,
    },
  );
  const outcome = await job.ended;
  const fitting = outcome && (await fittingSlice(name, plane, outcome.value, slice));
  changeScene(key, {
    busy: null,
    ...(fitting ? { slice: fitting } : {}),
    ...(outcome ? { followed: outcome.value } : {}),
    problem: outcome || job.wasCancelled() ? null : 'The escape could not be followed: see the message above.',
  });
}

/** The same plane as far as the paths go; null where the picture holds them already, or it would be another plane. */
async function fittingSlice(
  name: PointName,
  plane: SaddlePlane,
  followed: FollowedEscape,
  slice: ShownSlice,
): Promise<ShownSlice | null> {
  const extent = extentFor(followed, slice);
  if (extent === null) return null;
  const wider = await sliceJob(name, { plane, grid: String(gridSide), extent }, () => {}).slice;
  // Bit for bit the same eigenpairs: the coordinates of the paths are of this plane too.
  return wider && JSON.stringify(wider.directions) === JSON.stringify(slice.directions) ? wider : null;
}

/** Up to here the dense matrix is the twin of the iterative eigenvalues. */
const mostDense = 1500;

/** The point again, on its own: its loss and gradient, and its extreme eigenvalues against the dense matrix. */
export async function checkPoint(name: PointName, dim: number): Promise<void> {
  const key = pointKey(name);
  const source: PointSource = { ...name };
  const nothing = { busy: true, reading: null, report: null, problem: null };
  changeCheck(key, nothing);
  try {
    const { value: reading } = await compute.call('readPoint', { source }).outcome;
    changeCheck(key, { ...nothing, reading });
    const report = dim <= mostDense ? await denseReport(name, source) : null;
    changeCheck(key, { busy: false, reading, report, problem: null });
    announce(`Point ${name.point} is checked.`);
  } catch (problem) {
    const { found, advice } = failureOf(problem);
    changeCheck(key, { ...nothing, busy: false, problem: `${found} ${advice}` });
  }
}

async function denseReport(name: PointName, source: PointSource) {
  const about = (what: string) => ({ title: `${what} of point ${name.point}`, brief: `${what}, point ${name.point}` });
  const spectrum = await startJob(
    'spectrum',
    { source, parameters: { top: 3, bottom: 3 }, keep: false },
    { ...about('Eigenvalues'), run: name.run, automatic: true },
  ).ended;
  if (spectrum === null) return null;
  const check = await startJob(
    'check',
    { source, spectrum: spectrum.value },
    { ...about('Check'), run: name.run, automatic: true },
  ).ended;
  return check?.value ?? null;
}

export async function copyCommand(command: string): Promise<void> {
  await reporting(async () => {
    await bridge.copyText(`npx ${command}`);
    announce('Copied the command of the search.');
  });
}

/** Columns for a table program. */
export async function copyTable(columns: readonly string[], rows: readonly (readonly (string | number | null)[])[]) {
  await reporting(async () => {
    await bridge.copyText([columns, ...rows].map((row) => row.map((cell) => cell ?? '').join('\t')).join('\n'));
    announce(`Copied ${rows.length} points.`);
  });
}
