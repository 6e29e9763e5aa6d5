import * as tf from '@tensorflow/tfjs-core';
import { as4, type OpCase, row, type X } from './op-case.ts';

/** Labels without a library generator, so that both realms see the same. */
const oneHot = (rows: number, classes: number): tf.Tensor2D =>
  tf.tensor2d(
    Array.from({ length: rows * classes }, (_, i) => (i % classes === (Math.floor(i / classes) * 7) % classes ? 1 : 0)),
    [rows, classes],
  );
const softLabels = (rows: number, classes: number): tf.Tensor2D =>
  tf.tensor2d(
    Array.from({ length: rows * classes }, (_, i) => 0.2 + 0.3 * Math.abs(Math.sin(i + 1))),
    [rows, classes],
  );
const positive = (x: X): X => tf.add(tf.square(x), 0.5);
const indices = (values: number[]): tf.Tensor1D => tf.tensor1d(values, 'int32');

const unary: [string, (x: X) => X][] = [
  ['tanh', (x) => tf.tanh(x)],
  ['sigmoid', (x) => tf.sigmoid(x)],
  ['softplus', (x) => tf.softplus(x)],
  ['relu', (x) => tf.relu(x)],
  ['relu6', (x) => tf.relu6(tf.mul(x, 5))],
  ['elu', (x) => tf.elu(x)],
  ['selu', (x) => tf.selu(x)],
  ['leakyRelu', (x) => tf.leakyRelu(x, 0.3)],
  ['swish', (x) => tf.mul(x, tf.sigmoid(x))],
  ['mish', (x) => tf.mul(x, tf.tanh(tf.softplus(x)))],
  [
    'gelu by tanh',
    (x) =>
      tf.mul(
        tf.mul(x, 0.5),
        tf.add(tf.tanh(tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.pow(x, 3))))), 1),
      ),
  ],
  ['gelu by erf', (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1))],
  ['softsign', (x) => tf.div(x, tf.add(tf.abs(x), 1))],
  ['hardSigmoid', (x) => tf.clipByValue(tf.add(tf.mul(x, 0.2), 0.5), 0, 1)],
  ['softmax', (x) => tf.softmax(x)],
  ['logSoftmax', (x) => tf.logSoftmax(x)],
  ['logSigmoid', (x) => tf.logSigmoid(x)],
  ['exponential', (x) => tf.exp(x)],
  ['log', (x) => tf.log(positive(x))],
  ['log1p', (x) => tf.log1p(positive(x))],
  ['expm1', (x) => tf.expm1(x)],
  ['sqrt', (x) => tf.sqrt(positive(x))],
  ['rsqrt', (x) => tf.rsqrt(positive(x))],
  ['reciprocal', (x) => tf.reciprocal(positive(x))],
  ['abs', (x) => tf.abs(x)],
  ['square', (x) => tf.square(x)],
  ['sin and cos', (x) => tf.mul(tf.sin(x), tf.cos(x))],
  ['tan', (x) => tf.tan(tf.mul(x, 0.3))],
  ['sinh and cosh', (x) => tf.mul(tf.sinh(tf.mul(x, 0.5)), tf.cosh(tf.mul(x, 0.5)))],
  ['asin and acos', (x) => tf.mul(tf.asin(tf.mul(x, 0.2)), tf.acos(tf.mul(x, 0.2)))],
  ['atan', (x) => tf.atan(x)],
  ['asinh', (x) => tf.asinh(x)],
  ['acosh', (x) => tf.acosh(tf.add(tf.square(x), 1.5))],
  ['atanh', (x) => tf.atanh(tf.mul(x, 0.2))],
  [
    'step, sign, floor, ceil and round are flat',
    (x) => tf.add(x, tf.addN([tf.step(x), tf.sign(x), tf.floor(x), tf.ceil(x), tf.round(x)])),
  ],
];

