import { expect, test } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { optimizers } from '../../../core/training/optimizers.ts';
import { checkOptimizer, parameters, trainingSettings } from '../../../core/training/settings.ts';

test.each(Object.keys(optimizers))(
  'the defaults of %s are written out, are complete and are read again as themselves',
  (kind) => {
    const checked = checkOptimizer(kind, {});
    expect(Object.keys(checked).sort()).toEqual([...optimizers[kind as keyof typeof optimizers].parameters].sort());
    const throughText = JSON.parse(JSON.stringify(checked));
    expect(checkOptimizer(kind, throughText)).toEqual(checked);
    const settings = trainingSettings(kind, checked);
    expect(settings).toEqual(trainingSettings(kind));
    expect(Object.keys(settings).sort()).toEqual(['optimizer', ...Object.keys(parameters)].sort());
  },
);

test('what is given is kept', () => {
  const given = {
    learningRate: 0.3,
    batchSize: 64,
    momentum: 0.8,
    weightDecay: 0.001,
    decay: 'decoupled',
    clipNorm: 2,
  };
  expect(trainingSettings('sgd', given)).toMatchObject({ optimizer: 'sgd', ...given });
});

test('AdamW decays decoupled', () => {
  expect(trainingSettings('adamw')).toMatchObject({ decay: 'decoupled', weightDecay: 0.01 });
  expect(() => trainingSettings('adamw', { decay: 'coupled' })).toThrow(BadInput);
});

test.each([
  ['rmsprop', {}, /rmsprop.*is not an optimiser.*gradientDescent/s],
  ['__proto__', {}, /is not an optimiser/],
  ['sgd', { lr: 0.1 }, /optimizer\.sgd\.lr is not a setting.*learningRate/s],
  ['gradientDescent', { batchSize: 8 }, /batchSize is not a setting/],
  ['gradientFlow', { clipNorm: 1 }, /clipNorm is not a setting/],
  ['sgd', { learningRate: 0 }, /above 0/],
  ['sgd', { learningRate: '0.1' }, /number/],
  ['sgd', { learningRate: Number.NaN }, /number/],
  ['sgd', { learningRate: null }, /number/],
  ['sgd', { batchSize: 1.5 }, /whole number/],
  ['sgd', { batchSize: 0 }, /at least 1/],
  ['sgd', { momentum: 1 }, /below 1/],
  ['sgd', { momentum: -0.1 }, /at least 0/],
  ['sgd', { decay: 'both' }, /coupled or decoupled/],
  ['adam', { beta2: 1 }, /below 1/],
  ['adam', { epsilon: 0 }, /above 0/],
  ['sgd', { weightDecay: Number.POSITIVE_INFINITY }, /number/],
  ['sgd', { schedule: 'linear' }, /schedule/],
] as const)('%s %o is refused with its place', (kind, given, message) => {
  expect(() => checkOptimizer(kind, given)).toThrow(BadInput);
  expect(() => checkOptimizer(kind, given)).toThrow(message);
});

test('the reader of a file says where', () => {
  const place = (key?: string) => `run.yaml:3:5: optimizer.sgd${key ? `.${key}` : ''}`;
  expect(() => checkOptimizer('sgd', { momentum: 2 }, place)).toThrow(/^run\.yaml:3:5: optimizer\.sgd\.momentum is 2/);
});
