import '../../../support/float64-realm-first.ts';

import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { BadInput } from '../../../../core/bad-input.ts';
import type { Dataset } from '../../../../core/data/dataset.ts';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { modelFromSpecification } from '../../../../core/models/tensorflow/model-from-specification.ts';
import {
  type TensorflowObjectiveOptions,
  tensorflowObjective,
} from '../../../../core/models/tensorflow/tensorflow-objective.ts';
import { initialTheta } from '../../../../core/models/tensorflow/theta.ts';
import { checkObjective } from '../../../../core/objective/checked.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { drawTheta, functionalGraphs } from './functional-graphs.ts';

beforeAll(() => useBackend('cpu'));

type Layer = readonly [type: string, options?: Record<string, unknown>];
const network: readonly Layer[] = [
  ['dense', { units: 5, activation: 'tanh', kernelRegularizer: { l2: 0.01 } }],
  ['dense', { units: 3 }],
];

function modelOf(layers: readonly Layer[]) {
  const specification = { layers: layers.map(([type, options = {}]) => ({ type, options })) };
  return modelFromSpecification(specification, [6], randomFromSeed(1));
}

function drawnData(examples: number, seed = 2): Dataset {
  const rng = randomFromSeed(seed);
  const inputs = rng.fill(new Float64Array(examples * 6), 'normal');
  const labels = Int32Array.from({ length: examples }, () => rng.integer(3));
  return {
    name: 'drawn',
    examples,
    inputShape: [6],
    inputs,
    targets: { kind: 'classes', classes: 3, labels },
    source: '',
  };
}

function objectiveOf(more: Partial<TensorflowObjectiveOptions> = {}, layers = network) {
  const model = more.model ?? modelOf(layers);
  const options = { model, data: drawnData(30), loss: 'softmaxCrossEntropy', space: 'host', ...more } as const;
  const objective = tensorflowObjective(options);
  return { objective, model, theta: objective.space.fromHost(initialTheta(model)) };
}

const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (x, i) => Math.abs(x - (b[i] ?? Number.NaN))));

describe('data in parts', () => {
  test('are the whole: losses, gradient, all products', async () => {
    const whole = objectiveOf();
    // Some 14 numbers an example, ten copies of eight bytes: eight examples fit, so that there are four parts.
    const parts = objectiveOf({ memoryBytes: 9000 });
    const { space } = whole.objective;
    const v = space.random(randomFromSeed(3), 'normal');
    const ask = { perExample: true, outputs: true };
    const [a, b] = [await whole.objective.evaluate(whole.theta, ask), await parts.objective.evaluate(parts.theta, ask)];
    expect(b.loss).toBeCloseTo(a.loss, 13);
    expect(distance(b.perExample ?? [], a.perExample ?? [])).toBeLessThan(1e-13);
    expect(distance(b.outputs?.data ?? [], a.outputs?.data ?? [])).toBeLessThan(1e-13);
    const [at, inParts] = [await whole.objective.linearize(whole.theta), await parts.objective.linearize(parts.theta)];
    expect(inParts.loss).toBeCloseTo(at.loss, 13);
    expect(distance(inParts.gradient, at.gradient)).toBeLessThan(1e-14);
    expect(distance((await parts.objective.gradient(parts.theta)).gradient, at.gradient)).toBeLessThan(1e-14);
    expect(distance(await inParts.hessianProduct(v), await at.hessianProduct(v))).toBeLessThan(1e-13);
    const jv = (await at.jacobianProduct?.(v)) ?? { rows: 0, columns: 0, data: new Float64Array(0) };
    expect(distance((await inParts.jacobianProduct?.(v))?.data ?? [], jv.data)).toBeLessThan(1e-13);
    for (const product of ['gaussNewtonProduct', 'jacobianTransposeProduct'] as const) {
      const vector = (product === 'gaussNewtonProduct' ? v : jv) as never;
      expect(
        distance((await inParts[product]?.(vector)) ?? [], (await at[product]?.(vector)) ?? [Number.NaN]),
      ).toBeLessThan(1e-12);
    }
    const plane = { rows: 2, columns: 1, data: Float64Array.of(0.1, -0.2) };
    const losses = [
      await parts.objective.losses(parts.theta, [v], plane),
      await whole.objective.losses(whole.theta, [v], plane),
    ];
    expect(distance(losses[0] ?? [], losses[1] ?? [])).toBeLessThan(1e-13);
  });

  test('are refused in training mode where a layer sees the whole batch', () => {
    const layers: Layer[] = [['dense', { units: 5 }], ['batchNormalization'], ['dense', { units: 3 }]];
    expect(() => objectiveOf({ memoryBytes: 9000, mode: 'training' }, layers)).toThrow(
      /in training mode the layer batchNormalization_1 sees the whole batch/,
    );
    objectiveOf({ memoryBytes: 9000, mode: 'inference' }, layers);
    objectiveOf({ memoryBytes: 9000, mode: 'training' });
  });
});