const elementwise: OpCase[] = [
  ...unary.map(([name, run]) => row(name, [[3, 5]], (x) => run(x!))),
  row('prelu', [[3, 5], [5]], (x, a) => tf.prelu(x!, a!)),
  row('add and sub with broadcasting', [[3, 4], [4], [3, 1]], (a, b, c) => tf.sub(tf.add(a!, b!), c!)),
  row('mul and div with broadcasting', [[3, 4], [4], [3, 1]], (a, b, c) => tf.div(tf.mul(a!, b!), positive(c!))),
  row('pow by a constant', [[3, 4]], (x) => tf.pow(positive(x!), 2.5)),
  row('pow by a tensor', [[3, 4], [4]], (a, b) => tf.pow(positive(a!), b!)),
  row('maximum and minimum', [[3, 4], [3, 4], [4]], (a, b, c) => tf.minimum(tf.maximum(a!, b!), tf.add(c!, 1))),
  row('squaredDifference with broadcasting', [[3, 4], [4]], (a, b) => tf.squaredDifference(a!, b!)),
  row(
    'atan2',
    [
      [3, 4],
      [3, 4],
    ],
    (a, b) => tf.atan2(a!, positive(b!)),
  ),
  row('mod', [[3, 4], [4]], (a, b) => tf.mod(a!, positive(b!))),
  row(
    'where',
    [
      [3, 4],
      [3, 4],
    ],
    (a, b) => tf.where(tf.greater(a!, 0), tf.mul(a!, b!), tf.square(b!)),
  ),
  row('where with a broadcast condition', [[3, 4], [4]], (a, b) =>
    tf.where(tf.tensor1d([1, 0, 1, 0], 'bool'), a!, tf.square(b!)),
  ),
  row('clipByValue', [[3, 5]], (x) => tf.clipByValue(x!, -0.5, 0.7)),
  row(
    'addN',
    [
      [3, 4],
      [3, 4],
    ],
    (a, b) => tf.addN([a!, b!, a!]),
  ),
  row(
    'comparisons inside a product',
    [
      [3, 4],
      [3, 4],
    ],
    (a, b) => tf.mul(tf.mul(a!, b!), tf.cast(tf.logicalAnd(tf.less(a!, 1), tf.notEqual(a!, b!)), 'float32')),
  ),
  row('dropout with a fixed seed', [[4, 6]], (x) => {
    // The library's own generator, which both precisions share; the mask is a constant of the case.
    const mask = tf.greaterEqual(tf.randomUniform([4, 6], 0, 1, 'float32', 7), 0.4);
    return tf.div(tf.mul(x!, tf.cast(mask, 'float32')), 0.6);
  }),
];

const reductions: OpCase[] = [
  row('sum over an axis', [[3, 4, 2]], (x) => tf.sum(x!, 1)),
  row('sum over the first axis, kept', [[3, 4]], (x) => tf.sum(x!, 0, true)),
  row('mean over an axis', [[3, 4, 2]], (x) => tf.mean(x!, [0, 2])),
  row('max over an axis', [[3, 5]], (x) => tf.max(x!, 1)),
  row('min over an axis', [[3, 5]], (x) => tf.min(x!, 0, true)),
  row('logSumExp', [[3, 5]], (x) => tf.logSumExp(x!, 1)),
  row('moments', [[5, 3]], (x) => {
    const { mean, variance } = tf.moments(x!, 0);
    return tf.mul(mean, variance);
  }),
  row('cumsum over the first axis', [[4, 3]], (x) => tf.cumsum(x!, 0)),
  row('cumsum exclusive and reversed', [[3, 4]], (x) => tf.cumsum(x!, 1, true, true)),
];

