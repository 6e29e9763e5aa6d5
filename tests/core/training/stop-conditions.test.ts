import { expect, test } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import type { EigenvalueProbe, LossProbe, StepRecord } from '../../../core/training/records.ts';
import { metCondition, readStopCondition } from '../../../core/training/stop-conditions.ts';

const step: StepRecord = {
  record: 'step',
  step: 4,
  epoch: 4,
  batch: 0,
  examples: 9,
  loss: 0.5,
  gradientNorm: 2,
  learningRate: 0.1,
  time: 0.4,
  seconds: 0,
  status: null,
};
const base = {
  record: 'probe',
  step: 4,
  askedAt: 4,
  status: 'converged',
  examples: 9,
  subset: false,
  products: 0,
  gradients: 0,
  losses: 0,
  seconds: 0,
} as const;
const sharpness: EigenvalueProbe = { ...base, kind: 'sharpness', value: 21, residual: 0.01, threshold: 20 };
const reading = { loss: 0.4, standardError: 0.1, error: 0.25, examples: 9 };
const loss: LossProbe = { ...base, kind: 'loss', train: reading, test: { ...reading, loss: 0.6, error: 0.5 } };

test('the loss of the step below a number', () => {
  expect(metCondition([{ quantity: 'loss', below: 0.6 }], step)).toMatchObject({ value: 0.5, limit: 0.6 });
  expect(metCondition([{ quantity: 'loss', below: 0.5 }], step)).toBeNull();
});

test('sharpness above the threshold of the optimiser', () => {
  const conditions = [readStopCondition({ quantity: 'sharpness', above: 'threshold' })];
  expect(metCondition(conditions, sharpness)).toMatchObject({ value: 21, limit: 20 });
  expect(metCondition(conditions, { ...sharpness, value: 19.9 })).toBeNull();
  expect(metCondition(conditions, { ...sharpness, threshold: null })).toBeNull();
  expect(metCondition(conditions, step)).toBeNull();
});

test('of a probe that did not converge nothing is concluded', () => {
  const conditions = [{ quantity: 'sharpness', above: 'threshold' }] as const;
  for (const status of ['budgetSpent', 'notFinite', 'stagnated'] as const)
    expect(metCondition(conditions, { ...sharpness, status })).toBeNull();
});

test.each([
  ['trainLoss', 0.4],
  ['testLoss', 0.6],
  ['trainError', 0.25],
  ['testError', 0.5],
] as const)('%s is read from the loss probe', (quantity, value) => {
  expect(metCondition([{ quantity, above: value - 0.01 }], loss)).toMatchObject({ value });
  expect(metCondition([{ quantity, above: value }], loss)).toBeNull();
});

test('what was not measured meets nothing', () => {
  expect(metCondition([{ quantity: 'testLoss', above: 0 }], { ...loss, test: null })).toBeNull();
  const regression = { ...loss, train: { ...reading, error: null } };
  expect(metCondition([{ quantity: 'trainError', below: 1 }], regression)).toBeNull();
});

test('the first condition met is the one reported', () => {
  const conditions = [
    { quantity: 'loss', below: 0.1 },
    { quantity: 'loss', below: 1 },
    { quantity: 'loss', below: 2 },
  ] as const;
  expect(metCondition(conditions, step)?.condition).toBe(conditions[1]);
});

test.each([
  [{ quantity: 'lambda', above: 1 }, /not a quantity/],
  [{ quantity: 'loss' }, /exactly one/],
  [{ quantity: 'loss', above: 1, below: 2 }, /exactly one/],
  [{ quantity: 'loss', above: 'threshold' }, /no stability threshold/],
] as const)('%o is refused', (given, message) => {
  expect(() => readStopCondition(given)).toThrow(BadInput);
  expect(() => readStopCondition(given)).toThrow(message);
});
