import * as tf from '@tensorflow/tfjs-core';
import { as1, as2, as3, as4, as5, type OpCase, row, type X } from './op-case.ts';

const products: OpCase[] = [
  row(
    'matMul',
    [
      [4, 5],
      [5, 3],
    ],
    (a, b) => tf.matMul(a!, b!),
  ),
  row(
    'matMul transposed left',
    [
      [5, 4],
      [5, 3],
    ],
    (a, b) => tf.matMul(a!, b!, true, false),
  ),
  row(
    'matMul transposed right',
    [
      [4, 5],
      [3, 5],
    ],
    (a, b) => tf.matMul(a!, b!, false, true),
  ),
  row(
    'matMul both transposed',
    [
      [5, 4],
      [3, 5],
    ],
    (a, b) => tf.matMul(a!, b!, true, true),
  ),
  row(
    'matMul large enough for the fast path, both transposed',
    [
      [40, 30],
      [33, 40],
    ],
    (a, b) => tf.matMul(a!, b!, true, true),
  ),
  row(
    'matMul large enough for the fast path, left transposed',
    [
      [40, 30],
      [40, 33],
    ],
    (a, b) => tf.matMul(a!, b!, true, false),
  ),
  row(
    'matMul of equal batches',
    [
      [3, 4, 5],
      [3, 5, 2],
    ],
    (a, b) => tf.matMul(a!, b!),
  ),
  row(
    'matMul of equal batches, transposed',
    [
      [3, 5, 4],
      [3, 2, 5],
    ],
    (a, b) => tf.matMul(a!, b!, true, true),
  ),
  row(
    'matMul with a broadcast right factor',
    [
      [3, 4, 5],
      [5, 2],
    ],
    (a, b) => tf.matMul(a!, b!),
  ),
  row(
    'matMul with a broadcast left factor',
    [
      [4, 5],
      [3, 5, 2],
    ],
    (a, b) => tf.matMul(a!, b!),
  ),
  row('the same values multiplied as a column and as a row', [[6], [6]], (a, b) =>
    tf.mul(
      tf.matMul(tf.reshape(a!, [1, 6]), tf.reshape(b!, [6, 1])),
      tf.matMul(tf.reshape(a!, [6, 1]), tf.reshape(b!, [1, 6])),
    ),
  ),
  row(
    'matMul with a broadcast batch axis',
    [
      [2, 1, 4, 5],
      [1, 3, 5, 2],
    ],
    (a, b) => tf.matMul(a!, b!),
  ),
  row('dot and outer product', [[5], [5]], (a, b) => tf.mul(tf.dot(a!, b!), tf.outerProduct(as1(a!), as1(b!)))),
  row('dense linear', [[4, 5], [5, 3], [3]], (a, b, c) => tf.fused.matMul({ a: as2(a!), b: as2(b!), bias: c! })),
  row('dense relu', [[4, 5], [5, 3], [3]], (a, b, c) =>
    tf.fused.matMul({ a: as2(a!), b: as2(b!), bias: c!, activation: 'relu' }),
  ),
  row('dense elu', [[4, 5], [5, 3], [3]], (a, b, c) =>
    tf.fused.matMul({ a: as2(a!), b: as2(b!), bias: c!, activation: 'elu' }),
  ),
  row('dense sigmoid', [[4, 5], [5, 3], [3]], (a, b, c) =>
    tf.fused.matMul({ a: as2(a!), b: as2(b!), bias: c!, activation: 'sigmoid' }),
  ),
  row('dense with a long transposed factor and bias', [[4, 60], [3, 60], [3]], (a, b, c) =>
    tf.fused.matMul({ a: as2(tf.mul(a!, 0.3)), b: as2(b!), transposeB: true, bias: c! }),
  ),
  row(
    'einsum of two',
    [
      [2, 3, 4],
      [4, 3, 5],
    ],
    (a, b) => tf.einsum('abc,cbd->ad', a!, b!),
  ),
  row(
    'einsum batch product',
    [
      [2, 3, 4],
      [2, 5, 4],
    ],
    (a, b) => tf.einsum('bij,bkj->bik', a!, b!),
  ),
  row('einsum of one', [[3, 4]], (a) => tf.einsum('ij->j', a!)),
  row(
    'attention: softmax(QKᵀ)V',
    [
      [2, 4, 3],
      [2, 5, 3],
      [2, 5, 4],
    ],
    (q, k, v) => tf.matMul(tf.softmax(tf.mul(tf.matMul(q!, k!, false, true), 0.6)), v!),
  ),
];

const conv = (
  name: string,
  x: readonly number[],
  w: readonly number[],
  strides: number | [number, number],
  pad: 'same' | 'valid' | number,
  dilations: number | [number, number] = 1,
): OpCase => row(name, [x, w], (a, b) => tf.conv2d(as4(a!), as4(b!), strides, pad, 'NHWC', dilations));