describe('batches', () => {
  const keys = [0, 1, 2].map((k) => Int32Array.from({ length: 10 }, (_, i) => 3 * i + k));

  test('of equal size average to the whole, also with their Hessian products', async () => {
    const { objective, theta } = objectiveOf();
    const { space } = objective;
    const v = space.random(randomFromSeed(3), 'normal');
    const at = await objective.linearize(theta);
    const gradients = await Promise.all(keys.map(async (key) => (await objective.gradient(theta, key)).gradient));
    const products = await Promise.all(
      keys.map(async (key) => (await objective.linearize(theta, key)).hessianProduct(v)),
    );
    const third = Float64Array.of(1 / 3, 1 / 3, 1 / 3);
    expect(distance(space.combine(gradients, third), at.gradient)).toBeLessThan(1e-14);
    expect(distance(space.combine(products, third), await at.hessianProduct(v))).toBeLessThan(1e-13);
  });

  test('may repeat examples and keep their order', async () => {
    const { objective, theta } = objectiveOf({}, [['dense', { units: 3 }]]);
    const all = (await objective.evaluate(theta, { perExample: true })).perExample ?? new Float64Array(0);
    const { perExample, loss } = await objective.evaluate(theta, { perExample: true, batch: Int32Array.of(7, 2, 7) });
    expect(distance(perExample ?? [], [all[7] ?? 0, all[2] ?? 0, all[7] ?? 0])).toBeLessThan(1e-15);
    expect(loss).toBeCloseTo((2 * (all[7] ?? 0) + (all[2] ?? 0)) / 3, 14);
    await expect(objective.evaluate(theta, { batch: Int32Array.of(30) })).rejects.toThrow(RangeError);
    await expect(objective.evaluate(theta, { batch: new Int32Array(0) })).rejects.toThrow(RangeError);
  });

  test('fix the mask of dropout: the same batch twice is the same function, another batch another mask', async () => {
    const layers: Layer[] = [
      ['dropout', { rate: 0.5 }],
      ['dense', { units: 3 }],
    ];
    const { objective, theta } = objectiveOf({ mode: 'training' }, layers);
    const once = await objective.evaluate(theta, { batch: Int32Array.of(1, 1, 1, 1), perExample: true });
    const again = await objective.evaluate(theta, { batch: Int32Array.of(1, 1, 1, 1), perExample: true });
    expect(again.perExample).toEqual(once.perExample);
    expect(new Set(once.perExample).size).toBeGreaterThan(1);
    const longer = await objective.evaluate(theta, { batch: Int32Array.of(1, 1, 1, 1, 2), perExample: true });
    expect(longer.perExample?.subarray(0, 4)).not.toEqual(once.perExample);
  });
});

test('the sum over examples is n times the mean, standard error and derivatives alike; error rate is not', async () => {
  const mean = objectiveOf({}, [['dense', { units: 3 }]]);
  const sum = objectiveOf({ overExamples: 'sum' }, [['dense', { units: 3 }]]);
  const [a, b] = [
    await mean.objective.evaluate(mean.theta, { perExample: true }),
    await sum.objective.evaluate(sum.theta),
  ];
  expect(b.loss / a.loss).toBeCloseTo(30, 12);
  expect(b.standardError / a.standardError).toBeCloseTo(30, 12);
  expect(b.error).toBe(a.error);
  const losses = a.perExample ?? new Float64Array(0);
  const average = losses.reduce((total, loss) => total + loss, 0) / 30;
  const variance = losses.reduce((total, loss) => total + (loss - average) ** 2, 0) / 29;
  expect(a.standardError).toBeCloseTo(Math.sqrt(variance / 30), 14);
  const gradients = [await mean.objective.gradient(mean.theta), await sum.objective.gradient(sum.theta)];
  expect(
    distance(
      gradients[1]?.gradient ?? [],
      (gradients[0]?.gradient ?? new Float64Array(0)).map((g) => 30 * g),
    ),
  ).toBeLessThan(1e-12);
  expect(sum.objective.convention.formula).toBe('L(θ) = Σᵢ −log softmax(fᵢ)[yᵢ]');
});

