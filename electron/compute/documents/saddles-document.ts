import path from 'node:path';
import { readParameters } from '../../../core/analyses/read-parameters.ts';
import type { SaddleParameters } from '../../../core/analyses/saddles/descriptor.ts';
import { saddlesDescriptor } from '../../../core/analyses/saddles/descriptor.ts';
import { runSaddles } from '../../../core/analyses/saddles/run.ts';
import type { SearchedPoint } from '../../../core/analyses/saddles/saddle.ts';
import { keptHistory, type SearchOutcome } from '../../../core/analyses/saddles/search.ts';
import type { Trajectory } from '../../../core/analyses/trajectory.ts';
import { BadInput } from '../../../core/bad-input.ts';
import { canonicalJson } from '../../../core/experiment/experiment.ts';
import type { SaddlesDocument } from '../../../core/experiment/result-documents.ts';
import { runFiles } from '../../../core/experiment/run-folder.ts';
import { writeJson } from '../../../core/formats/json-numbers.ts';
import { limits } from '../../../core/formats/limits.ts';
import { writeNpz } from '../../../core/formats/npz.ts';
import type { NumericArray } from '../../../core/formats/numeric-array.ts';
import { denseEigenvectorLimit } from '../../../core/linalg/dense/dense-symmetric.ts';
import { statusAdvice } from '../../../core/linalg/result.ts';
import { breathingObjective } from '../../../core/objective/breathing.ts';
import { sha256, writeResult } from '../../host/run-folder.ts';
import type { OpenedPoint } from '../open-point.ts';
import { runTrajectory } from '../run-trajectory.ts';
import { type Certifier, openCertifier } from '../searches/certifier.ts';
import { exactPointsOf } from '../searches/exact-points.ts';
import { searchObjective } from '../searches/search-objective.ts';
import { searchPoolOfPoint } from '../searches/search-pool-of-point.ts';
import { openSearchState, type SearchState } from '../searches/search-state.ts';
import { trainedTrajectory } from '../searches/trained-trajectory.ts';
import { turnOfEventLoop } from '../turn-of-event-loop.ts';
import { documentHead, type Monitor } from './analysis-document.ts';
import { storedSearch } from './stored-results.ts';

export interface SaddlesMonitor extends Monitor {
  /** After every judged point. */
  readonly onOutcome?: (outcome: SearchOutcome, starts: number) => void;
  /** So many points were there already. */
  readonly onResume?: (before: readonly SearchOutcome[], starts: number) => void;
  readonly onNotice?: (sentence: string) => void;
  /** Where an unfinished search is kept. */
  readonly onKept?: (file: string) => void;
  /** The search is whole and stored: its state can go. */
  readonly onWhole?: (remove: () => Promise<void>) => void;
}

export interface SaddlesWhere {
  /** A file for the state; null for none. By itself one in the run. */
  readonly state?: string | null;
}

/** A search from the starts that the parameters ask for. */
export async function saddlesOfPoint(
  point: OpenedPoint,
  run: string | null,
  given: Readonly<Record<string, unknown>>,
  command: string,
  monitor: SaddlesMonitor,
  { state }: SaddlesWhere = {},
): Promise<SaddlesDocument> {
  const { opened } = point;
  const parameters = readParameters(saddlesDescriptor.parameters, given) as unknown as SaddleParameters;
  refuseWhatIsTooMuch(parameters, opened.objective.layout.dim);
  const { signal, onProgress } = monitor;
  const trajectory = await trajectoryOf(point, run, parameters, monitor);
  const own = await searchObjective(opened, parameters.examples);
  let certifier: Certifier = { kind: 'same' };
  let store: SearchState | null = null;
  opened.gate.watch(signal ?? null);
  try {
    certifier = await openCertifier(point, parameters.certify, parameters.examples);
    // Stopped while it was training: what would be gone on with is not this search.
    if (!signal?.aborted) store = await stateOf(point, run, parameters, trajectory, state, monitor);
    const objective = breathingObjective(own.objective, turnOfEventLoop);
    const rng = opened.rng.split('saddles');
    const context = { rng: rng.split('searches'), signal, breathe: turnOfEventLoop };
    const pool = searchPoolOfPoint(point, {
      objective,
      examples: parameters.examples,
      certifier,
      context,
      starts: parameters.starts,
    });
    const { value, status, stats } = await runSaddles(objective, point.theta, given, {
      rng,
      signal,
      onProgress,
      trajectory,
      breathe: turnOfEventLoop,
      certifier: certifier.kind === 'here' ? certifier.objective : undefined,
      pool,
      before: store?.before,
      exact: exactPointsOf(opened) ?? undefined,
      warnings: warningsOf(point, parameters, certifier, pool !== undefined),
      async onOutcome(outcome, starts) {
        await store?.append(outcome);
        monitor.onOutcome?.(outcome, starts);
      },
    });
    if (store) monitor.onWhole?.(store.remove);
    return { ...value, ...documentHead(point, command), status, advice: adviceOf(value, status), stats };
  } finally {
    opened.gate.watch(null);
    if (certifier.kind === 'here') certifier.close();
    own.close();
    await store?.close();
  }
}

