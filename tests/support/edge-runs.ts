import { bundledDataset } from '../../core/data/bundled-datasets.ts';
import { initialTheta } from '../../core/models/closed-form/initial-theta.ts';
import { mlpObjective } from '../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../core/models/closed-form/mlp-description.ts';
import { randomFromSeed } from '../../core/random/philox.ts';
import { createProbes, defaultProbeSettings } from '../../core/training/probes.ts';
import type { EigenvalueProbe } from '../../core/training/records.ts';
import { runTraining } from '../../core/training/run-training.ts';
import { trainingSettings } from '../../core/training/settings.ts';
import { createTrainer } from '../../core/training/trainer.ts';
import { turn } from './training-runs.ts';

export interface EdgeRun {
  readonly losses: readonly number[];
  readonly sharpness: readonly EigenvalueProbe[];
  readonly steps: number;
}

/**
 * Full-batch training on the Chebyshev polynomial of a degree at 20 points (Cohen et al. 2021), tanh, half squared error,
 * fan-in uniform start, with the sharpness from the live probe every `every` steps.
 */
export async function edgeRun(options: {
  readonly degree: number;
  readonly hidden: readonly number[];
  readonly seed: number;
  readonly optimizer: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly steps: number;
  readonly kind?: 'sharpness' | 'preconditionedSharpness';
  readonly every?: number;
}): Promise<EdgeRun> {
  const { degree, hidden, seed, optimizer, steps, kind = 'sharpness', every = 10 } = options;
  const rng = randomFromSeed(seed);
  const data = bundledDataset(`chebyshev-${degree}-20`, 'train', { rng: rng.split('data') });
  const model = mlpFromWidths([1, ...hidden, 1], 'tanh');
  const objective = mlpObjective(model, { data, loss: 'halfSquaredError' });
  const theta = initialTheta(model, rng.split('initialisation'), 'fanInUniform');
  const settings = trainingSettings(optimizer, options.settings);
  const trainer = createTrainer(objective, settings, { theta, rng: rng.split('training') });
  const probes = createProbes({
    train: objective,
    settings: { ...defaultProbeSettings, budget: 1, every: { [kind]: every } },
    rng: rng.split('probes'),
    run: { steps, settings },
  });
  const losses: number[] = [];
  const sharpness: EigenvalueProbe[] = [];
  const outcome = await runTraining(trainer, {
    steps,
    probes,
    breathe: turn,
    onRecord(record) {
      if (record.record === 'step') losses.push(record.loss);
      else if (record.record === 'probe' && record.kind === kind) sharpness.push(record as EigenvalueProbe);
    },
  });
  objective.dispose();
  if (outcome.reason !== 'steps') throw new Error(`The run ended by ${outcome.reason}.`);
  return { losses, sharpness, steps };
}

/** Mean of sharpness over threshold in the last fifth of the run. */
export function tailRatio({ sharpness, steps }: EdgeRun): number {
  const tail = sharpness.filter(({ step }) => step >= 0.8 * steps);
  return tail.reduce((sum, { value, threshold }) => sum + value / threshold!, 0) / tail.length;
}
