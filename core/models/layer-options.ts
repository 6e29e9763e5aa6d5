import type { LayerSpecification } from './model-specification.ts';
import type { OptionKind } from './option-kinds.ts';
import * as kind from './option-kinds.ts';

/** What an experiment file may say of a layer: plain checks without any tensor engine, for readers and forms alike. */
export interface LayerOptions {
  readonly options: Readonly<Record<string, OptionKind>>;
  readonly required: readonly string[];
}

const common = { name: kind.text, trainable: kind.flag };

function layer(options: Readonly<Record<string, OptionKind>> = {}, ...required: string[]): LayerOptions {
  return { options: { ...options, ...common }, required };
}

const biasOptions = { useBias: kind.flag, biasInitializer: kind.initializer, biasRegularizer: kind.regularizer };
const kernelOptions = { kernelInitializer: kind.initializer, kernelRegularizer: kind.regularizer };
const depthwiseOptions = { depthwiseInitializer: kind.initializer, depthwiseRegularizer: kind.regularizer };
const pointwiseOptions = { pointwiseInitializer: kind.initializer, pointwiseRegularizer: kind.regularizer };
const gainOptions = { scale: kind.flag, gammaInitializer: kind.initializer, gammaRegularizer: kind.regularizer };
const shiftOptions = { center: kind.flag, betaInitializer: kind.initializer, betaRegularizer: kind.regularizer };

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

const convolution = (rank: number): LayerOptions =>
  layer({ ...convolutionOptions(rank), ...kernelOptions, dilationRate: kind.extents(rank) }, 'filters', 'kernelSize');

const transposedConvolution = (rank: number): LayerOptions =>
  layer({ ...convolutionOptions(rank), ...kernelOptions }, 'filters', 'kernelSize');

function depthwiseConvolution(): LayerOptions {
  const { filters: _, ...options } = convolutionOptions(2);
  const more = { ...depthwiseOptions, depthMultiplier: kind.count, dilationRate: kind.extents(2) };
  return layer({ ...options, ...more }, 'kernelSize');
}

function separableConvolution(): LayerOptions {
  const more = { ...depthwiseOptions, ...pointwiseOptions, depthMultiplier: kind.count, dilationRate: kind.extents(2) };
  return layer({ ...convolutionOptions(2), ...more }, 'filters', 'kernelSize');
}

function pooling(rank: number): LayerOptions {
  const size = kind.extents(rank);
  return layer({ poolSize: size, strides: size, padding: kind.oneOf('valid', 'same') });
}

const gates = { recurrentActivation: kind.activation };
const forgetting = { ...gates, unitForgetBias: kind.flag };

/** What every recurrent layer takes. The masks of its dropout are the same at every step. */
const recurrentOptions = {
  activation: kind.activation,
  ...kernelOptions,
  recurrentInitializer: kind.initializer,
  recurrentRegularizer: kind.regularizer,
  ...biasOptions,
  dropout: kind.fraction,
  recurrentDropout: kind.fraction,
  returnSequences: kind.flag,
  goBackwards: kind.flag,
};

const recurrent = (more: Readonly<Record<string, OptionKind>> = {}): LayerOptions =>
  layer({ units: kind.count, ...recurrentOptions, ...more }, 'units');

const recurrentConvolution = (): LayerOptions =>
  layer(
    { ...convolutionOptions(2), ...recurrentOptions, ...forgetting, dilationRate: kind.extents(2) },
    'filters',
    'kernelSize',
  );

/** Every layer of tf.layers that maps one tensor to one tensor and keeps no state between batches. */
export const layerOptions = {
  dense: layer({ units: kind.count, activation: kind.activation, ...kernelOptions, ...biasOptions }, 'units'),
  conv1d: convolution(1),
  conv2d: convolution(2),
  conv3d: convolution(3),
  conv2dTranspose: transposedConvolution(2),
  conv3dTranspose: transposedConvolution(3),
  depthwiseConv2d: depthwiseConvolution(),
  separableConv2d: separableConvolution(),
  maxPooling1d: pooling(1),
  maxPooling2d: pooling(2),
  maxPooling3d: pooling(3),
  averagePooling1d: pooling(1),
  averagePooling2d: pooling(2),
  averagePooling3d: pooling(3),
  globalMaxPooling1d: layer(),
  globalMaxPooling2d: layer(),
  globalAveragePooling1d: layer(),
  globalAveragePooling2d: layer(),
  flatten: layer(),
  reshape: layer({ targetShape: kind.shape }, 'targetShape'),
  permute: layer({ dims: kind.permutation }, 'dims'),
  repeatVector: layer({ n: kind.count }, 'n'),
  activation: layer({ activation: kind.activation }, 'activation'),
  elu: layer(),
  reLU: layer({ maxValue: kind.positive }),
  leakyReLU: layer({ alpha: kind.finite }),
  thresholdedReLU: layer({ theta: kind.finite }),
  prelu: layer({ alphaInitializer: kind.initializer, alphaRegularizer: kind.regularizer, sharedAxes: kind.axes }),
  softmax: layer({ axis: kind.axis }),
  batchNormalization: layer({
    axis: kind.axis,
    momentum: kind.fraction,
    epsilon: kind.positive,
    ...gainOptions,
    ...shiftOptions,
  }),
  layerNormalization: layer({ axis: kind.axes, epsilon: kind.positive, ...gainOptions, ...shiftOptions }),
  simpleRNN: recurrent(),
  gru: recurrent(gates),
  lstm: recurrent(forgetting),
  convLstm2d: recurrentConvolution(),
  masking: layer({ maskValue: kind.finite }),
  dropout: layer({ rate: kind.fraction }, 'rate'),
  spatialDropout1d: layer({ rate: kind.fraction }, 'rate'),
  alphaDropout: layer({ rate: kind.fraction }, 'rate'),
  gaussianDropout: layer({ rate: kind.fraction }, 'rate'),
  gaussianNoise: layer({ stddev: kind.positive }, 'stddev'),
  upSampling2d: layer({ size: kind.extents(2), interpolation: kind.oneOf('nearest', 'bilinear') }),
  zeroPadding2d: layer({ padding: kind.margins }),
  cropping2D: layer({ cropping: kind.margins }, 'cropping'),
  rescaling: layer({ scale: kind.finite, offset: kind.finite }, 'scale'),
  embedding: layer(
    {
      inputDim: kind.count,
      outputDim: kind.count,
      embeddingsInitializer: kind.initializer,
      embeddingsRegularizer: kind.regularizer,
      maskZero: kind.flag,
    },
    'inputDim',
    'outputDim',
  ),
} satisfies Readonly<Record<string, LayerOptions>>;

export type LayerType = keyof typeof layerOptions;

/** The options of a layer by the name in the file; null for layers that there are not. */
export function optionsOfLayer(type: string): LayerOptions | null {
  return Object.hasOwn(layerOptions, type) ? layerOptions[type as LayerType] : null;
}

const otherwiseInTraining = new Set([
  'batchNormalization',
  'dropout',
  'spatialDropout1d',
  'alphaDropout',
  'gaussianDropout',
  'gaussianNoise',
]);

/** Whether a layer does something else in training: statistics of the batch, masks or noise. */
export const differsInTraining = ({ type, options }: LayerSpecification): boolean =>
  otherwiseInTraining.has(type) || Number(options.dropout ?? 0) > 0 || Number(options.recurrentDropout ?? 0) > 0;
