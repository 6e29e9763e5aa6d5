import { describe, expect, test } from 'vitest';
import { readExperiment } from '../../../../core/experiment/read-experiment.ts';
import type { TrainingRecord } from '../../../../core/training/records.ts';
import { chartLines } from '../../../../renderer/charts/chart-lines.ts';
import { movieArrays } from '../../../../renderer/panels/movie/movie-arrays.ts';
import { movieAxes } from '../../../../renderer/panels/movie/movie-axes.ts';
import { filmedMatrices, frameAt, frameSteps } from '../../../../renderer/panels/movie/movie-frame.ts';
import { frameNumbers, frameSentence } from '../../../../renderer/panels/movie/movie-sentence.ts';
import { frameIndex, movieSeconds } from '../../../../renderer/panels/movie/player.ts';
import { addRecords, emptySeries } from '../../../../renderer/state/run-series.ts';
import type { Run } from '../../../../renderer/state/runs.ts';

const probe = {
  record: 'probe',
  status: 'converged',
  examples: 8,
  subset: false,
  products: 9,
  gradients: 1,
  losses: 0,
  seconds: 0.1,
} as const;

const update = (step: number, learningRate = 0.1): TrainingRecord => ({
  record: 'step',
  step,
  epoch: 0,
  batch: 0,
  examples: 8,
  loss: 1 / (step + 1),
  gradientNorm: 0.5,
  learningRate,
  time: 0,
  seconds: 0,
  status: null,
});

const density = (step: number, highest: number, starts = 2): TrainingRecord => ({
  ...probe,
  kind: 'density',
  step,
  askedAt: step,
  x: [-1, 0, 1, highest],
  y: [1e-9, 1, 0.1, 1e-3],
  standardError: [0, 0.1, 0.01, 1e-4],
  kernelWidth: 0.1,
  starts,
  lanczosSteps: 10,
});

const top = (step: number, values: number[]): TrainingRecord => ({
  ...probe,
  kind: 'eigenvalues',
  step,
  askedAt: step,
  values,
  residuals: values.map(() => 0.01),
  threshold: 20,
  subspaceError: 0.02,
  overlap: step === 0 ? null : 0.9,
  overlapError: step === 0 ? null : 0.04,
  overlapWith: step === 0 ? null : 0,
  gradientShare: 0.5,
});

const eigenvalue = (
  kind: 'sharpness' | 'lowestEigenvalue' | 'preconditionedSharpness',
  step: number,
  value: number,
): TrainingRecord => ({ ...probe, kind, step, askedAt: step, value, residual: 0.02, threshold: 20 });

function runOf(records: readonly TrainingRecord[], optimizer = '{ gradientDescent: { learningRate: 0.1 } }'): Run {
  const yaml = `name: filmed
data: { train: two-moons }
model: { layers: [ { dense: { units: 2 } } ] }
loss: softmaxCrossEntropy
optimizer: ${optimizer}
steps: 100
`;
  const series = emptySeries();
  addRecords(series, records);
  const experiment = readExperiment(yaml, 'filmed.yaml');
  return {
    id: 'a',
    title: 'a',
    group: 'a',
    colour: 0,
    visible: true,
    branchedFrom: null,
    series,
    description: { experiment, thresholdName: '2/η (gradient descent)' },
  } as unknown as Run;
}

const records = [
  density(0, 4),
  top(0, [5, 4]),
  eigenvalue('sharpness', 0, 5),
  update(0),
  eigenvalue('sharpness', 5, 7),
  eigenvalue('lowestEigenvalue', 5, -2),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((step) => update(step)),
  density(10, 30, 1),
  top(10, [12, 11, 10]),
  update(10, 0.2),
];

