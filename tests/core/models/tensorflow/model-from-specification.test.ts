import type { layers } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { BadInput } from '../../../../core/bad-input.ts';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { layerTable, refusedLayers } from '../../../../core/models/tensorflow/layer-table.ts';
import { modelFromSpecification } from '../../../../core/models/tensorflow/model-from-specification.ts';
import { parameterLayoutOfModel } from '../../../../core/models/tensorflow/parameter-layout-of-model.ts';
import { initialTheta, thetaOfModel } from '../../../../core/models/tensorflow/theta.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
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
    'a recurrent layer',
    [4, 2],
    [['lstm', { units: 3 }]],
    'model.layers[0].lstm: this layer is recurrent, and recurrent layers are not supported yet.',
  ],
  ['a lambda', [4], [['lambda', {}]], 'model.layers[0].lambda: this layer runs code of its own'],
  ['noise without a seed', [4], [['gaussianNoise', { stddev: 1 }]], 'draws noise without a seed'],
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
