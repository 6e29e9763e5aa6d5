import { expect, test } from 'vitest';
import { bundledDataset } from '../../../core/data/bundled-datasets.ts';
import { initialTheta } from '../../../core/models/closed-form/initial-theta.ts';
import { mlpObjective } from '../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../core/models/closed-form/mlp-description.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import { createProbes, defaultProbeSettings } from '../../../core/training/probes.ts';
import type { EigenvalueProbe, StepRecord } from '../../../core/training/records.ts';
import { runTraining } from '../../../core/training/run-training.ts';
import { trainingSettings } from '../../../core/training/settings.ts';
import { createTrainer } from '../../../core/training/trainer.ts';

async function edgeRun(seed: number, learningRate: number, steps: number) {
  const rng = randomFromSeed(seed);
  const data = bundledDataset('chebyshev-3-20', 'train', { rng: rng.split('data') });
  const model = mlpFromWidths([1, 20, 20, 1], 'tanh');
  const objective = mlpObjective(model, { data, loss: 'halfSquaredError' });
  const theta = initialTheta(model, rng.split('initialisation'), 'fanInUniform');
  const settings = trainingSettings('gradientDescent', { learningRate });
  const trainer = createTrainer(objective, settings, { theta, rng: rng.split('training') });
  const probes = createProbes({
    train: objective,
    settings: { ...defaultProbeSettings, budget: 1, every: { sharpness: 10 } },
    rng: rng.split('probes'),
    run: { steps, settings },
  });
  const losses: StepRecord[] = [];
  const sharpness: EigenvalueProbe[] = [];
  const outcome = await runTraining(trainer, {
    steps,
    probes,
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    onRecord(record) {
      if (record.record === 'step') losses.push(record);
      else if (record.record === 'probe' && record.kind === 'sharpness') sharpness.push(record);
    },
  });
  objective.dispose();
  return { outcome, losses, sharpness };
}

test.each([1, 2, 3])('I4: the live probe sees gradient descent at the edge of stability, seed %i', async (seed) => {
  const began = performance.now();
  const { outcome, losses, sharpness } = await edgeRun(seed, 0.2, 8000);
  const tail = sharpness.filter(({ step }) => step >= 6400);
  const crossing = sharpness.find(({ value }) => value > 10)!.step;
  const mean = tail.reduce((sum, { value }) => sum + value, 0) / tail.length;
  console.log(
    seed,
    outcome,
    sharpness[0]!.value,
    crossing,
    mean * 0.1,
    losses.at(-1)!.loss,
    (performance.now() - began) / 1000,
    sharpness.reduce((a, s) => a + s.products, 0) / sharpness.length,
  );
  expect(mean * 0.1).toBeGreaterThan(0.97);
});
