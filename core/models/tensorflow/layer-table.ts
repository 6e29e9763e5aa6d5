import { layers } from '@tensorflow/tfjs-layers';
import type { OptionKind } from './option-kinds.ts';
import * as kind from './option-kinds.ts';

/** A layer that an experiment file may name: how tf.layers makes it, which options it takes, which it must have. */
export interface LayerEntry {
  readonly make: (options: never) => layers.Layer;
  readonly options: Readonly<Record<string, OptionKind>>;
  readonly required: readonly string[];
  /** Weights and the option that initialises each, with the default. */
  readonly initializers: Readonly<Record<string, { readonly option: string; readonly byDefault: string }>>;
}

const common = { name: kind.text, trainable: kind.flag };

function entry(
  make: LayerEntry['make'],
  options: Readonly<Record<string, OptionKind>> = {},
  required: readonly string[] = [],
  initializers: LayerEntry['initializers'] = {},
): LayerEntry {
  return { make, options: { ...common, ...options }, required, initializers };
}

const biasOptions = { useBias: kind.flag, biasInitializer: kind.initializer, biasRegularizer: kind.regularizer };
const kernelOptions = { kernelInitializer: kind.initializer, kernelRegularizer: kind.regularizer };
const depthwiseOptions = { depthwiseInitializer: kind.initializer, depthwiseRegularizer: kind.regularizer };
const pointwiseOptions = { pointwiseInitializer: kind.initializer, pointwiseRegularizer: kind.regularizer };
const gainOptions = { scale: kind.flag, gammaInitializer: kind.initializer, gammaRegularizer: kind.regularizer };
const shiftOptions = { center: kind.flag, betaInitializer: kind.initializer, betaRegularizer: kind.regularizer };

const bias = { bias: { option: 'biasInitializer', byDefault: 'zeros' } };
const kernel = { kernel: { option: 'kernelInitializer', byDefault: 'glorotUniform' } };
const depthwise = { depthwise_kernel: { option: 'depthwiseInitializer', byDefault: 'glorotUniform' } };
const pointwise = { pointwise_kernel: { option: 'pointwiseInitializer', byDefault: 'glorotUniform' } };
const gainAndShift = {
  gamma: { option: 'gammaInitializer', byDefault: 'ones' },
  beta: { option: 'betaInitializer', byDefault: 'zeros' },
  moving_mean: { option: '', byDefault: 'zeros' },
  moving_variance: { option: '', byDefault: 'ones' },
};

function convolutionOptions(rank: number) {
  return {
    filters: kind.count,
    kernelSize: kind.extents(rank),
    strides: kind.extents(rank),
    padding: kind.oneOf('valid', 'same'),
    activation: kind.activation,
    ...biasOptions,
  };
}

function convolution(make: LayerEntry['make'], rank: number): LayerEntry {
  const options = { ...convolutionOptions(rank), ...kernelOptions, dilationRate: kind.extents(rank) };
  return entry(make, options, ['filters', 'kernelSize'], { ...kernel, ...bias });
}

function transposedConvolution(make: LayerEntry['make'], rank: number): LayerEntry {
  const options = { ...convolutionOptions(rank), ...kernelOptions };
  return entry(make, options, ['filters', 'kernelSize'], { ...kernel, ...bias });
}

function depthwiseConvolution(): LayerEntry {
  const { filters: _, ...options } = convolutionOptions(2);
  const more = { ...depthwiseOptions, depthMultiplier: kind.count, dilationRate: kind.extents(2) };
  return entry(layers.depthwiseConv2d, { ...options, ...more }, ['kernelSize'], { ...depthwise, ...bias });
}

function separableConvolution(): LayerEntry {
  const more = { ...depthwiseOptions, ...pointwiseOptions, depthMultiplier: kind.count, dilationRate: kind.extents(2) };
  const weights = { ...depthwise, ...pointwise, ...bias };
  return entry(layers.separableConv2d, { ...convolutionOptions(2), ...more }, ['filters', 'kernelSize'], weights);
}

function pooling(make: LayerEntry['make'], rank: number): LayerEntry {
  const size = kind.extents(rank);
  return entry(make, { poolSize: size, strides: size, padding: kind.oneOf('valid', 'same') });
}

