import type { PathOnPlane } from '../../core/protocol/methods.ts';
import { compute } from '../client/compute.ts';
import type { Call } from '../client/compute-client.ts';
import { type AutomaticPlane, automaticPlanes, isAutomatic, type PlaneKind } from '../state/plane-kind.ts';
import { planeShown, putLandscape, type ShownLandscape, useResults } from '../state/results.ts';
import { currentRun, isAlive, type Run, runOf, useRuns } from '../state/runs.ts';
import { useSession } from '../state/session.ts';
import { useSettings } from '../state/settings.ts';
import type { StartedJob } from './analysis-job.ts';
import { affordableGrid, duePlane } from './due-plane.ts';
import { failureOf } from './failures.ts';
import { startSlice } from './slice-job.ts';

/** Something to see within seconds, until the wanted plane can be had. */
const stopgapGrid = 25;
const pathEveryMs = 400;

interface AutomaticSlice {
  readonly run: string;
  readonly plane: PlaneKind;
  readonly job: StartedJob<unknown>;
  /** No longer wanted: its end says nothing of the plane. */
  dropped: boolean;
}

/** The automatic slice that is computed: one at a time, whatever the run. */
let slice: AutomaticSlice | null = null;
let path: { readonly run: string; readonly call: Call<'pathOnPlane'> } | null = null;
let pathAt = Number.NEGATIVE_INFINITY;
let timer: ReturnType<typeof setTimeout> | null = null;
/** Checkpoints at which a plane could not be computed: not tried again before there are more. */
const failedAt = new Map<string, number>();
/** Planes that the process that computes no longer holds. */
const lostPlanes = new Set<string>();
/** Planes at a step that the user chose: they stay until the user asks for another one. */
const pinnedPlanes = new Set<string>();

export const pinPlane = (planeId: string): void => {
  pinnedPlanes.add(planeId);
};

const failureKey = (run: string, plane: PlaneKind): string => `${run} ${plane}`;

/** Keeps the landscape of the current run with it, while the settings say so. Answers what ends that. */
export function followLandscape(): () => void {
  const stops = [
    useRuns.subscribe(lookSoon),
    useResults.subscribe(lookSoon),
    useSession.subscribe((now, before) => {
      // What failed with a process that ended may go well in the next one.
      if (now.compute !== before.compute && now.compute.state === 'ready') failedAt.clear();
    }),
    useSettings.subscribe((now, before) => {
      if (now.landscape !== before.landscape) lookSoon();
    }),
  ];
  lookSoon();
  return () => {
    for (const stop of stops) stop();
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (slice) slice.dropped = true;
    slice?.job.cancel();
    path?.call.cancel();
  };
}

function lookSoon(): void {
  timer ??= setTimeout(() => {
    timer = null;
    look();
  }, 50);
}

function look(): void {
  const { plane: wanted, follow, grid } = useSettings.getState().landscape;
  const run = currentRun();
  const isWanted = (plane: PlaneKind) => plane === wanted || plane === stopgapFor(run, wanted);
  if (slice && (!follow || slice.run !== run?.id || !isWanted(slice.plane))) {
    slice.dropped = true;
    slice.job.cancel();
  }
  if (path && path.run !== run?.id) path.call.cancel();
  if (!follow || !run || !canBeLookedAt(run)) return;
  if (slice === null && isAutomatic(wanted)) computeDue(run, wanted, grid);
  if (path === null) extendPath(run);
}

const stopgapFor = (run: Run | null, wanted: PlaneKind): PlaneKind | null =>
  wanted === 'pca' && run && !useResults.getState().landscapes[run.id]?.random?.complete ? 'random' : null;

/** Its folder is there, and there is somebody who can read it. */
const canBeLookedAt = ({ state, checkpoints }: Run): boolean =>
  checkpoints.length > 0 && state !== 'opening' && state !== 'interrupted' && state !== 'failed';

