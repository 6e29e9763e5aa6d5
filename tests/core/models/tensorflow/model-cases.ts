import type { ModelSpecification } from '../../../../core/models/model-specification.ts';
import type { LossName } from '../../../../core/objective/loss-convention.ts';
import { type BuiltCase, builtCases } from './model-cases-built.ts';

type Layer = readonly [type: string, options?: Record<string, unknown>];

/** A small network whose derivatives are checked; the last dense layer is appended unless `complete`. */
export interface ModelCase {
  readonly name: string;
  readonly inputShape: readonly number[];
  readonly layers: readonly Layer[];
  readonly loss?: LossName;
  readonly overExamples?: 'mean' | 'sum';
  readonly mode?: 'inference' | 'training';
  /** Inputs are integers 0…n−1, for embeddings. */
  readonly tokens?: number;
  readonly complete?: boolean;
  /** In place of `layers`: a network put together by hand. */
  readonly built?: BuiltCase;
}

export const outputs = 3;

const dense = (activation: string): Layer => ['dense', { units: 5, activation }];
const flat = [6];
const image = [7, 6, 2];
const conv = (options: Record<string, unknown> = {}): Layer => [
  'conv2d',
  { filters: 3, kernelSize: 3, activation: 'tanh', ...options },
];

const activations = [
  'elu',
  'gelu_new',
  'hardSigmoid',
  'linear',
  'logSoftmax',
  'mish',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'softmax',
  'softplus',
  'softsign',
  'swish',
  'tanh',
];

