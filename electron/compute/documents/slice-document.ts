import path from 'node:path';
import { readParameters } from '../../../core/analyses/read-parameters.ts';
import { sliceDescriptor } from '../../../core/analyses/slices/descriptor.ts';
import { shapeOfParameters } from '../../../core/analyses/slices/grid-text.ts';
import {
  pointsOf,
  requireUsed,
  runSlice,
  type SliceContext,
  type SliceSoFar,
} from '../../../core/analyses/slices/run.ts';
import type { Slice } from '../../../core/analyses/slices/slice.ts';
import type { SliceParameters } from '../../../core/analyses/slices/slice-parameters.ts';
import { BadInput } from '../../../core/bad-input.ts';
import type { SliceDocument } from '../../../core/experiment/result-documents.ts';
import { runFiles } from '../../../core/experiment/run-folder.ts';
import { sliceName } from '../../../core/experiment/slice-name.ts';
import { pointCount } from '../../../core/fields/grid.ts';
import { writeJson } from '../../../core/formats/json-numbers.ts';
import { writeNpz } from '../../../core/formats/npz.ts';
import { readCheckpoint, sha256, writeResult } from '../../host/run-folder.ts';
import { stateOfCheckpoint } from '../checkpoint-state.ts';
import { hostTheta } from '../open-experiment.ts';
import type { OpenedPoint } from '../open-point.ts';
import { optimizerDirections } from '../optimizer-directions.ts';
import { runTrajectory } from '../run-trajectory.ts';
import { sliceObjective } from '../slice-objective.ts';
import { type DocumentHead, documentHead, documentOfPoint, type Monitor, storedDocument } from './analysis-document.ts';
import { directionsOfFile } from './direction-files.ts';
import { otherPoint } from './other-points.ts';
import { axesAndFields, type StoredSlice } from './slice-forms.ts';
import { storedArrays } from './slice-notes.ts';
import { openSliceStore, sliceProblem } from './slice-state.ts';

/** A slice on its way: what is known of it, and the grid as far as it is computed. */
export type SliceDocumentSoFar = SliceSoFar & DocumentHead;

export interface SliceMonitor extends Monitor {
  onGrid?(soFar: SliceDocumentSoFar): void;
  /** An interrupted grid goes on: so many points of it are there. */
  onResume?(points: number): void;
  /** A state that lies there is of no use: why, a sentence. */
  onNotice?(sentence: string): void;
  /** It is whole: to be called once it is stored, and its state is of no more use; without this it goes at once. */
  onWhole?(forget: () => Promise<void>): void;
  /** It was stopped, and what is there of it is kept: the same command goes on. */
  onKept?(file: string): void;
}

export interface SliceOfPointOptions {
  /** Where an unfinished grid lies; by itself in the results of the run. Null for nowhere. */
  readonly state?: string | null;
}

/** `run` gives the path that is drawn on the slice, and keeps what is not finished. */
export async function sliceOfPoint(
  point: OpenedPoint,
  run: string | null,
  given: Readonly<Record<string, unknown>>,
  command: string,
  monitor: SliceMonitor,
  { state }: SliceOfPointOptions = {},
): Promise<SliceDocument> {
  const parameters = readParameters(sliceDescriptor.parameters, given) as unknown as SliceParameters;
  const plane = parameters[shapeOfParameters(parameters)] ?? 'random';
  requireUsed(plane, parameters);
  const { opened, step } = point;
  const head = documentHead(point, command);
  const points = await givenPoints(point, run, plane, parameters);
  const trajectory = run === null ? undefined : await runTrajectory(run, opened.objective.layout, step ?? 0);
  const problem = sliceProblem(point, parameters, points);
  const stateFile = state === undefined ? stateOfRun(run, point, parameters, problem) : state;
  const store = stateFile === null ? null : await openSliceStore(stateFile, problem, { given: state !== undefined });
  if (store?.notice) monitor.onNotice?.(store.notice);
  if (store && store.pointsBefore > 0) monitor.onResume?.(store.pointsBefore);
  const evaluated = await sliceObjective(opened, point.theta, parameters);
  const at = { ...point, opened: { ...opened, objective: evaluated.objective } };
  try {
    const document = await documentOfPoint<Slice>(
      at,
      {
        // The seed alone: slices of the same kind at different steps share their directions and can be compared.
        rng: opened.rng.split('slice'),
        command,
        run: (objective, theta, context) =>
          runSlice(objective, theta, given, {
            ...context,
            ...points,
            trajectory,
            onGrid: (soFar) => monitor.onGrid?.({ ...soFar, ...head }),
            ...(store ? { resume: store.progress ?? undefined, onState: store.onState } : {}),
          }),
      },
      monitor,
    );
    if (document.status !== 'cancelled') {
      if (store && monitor.onWhole) monitor.onWhole(store.remove);
      else await store?.remove();
    } else if (stateFile !== null && (await store?.flush())) monitor.onKept?.(stateFile);
    const { statistics, notices } = evaluated;
    return { ...document, statistics, warnings: [...notices, ...document.warnings] };
  } catch (problem) {
    await store?.flush();
    throw problem;
  } finally {
    await evaluated.close();
  }
}