/** Bytes of θ of all points: those of one array in a file. */
const mostThetaBytes = limits.arrayBytes;
/** Characters of a document; no text can have more than 2²⁹. */
const mostCharacters = 4e8;
/** Of a number with its indentation, and of all that a point says besides its lists. */
const [perNumber, perPoint] = [28, 3000];

/** What could not be stored at the end is not begun. */
function refuseWhatIsTooMuch({ starts, dense }: SaddleParameters, dim: number): void {
  const spectrum = dim <= Math.min(dense, denseEigenvectorLimit) ? dim : 0;
  const characters = perPoint + perNumber * (spectrum + keptHistory);
  const most = Math.floor(Math.min(mostThetaBytes / (8 * dim), mostCharacters / characters));
  if (starts > most)
    throw new BadInput(
      `${starts} points with ${dim} parameters are more than one file holds.`,
      `Give --starts ${most} at most, and make several searches with different seeds.`,
    );
}

/** What a status means for a search: how many starts reached what, and how much of that is proved. */
function adviceOf({ points }: Pick<SaddlesDocument, 'points'>, status: SaddlesDocument['status']): string {
  if (status !== 'converged' && status !== 'budgetSpent') return statusAdvice[status];
  const count = (isIt: (point: SearchedPoint) => boolean) => points.filter(isIt).length;
  const critical = count(({ verdict }) => verdict === 'critical');
  const flat = count(({ verdict }) => verdict === 'gradientFlat');
  if (critical === 0)
    return `No start reached a critical point (${flat} of ${points.length} are gradient-flat): allow more iterations, or another finder.`;
  return `${critical} of ${points.length} starts reached a critical point, ${count(({ certified }) => certified)} of them are certified.`;
}

/** Checkpoints of the run up to the point; those of an experiment are made where they are wanted. */
async function trajectoryOf(
  { opened, step }: OpenedPoint,
  run: string | null,
  { from, starts }: SaddleParameters,
  { signal, onProgress }: Monitor,
): Promise<Trajectory | undefined> {
  if (run !== null) return runTrajectory(run, opened.objective.layout, step ?? 0);
  if (from !== 'trajectory') return undefined;
  const trained = await trainedTrajectory(opened, starts, signal, (done, total) =>
    onProgress?.({ stage: 'training, to start from', done, total, unit: 'gradients' }),
  );
  return trained ?? { steps: [0], theta: async () => opened.initialTheta };
}

async function stateOf(
  point: OpenedPoint,
  run: string | null,
  parameters: SaddleParameters,
  trajectory: Trajectory | undefined,
  wanted: string | null | undefined,
  { onResume, onNotice, onKept }: SaddlesMonitor,
): Promise<SearchState | null> {
  const name = `${stemOf(parameters, point.opened.precision)}.state`;
  const file = wanted === undefined ? run && path.join(run, runFiles.results, name) : wanted;
  if (file === null) return null;
  const { seed, model, loss, reduction, optimizer, steps } = point.opened.experiment;
  const problem = sha256(
    canonicalJson({
      ...{ seed, model, loss, reduction, data: point.opened.train.sha256, parameters },
      ...(run === null ? { optimizer, steps } : {}),
      ...{ engine: point.opened.objective.engine, precision: point.opened.precision },
      ...{ from: trajectory?.steps ?? null, theta: sha256(new Uint8Array(Float64Array.from(point.theta).buffer)) },
    }),
  );
  const state = await openSearchState(file, problem, wanted !== undefined);
  if (state.notice !== null) onNotice?.(state.notice);
  if (state.before.length > 0) onResume?.(state.before, parameters.starts);
  onKept?.(file);
  return state;
}

