import type { layers } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { BadInput } from '../../../../core/bad-input.ts';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { layerTable, refusedLayers } from '../../../../core/models/tensorflow/layer-table.ts';
import { modelFromSpecification } from '../../../../core/models/tensorflow/model-from-specification.ts';
import { parameterLayoutOfModel } from '../../../../core/models/tensorflow/parameter-layout-of-model.ts';
import { initialTheta, thetaOfModel } from '../../../../core/models/tensorflow/theta.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { dot } from '../../../support/vectors.ts';
import { modelCases } from './model-cases.ts';

beforeAll(() => useBackend('cpu'));

type Layer = readonly [type: string, options?: Record<string, unknown>];

function build(inputShape: readonly number[], all: readonly Layer[], seed = 1) {
  const specification = { layers: all.map(([type, options = {}]) => ({ type, options })) };
  return modelFromSpecification(specification, inputShape, randomFromSeed(seed));
}

function refusal(inputShape: readonly number[], all: readonly Layer[]): string {
  try {
    build(inputShape, all);
  } catch (error) {
    if (error instanceof BadInput) return error.message;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

const dense: Layer = ['dense', { units: 3 }];

test.each<[name: string, shape: number[], layers: Layer[], message: string]>([
  [
    'a mistyped layer',
    [4],
    [['danse', {}]],
    'model.layers[0].danse: there is no layer named danse. Did you mean dense?',
  ],
  [
    'a mistyped option',
    [4],
    [dense, ['dense', { unitz: 3 }]],
    'model.layers[1].dense: unknown option unitz. Did you mean units?',
  ],
  ['a missing option', [4], [['dense', {}]], 'model.layers[0].dense: the option units is missing. Add units.'],
  ['a count below one', [4], [['dense', { units: 0 }]], 'model.layers[0].dense: units is 0. Give a positive integer.'],
  [
    'text for a number',
    [4],
    [['dense', { units: '3' }]],
    'model.layers[0].dense: units is "3". Give a positive integer.',
  ],
  [
    'an unknown activation',
    [4],
    [['dense', { units: 3, activation: 'tanhh' }]],
    'model.layers[0].dense: activation is "tanhh". Give one of elu',
  ],
  [
    'an unknown initialiser',
    [4],
    [['dense', { units: 3, kernelInitializer: 'he' }]],
    'model.layers[0].dense: kernelInitializer is "he". Give one of zeros',
  ],
  [
    'a penalty that is none',
    [4],
    [['dense', { units: 3, kernelRegularizer: { l3: 1 } }]],
    'model.layers[0].dense: kernelRegularizer is {"l3":1}. Give a penalty',
  ],
  [
    'a negative penalty',
    [4],
    [['dense', { units: 3, kernelRegularizer: { l2: -1 } }]],
    'kernelRegularizer is {"l2":-1}.',
  ],
  [
    'a dense layer on an image',
    [4, 4, 1],
    [dense],
    'model.layers[0].dense: its input has the shape [4, 4, 1], not one row of numbers an example. Put a flatten layer before it.',
  ],
  [
    'a convolution on a row',
    [4],
    [['conv2d', { filters: 2, kernelSize: 2 }]],
    'model.layers[0].conv2d: the layer cannot take an input of the shape [4]:',
  ],
  [
    'a kernel larger than the image',
    [3, 3, 1],
    [['conv2d', { filters: 2, kernelSize: 5 }]],
    'the output would have the shape [-1, -1, 2]. Use a smaller kernel',
  ],
  [
    'a layer made of layers',
    [4, 2],
    [['bidirectional', {}]],
    'model.layers[0].bidirectional: this layer is made of other layers, which a list of layers cannot say.',
  ],
  [
    'a state that is kept',
    [4, 2],
    [['lstm', { units: 3, stateful: true }]],
    'model.layers[0].lstm: unknown option stateful. Leave it out: what a layer answers may not depend on the batches',
  ],
  [
    'a recurrent layer on a row',
    [4],
    [['gru', { units: 3 }]],
    'model.layers[0].gru: the layer cannot take an input of the shape [4]:',
  ],
  ['a lambda', [4], [['lambda', {}]], 'model.layers[0].lambda: this layer runs code of its own'],
  ['a width that is drawn', [4, 4, 1], [['randomWidth', { factor: 0.1 }]], 'draws a new width at every call'],
  ['a joining layer', [4], [['add', {}]], 'joins several tensors'],
  [
    'channels first',
    [4, 4, 1],
    [['conv2d', { filters: 2, kernelSize: 2, dataFormat: 'channelsFirst' }]],
    'unknown option dataFormat. Leave it out and give images as height × width × channels.',
  ],
  ['a name of Object', [4], [['constructor', {}]], 'model.layers[0].constructor: there is no layer named constructor.'],
  [
    'an option of Object',
    [4],
    [['dense', { units: 3, toString: 1 }]],
    'model.layers[0].dense: unknown option toString.',
  ],
  [
    'a name used twice',
    [4],
    [
      ['dense', { units: 3, name: 'a' }],
      ['dense', { units: 3, name: 'a' }],
    ],
    'model.layers[1].dense: the name a is taken by a layer before it.',
  ],
  ['no layers', [4], [], 'model.layers: the list is empty.'],
])('%s is refused with its place', (_, shape, all, message) => {
  expect(refusal(shape, all)).toContain(message);
});

test('every refused layer is really one of tf.layers or lambda, and none is allowed at the same time', async () => {
  const { layers: factories } = await import('@tensorflow/tfjs-layers');
  for (const name of Object.keys(refusedLayers)) {
    expect(Object.hasOwn(layerTable, name), name).toBe(false);
    if (name !== 'lambda') expect(typeof (factories as Record<string, unknown>)[name], name).toBe('function');
  }
});

test('every layer of the table is in the table of models whose derivatives are checked', () => {
  const checked = new Set(modelCases.flatMap(({ layers: all }) => all.map(([type]) => type)));
  expect(Object.keys(layerTable).filter((type) => !checked.has(type))).toEqual([]);
});

describe('initial weights', () => {
  test('follow from the seed and the layer alone', () => {
    const first = initialTheta(build([4], [dense, dense], 1));
    expect(initialTheta(build([4], [dense, dense], 1))).toEqual(first);
    expect(initialTheta(build([4], [dense, dense], 2))).not.toEqual(first);
    const longer = initialTheta(build([4], [dense, dense, dense], 1));
    expect(longer.subarray(0, first.length)).toEqual(first);
  });

  test('the model holds them rounded to float32', () => {
    const model = build([4], [dense, ['batchNormalization'], dense]);
    expect(thetaOfModel(model)).toEqual(initialTheta(model).map(Math.fround));
    const normalization = model.getLayer('batchNormalization_1') as layers.Layer;
    expect(normalization.getWeights().map((weight) => Array.from(weight.dataSync()))).toEqual([
      [1, 1, 1],
      [0, 0, 0],
      [0, 0, 0],
      [1, 1, 1],
    ]);
  });

  test.each<[name: string, variance: number, limit: number]>([
    ['glorotUniform', 2 / (200 + 100), Math.sqrt(6 / 300)],
    ['glorotNormal', 2 / (200 + 100), Number.POSITIVE_INFINITY],
    ['heUniform', 2 / 200, Math.sqrt(6 / 200)],
    ['heNormal', 2 / 200, Number.POSITIVE_INFINITY],
    ['lecunUniform', 1 / 200, Math.sqrt(3 / 200)],
    ['leCunNormal', 1 / 200, Number.POSITIVE_INFINITY],
    ['fanInUniform', 1 / 600, Math.sqrt(1 / 200)],
    ['randomUniform', 0.05 ** 2 / 3, 0.05],
    ['randomNormal', 0.05 ** 2, Number.POSITIVE_INFINITY],
  ])('%s has its variance and its bounds', (kernelInitializer, variance, limit) => {
    const theta = initialTheta(build([200], [['dense', { units: 100, useBias: false, kernelInitializer }]]));
    const mean = theta.reduce((sum, x) => sum + x, 0) / theta.length;
    const square = theta.reduce((sum, x) => sum + x * x, 0) / theta.length;
    // 20,000 draws: the relative standard error of a variance is at most √(2/20000) = 1 %, that of the mean 0.7 % of σ.
    expect(Math.abs(square / variance - 1)).toBeLessThan(0.04);
    expect(Math.abs(mean)).toBeLessThan(0.03 * Math.sqrt(variance));
    expect(Math.max(...theta.map(Math.abs))).toBeLessThanOrEqual(limit);
    if (limit < 1) expect(Math.max(...theta.map(Math.abs))).toBeGreaterThan(0.99 * limit);
  });

  test('a bias with fanInUniform counts the inputs of its kernel; convolutions count their taps', () => {
    const options = { kernelInitializer: 'fanInUniform', biasInitializer: 'fanInUniform' };
    const model = build([9, 9, 4], [['conv2d', { filters: 500, kernelSize: 3, ...options }]]);
    const theta = initialTheta(model);
    const { blocks } = parameterLayoutOfModel(model);
    for (const { offset, size } of blocks) {
      const largest = Math.max(...theta.subarray(offset, offset + size).map(Math.abs));
      expect(largest).toBeLessThanOrEqual(1 / 6);
      expect(largest).toBeGreaterThan(0.98 / 6);
    }
  });

  test.each([
    [[60, 20], 'more rows'],
    [[20, 60], 'more columns'],
    [[20, 20], 'a square'],
  ])('orthogonal: rows or columns of %j are orthonormal, times the gain (%s)', ([inputs = 0, units = 0]) => {
    const options = { units, useBias: false, kernelInitializer: { orthogonal: { gain: 2 } } };
    const theta = initialTheta(build([inputs], [['dense', options]]));
    const vectors = Array.from({ length: Math.min(inputs, units) }, (_, k) =>
      inputs < units
        ? theta.subarray(k * units, (k + 1) * units)
        : Float64Array.from({ length: inputs }, (_, row) => theta[row * units + k] ?? Number.NaN),
    );
    for (const [i, a] of vectors.entries())
      for (const [j, b] of vectors.entries()) expect(Math.abs(dot(a, b) - (i === j ? 4 : 0))).toBeLessThan(1e-13);
  });

  test('orthogonal: the entries have the moments of a matrix that is uniform among the orthogonal ones', () => {
    const draws = Array.from({ length: 400 }, (_, seed) =>
      initialTheta(build([4], [['dense', { units: 4, useBias: false, kernelInitializer: 'orthogonal' }]], seed)),
    );
    // E q = 0, E q² = 1/n, E q⁴ = 3/(n(n + 2)), within four standard errors or more.
    const moment = (k: number) =>
      draws.reduce((sum, q) => sum + q.reduce((own, x) => own + x ** k, 0) / q.length, 0) / draws.length;
    expect(Math.abs(moment(1))).toBeLessThan(0.03);
    expect(moment(2)).toBeCloseTo(1 / 4, 12);
    expect(Math.abs(moment(4) - 3 / 24)).toBeLessThan(0.008);
    expect(Math.abs(draws.reduce((sum, q) => sum + (q[0] ?? 0), 0) / draws.length)).toBeLessThan(0.1);
  });

  test.each(['lstm', 'convLstm2d'])('%s: gates start with orthogonal steps and an open forget gate', (type) => {
    const [shape, size] = type === 'lstm' ? [[5, 3], { units: 3 }] : [[2, 4, 4, 1], { filters: 3, kernelSize: 1 }];
    const weights = (options: object) => {
      const model = build(shape as number[], [[type, { ...size, ...options }]]);
      const theta = initialTheta(model);
      return Object.fromEntries(
        parameterLayoutOfModel(model).blocks.map(({ name, offset, size: length }) => [
          name.split('/').at(-1),
          Array.from(theta.subarray(offset, offset + length)),
        ]),
      );
    };
    const open = weights({});
    expect(open.bias).toEqual([0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
    expect(weights({ biasInitializer: 'ones' }).bias).toEqual(new Array(12).fill(1));
    expect(weights({ unitForgetBias: false }).bias).toEqual(new Array(12).fill(0));
    const rows = [0, 1, 2].map((row) => open.recurrent_kernel!.slice(12 * row, 12 * (row + 1)));
    for (const [i, a] of rows.entries())
      for (const [j, b] of rows.entries()) expect(Math.abs(dot(a, b) - (i === j ? 1 : 0))).toBeLessThan(1e-14);
  });

  test('constants, ones and parameters are taken as given', () => {
    const options = { kernelInitializer: { constant: { value: 0.25 } }, biasInitializer: 'ones' };
    expect(initialTheta(build([2], [['dense', { units: 1, ...options }]]))).toEqual(Float64Array.of(0.25, 0.25, 1));
    const narrow = { kernelInitializer: { randomUniform: { minval: 2, maxval: 2.5 } }, useBias: false };
    for (const x of initialTheta(build([2], [['dense', { units: 20, ...narrow }]]))) {
      expect(x).toBeGreaterThanOrEqual(2);
      expect(x).toBeLessThan(2.5);
    }
  });
});