const convolutions: OpCase[] = [
  conv('conv2d valid', [2, 6, 5, 2], [3, 3, 2, 3], 1, 'valid'),
  conv('conv2d same', [2, 6, 5, 2], [3, 3, 2, 3], 1, 'same'),
  conv('conv2d 1×1', [2, 4, 4, 3], [1, 1, 3, 2], 1, 'valid'),
  conv('conv2d stride 2 same', [2, 7, 6, 2], [3, 3, 2, 3], 2, 'same'),
  conv('conv2d stride 2 valid, rest of the image unused', [2, 8, 8, 2], [3, 3, 2, 3], 2, 'valid'),
  conv('conv2d stride 3, filter 2', [1, 8, 7, 2], [2, 2, 2, 3], 3, 'valid'),
  conv('conv2d unequal strides, even filter', [2, 7, 8, 2], [4, 2, 2, 2], [2, 1], 'same'),
  conv('conv2d padded by a number', [2, 5, 5, 2], [3, 3, 2, 2], 1, 1),
  conv('conv2d padded by more than the filter', [1, 4, 5, 2], [2, 2, 2, 3], 1, 3),
  conv('conv2d dilated same', [1, 8, 8, 2], [3, 3, 2, 2], 1, 'same', 2),
  conv('conv2d dilated unequally, valid', [2, 9, 8, 2], [3, 2, 2, 2], 1, 'valid', [2, 3]),
  row(
    'conv2d one image',
    [
      [6, 5, 2],
      [3, 3, 2, 2],
    ],
    (a, b) => tf.conv2d(as3(a!), as4(b!), 1, 'same'),
  ),
  row('fused conv2d with bias and relu', [[2, 5, 5, 2], [3, 3, 2, 3], [3]], (a, b, c) =>
    tf.fused.conv2d({ x: as4(a!), filter: as4(b!), strides: 1, pad: 'same', bias: c!, activation: 'relu' }),
  ),
  row('fused conv2d with bias, linear', [[2, 5, 5, 2], [3, 3, 2, 3], [3]], (a, b, c) =>
    tf.fused.conv2d({ x: as4(a!), filter: as4(b!), strides: 2, pad: 'valid', bias: c! }),
  ),
  row(
    'conv1d',
    [
      [2, 9, 3],
      [3, 3, 2],
    ],
    (a, b) => tf.conv1d(as3(a!), as3(b!), 1, 'same'),
  ),
  row(
    'conv1d stride 2',
    [
      [2, 9, 3],
      [4, 3, 2],
    ],
    (a, b) => tf.conv1d(as3(a!), as3(b!), 2, 'valid'),
  ),
  row(
    'conv1d dilated',
    [
      [2, 9, 3],
      [3, 3, 2],
    ],
    (a, b) => tf.conv1d(as3(a!), as3(b!), 1, 'same', 'NWC', 2),
  ),
  row(
    'conv2dTranspose same stride 2',
    [
      [2, 3, 4, 3],
      [3, 3, 2, 3],
    ],
    (a, b) => tf.conv2dTranspose(as4(a!), as4(b!), [2, 6, 8, 2], 2, 'same'),
  ),
  row(
    'conv2dTranspose valid',
    [
      [2, 3, 4, 3],
      [3, 2, 2, 3],
    ],
    (a, b) => tf.conv2dTranspose(as4(a!), as4(b!), [2, 5, 5, 2], 1, 'valid'),
  ),
  row(
    'depthwiseConv2d same',
    [
      [2, 5, 5, 3],
      [3, 3, 3, 2],
    ],
    (a, b) => tf.depthwiseConv2d(as4(a!), as4(b!), 1, 'same'),
  ),
  row(
    'depthwiseConv2d stride 2 valid',
    [
      [2, 7, 6, 2],
      [3, 2, 2, 1],
    ],
    (a, b) => tf.depthwiseConv2d(as4(a!), as4(b!), 2, 'valid'),
  ),
  row(
    'depthwiseConv2d stride 2 same',
    [
      [1, 6, 7, 2],
      [3, 3, 2, 2],
    ],
    (a, b) => tf.depthwiseConv2d(as4(a!), as4(b!), 2, 'same'),
  ),
  row(
    'depthwiseConv2d dilated',
    [
      [1, 8, 8, 2],
      [3, 3, 2, 1],
    ],
    (a, b) => tf.depthwiseConv2d(as4(a!), as4(b!), 1, 'same', 'NHWC', 2),
  ),
  row('fused depthwiseConv2d with bias and relu6', [[2, 5, 5, 2], [3, 3, 2, 2], [4]], (a, b, c) =>
    tf.fused.depthwiseConv2d({ x: as4(a!), filter: as4(b!), strides: 1, pad: 'same', bias: c!, activation: 'relu6' }),
  ),
  row(
    'separableConv2d',
    [
      [2, 5, 5, 2],
      [3, 3, 2, 2],
      [1, 1, 4, 3],
    ],
    (a, b, c) => tf.separableConv2d(as4(a!), as4(b!), as4(c!) as tf.Tensor4D, 1, 'same'),
  ),
  row(
    'conv3d valid',
    [
      [1, 4, 5, 4, 2],
      [2, 3, 2, 2, 2],
    ],
    (a, b) => tf.conv3d(as5(a!), as5(b!), 1, 'valid'),
  ),
  row(
    'conv3d stride 2 same',
    [
      [2, 5, 4, 5, 2],
      [3, 3, 3, 2, 2],
    ],
    (a, b) => tf.conv3d(as5(a!), as5(b!), 2, 'same'),
  ),
  row(
    'conv3dTranspose',
    [
      [1, 2, 3, 2, 2],
      [3, 3, 3, 2, 2],
    ],
    (a, b) => tf.conv3dTranspose(as5(a!), as5(b!), [1, 4, 6, 4, 2], 2, 'same'),
  ),
];