function warningsOf(
  { opened }: OpenedPoint,
  { examples }: SaddleParameters,
  certifier: Certifier,
  hasThreads: boolean,
): string[] {
  const { layers } = opened.experiment.model;
  const all = opened.objective.examples;
  const has = (...types: readonly string[]) => layers.some(({ type }) => types.includes(type));
  return [
    ...(examples !== null && examples < all
      ? [`The loss is that of ${examples} of ${all} examples: its critical points are not those of the whole loss.`]
      : []),
    ...(certifier.kind === 'float64 realm' && !hasThreads
      ? ['No thread computes in float64 here: points are judged in the precision of the search.']
      : []),
    ...(opened.experiment.model.mode === 'inference' && has('batchNormalization')
      ? ['Statistics of the batch normalisation are those of the point that the search was asked at, for all points.']
      : []),
  ];
}

const stemOf = ({ finder, from, examples }: SaddleParameters, precision: string): string =>
  `saddles-${finder}-from-${from}-${precision}${examples === null ? '' : `-on-${examples}`}`;

/** θ of a point is as long as θ: it lies in the .npz beside the text, whose SHA-256 is `arrays`. */
export const saddlesJson = (
  { thetas: _, ...document }: SaddlesDocument & { readonly arrays?: string },
  indent?: number,
): string => writeJson(document, indent);

/** Arrays of a search: a row a point. */
export function saddlesArrays({ points, thetas, dim }: SaddlesDocument): ReadonlyMap<string, NumericArray> {
  const theta = new Float64Array(points.length * dim);
  thetas.forEach((one, row) => {
    theta.set(one, row * dim);
  });
  const column = (pick: (point: SaddlesDocument['points'][number]) => number): NumericArray => ({
    shape: [points.length],
    dtype: 'float64',
    data: Float64Array.from(points, pick),
  });
  return new Map<string, NumericArray>([
    ['theta', { shape: [points.length, dim], dtype: 'float64', data: theta }],
    ['number', column(({ number }) => number)],
    ['loss', column(({ loss }) => loss)],
    ['gradient_norm_squared', column(({ gradientNormSquared }) => gradientNormSquared)],
    ['residual', column(({ residual }) => residual ?? Number.NaN)],
    ['negative', column(({ index }) => index?.negative ?? Number.NaN)],
    ['null', column(({ index }) => index?.null ?? Number.NaN)],
    ['positive', column(({ index }) => index?.positive ?? Number.NaN)],
    ['certified', column(({ certified }) => Number(certified))],
  ]);
}

/** Of the same search, whatever the command asked for otherwise. */
export const nameOfSearch = (document: SaddlesDocument): string =>
  `saddles-${document.finder}-from-${document.from}-${document.precision}${
    document.examples === document.data.examples ? '' : `-on-${document.examples}`
  }`;

/**
 * `results/saddles-FINDER-from-FROM-PRECISION.json` of a run, with θ of the points in the .npz beside it. A search that was
 * stopped is kept too, but not in the place of a finished one. Answers why nothing was stored, or null.
 */
export async function storeSaddles(run: string, document: SaddlesDocument): Promise<string | null> {
  if (document.points.length === 0) return 'no point was judged.';
  const name = nameOfSearch(document);
  const file = path.join(run, runFiles.results, `${name}.json`);
  // What is damaged is finished for nobody.
  const stored = document.status === 'cancelled' ? await storedSearch(file).catch(() => null) : null;
  if (stored && stored.status !== 'cancelled') return `${file} is of a finished search.`;
  // The arrays first: a text without them would name points that nobody can open. It says which ones are its own, so
  // that a death between the two, or another search that stores its own at this moment, is seen when a point is opened.
  const arrays = writeNpz(saddlesArrays(document));
  await writeResult(run, `${name}.npz`, arrays);
  await writeResult(run, `${name}.json`, `${saddlesJson({ ...document, arrays: sha256(arrays) }, 1)}\n`);
  return null;
}
