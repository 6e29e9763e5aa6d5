import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { elementCount, type NumericArray } from '../../../core/formats/numeric-array.ts';
import { readSafetensors, writeSafetensors } from '../../../core/formats/safetensors.ts';
import { fromPytorch, outsideShape } from '../../../core/models/pytorch-order.ts';
import { parameterLayoutOfModel } from '../../../core/models/tensorflow/parameter-layout-of-model.ts';
import {
  matchWeights,
  naturalOrder,
  weightsFromOutside,
  weightsToOutside,
} from '../../../core/models/weights-from-outside.ts';
import {
  type ParameterBlock,
  type ParameterLayout,
  type ParameterRole,
  parameterLayout,
} from '../../../core/objective/parameter-layout.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';

type Spec = readonly [name: string, role: ParameterRole, shape: readonly number[], flattenedFrom?: readonly number[]];

const layoutOf = (...blocks: readonly Spec[]): ParameterLayout =>
  parameterLayout(
    blocks.map(([name, role, shape, flattenedFrom]) => ({
      name,
      layer: name.slice(0, name.lastIndexOf('/')),
      role,
      shape,
      filterAxis: null,
      ...(flattenedFrom ? { flattenedFrom } : {}),
    })),
  );

const filled = (shape: readonly number[], from = 0): NumericArray => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from({ length: elementCount(shape) }, (_, i) => from + i),
});

const tensors = (list: Record<string, readonly number[]>): Map<string, NumericArray> => {
  let from = 0;
  return new Map(
    Object.entries(list).map(([name, shape]) => {
      const tensor = filled(shape, from);
      from += 1000;
      return [name, tensor];
    }),
  );
};

const blockOf = (spec: Spec): ParameterBlock => layoutOf(spec).blocks[0]!;
const dense = (layer: string, inputs: number, outputs: number): Spec[] => [
  [`${layer}/kernel`, 'kernel', [inputs, outputs]],
  [`${layer}/bias`, 'bias', [outputs]],
];
/** Whole numbers from −5 to 5, so that every sum below is exact in float32. */
function wholeNumbers(shape: readonly number[], seed: number): NumericArray {
  const rng = randomFromSeed(seed);
  return {
    dtype: 'float32',
    shape,
    data: Float32Array.from({ length: elementCount(shape) }, () => rng.integer(11) - 5),
  };
}

it('refuses recurrent layers in the layout of PyTorch, which keeps two biases where θ has one', () => {
  const layout = layoutOf(
    ['lstm_1/kernel', 'kernel', [3, 8]],
    ['lstm_1/recurrent_kernel', 'kernel', [2, 8]],
    ['lstm_1/bias', 'bias', [8]],
  );
  const file = tensors({ 'lstm.weight_ih_l0': [8, 3], 'lstm.weight_hh_l0': [8, 2], 'lstm.bias_ih_l0': [8] });
  expect(() => matchWeights(file, layout, 'pytorch')).toThrow(
    /The layer "lstm_1" has the blocks "lstm_1\/kernel" and "lstm_1\/recurrent_kernel".* Give the weights in the layout tensorflow/s,
  );
  const own = tensors({ 'lstm/kernel': [3, 8], 'lstm/recurrent_kernel': [2, 8], 'lstm/bias': [8] });
  expect(matchWeights(own, layout, 'tensorflow').matched.map(({ tensor }) => tensor)).toEqual([...own.keys()]);
});

