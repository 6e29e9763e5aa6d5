import type { HostVector } from '../../core/linalg/vector-space.ts';
import { mlpObjective } from '../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../core/models/closed-form/mlp-description.ts';
import type { Objective } from '../../core/objective/objective.ts';
import { randomFromSeed } from '../../core/random/philox.ts';
import type { TrainingSettings } from '../../core/training/optimizers/optimizer.ts';
import type { StepRecord, TrainingRecord } from '../../core/training/records.ts';
import { type RunOptions, type RunOutcome, runTraining } from '../../core/training/run-training.ts';
import { createTrainer, type Trainer } from '../../core/training/trainer.ts';

/** One turn of the event loop. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A small smooth classifier with 55 examples: 2-6-3, tanh, cross-entropy. 39 parameters. */
export function smallClassifier(seed = 1): { objective: Objective<Float64Array>; theta: Float64Array } {
  const rng = randomFromSeed(seed);
  const examples = 55;
  const inputs = rng.split('inputs').fill(new Float64Array(2 * examples), 'normal');
  const labels = Int32Array.from({ length: examples }, (_, i) => {
    const [x, y] = [inputs[2 * i]!, inputs[2 * i + 1]!];
    return x * x + y * y < 0.8 ? 0 : x > y ? 1 : 2;
  });
  const model = mlpFromWidths([2, 6, 3], 'tanh');
  const data = {
    name: 'three regions',
    examples,
    inputShape: [2],
    inputs,
    targets: { kind: 'classes', classes: 3, labels },
    source: 'synthetic',
  } as const;
  const objective = mlpObjective(model, { data, loss: 'softmaxCrossEntropy' });
  const theta = rng.split('theta').fill(new Float64Array(model.layout.dim), 'uniform');
  return { objective, theta };
}

export function trainerOf<V extends HostVector>(
  objective: Objective<V>,
  settings: TrainingSettings,
  theta: V,
  seed = 7,
): Trainer<V> {
  return createTrainer(objective, settings, { theta, rng: randomFromSeed(seed) });
}

export async function advanceBy<V extends HostVector>(trainer: Trainer<V>, steps: number): Promise<StepRecord[]> {
  const records: StepRecord[] = [];
  for (let i = 0; i < steps; i++) records.push(await trainer.advance());
  return records;
}

/** A record without the time it took, which no two runs share. */
export function timeless<R extends TrainingRecord>(record: R): Omit<R, 'seconds'> {
  const { seconds: _, ...rest } = record as R & { seconds?: number };
  return rest;
}

/** Runs and keeps every record. */
export async function recordedRun<V extends HostVector>(
  trainer: Trainer<V>,
  options: Omit<RunOptions<V>, 'breathe'> & { breathe?: () => Promise<void> },
): Promise<{ outcome: RunOutcome; records: TrainingRecord[] }> {
  const records: TrainingRecord[] = [];
  const outcome = await runTraining(trainer, {
    breathe: turn,
    ...options,
    async onRecord(record) {
      records.push(record);
      await options.onRecord?.(record);
    },
  });
  return { outcome, records };
}