/** What the directions are made from, besides the loss itself. */
async function givenPoints(
  { opened, step, theta }: OpenedPoint,
  run: string | null,
  plane: string,
  { to, third, file }: SliceParameters,
): Promise<Pick<SliceContext, 'other' | 'third' | 'file' | 'moment' | 'update'>> {
  const words = plane.split(',').map((word) => word.trim());
  const optimizer = words.some((word) => word === 'moment' || word === 'update');
  if (optimizer && run === null)
    throw new BadInput('An experiment that was not trained has no optimiser state.', 'Give the folder of a run.');
  const [other, thirdPoint, fileDirections] = await Promise.all([
    to === null ? undefined : otherPoint(to, run, opened),
    third === null ? undefined : otherPoint(third, run, opened),
    file === null ? undefined : directionsOfFile(file, opened),
  ]);
  const checkpoint = optimizer && run !== null ? await readCheckpoint(run, step ?? 0) : null;
  if (checkpoint && !checkpoint.metadata.has('state'))
    throw new BadInput('This checkpoint has no optimiser state.', 'Use a checkpoint that Saddlescope has written.');
  const heading = checkpoint
    ? await optimizerDirections(opened.objective, {
        ...stateOfCheckpoint(checkpoint, opened),
        theta: hostTheta(opened.objective, theta),
      })
    : {};
  return { other, third: thirdPoint, file: fileDirections, ...heading };
}

const fileName = (slice: Parameters<typeof sliceName>[0], precision: string, step: number | null): string =>
  `slice-${sliceName(slice)}-${precision}-step-${step}`;

/** A file of its own for every question and every grid. */
function stateOfRun(
  run: string | null,
  { opened, step }: OpenedPoint,
  parameters: SliceParameters,
  problem: string,
): string | null {
  if (run === null) return null;
  const shape = shapeOfParameters(parameters);
  const { on, statistics } = parameters;
  const points = pointsOf(parameters);
  const slice = {
    plane: parameters[shape] ?? 'random',
    points,
    axes: { line: 1, plane: 2, volume: 3 }[shape],
    on,
    statistics,
  };
  const name = fileName(slice, opened.precision, step);
  return path.join(run, runFiles.results, `${name}-${problem.slice(0, 8)}.state`);
}

/** Directions are p numbers each: they go into the .npz, not into the text. */
export function sliceJson({ vectors: _, ...document }: SliceDocument, indent?: number): string {
  return writeJson(document, indent);
}

/** Numbers that a text still holds well; more of them are in the .npz alone. */
const mostNumbersInText = 300_000;

/** `arrays` is the hash of the `.npz` that has the numbers: of two writes, one may have been the last. */
function withoutLongFields(document: SliceDocument, npz: Uint8Array): SliceDocument {
  const { axes, fields } = document;
  if (pointCount(axes) * fields.length <= mostNumbersInText) return document;
  const about = fields.map(({ values: _, computed: __, uncertainty: ___, ...rest }) => rest);
  return { ...document, fields: about as unknown as SliceDocument['fields'], ...{ arrays: sha256(npz) } };
}

/** What of the slice that is there the new one lacks; null where it may take its place. */
function whyItStays(
  there: Pick<StoredSlice, 'axes' | 'fields' | 'points'>,
  { axes, fields, points }: SliceDocument,
): string | null {
  if ((there.points ?? []).join() !== points.join()) return 'other points';
  const wanted = new Set(fields.map(({ quantity }) => quantity));
  const lost = there.fields.filter(({ quantity }) => !wanted.has(quantity)).map(({ quantity }) => quantity);
  if (lost.length > 0) return `${lost.join(', ')} besides`;
  return pointCount(there.axes) > pointCount(axes) ? 'a finer grid' : null;
}

/**
 * `results/slice-NAME-PRECISION-step-N.npz` and `.json` of a run. A cancelled slice never replaces a complete one,
 * nor a coarse grid a finer one.
 * Answers why nothing was stored, or null.
 */
export async function storeSlice(run: string, document: SliceDocument): Promise<string | null> {
  if (document.status === 'cancelled') return 'it was stopped; the same command goes on with it.';
  const { axes, precision, step } = document;
  const name = fileName({ ...document, axes: axes.length }, precision, step);
  const file = path.join(run, runFiles.results, `${name}.json`);
  const stored = await storedDocument<SliceDocument>(file);
  const refused = stored?.status === 'converged' ? whyItStays(axesAndFields(stored), document) : null;
  if (refused !== null) return `${file} has ${refused} (${stored!.command}); remove it, or ask for as much.`;
  const npz = writeNpz(storedArrays(document));
  await writeResult(run, `${name}.npz`, npz);
  await writeResult(run, `${name}.json`, `${sliceJson(withoutLongFields(document, npz), 1)}\n`);
  return null;
}
