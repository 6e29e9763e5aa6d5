import { BadInput } from '../../core/bad-input.ts';
import { canonicalJson, type Experiment } from '../../core/experiment/experiment.ts';
import type { Safetensors } from '../../core/formats/safetensors.ts';
import type { HostVector } from '../../core/linalg/vector-space.ts';
import { optimizers } from '../../core/training/optimizers.ts';
import { checkpointSteps, readCheckpoint } from '../host/run-folder.ts';
import { stateOfCheckpoint, thetaOfCheckpoint } from './checkpoint-state.ts';
import { hostTheta, type OpenedExperiment, openExperiment } from './open-experiment.ts';

export interface GivenExperiment {
  readonly experiment: Experiment;
  readonly yaml: string;
  readonly baseFolder: string;
  /** The run folder, where one was given instead of an experiment file. */
  readonly run: string | null;
  /** Settings that make another loss than that of the run: what is computed with them is no result of the run. */
  readonly differs: readonly string[];
}

/** What a loss and the streams of its analyses are made of. Engine and precision say how they are computed only. */
const lossSettings = ['seed', 'data', 'model', 'loss', 'reduction'] as const;

export const lossDifferences = (a: Experiment, b: Experiment): string[] =>
  lossSettings.filter((name) => canonicalJson(a[name]) !== canonicalJson(b[name]));

/** An opened experiment and the point at which it is looked at. */
export interface OpenedPoint {
  readonly opened: OpenedExperiment;
  readonly theta: HostVector;
  /** Null for an experiment that was not trained. */
  readonly step: number | null;
  /** The diagonal of the optimiser's preconditioner at this checkpoint; null where it has none. */
  readonly preconditioner: Float64Array | null;
}

/** A point of an opened experiment: a checkpoint of a run (the last unless `at` names one), or its θ₀. */
export async function pointOf(
  opened: OpenedExperiment,
  run: string | null,
  at: number | undefined,
): Promise<OpenedPoint> {
  if (run === null) {
    await opened.settle(opened.initialTheta);
    return { opened, theta: opened.initialTheta, step: null, preconditioner: null };
  }
  const step = at ?? (await checkpointSteps(run)).pop() ?? 0;
  const checkpoint = await readCheckpoint(run, step);
  const stored = thetaOfCheckpoint(checkpoint, opened.objective.layout);
  const theta = hostTheta(opened.objective, stored);
  await opened.settle(theta);
  return { opened, theta, step, preconditioner: preconditionerOf(checkpoint, opened) };
}

function preconditionerOf(checkpoint: Safetensors, opened: OpenedExperiment): Float64Array | null {
  // Checkpoints of other programs hold parameters alone.
  if (!checkpoint.metadata.has('state')) return null;
  const { optimizer, settings } = stateOfCheckpoint(checkpoint, opened);
  return optimizers[settings.optimizer].preconditioner?.(optimizer, settings) ?? null;
}

/** Opens RUN at a checkpoint (the last unless `at` names one), or EXPERIMENT at its own θ. */
export async function openPoint(given: GivenExperiment, at: number | undefined): Promise<OpenedPoint> {
  if (given.run === null && at !== undefined)
    throw new BadInput('--at names a step, but an experiment file has none.', 'Give the folder of a run.');
  const opened = await openExperiment(given.experiment, given.baseFolder);
  try {
    return await pointOf(opened, given.run, at);
  } catch (problem) {
    opened.dispose();
    throw problem;
  }
}