const pools: OpCase[] = [
  row('maxPool 2×2', [[2, 6, 6, 3]], (x) => tf.maxPool(as4(x!), 2, 2, 'valid')),
  row('maxPool of negative values', [[2, 6, 6, 3]], (x) => tf.maxPool(as4(tf.sub(x!, 5)), 2, 2, 'valid')),
  row('maxPool overlapping', [[2, 7, 6, 2]], (x) => tf.maxPool(as4(x!), 3, 1, 'valid')),
  row('maxPool overlapping same', [[2, 7, 6, 2]], (x) => tf.maxPool(as4(x!), 3, 2, 'same')),
  row('maxPool unequal windows', [[2, 7, 6, 2]], (x) => tf.maxPool(as4(x!), [3, 2], [1, 2], 'same')),
  row('maxPool 1-D', [[2, 9, 3]], (x) => tf.pool(as4(tf.expandDims(x!, 2)), [2, 1], 'max', 'valid', undefined, [2, 1])),
  row('maxPool3d', [[1, 4, 6, 4, 2]], (x) => tf.maxPool3d(as5(tf.sub(x!, 3)), 2, 2, 'valid')),
  row('maxPool3d overlapping same', [[1, 5, 4, 5, 2]], (x) => tf.maxPool3d(as5(tf.sub(x!, 3)), 3, 2, 'same')),
  row('avgPool 2×2', [[2, 6, 6, 3]], (x) => tf.avgPool(as4(x!), 2, 2, 'valid')),
  row('avgPool overlapping same', [[2, 7, 6, 2]], (x) => tf.avgPool(as4(x!), 3, 1, 'same')),
  row('avgPool stride 2 same', [[2, 7, 6, 2]], (x) => tf.avgPool(as4(x!), 3, 2, 'same')),
  row('avgPool unequal windows', [[2, 7, 6, 2]], (x) => tf.avgPool(as4(x!), [3, 2], [2, 1], 'valid')),
  row('avgPool3d', [[1, 4, 6, 4, 2]], (x) => tf.avgPool3d(as5(x!), 2, 2, 'valid')),
  row('avgPool3d overlapping same', [[1, 5, 4, 5, 2]], (x) => tf.avgPool3d(as5(x!), 3, 2, 'same')),
  row('global average', [[2, 4, 3, 2]], (x) => tf.mean(x!, [1, 2])),
  row('global maximum', [[2, 4, 3, 2]], (x) => tf.max(x!, [1, 2])),
];

const batchNorm = (x: X, scale: X | undefined, offset: X | undefined): X => {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  return tf.batchNorm(x, as1(mean), as1(variance), offset as tf.Tensor1D, scale as tf.Tensor1D, 1e-3);
};

const normalisations: OpCase[] = [
  row('batchNorm with the batch’s statistics', [[2, 3, 4, 3], [3], [3]], (x, g, b) => batchNorm(x!, g, b)),
  row('batchNorm without scale', [[2, 3, 4, 3], [3]], (x, b) => batchNorm(x!, undefined, b)),
  row('batchNorm without offset', [[2, 3, 4, 3], [3]], (x, g) => batchNorm(x!, g, undefined)),
  row('batchNorm with given statistics', [[4, 5], [5], [5]], (x, g, b) =>
    tf.batchNorm(x!, tf.linspace(-0.2, 0.3, 5), tf.linspace(0.5, 2, 5), b as tf.Tensor1D, g as tf.Tensor1D, 1e-3),
  ),
  row('batchNorm along axis 1', [[3, 4, 2, 2], [4], [4]], (x, g, b) => {
    const column = (t: X) => tf.reshape(t, [1, 4, 1, 1]) as tf.Tensor4D;
    const { mean, variance } = tf.moments(x!, [0, 2, 3], true);
    return tf.batchNorm(as4(x!), as4(mean), as4(variance), column(b!), column(g!), 1e-3);
  }),
  row('layer norm', [[4, 6], [6], [6]], (x, g, b) => {
    const { mean, variance } = tf.moments(x!, -1, true);
    return tf.add(tf.mul(tf.mul(tf.sub(x!, mean), tf.rsqrt(tf.add(variance, 1e-3))), g!), b!);
  }),
  row('Euclidean norm', [[3, 4]], (x) => tf.norm(x!, 'euclidean', 1)),
];

/** What layers are made of: products, convolutions, pools, normalisations. */
export const layerCases: readonly OpCase[] = [...products, ...convolutions, ...pools, ...normalisations];