export const modelCases: readonly ModelCase[] = [
  ...activations.map((activation) => ({ name: `dense ${activation}`, inputShape: flat, layers: [dense(activation)] })),
  { name: 'dense gelu', inputShape: flat, layers: [dense('gelu')] },
  {
    name: 'dense tanh, mean squared error',
    inputShape: flat,
    layers: [dense('tanh')],
    loss: 'meanSquaredError',
  },
  {
    name: 'dense tanh, half squared error summed',
    inputShape: flat,
    layers: [dense('tanh')],
    loss: 'halfSquaredError',
    overExamples: 'sum',
  },
  {
    name: 'no bias, penalties on kernels and biases',
    inputShape: flat,
    layers: [
      ['dense', { units: 4, activation: 'tanh', useBias: false, kernelRegularizer: { l2: 0.05 } }],
      ['dense', { units: 4, activation: 'tanh', biasRegularizer: { l1l2: { l1: 0.02, l2: 0.03 } } }],
    ],
  },
  {
    name: 'a frozen layer in between',
    inputShape: flat,
    layers: [dense('tanh'), ['dense', { units: 4, trainable: false, activation: 'tanh' }], dense('tanh')],
  },
  { name: 'leakyReLU', inputShape: flat, layers: [dense('linear'), ['leakyReLU', { alpha: 0.2 }]] },
  {
    name: 'prelu',
    inputShape: flat,
    layers: [dense('linear'), ['prelu', { alphaInitializer: { constant: { value: 0.3 } } }]],
  },
  { name: 'elu layer', inputShape: flat, layers: [dense('linear'), ['elu']] },
  { name: 'capped reLU layer', inputShape: flat, layers: [dense('linear'), ['reLU', { maxValue: 1 }]] },
  { name: 'thresholdedReLU', inputShape: flat, layers: [dense('linear'), ['thresholdedReLU', { theta: 0.2 }]] },
  { name: 'softmax layer', inputShape: flat, layers: [dense('linear'), ['softmax', { axis: -1 }]] },
  {
    name: 'conv1d',
    inputShape: [9, 2],
    layers: [['conv1d', { filters: 3, kernelSize: 3, activation: 'tanh' }], ['flatten']],
  },
  {
    name: 'conv1d same, dilated',
    inputShape: [9, 2],
    layers: [
      ['conv1d', { filters: 3, kernelSize: 2, dilationRate: 2, padding: 'same', activation: 'tanh' }],
      ['flatten'],
    ],
  },
  { name: 'conv2d valid', inputShape: image, layers: [conv(), ['flatten']] },
  { name: 'conv2d same, strides 2', inputShape: image, layers: [conv({ padding: 'same', strides: 2 }), ['flatten']] },
  {
    name: 'conv2d 1×1 after 3×3, relu',
    inputShape: image,
    layers: [conv({ activation: 'relu' }), conv({ kernelSize: 1 }), ['flatten']],
  },
  { name: 'conv2d dilated', inputShape: image, layers: [conv({ dilationRate: 2 }), ['flatten']] },
  {
    name: 'conv2d without bias, two deep',
    inputShape: image,
    layers: [conv({ useBias: false }), conv({ padding: 'same' }), ['flatten']],
  },
  {
    name: 'conv2dTranspose',
    inputShape: [3, 3, 2],
    layers: [['conv2dTranspose', { filters: 3, kernelSize: 3, strides: 2, activation: 'tanh' }], ['flatten']],
  },
  {
    name: 'conv2dTranspose same',
    inputShape: [3, 3, 2],
    layers: [
      conv({ padding: 'same' }),
      ['conv2dTranspose', { filters: 2, kernelSize: 2, padding: 'same' }],
      ['flatten'],
    ],
  },
  {
    name: 'conv3d',
    inputShape: [4, 4, 4, 1],
    layers: [
      ['conv3d', { filters: 2, kernelSize: 2, activation: 'tanh' }],
      ['conv3d', { filters: 2, kernelSize: 2, activation: 'tanh' }],
      ['flatten'],
    ],
  },
  {
    name: 'conv3dTranspose',
    inputShape: [2, 2, 2, 1],
    layers: [['conv3dTranspose', { filters: 2, kernelSize: 2, activation: 'tanh' }], ['flatten']],
  },
  {
    name: 'depthwiseConv2d',
    inputShape: image,
    layers: [conv(), ['depthwiseConv2d', { kernelSize: 2, depthMultiplier: 2, activation: 'tanh' }], ['flatten']],
  },
  {
    name: 'separableConv2d',
    inputShape: image,
    layers: [['separableConv2d', { filters: 3, kernelSize: 3, activation: 'tanh' }], ['flatten']],
  },
  {
    name: 'maxPooling1d',
    inputShape: [9, 2],
    layers: [
      ['conv1d', { filters: 3, kernelSize: 2, activation: 'tanh' }],
      ['maxPooling1d', { poolSize: 2 }],
      ['flatten'],
    ],
  },
  { name: 'maxPooling2d', inputShape: image, layers: [conv(), ['maxPooling2d', { poolSize: 2 }], ['flatten']] },
  {
    name: 'maxPooling2d overlapping, same',
    inputShape: image,
    layers: [conv({ padding: 'same' }), ['maxPooling2d', { poolSize: 3, strides: 2, padding: 'same' }], ['flatten']],
  },
  {
    name: 'maxPooling3d',
    inputShape: [4, 4, 4, 1],
    layers: [
      ['conv3d', { filters: 2, kernelSize: 1, activation: 'tanh' }],
      ['maxPooling3d', { poolSize: 2 }],
      ['flatten'],
    ],
  },
  {
    name: 'averagePooling1d',
    inputShape: [9, 2],
    layers: [
      ['conv1d', { filters: 3, kernelSize: 2, activation: 'tanh' }],
      ['averagePooling1d', { poolSize: 2 }],
      ['flatten'],
    ],
  },
  { name: 'averagePooling2d', inputShape: image, layers: [conv(), ['averagePooling2d', { poolSize: 2 }], ['flatten']] },
  {
    name: 'averagePooling2d same',
    inputShape: image,
    layers: [conv(), ['averagePooling2d', { poolSize: 3, strides: 2, padding: 'same' }], ['flatten']],
  },
  {
    name: 'averagePooling3d same',
    inputShape: [3, 3, 3, 1],
    layers: [
      ['conv3d', { filters: 2, kernelSize: 1, activation: 'tanh' }],
      ['averagePooling3d', { poolSize: 2, strides: 2, padding: 'same' }],
      ['flatten'],
    ],
  },
  {
    name: 'globalMaxPooling1d',
    inputShape: [9, 2],
    layers: [['conv1d', { filters: 4, kernelSize: 3, activation: 'tanh' }], ['globalMaxPooling1d']],
  },
  { name: 'globalMaxPooling2d', inputShape: image, layers: [conv(), ['globalMaxPooling2d']] },
  {
    name: 'globalAveragePooling1d',
    inputShape: [9, 2],
    layers: [['conv1d', { filters: 4, kernelSize: 3, activation: 'tanh' }], ['globalAveragePooling1d']],
  },
  { name: 'globalAveragePooling2d', inputShape: image, layers: [conv(), ['globalAveragePooling2d']] },
  {
    name: 'batchNormalization, inference',
    inputShape: image,
    layers: [
      conv({ activation: 'linear' }),
      ['batchNormalization'],
      ['activation', { activation: 'tanh' }],
      ['flatten'],
    ],
  },
  {
    name: 'batchNormalization, training',
    inputShape: image,
    layers: [
      conv({ activation: 'linear' }),
      ['batchNormalization'],
      ['activation', { activation: 'tanh' }],
      ['flatten'],
    ],
    mode: 'training',
  },
  {
    name: 'batchNormalization without scale, training',
    inputShape: flat,
    layers: [dense('linear'), ['batchNormalization', { scale: false }], ['activation', { activation: 'tanh' }]],
    mode: 'training',
  },
  {
    name: 'batchNormalization without centre on axis 1',
    inputShape: [4, 5, 2],
    layers: [conv({ padding: 'same' }), ['batchNormalization', { axis: 1, center: false }], ['flatten']],
  },
  {
    name: 'layerNormalization',
    inputShape: flat,
    layers: [dense('linear'), ['layerNormalization'], ['activation', { activation: 'tanh' }]],
  },
  {
    name: 'dropout, training',
    inputShape: flat,
    layers: [dense('tanh'), ['dropout', { rate: 0.4 }], dense('tanh')],
    mode: 'training',
  },
  {
    name: 'spatialDropout1d, training',
    inputShape: [9, 2],
    layers: [
      ['conv1d', { filters: 4, kernelSize: 3, activation: 'tanh' }],
      ['spatialDropout1d', { rate: 0.4 }],
      ['flatten'],
    ],
    mode: 'training',
  },
  {
    name: 'upSampling2d nearest',
    inputShape: [4, 4, 2],
    layers: [conv(), ['upSampling2d', { size: [2, 2] }], conv({ kernelSize: 2 }), ['flatten']],
  },
  {
    name: 'upSampling2d bilinear',
    inputShape: [4, 4, 2],
    layers: [
      conv(),
      ['upSampling2d', { size: [2, 2], interpolation: 'bilinear' }],
      conv({ kernelSize: 2 }),
      ['flatten'],
    ],
  },
  {
    name: 'zeroPadding2d, cropping2D',
    inputShape: [4, 4, 2],
    layers: [
      [
        'zeroPadding2d',
        {
          padding: [
            [1, 0],
            [2, 1],
          ],
        },
      ],
      conv(),
      [
        'cropping2D',
        {
          cropping: [
            [1, 0],
            [0, 1],
          ],
        },
      ],
      ['flatten'],
    ],
  },
  {
    name: 'reshape, permute',
    inputShape: flat,
    layers: [
      ['dense', { units: 12, activation: 'tanh' }],
      ['reshape', { targetShape: [3, 4] }],
      ['permute', { dims: [2, 1] }],
      ['conv1d', { filters: 2, kernelSize: 2, activation: 'tanh' }],
      ['flatten'],
    ],
  },
  {
    name: 'repeatVector',
    inputShape: flat,
    layers: [
      dense('tanh'),
      ['repeatVector', { n: 3 }],
      ['conv1d', { filters: 2, kernelSize: 2, activation: 'tanh' }],
      ['flatten'],
    ],
  },
  {
    name: 'embedding',
    inputShape: [5],
    layers: [
      ['embedding', { inputDim: 7, outputDim: 3, embeddingsInitializer: 'glorotUniform' }],
      ['conv1d', { filters: 3, kernelSize: 2, activation: 'tanh' }],
      ['globalAveragePooling1d'],
    ],
    tokens: 7,
  },
  {
    name: 'simpleRNN of a file with penalties',
    inputShape: [5, 3],
    layers: [['simpleRNN', { units: 4, kernelRegularizer: { l2: 0.01 }, recurrentRegularizer: { l1: 0.01 } }]],
  },
  {
    name: 'gru of a file, all steps',
    inputShape: [4, 3],
    layers: [['gru', { units: 3, recurrentActivation: 'sigmoid', returnSequences: true }], ['flatten']],
  },
  {
    name: 'two lstm layers of a file, backwards, with dropout, training',
    inputShape: [4, 3],
    layers: [
      ['lstm', { units: 3, recurrentActivation: 'sigmoid', returnSequences: true, dropout: 0.2 }],
      ['lstm', { units: 3, recurrentActivation: 'sigmoid', goBackwards: true, recurrentDropout: 0.3 }],
    ],
    mode: 'training',
  },
  {
    name: 'convLstm2d of a file',
    inputShape: [3, 5, 4, 2],
    layers: [
      ['convLstm2d', { filters: 2, kernelSize: 2, padding: 'same', strides: 2, recurrentActivation: 'sigmoid' }],
      ['flatten'],
    ],
  },
  {
    name: 'convLstm2d of a file, dilated, all steps',
    inputShape: [2, 5, 5, 1],
    layers: [
      [
        'convLstm2d',
        { filters: 2, kernelSize: 2, dilationRate: 2, returnSequences: true, recurrentActivation: 'sigmoid' },
      ],
      ['flatten'],
    ],
  },
  {
    name: 'masking of a file',
    inputShape: [5, 1],
    layers: [
      ['masking', { maskValue: 1 }],
      ['lstm', { units: 3, unitForgetBias: false }],
    ],
    tokens: 3,
  },
  {
    name: 'masked embedding of a file',
    inputShape: [6],
    layers: [
      ['embedding', { inputDim: 4, outputDim: 3, maskZero: true, embeddingsInitializer: 'glorotUniform' }],
      ['gru', { units: 3, recurrentActivation: 'sigmoid' }],
    ],
    tokens: 4,
  },
  {
    name: 'noise of a file, training',
    inputShape: flat,
    layers: [
      ['gaussianNoise', { stddev: 0.2 }],
      dense('tanh'),
      ['gaussianDropout', { rate: 0.2 }],
      dense('selu'),
      ['alphaDropout', { rate: 0.2 }],
    ],
    mode: 'training',
  },
  ...builtCases.map((built): ModelCase => ({ ...built, layers: [], built })),
  { name: 'rescaling', inputShape: flat, layers: [['rescaling', { scale: 0.5, offset: 0.1 }], dense('tanh')] },
];

/** The network of a case with its last layer. */
export function specificationOf({ layers, complete }: ModelCase): ModelSpecification {
  const all: readonly Layer[] = complete ? layers : [...layers, ['dense', { units: outputs }]];
  return { layers: all.map(([type, options = {}]) => ({ type, options })) };
}
