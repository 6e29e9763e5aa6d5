import type { OpCase } from './op-case.ts';
import { opCases } from './op-cases.ts';

/**
 * A part of the table that runs every kernel which the whole table runs, in double precision proved to do so, and the
 * products and convolutions of usual networks: for engines on which the whole takes minutes, as on a GPU that is a
 * program and compiles each shader of each shape.
 */
const names = [
  'matMul',
  'matMul large enough for the fast path, left transposed',
  'dense sigmoid',
  'dense with a long transposed factor and bias',
  'attention: softmax(QKᵀ)V',
  'conv2d valid',
  'conv2d same',
  'conv2d stride 2 same',
  'fused conv2d with bias, linear',
  'conv2dTranspose same stride 2',
  'fused depthwiseConv2d with bias and relu6',
  'conv3dTranspose',
  'maxPool overlapping',
  'maxPool3d overlapping same',
  'avgPool stride 2 same',
  'avgPool3d overlapping same',
  'batchNorm with given statistics',
  'tanh',
  'elu',
  'selu',
  'leakyRelu',
  'gelu by erf',
  'softmax',
  'logSoftmax',
  'logSigmoid',
  'expm1',
  'reciprocal',
  'tan',
  'sinh and cosh',
  'asin and acos',
  'atan',
  'asinh',
  'acosh',
  'atanh',
  'step, sign, floor, ceil and round are flat',
  'prelu',
  'pow by a tensor',
  'atan2',
  'mod',
  'where',
  'comparisons inside a product',
  'min over an axis',
  'cumsum over the first axis',
  'embedding: gather of rows',
  'scatterND',
  'unstack of a single slice',
  'split, one part unused',
  'mirrorPad symmetric',
  'spaceToBatchND and back',
  'upsampling nearest, half-pixel centres',
  'upsampling bilinear',
  'softmax cross-entropy, labels that do not sum to 1',
  'sigmoid cross-entropy',
  'half mean squared error',
  'Huber loss',
  'two-layer net with softmax cross-entropy',
  'topk of rank 3, its positions used too',
  'cropAndResize bilinear, partly outside',
  'depthToSpace, channels first',
  'prod of everything',
  'cumprod exclusive and reversed over the first axis',
  'localResponseNormalization over all channels',
  'einsum transposed',
];

export const opCasesOfEveryKernel: readonly OpCase[] = names.map((name) => {
  const row = opCases.find((one) => one.name === name);
  if (row === undefined) throw new Error(`No operation of the table is called “${name}”.`);
  return row;
});