const rearrangements: OpCase[] = [
  row('embedding: gather of rows', [[5, 3]], (x) => tf.gather(x!, indices([0, 4, 2, 2, 0]))),
  row('gather along the last axis', [[3, 5]], (x) => tf.gather(x!, indices([4, 0, 0]), 1)),
  row('gather along a middle axis', [[2, 4, 3]], (x) => tf.gather(x!, indices([3, 1, 1]), 1)),
  row('unsortedSegmentSum', [[5, 2]], (x) => tf.unsortedSegmentSum(x!, indices([1, 0, 1, 2, -1]), 3)),
  row('gatherND', [[3, 4]], (x) => tf.gatherND(x!, tf.tensor2d([0, 1, 2, 3, 0, 1], [3, 2], 'int32'))),
  row('scatterND', [[3]], (x) => tf.scatterND(tf.tensor2d([1, 4, 6], [3, 1], 'int32'), x!, [8])),
  row(
    'concat',
    [
      [3, 2],
      [3, 4],
    ],
    (a, b) => tf.concat([a!, b!, a!], 1),
  ),
  row('concat with a constant', [[3, 2]], (a) => tf.concat([tf.ones([3, 1]), a!], 1)),
  row(
    'stack and unstack',
    [
      [3, 4],
      [3, 4],
    ],
    (a, b) => tf.stack(tf.unstack(tf.stack([a!, b!], 1), 2), 0),
  ),
  row('unstack of a single slice', [[1, 4]], (x) => tf.square(tf.unstack(x!, 0)[0]!)),
  row('split, one part unused', [[4, 6]], (x) => tf.mul(tf.split(x!, 3, 1)[0]!, tf.split(x!, 3, 1)[2]!)),
  row('split into one', [[4, 3]], (x) => tf.split(x!, 1, 1)[0]!),
  row('slice', [[4, 5]], (x) => tf.slice(x!, [1, 2], [2, -1])),
  row('pad', [[3, 2]], (x) =>
    tf.pad(
      x!,
      [
        [1, 0],
        [2, 1],
      ],
      0.5,
    ),
  ),
  row('mirrorPad reflect', [[3, 4]], (x) =>
    tf.mirrorPad(
      x!,
      [
        [2, 1],
        [0, 3],
      ],
      'reflect',
    ),
  ),
  row('mirrorPad symmetric', [[3, 4]], (x) =>
    tf.mirrorPad(
      x!,
      [
        [2, 1],
        [4, 0],
      ],
      'symmetric',
    ),
  ),
  row('tile', [[2, 3]], (x) => tf.tile(x!, [3, 2])),
  row('tile of rank 5', [[2, 1, 2, 1, 2]], (x) => tf.tile(x!, [1, 3, 2, 1, 2])),
  row('broadcastTo', [[3, 1]], (x) => tf.broadcastTo(x!, [2, 3, 4])),
  row('transpose', [[2, 3, 4]], (x) => tf.transpose(x!, [2, 0, 1])),
  row('reverse', [[3, 4]], (x) => tf.reverse(x!, [0, 1])),
  row('reshape, expandDims and squeeze', [[2, 6]], (x) => tf.squeeze(tf.expandDims(tf.reshape(x!, [3, 4]), 1), [1])),
  row('spaceToBatchND and back', [[1, 4, 4, 2]], (x) =>
    tf.batchToSpaceND(
      tf.square(
        tf.spaceToBatchND(
          x!,
          [2, 2],
          [
            [0, 0],
            [0, 0],
          ],
        ),
      ),
      [2, 2],
      [
        [1, 0],
        [0, 1],
      ],
    ),
  ),
  row('depthToSpace', [[2, 2, 3, 8]], (x) => tf.depthToSpace(as4(x!), 2)),
  row('upsampling nearest, several images', [[3, 2, 3, 2]], (x) => tf.image.resizeNearestNeighbor(as4(x!), [4, 6])),
  row('upsampling nearest, aligned corners', [[2, 3, 3, 2]], (x) =>
    tf.image.resizeNearestNeighbor(as4(x!), [5, 7], true),
  ),
  row('upsampling nearest, half-pixel centres', [[2, 3, 2, 2]], (x) =>
    tf.image.resizeNearestNeighbor(as4(x!), [7, 5], false, true),
  ),
  row('upsampling bilinear, half-pixel centres', [[2, 3, 2, 2]], (x) =>
    tf.image.resizeBilinear(as4(x!), [7, 5], false, true),
  ),
  row('downsampling bilinear', [[2, 7, 5, 2]], (x) => tf.image.resizeBilinear(as4(x!), [3, 4])),
  row('upsampling bilinear', [[2, 2, 3, 2]], (x) => tf.image.resizeBilinear(as4(x!), [4, 6])),
  row('upsampling bilinear, aligned corners', [[2, 3, 3, 2]], (x) => tf.image.resizeBilinear(as4(x!), [5, 4], true)),
];

const losses: OpCase[] = [
  row('softmax cross-entropy', [[5, 4]], (z) => tf.losses.softmaxCrossEntropy(oneHot(5, 4), z!)),
  row('softmax cross-entropy, smoothed labels', [[5, 4]], (z) =>
    tf.losses.softmaxCrossEntropy(oneHot(5, 4), z!, undefined, 0.1),
  ),
  row('softmax cross-entropy, labels that do not sum to 1', [[5, 4]], (z) =>
    tf.losses.softmaxCrossEntropy(softLabels(5, 4), z!),
  ),
  row('sigmoid cross-entropy', [[5, 3]], (z) => tf.losses.sigmoidCrossEntropy(oneHot(5, 3), z!)),
  row('mean squared error', [[5, 3]], (z) => tf.losses.meanSquaredError(softLabels(5, 3), z!)),
  row('half mean squared error', [[5, 3]], (z) => tf.mul(0.5, tf.mean(tf.squaredDifference(z!, softLabels(5, 3))))),
  row('Huber loss', [[5, 3]], (z) => tf.losses.huberLoss(softLabels(5, 3), z!)),
  row('log loss', [[5, 3]], (z) => tf.losses.logLoss(softLabels(5, 3), tf.sigmoid(z!))),
  row('hinge loss', [[5, 3]], (z) => tf.losses.hingeLoss(oneHot(5, 3), z!)),
  row('cosine distance', [[5, 3]], (z) => tf.losses.cosineDistance(softLabels(5, 3), z!, 1)),
  row('absolute difference', [[5, 3]], (z) => tf.losses.absoluteDifference(softLabels(5, 3), z!)),
  row('two-layer net with softmax cross-entropy', [[5, 4], [4, 6], [6], [6, 3], [3]], (x, w1, b1, w2, b2) =>
    tf.losses.softmaxCrossEntropy(oneHot(5, 3), tf.add(tf.matMul(tf.tanh(tf.add(tf.matMul(x!, w1!), b1!)), w2!), b2!)),
  ),
];

/** Elementary functions, reductions, rearrangements and losses. */
export const functionCases: readonly OpCase[] = [...elementwise, ...reductions, ...rearrangements, ...losses];
