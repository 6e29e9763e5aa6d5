import { expect, test } from 'vitest';
import { quadraticObjective } from '../../../core/models/closed-form/quadratic.ts';
import type { TrainingSettings } from '../../../core/training/optimizers/optimizer.ts';
import { optimizers, sharpnessThreshold, stabilityThreshold } from '../../../core/training/optimizers.ts';
import { trainingSettings } from '../../../core/training/settings.ts';
import { advanceBy, trainerOf } from '../../support/training-runs.ts';

/**
 * Whether |θ| on ½ λ θ² grows, judged after 150 steps: the start of Adam is long, because its corrected first steps are
 * plain descent. From so small a θ₀ that the transient stays far within the linear range, and 1e-20 is out of reach for it.
 */
async function grows(settings: TrainingSettings, curvature: number): Promise<boolean> {
  const trainer = trainerOf(quadraticObjective(Float64Array.of(curvature)), settings, Float64Array.of(1e-140));
  const largest = [0, 0, 0, 0];
  for (let quarter = 0; quarter < 4; quarter++) {
    for (let i = 0; i < 300; i++) {
      await trainer.advance();
      const size = Math.abs(trainer.theta[0]!);
      if (size > 1e-20) return true;
      if (quarter > 0 || i >= 150) largest[quarter] = Math.max(largest[quarter]!, size);
    }
  }
  return largest[3]! > largest[2]!;
}

async function measuredThreshold(settings: TrainingSettings, expected: number): Promise<number> {
  let [stable, unstable] = [0.5 * expected, 1.6 * expected];
  expect(await grows(settings, stable)).toBe(false);
  expect(await grows(settings, unstable)).toBe(true);
  while (unstable - stable > 1e-4 * expected) {
    const middle = 0.5 * (stable + unstable);
    if (await grows(settings, middle)) unstable = middle;
    else stable = middle;
  }
  return 0.5 * (stable + unstable);
}

const eta = 0.1;

const cases: readonly [string, Record<string, unknown>, number][] = [
  ['gradientDescent', {}, 20],
  ['sgd', { batchSize: null }, 20],
  ['sgd', { batchSize: null, momentum: 0.9 }, 38],
  ['momentum', { momentum: 0.5 }, 30],
  ['momentum', { momentum: 0.9 }, 38],
  ['nesterov', { momentum: 0.5 }, 15],
  ['nesterov', { momentum: 0.9 }, 3.8 / 0.28],
  ['gradientFlow', { sharpnessEvery: 0 }, 27.85293563405282],
  // Gradients of 1e-7 leave ε = 1 the whole preconditioner, so λ/ε is the preconditioned Hessian.
  ['adam', { epsilon: 1 }, 380],
  ['adam', { epsilon: 1, beta1: 0.5 }, 60],
  ['adamw', { epsilon: 1, weightDecay: 0 }, 380],
  ['adamw', { epsilon: 1, weightDecay: 3 }, 0.5 * 1.7 * 380],
  ['gradientDescent', { weightDecay: 4, decay: 'coupled' }, 16],
  ['gradientDescent', { weightDecay: 4, decay: 'decoupled' }, 16],
  ['momentum', { momentum: 0.9, weightDecay: 4, decay: 'coupled' }, 34],
  ['momentum', { momentum: 0.9, weightDecay: 4, decay: 'decoupled' }, 1.6 * 19],
  ['nesterov', { momentum: 0.5, weightDecay: 4, decay: 'coupled' }, 11],
  ['nesterov', { momentum: 0.5, weightDecay: 4, decay: 'decoupled' }, 12],
  ['gradientFlow', { sharpnessEvery: 0, weightDecay: 4 }, 23.85293563405282],
];

test.each(cases)('I6: %s %o leaves a quadratic above curvature %f', async (kind, given, expected) => {
  const settings = trainingSettings(kind, { learningRate: eta, ...given });
  const { value } = stabilityThreshold(settings, eta);
  expect(value).toBeCloseTo(expected, 10);
  const measured = await measuredThreshold(settings, expected);
  expect(Math.abs(measured / expected - 1)).toBeLessThan(1e-3);
});

const withoutThreshold = ['newton', 'saddleFreeNewton'];

test('every optimiser of the table is among the cases', () => {
  const tried = [...cases.map(([kind]) => kind), ...withoutThreshold];
  expect(new Set(tried)).toEqual(new Set(Object.keys(optimizers)));
});

test.each(withoutThreshold)('%s has no threshold: it stays on a quadratic of any curvature', async (kind) => {
  const settings = trainingSettings(kind, { damping: 0 });
  expect(stabilityThreshold(settings, 1)).toMatchObject({ value: null });
  for (const curvature of [1e-6, 1, 1e9]) expect(await grows(settings, curvature)).toBe(false);
});

test('the threshold of Adam is no threshold of the plain Hessian', () => {
  const settings = trainingSettings('adam', { learningRate: eta });
  expect(stabilityThreshold(settings, eta)).toMatchObject({ of: 'preconditionedHessian' });
  expect(stabilityThreshold(settings, eta).value).toBeCloseTo(38 / eta, 10);
  expect(sharpnessThreshold(settings, eta)).toBeNull();
});

test('with mini-batches the threshold is given and labelled', () => {
  const full = stabilityThreshold(trainingSettings('sgd', { batchSize: null }), eta);
  const batches = stabilityThreshold(trainingSettings('sgd', { batchSize: 32 }), eta);
  expect(batches.value).toBe(full.value);
  expect(full.label).not.toContain('mini-batch');
  expect(batches.label).toContain('mini-batch training need not respect it');
});

test('no threshold is stated where η is zero', () => {
  expect(stabilityThreshold(trainingSettings('gradientDescent', {}), 0).value).toBeNull();
});

test('the flow with a measured step stays stable at any curvature', async () => {
  const settings = trainingSettings('gradientFlow', { learningRate: 1, sharpnessEvery: 5 });
  const trainer = trainerOf(quadraticObjective(Float64Array.of(1, 1000)), settings, Float64Array.of(1, 1));
  const records = await advanceBy(trainer, 50);
  for (const { learningRate } of records) expect(learningRate).toBeCloseTo(1e-3, 8);
  const t = trainer.state().time;
  expect(t).toBeCloseTo(0.05, 8);
  expect(trainer.theta[0]! / Math.exp(-t)).toBeCloseTo(1, 10);
});