describe('a frame', () => {
  test('holds of each kind the newest measurement at or before its step, and what was seen before it', () => {
    const run = runOf(records);
    const frame = frameAt(run, 'hessian', 7);
    expect(frame.density?.step).toBe(0);
    expect(frame.top.map(({ value }) => value)).toEqual([5, 4]);
    expect(frame.sharpness).toMatchObject({ step: 5, value: 7 });
    expect(frame.lowest).toMatchObject({ step: 5, value: -2 });
    expect(frame.loss).toBe(1 / 8);
    expect(frame.before.densities).toEqual([]);
    expect(frame.before.sharpnesses.map(({ step }) => step)).toEqual([0]);
    const later = frameAt(run, 'hessian', 10);
    expect(later.top.map(({ value }) => value)).toEqual([12, 11, 10]);
    expect(later.sharpness).toBeNull();
    expect(later.before.densities.map(({ step }) => step)).toEqual([0]);
    expect(later.before.tops.map((sticks) => sticks.map(({ value }) => value))).toEqual([[5, 4]]);
  });

  test('says every number in words, each with its own step', () => {
    const run = runOf(records);
    expect(frameSentence(frameAt(run, 'hessian', 7))).toBe(
      'Hessian at step 7: density of step 0 from λ = −1 to 4, ± one standard error over 2 starts; the 2 largest eigenvalues of step 0: 5.000 ± 0.01, 4.000 ± 0.01; largest eigenvalue 7.000 ± 0.02 of step 5; lowest eigenvalue −2.000 ± 0.02 of step 5; threshold 2/η = 20; loss 0.125.',
    );
    expect(frameSentence(frameAt(run, 'hessian', 10))).toContain('from λ = −1 to 30, one start, no error band');
    expect(frameSentence(frameAt(run, 'hessian', 10))).toContain('threshold 2/η = 10');
    expect(frameSentence(frameAt(runOf([]), 'hessian', 0))).toBe('Hessian at step 0: nothing was measured yet.');
    expect(Object.fromEntries(frameNumbers(frameAt(run, 'hessian', 7)))).toEqual({
      step: '7',
      loss: '0.125',
      'λ₁': '7.000 ± 0.02 of step 5',
      λ_min: '−2.000 ± 0.02 of step 5',
      threshold: '2/η = 20',
    });
  });

  test('frames are the steps at which something was measured; the place of a step among them', () => {
    const { series } = runOf(records);
    expect(frameSteps(series, 'hessian')).toEqual([0, 5, 10]);
    expect([-1, 0, 4, 5, 9, 10, 99].map((step) => frameIndex([0, 5, 10], step))).toEqual([-1, 0, 0, 1, 1, 2, 2]);
    expect([2, 100, 10_000].map(movieSeconds)).toEqual([4, 5, 30]);
  });
});

describe('the axes', () => {
  test('are the same at every step and hold everything that was measured', () => {
    const axes = movieAxes(runOf(records), 'hessian');
    expect(axes!.x.low).toBeLessThanOrEqual(-2.02);
    expect(axes!.x.high).toBeGreaterThanOrEqual(30);
    expect([axes!.y!.low, axes!.y!.high]).toEqual([1e-6, 1]);
  });

  test('reach to a threshold that is near and not to one far off; nothing measured: none', () => {
    const near = movieAxes(runOf([top(0, [12]), update(0)]), 'hessian');
    expect(near!.x.high).toBeGreaterThanOrEqual(20);
    const far = movieAxes(runOf([top(0, [1]), update(0)]), 'hessian');
    expect(far!.x.high).toBeLessThan(2);
    expect(far!.y).toBeNull();
    expect(movieAxes(runOf([update(0)]), 'hessian')).toBeNull();
  });
});

