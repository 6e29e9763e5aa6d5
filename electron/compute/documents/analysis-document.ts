import fs from 'node:fs/promises';
import type { AnalysisContext } from '../../../core/analyses/analysis-run.ts';
import type { AnalysisDocument } from '../../../core/experiment/result-documents.ts';
import { readJson } from '../../../core/formats/json-numbers.ts';
import { type Result, statusAdvice } from '../../../core/linalg/result.ts';
import type { HostVector } from '../../../core/linalg/vector-space.ts';
import { breathingObjective } from '../../../core/objective/breathing.ts';
import type { Objective } from '../../../core/objective/objective.ts';
import type { Random } from '../../../core/random/random.ts';
import { version } from '../../host/version.ts';
import type { OpenedPoint } from '../open-point.ts';
import { turnOfEventLoop } from '../turn-of-event-loop.ts';

/** How an analysis is watched, and how it is told to end with what it has found. */
export type Monitor = Pick<AnalysisContext, 'signal' | 'onProgress'>;

export interface AnalysisAtPoint<T> {
  /** The stream of this analysis. */
  readonly rng: Random;
  readonly command: string;
  run(objective: Objective<HostVector>, theta: HostVector, context: AnalysisContext): Promise<Result<T>>;
}

/** What a document says of where and how it was made. */
export type DocumentHead = Omit<AnalysisDocument, 'status' | 'advice' | 'stats'>;

export const documentHead = ({ opened, step }: OpenedPoint, command: string): DocumentHead => ({
  saddlescope: version,
  experiment: opened.experiment.name,
  step,
  seed: opened.experiment.seed,
  mode: opened.experiment.model.mode,
  data: opened.train,
  command,
});

/** Runs an analysis at an opened point. */
export async function documentOfPoint<T>(
  point: OpenedPoint,
  { rng, command, run }: AnalysisAtPoint<T>,
  { signal, onProgress }: Monitor,
): Promise<T & AnalysisDocument> {
  const objective = breathingObjective(point.opened.objective, turnOfEventLoop);
  const theta = objective.space.copy(point.theta);
  point.opened.gate.watch(signal ?? null);
  try {
    const { value, status, stats } = await run(objective, theta, { rng, signal, onProgress });
    return { ...value, ...documentHead(point, command), status, advice: statusAdvice[status], stats };
  } finally {
    point.opened.gate.watch(null);
    objective.space.release(theta);
  }
}

/** What a status means to the program that called: the wanted accuracy was reached, or not. */
export const hasConverged = ({ status }: Pick<AnalysisDocument, 'status'>): boolean =>
  status === 'converged' || status === 'invariantSubspace';

/** What lies under a name already; null where nothing does, or nothing that can be read. */
export async function storedDocument<T>(file: string): Promise<T | null> {
  try {
    return readJson(await fs.readFile(file, 'utf8')) as T;
  } catch {
    return null;
  }
}
