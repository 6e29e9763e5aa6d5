import { input, layers, model } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { modelFromSpecification } from '../../../../core/models/tensorflow/model-from-specification.ts';
import { parameterLayoutOfModel } from '../../../../core/models/tensorflow/parameter-layout-of-model.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

beforeAll(() => useBackend('cpu'));

type Layer = readonly [type: string, options?: Record<string, unknown>];

function layoutOf(inputShape: readonly number[], all: readonly Layer[]) {
  const specification = { layers: all.map(([type, options = {}]) => ({ type, options })) };
  return parameterLayoutOfModel(modelFromSpecification(specification, inputShape, randomFromSeed(1)));
}

test('blocks follow each other without holes, named by layer and weight, with role and filter axis', () => {
  const layout = layoutOf(
    [8, 8, 3],
    [
      ['conv2d', { filters: 5, kernelSize: [3, 2] }],
      ['batchNormalization'],
      ['depthwiseConv2d', { kernelSize: 2, useBias: false }],
      ['depthwiseConv2d', { kernelSize: 2, depthMultiplier: 2 }],
      ['conv2dTranspose', { filters: 4, kernelSize: 2 }],
      ['separableConv2d', { filters: 6, kernelSize: 2 }],
      ['flatten'],
      ['dense', { units: 7 }],
      ['prelu'],
    ],
  );
  expect(layout.blocks.map(({ name, role, shape, filterAxis }) => [name, role, shape.join('×'), filterAxis])).toEqual([
    ['conv2d_1/kernel', 'kernel', '3×2×3×5', 3],
    ['conv2d_1/bias', 'bias', '5', null],
    ['batchNormalization_1/gamma', 'gain', '5', null],
    ['batchNormalization_1/beta', 'shift', '5', null],
    ['depthwiseConv2d_1/depthwise_kernel', 'kernel', '2×2×5×1', 2],
    ['depthwiseConv2d_2/depthwise_kernel', 'kernel', '2×2×5×2', null],
    ['depthwiseConv2d_2/bias', 'bias', '10', null],
    ['conv2dTranspose_1/kernel', 'kernel', '2×2×4×10', 2],
    ['conv2dTranspose_1/bias', 'bias', '4', null],
    ['separableConv2d_1/depthwise_kernel', 'kernel', '2×2×4×1', 2],
    ['separableConv2d_1/pointwise_kernel', 'kernel', '1×1×4×6', 3],
    ['separableConv2d_1/bias', 'bias', '6', null],
    ['dense_1/kernel', 'kernel', '120×7', 1],
    ['dense_1/bias', 'bias', '7', null],
    ['prelu_1/alpha', 'other', '7', null],
  ]);
  let offset = 0;
  for (const block of layout.blocks) {
    expect(block.offset).toBe(offset);
    offset += block.size;
  }
  expect(layout.dim).toBe(offset);
});

test('the dense kernel behind a flatten knows the image, through dropout and activations', () => {
  const layout = layoutOf(
    [4, 5, 2],
    [
      ['flatten'],
      ['batchNormalization'],
      ['dropout', { rate: 0.5 }],
      ['activation', { activation: 'relu' }],
      ['dense', { units: 3 }],
      ['dense', { units: 2 }],
    ],
  );
  const from = Object.fromEntries(layout.blocks.map(({ name, flattenedFrom }) => [name, flattenedFrom]));
  expect(from['dense_1/kernel']).toEqual([4, 5, 2]);
  expect(from['batchNormalization_1/gamma']).toEqual([4, 5, 2]);
  expect(from['dense_1/bias']).toBeUndefined();
  expect(from['dense_2/kernel']).toBeUndefined();
});

test('shared weights appear once, frozen weights not at all', () => {
  const x = input({ shape: [3], name: 'x' });
  const shared = layers.dense({ units: 3, name: 'shared' });
  const frozen = layers.dense({ units: 3, name: 'frozen', trainable: false });
  const y = layers.dense({ units: 2, name: 'last' }).apply(frozen.apply(shared.apply(shared.apply(x))));
  const layout = parameterLayoutOfModel(model({ inputs: x, outputs: y as ReturnType<typeof input> }));
  expect(layout.blocks.map(({ name }) => name)).toEqual(['shared/kernel', 'shared/bias', 'last/kernel', 'last/bias']);
  expect(layout.dim).toBe(9 + 3 + 6 + 2);
});