test('the error rate counts the examples whose largest output is not the class; values have none', async () => {
  const { objective, theta } = objectiveOf();
  const { error, outputs } = await objective.evaluate(theta, { outputs: true });
  const data = drawnData(30);
  const labels = data.targets.kind === 'classes' ? data.targets.labels : new Int32Array(0);
  const wrong = Array.from(labels, (label, i) => {
    const row = Array.from(outputs?.data.subarray(3 * i, 3 * i + 3) ?? []);
    return row.indexOf(Math.max(...row)) === label ? 0 : 1;
  }).reduce<number>((total, miss) => total + miss, 0);
  expect(error).toBe(wrong / 30);
  const values = { ...data, targets: { kind: 'values', width: 3, values: new Float64Array(90) } } as const;
  const regression = objectiveOf({ data: values, loss: 'meanSquaredError' });
  expect((await regression.objective.evaluate(regression.theta)).error).toBeNull();
});

test('other data share the model and own their tensors', async () => {
  const { objective, model, theta } = objectiveOf();
  const other = objective.withData?.(drawnData(8, 9));
  const fresh = objectiveOf({ model, data: drawnData(8, 9) });
  expect(other?.examples).toBe(8);
  expect((await other?.evaluate(theta))?.loss).toBe((await fresh.objective.evaluate(theta)).loss);
  await objective.evaluate(theta);
  const before = memory().numTensors;
  other?.dispose();
  fresh.objective.dispose();
  expect(memory().numTensors).toBe(before - 4);
  objective.dispose();
  expect(memory().numTensors).toBe(before - 6);
  await expect(objective.evaluate(theta)).rejects.toThrow(/disposed/);
});

test.each<[name: string, more: Partial<TensorflowObjectiveOptions>, message: RegExp]>([
  [
    'another input shape',
    { data: { ...drawnData(4), inputShape: [2, 3] } },
    /takes inputs of the shape \[6\], but drawn has \[2, 3\]/,
  ],
  [
    'another number of classes',
    { data: { ...drawnData(4), targets: { kind: 'classes', classes: 4, labels: new Int32Array(4) } } },
    /3 outputs, but drawn has 4 classes/,
  ],
  [
    'cross-entropy of values',
    { data: { ...drawnData(4), targets: { kind: 'values', width: 3, values: new Float64Array(12) } } },
    /Cross-entropy needs classes/,
  ],
  [
    'a label outside the classes',
    { data: { ...drawnData(4), targets: { kind: 'classes', classes: 3, labels: Int32Array.of(0, 1, 3, 0) } } },
    /has the label 3/,
  ],
  ['no examples', { data: { ...drawnData(0) } }, /is empty/],
])('%s is refused', (_, more, message) => {
  expect(() => objectiveOf(more)).toThrow(BadInput);
  expect(() => objectiveOf(more)).toThrow(message);
});

test('a vector of another length, an example that is not there: nothing is left of the attempt', async () => {
  const { objective, theta } = objectiveOf();
  // Programs are made at first use and stay as long as the objective.
  (await objective.linearize(theta)).dispose();
  const before = memory().numTensors;
  const short = theta.subarray(1);
  const outside = Int32Array.of(30);
  await expect(objective.evaluate(short)).rejects.toThrow(RangeError);
  await expect(objective.linearize(short)).rejects.toThrow(RangeError);
  await expect(objective.gradient(theta, outside)).rejects.toThrow(RangeError);
  await expect(objective.linearize(theta, outside)).rejects.toThrow(RangeError);
  const plane = { rows: 1, columns: 1, data: Float64Array.of(1) };
  await expect(objective.losses(theta, [short], plane)).rejects.toThrow(RangeError);
  await expect(objective.losses(theta, [theta], plane, outside)).rejects.toThrow(RangeError);
  const at = await objective.linearize(theta);
  await expect(at.hessianProduct(short)).rejects.toThrow(RangeError);
  at.dispose();
  expect(memory().numTensors).toBe(before);
});

test.each(functionalGraphs)('$name: derivatives fit the loss and each other', async ({ build }) => {
  const model = build();
  const { objective } = objectiveOf({ model });
  const theta = objective.space.fromHost(drawTheta(model, randomFromSeed(5)));
  const { status, value } = await checkObjective(objective, theta, randomFromSeed(6));
  expect(value.items.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
  expect(status).toBe('converged');
});
