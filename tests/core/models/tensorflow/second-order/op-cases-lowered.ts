import * as tf from '@tensorflow/tfjs-core';
import { as3, as4, as5, type OpCase, row, type X } from './op-case.ts';

type Explicit = [[number, number], [number, number], [number, number], [number, number]];

const indexing: OpCase[] = [
  row('stridedSlice with steps', [[6, 7]], (x) => tf.stridedSlice(x!, [1, 0], [6, 7], [2, 3])),
  row('stridedSlice backwards', [[6, 5]], (x) => tf.stridedSlice(x!, [5, 3], [0, 0], [-2, -1])),
  row('stridedSlice with negative ends and a new axis', [[5, 4, 3]], (x) =>
    tf.stridedSlice(x!, [0, -3, 0, 0], [5, -1, 1, 3], [2, 1, 1, 2], 0, 0, 0, 0b100, 0),
  ),
  row('stridedSlice that drops an axis', [[4, 5]], (x) =>
    tf.stridedSlice(x!, [2, 0], [3, 5], [1, 2], 0, 0b10, 0, 0, 0b01),
  ),
  row('stridedSlice with an ellipsis', [[2, 3, 4]], (x) =>
    tf.stridedSlice(x!, [0, 1], [0, 4], [1, 2], 0, 0, 0b01, 0, 0),
  ),
  row('topk', [[3, 6]], (x) => tf.topk(x!, 3).values),
  row('topk of rank 3, its positions used too', [[2, 2, 5]], (x) => {
    const { values, indices } = tf.topk(x!, 2);
    return tf.mul(values, tf.cast(indices, 'float32'));
  }),
  row('cropAndResize nearest', [[2, 6, 7, 2]], (x) =>
    tf.image.cropAndResize(as4(x!), boxes(), tf.tensor1d([0, 1, 1], 'int32'), [3, 4], 'nearest'),
  ),
  row('cropAndResize bilinear, partly outside', [[2, 6, 7, 2]], (x) =>
    tf.image.cropAndResize(as4(x!), boxes(), tf.tensor1d([1, 0, 1], 'int32'), [3, 4], 'bilinear', 0.3),
  ),
  row('cropAndResize to one pixel', [[2, 5, 5, 2]], (x) =>
    tf.image.cropAndResize(as4(x!), boxes(), tf.tensor1d([1, 0, 0], 'int32'), [1, 1], 'bilinear'),
  ),
  row('gather with indices of rank 2', [[5, 3]], (x) => tf.gather(x!, tf.tensor2d([0, 4, 2, 2], [2, 2], 'int32'))),
  row('tile of rank 6', [[1, 2, 1, 2, 1, 2]], (x) => tf.tile(x!, [2, 1, 3, 2, 1, 2])),
  row('depthToSpace, channels first', [[2, 8, 2, 3]], (x) => tf.depthToSpace(as4(x!), 2, 'NCHW')),
];

/** Top, left, bottom, right; the last one reaches beyond the image. */
const boxes = () => tf.tensor2d([0.13, 0.1, 0.8, 0.87, 0.2, 0, 0.93, 0.6, -0.31, 0.42, 0.72, 1.24], [3, 4]);

/** x with exact zeros, each of which another entry multiplies. */
const withZeros = (x: X, zeros: readonly number[]): X =>
  tf.mul(
    x,
    tf.tensor(
      Array.from({ length: x.size }, (_, i) => (zeros.includes(i) ? 0 : 1)),
      x.shape,
    ),
  );

