import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Experiment } from '../../core/experiment/experiment.ts';
import { readSetting } from '../../core/experiment/located-yaml.ts';
import { readExperiment } from '../../core/experiment/read-experiment.ts';
import { type RunRecord, readMetrics } from '../../core/experiment/run-folder.ts';
import { readSafetensors } from '../../core/formats/safetensors.ts';
import type { TrainingRecord } from '../../core/training/records.ts';
import { createRunControl, type RunControl } from '../../core/training/run-control.ts';
import type { RunOutcome } from '../../core/training/run-training.ts';
import { openExperiment } from '../../electron/compute/open-experiment.ts';
import type { RunStart } from '../../electron/compute/run-start.ts';
import { trainRun } from '../../electron/compute/train-run.ts';

const moons = `name: small
seed: 3
data: { train: two-moons, test: two-moons }
model: { layers: [ { dense: { units: 4, activation: tanh } }, { dense: { units: 2 } } ] }
loss: softmaxCrossEntropy
optimizer: { adam: { learningRate: 0.01, batchSize: 64 } }
steps: 60
checkpoints: { every: 10 }
probes: { budget: 0.5, every: { loss: 5, sharpness: 7 } }
precision: float64
`;

const experimentOf = (yaml: string, settings: readonly string[]): Experiment =>
  readExperiment(yaml, 'small.yaml', settings.map(readSetting));

export const smallExperiment = (...settings: string[]): Experiment => experimentOf(moons, settings);

export interface SmallRun {
  /** The experiment; a network of 22 parameters without it. */
  readonly yaml?: string;
  readonly start?: RunStart;
  readonly settings?: readonly string[];
  readonly control?: RunControl;
  /** Called with every record; what it throws ends the run as a crash of the program would. */
  readonly onRecord?: (record: TrainingRecord) => void;
  readonly baseFolder?: string;
}

/** Trains in float64 into a folder, in this process. */
export async function trainSmall(folder: string, run: SmallRun = {}): Promise<RunOutcome> {
  const { yaml = moons, settings = [] } = run;
  const opened = await openExperiment(experimentOf(yaml, settings), run.baseFolder ?? folder);
  try {
    return await trainRun({
      opened,
      yaml,
      folder,
      start: run.start ?? { kind: 'new' },
      command: 'saddlescope train small.yaml',
      version: '0.0.0',
      control: run.control ?? createRunControl(),
      onRecord: run.onRecord ?? (() => {}),
    });
  } finally {
    opened.dispose();
  }
}

/** θ of a checkpoint, tensor by tensor. */
export const thetaAt = (run: string, step: number): [string, number[]][] => {
  const { tensors } = readSafetensors(readFileSync(path.join(run, 'checkpoints', `step-${step}.safetensors`)));
  return [...tensors].map(([name, { data }]) => [name, Array.from(data)]);
};

export const metricsOf = (run: string): (TrainingRecord | RunRecord)[] =>
  readMetrics(readFileSync(path.join(run, 'metrics.jsonl'), 'utf8'));

/** Steps and their losses. */
export const trajectoryOf = (run: string): [number, number][] =>
  metricsOf(run).flatMap((record): [number, number][] =>
    record.record === 'step' ? [[record.step, record.loss]] : [],
  );

/** The steps at which a run was taken up again. */
export const resumedAt = (run: string): number[] =>
  metricsOf(run).flatMap((record) => (record.record === 'run' && record.event === 'resumed' ? [record.step] : []));