/** Every layer of tf.layers that maps one tensor to one tensor, without state and without noise that has no seed. */
export const layerTable: Readonly<Record<string, LayerEntry>> = {
  dense: entry(
    layers.dense,
    { units: kind.count, activation: kind.activation, ...kernelOptions, ...biasOptions },
    ['units'],
    { ...kernel, ...bias },
  ),
  conv1d: convolution(layers.conv1d, 1),
  conv2d: convolution(layers.conv2d, 2),
  conv3d: convolution(layers.conv3d, 3),
  conv2dTranspose: transposedConvolution(layers.conv2dTranspose, 2),
  conv3dTranspose: transposedConvolution(layers.conv3dTranspose, 3),
  depthwiseConv2d: depthwiseConvolution(),
  separableConv2d: separableConvolution(),
  maxPooling1d: pooling(layers.maxPooling1d, 1),
  maxPooling2d: pooling(layers.maxPooling2d, 2),
  maxPooling3d: pooling(layers.maxPooling3d, 3),
  averagePooling1d: pooling(layers.averagePooling1d, 1),
  averagePooling2d: pooling(layers.averagePooling2d, 2),
  averagePooling3d: pooling(layers.averagePooling3d, 3),
  globalMaxPooling1d: entry(layers.globalMaxPooling1d),
  globalMaxPooling2d: entry(layers.globalMaxPooling2d),
  globalAveragePooling1d: entry(layers.globalAveragePooling1d),
  globalAveragePooling2d: entry(layers.globalAveragePooling2d),
  flatten: entry(layers.flatten),
  reshape: entry(layers.reshape, { targetShape: kind.shape }, ['targetShape']),
  permute: entry(layers.permute, { dims: kind.permutation }, ['dims']),
  repeatVector: entry(layers.repeatVector, { n: kind.count }, ['n']),
  activation: entry(layers.activation, { activation: kind.activation }, ['activation']),
  elu: entry(layers.elu),
  reLU: entry(layers.reLU, { maxValue: kind.positive }),
  leakyReLU: entry(layers.leakyReLU, { alpha: kind.finite }),
  thresholdedReLU: entry(layers.thresholdedReLU, { theta: kind.finite }),
  prelu: entry(
    layers.prelu,
    { alphaInitializer: kind.initializer, alphaRegularizer: kind.regularizer, sharedAxes: kind.axes },
    [],
    { alpha: { option: 'alphaInitializer', byDefault: 'zeros' } },
  ),
  softmax: entry(layers.softmax, { axis: kind.axis }),
  batchNormalization: entry(
    layers.batchNormalization,
    { axis: kind.axis, momentum: kind.fraction, epsilon: kind.positive, ...gainOptions, ...shiftOptions },
    [],
    gainAndShift,
  ),
  layerNormalization: entry(
    layers.layerNormalization,
    { axis: kind.axes, epsilon: kind.positive, ...gainOptions, ...shiftOptions },
    [],
    gainAndShift,
  ),
  dropout: entry(layers.dropout, { rate: kind.fraction }, ['rate']),
  spatialDropout1d: entry(layers.spatialDropout1d, { rate: kind.fraction }, ['rate']),
  upSampling2d: entry(layers.upSampling2d, {
    size: kind.extents(2),
    interpolation: kind.oneOf('nearest', 'bilinear'),
  }),
  zeroPadding2d: entry(layers.zeroPadding2d, { padding: kind.margins }),
  cropping2D: entry(layers.cropping2D, { cropping: kind.margins }, ['cropping']),
  rescaling: entry(layers.rescaling, { scale: kind.finite, offset: kind.finite }, ['scale']),
  embedding: entry(
    layers.embedding,
    {
      inputDim: kind.count,
      outputDim: kind.count,
      embeddingsInitializer: kind.initializer,
      embeddingsRegularizer: kind.regularizer,
    },
    ['inputDim', 'outputDim'],
    { embeddings: { option: 'embeddingsInitializer', byDefault: 'randomUniform' } },
  ),
};

/** Other names that tf.layers gives to the same layers. */
export const layerAliases: Readonly<Record<string, string>> = {
  avgPool1d: 'averagePooling1d',
  avgPool2d: 'averagePooling2d',
  avgPool3d: 'averagePooling3d',
  avgPooling1d: 'averagePooling1d',
  avgPooling2d: 'averagePooling2d',
  avgPooling3d: 'averagePooling3d',
  maxPool1d: 'maxPooling1d',
  maxPool2d: 'maxPooling2d',
  globalMaxPool1d: 'globalMaxPooling1d',
  globalMaxPool2d: 'globalMaxPooling2d',
};

const recurrent = 'is recurrent, and recurrent layers are not supported yet.';
const joins = 'joins several tensors, but a list of layers has only one.';
const noise = 'draws noise without a seed, so that the loss would be no function of the parameters.';

/** Layers of tf.layers that are known and refused, each with the reason. */
export const refusedLayers: Readonly<Record<string, string>> = {
  simpleRNN: recurrent,
  lstm: recurrent,
  gru: recurrent,
  rnn: recurrent,
  convLstm2d: recurrent,
  bidirectional: recurrent,
  timeDistributed: recurrent,
  lambda: 'runs code of its own, and an experiment file carries no code.',
  add: joins,
  average: joins,
  concatenate: joins,
  maximum: joins,
  minimum: joins,
  multiply: joins,
  dot: joins,
  gaussianNoise: noise,
  gaussianDropout: noise,
  alphaDropout: noise,
  randomWidth: noise,
  masking: 'only matters to recurrent layers, which are not supported yet.',
  inputLayer: 'is added by the program, with the shape of the data.',
};

/** Options of tf.layers that are known and refused, each with what to do instead. */
export const refusedOptions: Readonly<Record<string, string>> = {
  inputShape: 'Leave it out: the shape of the input comes from the data.',
  batchInputShape: 'Leave it out: the shape of the input comes from the data.',
  dataFormat: 'Leave it out and give images as height × width × channels.',
  activityRegularizer: 'Leave it out: TensorFlow.js does not compute it; kernelRegularizer and biasRegularizer work.',
  kernelConstraint:
    'Leave it out: a constraint moves θ after each step, so that the loss would not be what is trained.',
  biasConstraint: 'Leave it out: a constraint moves θ after each step, so that the loss would not be what is trained.',
  seed: 'Leave it out: every random draw follows from the seed of the experiment.',
  dtype: 'Leave it out: the precision is chosen for the whole program.',
  weights: 'Leave it out and name a file of weights under model.weights.',
  noiseShape: 'Leave it out: every unit is dropped by itself.',
};