const products: OpCase[] = [
  row('prod over an axis', [[3, 5]], (x) => tf.prod(x!, 1)),
  row('prod of everything', [[2, 3]], (x) => tf.prod(x!)),
  row('prod over two axes, kept', [[2, 3, 4]], (x) => tf.prod(x!, [0, 2], true)),
  row('prod where entries are zero', [[3, 5]], (x) => tf.prod(withZeros(x!, [1, 6, 8]), 1)),
  row('cumprod', [[3, 5]], (x) => tf.cumprod(x!, 1)),
  row('cumprod exclusive and reversed over the first axis', [[4, 3]], (x) => tf.cumprod(x!, 0, true, true)),
  row('cumprod where entries are zero', [[2, 6]], (x) => tf.cumprod(withZeros(x!, [2, 9]), 1)),
  row('localResponseNormalization', [[2, 3, 2, 6]], (x) => tf.localResponseNormalization(as4(x!), 2, 1.5, 0.4, 0.75)),
  row('localResponseNormalization over all channels', [[1, 2, 2, 3]], (x) => tf.localResponseNormalization(as4(x!))),
  row('outer product by einsum', [[3], [4]], (a, b) => tf.einsum('i,j->ij', a!, b!)),
  row('einsum matrix and vector', [[3, 4], [4]], (a, b) => tf.einsum('ij,j->i', a!, b!)),
  row(
    'einsum of attention heads',
    [
      [2, 3, 2, 4],
      [2, 5, 2, 4],
    ],
    (q, k) => tf.einsum('bqhd,bkhd->bhqk', q!, k!),
  ),
  row('einsum transposed', [[2, 3, 4]], (x) => tf.einsum('abc->cab', x!)),
  row(
    'einsum with letters summed on their own',
    [
      [2, 3, 4],
      [5, 3],
    ],
    (a, b) => tf.einsum('abc,db->a', a!, b!),
  ),
  row(
    'attention with several heads and a mask',
    [
      [2, 4, 6],
      [6, 6],
      [6, 6],
      [6, 6],
    ],
    (x, q, k, v) => {
      const heads = (w: X) =>
        tf.transpose(tf.reshape(tf.mul(tf.matMul(tf.reshape(x!, [8, 6]), as2(w)), 0.3), [2, 4, 2, 3]), [0, 2, 1, 3]);
      const scores = tf.mul(tf.matMul(heads(q!), heads(k!), false, true), 0.5);
      const causal = tf.tensor2d(
        Array.from({ length: 16 }, (_, i) => (i % 4 > Math.floor(i / 4) ? -1e9 : 0)),
        [4, 4],
      );
      return tf.matMul(tf.softmax(tf.add(scores, causal)), heads(v!));
    },
  ),
];
const as2 = (x: X) => x as tf.Tensor2D;