describe('thresholds by name', () => {
  const at = (optimizer: string, matrix: 'hessian' | 'preconditioned') => {
    const { threshold } = frameAt(runOf([update(0, 0.1)], optimizer), matrix, 0);
    return threshold && { ...threshold, value: Number(threshold.value.toPrecision(12)) };
  };
  test.each([
    ['gradientDescent: { learningRate: 0.1 }', '2/η', 20],
    ['sgd: { learningRate: 0.1, batchSize: null }', '2/η', 20],
    ['momentum: { learningRate: 0.1, momentum: 0.9 }', '(2 + 2β)/η', 38],
    ['nesterov: { learningRate: 0.1, momentum: 0.9 }', '(2 + 2β)/(η (1 + 2β))', Number((3.8 / 0.28).toPrecision(12))],
  ])('%s', (optimizer, name, value) => {
    expect(at(`{ ${optimizer} }`, 'hessian')).toEqual({ name, value, of: 'hessian', binding: true });
    expect(at(`{ ${optimizer} }`, 'preconditioned')).toBeNull();
  });
  test.each(['adam', 'adamw'])('%s: 38/η for β₁ = 0.9, and only for the preconditioned Hessian', (name) => {
    const optimizer = `{ ${name}: { learningRate: 0.1, beta1: 0.9${name === 'adamw' ? ', weightDecay: 0' : ''} } }`;
    expect(at(optimizer, 'hessian')).toBeNull();
    expect(at(optimizer, 'preconditioned')).toMatchObject({ name: '(2 + 2β₁)/((1 − β₁) η)', value: 380 });
  });
  test('with mini-batches it is said not to bind, in the movie and in the chart', () => {
    const run = runOf([eigenvalue('sharpness', 0, 5), update(0)], '{ sgd: { learningRate: 0.1, batchSize: 4 } }');
    expect(frameSentence(frameAt(run, 'hessian', 0))).toContain('threshold 2/η = 20, not binding with mini-batches');
    const named = (of: Run) =>
      chartLines('sharpness', [of], of.id, { bands: new Map() }).find(({ key }) => key.endsWith('threshold'))?.name;
    expect(named(run)).toBe('2/η, not binding');
    expect(named(runOf([eigenvalue('sharpness', 0, 5), update(0)]))).toBe('2/η');
  });
});

test('what can be filmed: the Hessian by densities or top eigenvalues, the preconditioned one by its λ₁', () => {
  expect(filmedMatrices(runOf([eigenvalue('sharpness', 0, 5)]).series)).toEqual([]);
  expect(filmedMatrices(runOf([density(0, 4)]).series)).toEqual(['hessian']);
  const adam = runOf([eigenvalue('preconditionedSharpness', 0, 5), eigenvalue('sharpness', 0, 9), density(0, 4)]);
  expect(filmedMatrices(adam.series)).toEqual(['hessian', 'preconditioned']);
  const frame = frameAt(adam, 'preconditioned', 3);
  expect([frame.density, frame.lowest, frame.top]).toEqual([null, null, []]);
  expect(frame.sharpness).toMatchObject({ value: 5 });
});

test('top eigenvalues and their subspace are lines of their charts, with a band of the residual or the bound', () => {
  const run = runOf([top(0, [5, 4, 3, 2]), update(0), top(1, [6, 5, 4, 3])]);
  const lines = chartLines('topEigenvalues', [run], run.id, { bands: new Map() });
  expect(lines.filter(({ held }) => !held).map(({ name, quiet }) => [name, quiet])).toEqual([
    ['λ₁', false],
    ['λ₂', false],
    ['λ₃', false],
    ['λ₄', true],
  ]);
  const second = lines.find(({ name }) => name === 'λ₂')!;
  expect([second.values[0], second.values[1], second.error?.(1)]).toEqual([4, 5, 0.01]);
  const [overlap] = chartLines('subspaceOverlap', [run], run.id, { bands: new Map() });
  expect([overlap!.length, overlap!.steps[0], overlap!.values[0], overlap!.error?.(0)]).toEqual([1, 1, 0.9, 0.04]);
  const [share] = chartLines('gradientShare', [run], run.id, { bands: new Map() });
  expect([share!.values[0], share!.error?.(0)]).toEqual([0.5, 0.02]);
});

test('its numbers as arrays: rows of unlike length are filled up with NaN', () => {
  const arrays = movieArrays(runOf(records));
  expect(arrays.top_value).toEqual({ shape: [2, 3], data: Float64Array.of(5, 4, Number.NaN, 12, 11, 10) });
  expect(arrays.density_y!.shape).toEqual([2, 4]);
  expect(Array.from(arrays.sharpness_value!.data)).toEqual([5, 7]);
  expect(Array.from(arrays.update_learningRate!.data).at(-1)).toBe(0.2);
  expect(Object.keys(movieArrays(runOf([])))).toEqual([]);
});