/** How many checkpoints each plane knows of that needs no computing again. */
function countsAt(run: Run): Partial<Record<AutomaticPlane, number>> {
  const counts: Partial<Record<AutomaticPlane, number>> = {};
  for (const plane of automaticPlanes) {
    const shown = useResults.getState().landscapes[run.id]?.[plane];
    const planeId = shown?.complete && 'planeId' in shown.slice ? shown.slice.planeId : null;
    const isHeld = planeId !== null && !lostPlanes.has(planeId);
    const last = shown?.slice.step ?? -1;
    const computed = isHeld ? run.checkpoints.filter((step) => step <= last).length : undefined;
    const count = Math.max(computed ?? 0, failedAt.get(failureKey(run.id, plane)) ?? 0);
    if (planeId !== null && pinnedPlanes.has(planeId)) counts[plane] = Number.POSITIVE_INFINITY;
    else if (count > 0) counts[plane] = count;
  }
  return counts;
}

function computeDue(run: Run, wanted: AutomaticPlane, grid: number): void {
  const ended = !isAlive(run.state);
  const { length } = run.checkpoints;
  const plane = duePlane({ wanted, checkpoints: length, ended, countAt: countsAt(run) });
  if (plane === null) return;
  const loss = useResults.getState().costs[run.id]?.loss ?? null;
  const wantedGrid = plane === wanted ? grid : Math.min(grid, stopgapGrid);
  const job = startSlice({
    run: run.id,
    parameters: { plane, grid: String(affordableGrid(wantedGrid, loss)) },
    step: null,
    automatic: true,
    keep: ended,
  });
  const started: AutomaticSlice = { run: run.id, plane, job, dropped: false };
  slice = started;
  void job.ended.then((outcome) => {
    if (slice === started) slice = null;
    const failed = outcome === null || outcome.status === 'cancelled';
    if (failed && !started.dropped) failedAt.set(failureKey(run.id, plane), length);
    lookSoon();
  });
}

/** Checkpoints made since the plane was computed appear on it. */
function extendPath(run: Run): void {
  const plane = planeShown(run.id);
  const shown = useResults.getState().landscapes[run.id]?.[plane];
  if (!shown?.complete || !('planeId' in shown.slice)) return;
  const { planeId } = shown.slice;
  const last = lastStepOn(shown);
  if (lostPlanes.has(planeId) || (run.checkpoints.at(-1) ?? -1) <= last) return;
  const wait = pathAt + pathEveryMs - performance.now();
  if (wait > 0) {
    timer ??= setTimeout(() => {
      timer = null;
      look();
    }, wait);
    return;
  }
  pathAt = performance.now();
  const call = compute.call('pathOnPlane', { run: run.id, planeId, afterStep: last });
  const started = { run: run.id, call };
  path = started;
  void call.outcome
    .then(
      ({ value }) => addPath(run.id, plane, planeId, value),
      (problem: unknown) => {
        if (failureOf(problem).kind !== 'cancelled') lostPlanes.add(planeId);
      },
    )
    .then(() => {
      if (path === started) path = null;
      lookSoon();
    });
}

const lastStepOn = ({ slice, newer }: ShownLandscape): number =>
  newer?.steps.at(-1) ?? Math.max(slice.step ?? -1, slice.trajectory?.steps.at(-1) ?? -1);

function addPath(run: string, plane: PlaneKind, planeId: string, more: PathOnPlane): void {
  const landscape = useResults.getState().landscapes[run]?.[plane];
  const isSame = landscape && 'planeId' in landscape.slice && landscape.slice.planeId === planeId;
  if (!isSame || !runOf(run) || more.steps.length === 0) return;
  putLandscape(run, plane, { ...landscape, newer: landscape.newer ? joined(landscape.newer, more) : more });
}

const numbers = ['distance', 'length', 'trueLoss', 'projectedLoss'] as const;

/** One path after the other. */
export function joined(first: PathOnPlane, then: PathOnPlane): PathOnPlane {
  const columns = Object.fromEntries(
    numbers.map((name) => [name, Float64Array.of(...first[name], ...then[name])]),
  ) as Record<(typeof numbers)[number], Float64Array>;
  const coordinates = first.coordinates.map((axis, k) => Float64Array.of(...axis, ...then.coordinates[k]!));
  return { steps: [...first.steps, ...then.steps], coordinates, ...columns };
}