const images: OpCase[] = [
  row(
    'dilation2d',
    [
      [2, 5, 6, 2],
      [2, 3, 2],
    ],
    (x, f) => tf.dilation2d(as4(x!), as3(f!), 1, 'valid'),
  ),
  row(
    'dilation2d same, with steps and gaps',
    [
      [1, 7, 6, 2],
      [2, 2, 2],
    ],
    (x, f) => tf.dilation2d(as4(x!), as3(f!), 2, 'same', 2),
  ),
  row(
    'conv2d, channels first',
    [
      [2, 2, 6, 5],
      [3, 3, 2, 3],
    ],
    (x, w) => tf.conv2d(as4(x!), as4(w!), [2, 1], 'same', 'NCHW'),
  ),
  row(
    'conv2d, channels first, padded by a number',
    [
      [2, 2, 6, 5],
      [3, 2, 2, 3],
    ],
    (x, w) => tf.conv2d(as4(x!), as4(w!), 2, 1, 'NCHW', 1, 'floor'),
  ),
  row(
    'conv2d with a padding for each side',
    [
      [2, 5, 6, 2],
      [3, 3, 2, 2],
    ],
    (x, w) => tf.conv2d(as4(x!), as4(w!), 1, margins([1, 0], [0, 2])),
  ),
  row(
    'conv2d, channels first, with a padding for each side',
    [
      [2, 2, 5, 6],
      [3, 3, 2, 2],
    ],
    (x, w) =>
      tf.conv2d(
        as4(x!),
        as4(w!),
        2,
        [
          [0, 0],
          [0, 0],
          [1, 1],
          [0, 1],
        ],
        'NCHW',
      ),
  ),
  row(
    'conv2d padded by a number, windows rounded up',
    [
      [1, 6, 6, 2],
      [3, 3, 2, 2],
    ],
    (x, w) => tf.conv2d(as4(x!), as4(w!), 2, 1, 'NHWC', 1, 'ceil'),
  ),
  row(
    'conv2d dilated, padded by a number',
    [
      [1, 6, 6, 2],
      [2, 2, 2, 2],
    ],
    (x, w) => tf.conv2d(as4(tf.mul(x!, 0.3)), as4(w!), 1, 1, 'NHWC', 2),
  ),
  row('fused conv2d, channels first, with bias', [[2, 2, 5, 4], [3, 3, 2, 3], [3]], (x, w, b) =>
    tf.fused.conv2d({ x: as4(x!), filter: as4(w!), strides: 1, pad: 'same', dataFormat: 'NCHW', bias: b! }),
  ),
  row('fused conv2d padded by a number, with bias and elu', [[2, 5, 4, 2], [3, 3, 2, 3], [3]], (x, w, b) =>
    tf.fused.conv2d({ x: as4(x!), filter: as4(w!), strides: 2, pad: 1, bias: b!, activation: 'elu' }),
  ),
  row(
    'conv2dTranspose padded by a number',
    [
      [2, 3, 4, 3],
      [3, 3, 2, 3],
    ],
    (x, w) => tf.conv2dTranspose(as4(x!), as4(w!), [2, 3, 4, 2], 1, 1),
  ),
  row(
    'depthwiseConv2d padded by a number',
    [
      [2, 4, 5, 3],
      [3, 3, 3, 2],
    ],
    (x, w) => tf.depthwiseConv2d(as4(x!), as4(w!), 1, 1),
  ),
  row(
    'depthwiseConv2d, channels first',
    [
      [2, 3, 4, 5],
      [3, 2, 3, 2],
    ],
    (x, w) => tf.depthwiseConv2d(as4(x!), as4(w!), 1, 'same', 'NCHW'),
  ),
  row(
    'conv3d dilated',
    [
      [1, 5, 6, 5, 2],
      [2, 2, 2, 2, 2],
    ],
    (x, w) => tf.conv3d(as5(x!), as5(w!), 1, 'valid', 'NDHWC', [2, 3, 1]),
  ),
  row(
    'conv3d dilated same',
    [
      [1, 4, 4, 4, 2],
      [2, 3, 2, 2, 2],
    ],
    (x, w) => tf.conv3d(as5(x!), as5(w!), 1, 'same', 'NDHWC', 2),
  ),
  row('maxPool padded by a number', [[2, 5, 6, 2]], (x) => tf.maxPool(as4(tf.sub(x!, 4)), [3, 2], [2, 1], 1)),
  row('avgPool padded by a number', [[2, 5, 6, 2]], (x) => tf.avgPool(as4(x!), [3, 2], [2, 1], 1)),
  row('avgPool padded by a number, windows rounded up', [[2, 6, 6, 2]], (x) => tf.avgPool(as4(x!), 3, 2, 1, 'ceil')),
  row('maxPool3d padded by a number', [[1, 4, 3, 4, 2]], (x) => tf.maxPool3d(as5(tf.sub(x!, 3)), 3, 2, 1)),
  row('avgPool3d padded by a number', [[1, 4, 3, 4, 2]], (x) => tf.avgPool3d(as5(x!), 3, 2, 1)),
];

function margins(rows: [number, number], columns: [number, number]): Explicit {
  return [[0, 0], rows, columns, [0, 0]];
}

/** Operations that are rewritten as others, and the layouts and paddings that not every backend has. */
export const loweredCases: readonly OpCase[] = [...indexing, ...products, ...images];
