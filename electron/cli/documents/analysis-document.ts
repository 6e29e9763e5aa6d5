import fs from 'node:fs/promises';
import type { AnalysisContext } from '../../../core/analyses/analysis-run.ts';
import type { Provenance } from '../../../core/experiment/run-folder.ts';
import { readJson } from '../../../core/formats/json-numbers.ts';
import { type Result, type Status, statusAdvice } from '../../../core/linalg/result.ts';
import type { HostVector } from '../../../core/linalg/vector-space.ts';
import { breathingObjective } from '../../../core/objective/breathing.ts';
import type { Objective } from '../../../core/objective/objective.ts';
import type { Random } from '../../../core/random/random.ts';
import type { Terminal } from '../command.ts';
import type { OpenedPoint } from '../open.ts';
import { shortNumber } from '../terminal/braille-plot.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { version } from '../version.ts';

/** What every document of an analysis says beside its value: what `--json` prints and a run folder keeps. */
export interface AnalysisDocument {
  readonly saddlescope: string;
  readonly experiment: string;
  /** Null for an experiment that was not trained. */
  readonly step: number | null;
  readonly seed: number;
  /** What batch normalisation and dropout did. */
  readonly mode: 'training' | 'inference';
  readonly data: Provenance['train'];
  readonly status: Status;
  readonly advice: string;
  readonly stats: Result<unknown>['stats'];
  readonly command: string;
}

/** Settles after the event loop has turned: signals and timers were served. */
export const turnOfEventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export interface AnalysisAtPoint<T> {
  /** The stream of this analysis. */
  readonly rng: Random;
  readonly command: string;
  run(objective: Objective<HostVector>, theta: HostVector, context: AnalysisContext): Promise<Result<T>>;
}

/** Runs an analysis at an opened point, with progress on standard error; a signal ends it with what was found. */
export async function documentOfPoint<T>(
  { opened, theta, step }: OpenedPoint,
  { rng, command, run }: AnalysisAtPoint<T>,
  { err, stop }: Pick<Terminal, 'err' | 'stop'>,
): Promise<T & AnalysisDocument> {
  const { experiment } = opened;
  const objective = breathingObjective(opened.objective, turnOfEventLoop);
  const progress = progressLine(err);
  const point = objective.space.copy(theta);
  try {
    const { value, status, stats } = await run(objective, point, {
      rng,
      signal: stop,
      onProgress: ({ stage, done, total, unit, live }) => {
        const largest = live?.top?.[0];
        progress.update(done, total, unit, `${stage}${largest === undefined ? '' : `  λ₁ ≈ ${shortNumber(largest)}`}`);
      },
    });
    progress.end();
    const document: AnalysisDocument = {
      saddlescope: version,
      experiment: experiment.name,
      step,
      seed: experiment.seed,
      mode: experiment.model.mode,
      data: opened.train,
      status,
      advice: statusAdvice[status],
      stats,
      command,
    };
    return { ...value, ...document };
  } finally {
    objective.space.release(point);
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