describe("PyTorch's order, by the definitions of its layers against TensorFlow's operations", () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('conv1d: out[o, t] = Σ w[o, i, k] x[i, t + k]', () => {
    const [inputs, outputs, width, length] = [3, 4, 2, 6];
    const weight = wholeNumbers([outputs, inputs, width], 1);
    const block = blockOf(['c/kernel', 'kernel', [width, inputs, outputs]]);
    expect(outsideShape(block, 'kernel')).toEqual(weight.shape);
    const x = wholeNumbers([length, inputs], 2);
    const kernel = tf.tensor3d(Float32Array.from(fromPytorch(weight, block, 'kernel')), [width, inputs, outputs]);
    const out = tf.conv1d(tf.tensor3d(x.data as Float32Array, [1, length, inputs]), kernel, 1, 'valid').dataSync();
    for (let t = 0; t < length - width + 1; t++) {
      for (let o = 0; o < outputs; o++) {
        let sum = 0;
        for (let i = 0; i < inputs; i++)
          for (let k = 0; k < width; k++)
            sum += weight.data[(o * inputs + i) * width + k]! * x.data[(t + k) * inputs + i]!;
        expect(out[t * outputs + o]).toBe(sum);
      }
    }
  });

  it('depthwise conv2d (groups = channels): out[c·M + m] = Σ w[c·M + m, 0, h, w] x[c]', () => {
    const [channels, multiplier, size, side] = [3, 2, 2, 4];
    const weight = wholeNumbers([channels * multiplier, 1, size, size], 3);
    const block = blockOf(['d/depthwise_kernel', 'kernel', [size, size, channels, multiplier]]);
    expect(outsideShape(block, 'depthwise_kernel')).toEqual(weight.shape);
    const x = wholeNumbers([side, side, channels], 4);
    const kernel = tf.tensor4d(Float32Array.from(fromPytorch(weight, block, 'depthwise_kernel')), [
      size,
      size,
      channels,
      multiplier,
    ]);
    const out = tf
      .depthwiseConv2d(tf.tensor4d(x.data as Float32Array, [1, side, side, channels]), kernel, 1, 'valid')
      .dataSync();
    const last = side - size + 1;
    for (let r = 0; r < last; r++) {
      for (let q = 0; q < last; q++) {
        for (let o = 0; o < channels * multiplier; o++) {
          let sum = 0;
          for (let h = 0; h < size; h++)
            for (let w = 0; w < size; w++)
              sum +=
                weight.data[(o * size + h) * size + w]! *
                x.data[((r + h) * side + q + w) * channels + Math.floor(o / multiplier)]!;
          expect(out[(r * last + q) * channels * multiplier + o]).toBe(sum);
        }
      }
    }
  });

  it('transposed conv2d, stride 2: out[o, 2r + h, 2q + w] += w[i, o, h, w] x[i, r, q]', () => {
    const [inputs, outputs, size, side, stride] = [2, 3, 3, 3, 2];
    const weight = wholeNumbers([inputs, outputs, size, size], 5);
    const block = blockOf(['t/kernel', 'kernel', [size, size, outputs, inputs]]);
    expect(outsideShape(block, 'kernel')).toEqual(weight.shape);
    const x = wholeNumbers([side, side, inputs], 6);
    const big = (side - 1) * stride + size;
    const kernel = tf.tensor4d(Float32Array.from(fromPytorch(weight, block, 'kernel')), [size, size, outputs, inputs]);
    const out = tf
      .conv2dTranspose(
        tf.tensor4d(x.data as Float32Array, [1, side, side, inputs]),
        kernel,
        [1, big, big, outputs],
        stride,
        'valid',
      )
      .dataSync();
    const wanted = new Float64Array(big * big * outputs);
    for (let r = 0; r < side; r++)
      for (let q = 0; q < side; q++)
        for (let i = 0; i < inputs; i++)
          for (let o = 0; o < outputs; o++)
            for (let h = 0; h < size; h++)
              for (let w = 0; w < size; w++)
                wanted[((stride * r + h) * big + stride * q + w) * outputs + o]! +=
                  weight.data[((i * outputs + o) * size + h) * size + w]! * x.data[(r * side + q) * inputs + i]!;
    expect([...out]).toEqual([...wanted]);
  });

  it('dense behind a flatten of (H, W, C): input h, w, c is column c·H·W + h·W + w', () => {
    const [height, width, channels, outputs] = [2, 3, 4, 5];
    const count = height * width * channels;
    const weight = filled([outputs, count]);
    const kernel = fromPytorch(
      weight,
      blockOf(['f/kernel', 'kernel', [count, outputs], [height, width, channels]]),
      'kernel',
    );
    for (let h = 0; h < height; h++)
      for (let w = 0; w < width; w++)
        for (let c = 0; c < channels; c++)
          for (let o = 0; o < outputs; o++)
            expect(kernel[((h * width + w) * channels + c) * outputs + o]).toBe(
              weight.data[o * count + (c * height + h) * width + w],
            );
  });

  it('a gain behind a flatten is permuted in the same way; a bias never', () => {
    const gain = fromPytorch(filled([6]), blockOf(['n/gamma', 'gain', [6], [3, 2]]), 'gamma');
    expect([...gain]).toEqual([0, 3, 1, 4, 2, 5]);
    expect([...fromPytorch(filled([6]), blockOf(['n/bias', 'bias', [6]]), 'bias')]).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('matching', () => {
  it('numbers in names compare as numbers', () => {
    const names = ['fc10', 'fc2', 'fc1', 'a.10.b', 'a.9.c', 'a.9.b', '', 'fc'];
    expect(names.sort(naturalOrder)).toEqual(['', 'a.9.b', 'a.9.c', 'a.10.b', 'fc', 'fc1', 'fc2', 'fc10']);
  });

  it('natural order is a total order', () => {
    const words = fc
      .array(fc.constantFrom('a', 'b', '1', '2', '10', '02', '.'), { maxLength: 5 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(words, words, words, (a, b, c) => {
        expect(Math.sign(naturalOrder(a, b))).toBe(-Math.sign(naturalOrder(b, a)) + 0);
        if (naturalOrder(a, b) <= 0 && naturalOrder(b, c) <= 0) expect(naturalOrder(a, c)).toBeLessThanOrEqual(0);
        expect(naturalOrder(a, b) === 0).toBe(a === b);
      }),
      { numRuns: 2000 },
    );
  });

  it('eleven equal layers in a scrambled file come in the order of their numbers', () => {
    const layers = Array.from({ length: 11 }, (_, i) => `dense_${i}`);
    const layout = layoutOf(...layers.flatMap((layer) => dense(layer, 2, 2)));
    const numbers = [10, 1, 11, 3, 2, 5, 4, 9, 6, 8, 7];
    const file = new Map(
      numbers.flatMap((n): [string, NumericArray][] => [
        [`fc${n}.weight`, filled([2, 2], 10 * n)],
        [`fc${n}.bias`, filled([2], 1000 * n)],
      ]),
    );
    const { theta, matched } = matchWeights(file, layout, 'pytorch');
    for (let n = 1; n <= 11; n++) {
      expect([...theta.subarray(6 * (n - 1), 6 * n)]).toEqual([
        10 * n,
        10 * n + 2,
        10 * n + 1,
        10 * n + 3,
        1000 * n,
        1000 * n + 1,
      ]);
    }
    expect(matched[2]).toEqual({ tensor: 'fc2.weight', block: 'dense_1/kernel' });
  });

  it('layers of different shapes are found whatever their names', () => {
    const layout = layoutOf(...dense('dense_1', 4, 3), ...dense('dense_2', 3, 2));
    const file = tensors({ 'alpha.weight': [2, 3], 'alpha.bias': [2], 'zeta.weight': [3, 4], 'zeta.bias': [3] });
    expect(matchWeights(file, layout, 'pytorch').matched.map(({ tensor }) => tensor)).toEqual([
      'zeta.weight',
      'zeta.bias',
      'alpha.weight',
      'alpha.bias',
    ]);
  });

  it('batch normalisation: weight and bias are gain and shift, running statistics are listed as not used', () => {
    const layout = layoutOf(
      ['conv/kernel', 'kernel', [3, 3, 1, 2]],
      ['bn/gamma', 'gain', [2]],
      ['bn/beta', 'shift', [2]],
    );
    const file = tensors({
      'conv1.weight': [2, 1, 3, 3],
      'bn1.weight': [2],
      'bn1.bias': [2],
      'bn1.running_mean': [2],
      'bn1.running_var': [2],
      'bn1.num_batches_tracked': [],
    });
    const { theta, unused } = matchWeights(file, layout, 'pytorch');
    expect([...theta.subarray(18)]).toEqual([1000, 1001, 2000, 2001]);
    expect(unused).toEqual(['bn1.running_mean', 'bn1.running_var', 'bn1.num_batches_tracked']);
  });

  it('an embedding is laid out alike on both sides', () => {
    const layout = layoutOf(['e/embeddings', 'embedding', [5, 3]]);
    expect([...weightsFromOutside(tensors({ 'emb.weight': [5, 3] }), layout, 'pytorch')]).toEqual([
      ...filled([5, 3]).data,
    ]);
  });

  it('TensorFlow names: slashes, a ":0" at the end, moving averages', () => {
    const layout = layoutOf(...dense('dense_1', 2, 3), ['bn/gamma', 'gain', [3]], ['bn/beta', 'shift', [3]]);
    const file = tensors({
      'model/dense_7/kernel:0': [2, 3],
      'model/dense_7/bias:0': [3],
      'model/batch_normalization/gamma:0': [3],
      'model/batch_normalization/beta:0': [3],
      'model/batch_normalization/moving_mean:0': [3],
    });
    const { theta, unused } = matchWeights(file, layout, 'tensorflow');
    expect([...theta.subarray(0, 6)]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(unused).toEqual(['model/batch_normalization/moving_mean:0']);
  });

  it('groups of one shape are told apart by the names of the layers, in any order of the file', () => {
    const layout = layoutOf(...dense('encoder', 2, 2), ...dense('decoder', 2, 2));
    const file = tensors({
      'decoder.weight': [2, 2],
      'decoder.bias': [2],
      'encoder.weight': [2, 2],
      'encoder.bias': [2],
    });
    expect(matchWeights(file, layout, 'pytorch').matched.map(({ tensor }) => tensor)).toEqual([
      'encoder.weight',
      'encoder.bias',
      'decoder.weight',
      'decoder.bias',
    ]);
  });
});

describe('what does not fit in exactly one way is refused, naming both sides', () => {
  const two = layoutOf(...dense('dense_1', 4, 3), ...dense('dense_2', 3, 2));
  const fits = { 'fc1.weight': [3, 4], 'fc1.bias': [3], 'fc2.weight': [2, 3], 'fc2.bias': [2] };
  const rows: readonly (readonly [string, ParameterLayout, Record<string, readonly number[]>, RegExp])[] = [
    [
      'a layer too few',
      two,
      { 'fc1.weight': [3, 4], 'fc1.bias': [3] },
      /The file has nothing; the model, in the layout pytorch, wants "dense_2" \(bias 2, weight 2×3\)/,
    ],
    ['a layer too many', two, { ...fits, 'fc3.weight': [2, 2] }, /has "fc3" \(weight 2×2\);.*wants nothing/],
    [
      'another width',
      two,
      { ...fits, 'fc2.weight': [2, 5] },
      /"fc2" \(bias 2, weight 2×5\).*"dense_2" \(bias 2, weight 2×3\)/,
    ],
    [
      'no bias',
      two,
      { 'fc1.weight': [3, 4], 'fc2.weight': [2, 3], 'fc2.bias': [2] },
      /"fc1" \(weight 3×4\).*"dense_1" \(bias 3, weight 3×4\)/,
    ],
    [
      'a name that means nothing',
      two,
      { ...fits, 'fc2.weight_ih': [2, 3] },
      /"fc2" \(bias 2, weight 2×3, weight_ih 2×3\)/,
    ],
    ['no tensors', two, {}, /The file has nothing/],
    [
      'the other layout',
      two,
      { 'a.weight': [4, 3], 'a.bias': [3], 'b.weight': [3, 2], 'b.bias': [2] },
      /"a" \(bias 3, weight 4×3\)/,
    ],
    [
      'the same shape under names without an order',
      layoutOf(...dense('dense_1', 2, 2), ...dense('dense_2', 2, 2)),
      { 'encoder.weight': [2, 2], 'encoder.bias': [2], 'decoder.weight': [2, 2], 'decoder.bias': [2] },
      /"decoder", "encoder" \(bias 2, weight 2×2\) fit the layers "dense_1", "dense_2" in any order/,
    ],
    [
      'equal shapes in classifier.0 and features.0',
      layoutOf(...dense('dense_1', 2, 2), ...dense('dense_2', 2, 2)),
      { 'classifier.0.weight': [2, 2], 'classifier.0.bias': [2], 'features.0.weight': [2, 2], 'features.0.bias': [2] },
      /in any order/,
    ],
    ['one tensor twice', two, { ...fits, 'fc1/weight': [3, 4] }, /"fc1\/weight" and "fc1\.weight" mean the same/],
    [
      'a layer of two kernels',
      layoutOf(['s/depthwise_kernel', 'kernel', [3, 3, 2, 1]], ['s/pointwise_kernel', 'kernel', [1, 1, 2, 4]]),
      fits,
      /layer "s" has the blocks "s\/depthwise_kernel" and "s\/pointwise_kernel"/,
    ],
    ['control characters in a name', two, { ...fits, '\u001b[31m.weight': [1] }, /"\\u\{1b\}\[31m"/],
  ];
  for (const [title, layout, file, message] of rows) {
    it(title, () => {
      expect(() => weightsFromOutside(tensors(file), layout, 'pytorch')).toThrow(BadInput);
      expect(() => weightsFromOutside(tensors(file), layout, 'pytorch')).toThrow(message);
    });
  }

  it('the rows above would fit without their fault', () => {
    expect(weightsFromOutside(tensors(fits), two, 'pytorch').length).toBe(two.dim);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('a weight that is %d is named', (value) => {
    const file = tensors(fits);
    file.get('fc2.weight')!.data[4] = value;
    expect(() => weightsFromOutside(file, two, 'pytorch')).toThrow(`Element 4 of the tensor "fc2.weight" is ${value}.`);
  });
});

describe('layouts of real models', () => {
  it('a tf.layers network takes PyTorch tensors: the flatten is known from its graph', () => {
    const model = tfl.sequential({
      layers: [
        tfl.layers.conv2d({ inputShape: [5, 5, 1], filters: 2, kernelSize: 3, useBias: false }),
        tfl.layers.batchNormalization(),
        tfl.layers.reLU(),
        tfl.layers.flatten(),
        tfl.layers.dense({ units: 4 }),
        tfl.layers.dense({ units: 4 }),
        tfl.layers.dense({ units: 4 }),
      ],
    });
    const layout = parameterLayoutOfModel(model);
    const file = tensors({
      'net.fc10.weight': [4, 4],
      'net.fc10.bias': [4],
      'net.conv.weight': [2, 1, 3, 3],
      'net.bn.weight': [2],
      'net.bn.bias': [2],
      'net.bn.running_mean': [2],
      'net.bn.running_var': [2],
      'net.fc1.weight': [4, 18],
      'net.fc1.bias': [4],
      'net.fc2.weight': [4, 4],
      'net.fc2.bias': [4],
    });
    const { theta, matched } = matchWeights(file, layout, 'pytorch');
    expect(matched.map(({ tensor }) => tensor.slice(4))).toEqual([
      'conv.weight',
      'bn.weight',
      'bn.bias',
      'fc1.weight',
      'fc1.bias',
      'fc2.weight',
      'fc2.bias',
      'fc10.weight',
      'fc10.bias',
    ]);
    const { offset } = layout.blocks[3]!;
    // Row 1 of the kernel is place (0, 0), channel 1: column 9 of PyTorch's 18.
    expect([...theta.subarray(offset + 4, offset + 8)]).toEqual([0, 1, 2, 3].map((o) => 7000 + 18 * o + 9));
    model.dispose();
  });
});

describe('checkpoints', () => {
  const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 });
  const layouts = fc
    .array(fc.tuple(fc.constantFrom<ParameterRole>('kernel', 'bias', 'gain', 'other'), shapes), {
      minLength: 1,
      maxLength: 6,
    })
    .map((list) => layoutOf(...list.map(([role, shape], i): Spec => [`layer_${i}/${role}`, role, shape])));

  it('θ → tensors → safetensors → tensors → θ is the identity, bit for bit, for any layout', () => {
    fc.assert(
      fc.property(layouts, fc.nat(), (layout, seed) => {
        const theta = randomFromSeed(seed).fill(new Float64Array(layout.dim), 'normal');
        const file = readSafetensors(writeSafetensors(weightsToOutside(theta, layout))).tensors;
        expect(weightsFromOutside(file, layout, 'tensorflow')).toEqual(theta);
      }),
      { numRuns: 300 },
    );
  });

  it('float32 checkpoints round once', () => {
    const layout = layoutOf(['a/kernel', 'kernel', [1, 2]]);
    const file = weightsToOutside(Float64Array.of(0.1, 0.5), layout, 'float32');
    expect(file.get('a/kernel')).toEqual({ dtype: 'float32', shape: [1, 2], data: Float32Array.of(0.1, 0.5) });
    expect([...weightsFromOutside(file, layout, 'tensorflow')]).toEqual([Math.fround(0.1), 0.5]);
  });

  it('blocks without a layer in their names round trip too', () => {
    const layout = parameterLayout([{ name: 'w', layer: 'surface', role: 'other', shape: [2], filterAxis: null }]);
    expect([...weightsFromOutside(weightsToOutside(Float64Array.of(1, 2), layout), layout, 'tensorflow')]).toEqual([
      1, 2,
    ]);
  });

  it('a θ of another length is a mistake of the program', () => {
    expect(() => weightsToOutside(new Float64Array(3), layoutOf(['a/kernel', 'kernel', [1, 2]]))).toThrow(RangeError);
  });
});
