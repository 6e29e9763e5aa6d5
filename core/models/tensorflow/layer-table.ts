import { layers } from '@tensorflow/tfjs-layers';
import { type LayerOptions, type LayerType, layerOptions } from '../layer-options.ts';

/** A layer that an experiment file may name: how tf.layers makes it, which options it takes, which it must have. */
export interface LayerEntry extends LayerOptions {
  readonly make: (options: never) => layers.Layer;
  /** Weights and the option that initialises each, with the default. */
  readonly initializers: Readonly<Record<string, { readonly option: string; readonly byDefault: string }>>;
}

const bias = { bias: { option: 'biasInitializer', byDefault: 'zeros' } };
const kernel = { kernel: { option: 'kernelInitializer', byDefault: 'glorotUniform' } };
const depthwise = { depthwise_kernel: { option: 'depthwiseInitializer', byDefault: 'glorotUniform' } };
const pointwise = { pointwise_kernel: { option: 'pointwiseInitializer', byDefault: 'glorotUniform' } };
const recurrent = {
  ...kernel,
  recurrent_kernel: { option: 'recurrentInitializer', byDefault: 'orthogonal' },
  ...bias,
};
const gainAndShift = {
  gamma: { option: 'gammaInitializer', byDefault: 'ones' },
  beta: { option: 'betaInitializer', byDefault: 'zeros' },
  moving_mean: { option: '', byDefault: 'zeros' },
  moving_variance: { option: '', byDefault: 'ones' },
};

const initializers: Readonly<Partial<Record<LayerType, LayerEntry['initializers']>>> = {
  dense: { ...kernel, ...bias },
  conv1d: { ...kernel, ...bias },
  conv2d: { ...kernel, ...bias },
  conv3d: { ...kernel, ...bias },
  conv2dTranspose: { ...kernel, ...bias },
  conv3dTranspose: { ...kernel, ...bias },
  depthwiseConv2d: { ...depthwise, ...bias },
  separableConv2d: { ...depthwise, ...pointwise, ...bias },
  simpleRNN: recurrent,
  gru: recurrent,
  lstm: recurrent,
  convLstm2d: recurrent,
  prelu: { alpha: { option: 'alphaInitializer', byDefault: 'zeros' } },
  batchNormalization: gainAndShift,
  layerNormalization: gainAndShift,
  embedding: { embeddings: { option: 'embeddingsInitializer', byDefault: 'randomUniform' } },
};

/** Every layer of `layerOptions` with the function of tf.layers of the same name, which makes it. */
export const layerTable: Readonly<Record<string, LayerEntry>> = Object.fromEntries(
  Object.entries(layerOptions).map(([type, options]): [string, LayerEntry] => [
    type,
    {
      ...options,
      make: layers[type as LayerType] as LayerEntry['make'],
      initializers: initializers[type as LayerType] ?? {},
    },
  ]),
);

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

const wraps = 'is made of other layers, which a list of layers cannot say.';
const joins = 'joins several tensors, but a list of layers has only one.';

/** Layers of tf.layers that are known and refused, each with the reason. */
export const refusedLayers: Readonly<Record<string, string>> = {
  rnn: wraps,
  bidirectional: wraps,
  timeDistributed: wraps,
  lambda: 'runs code of its own, and an experiment file carries no code.',
  add: joins,
  average: joins,
  concatenate: joins,
  maximum: joins,
  minimum: joins,
  multiply: joins,
  dot: joins,
  randomWidth: 'draws a new width at every call, so that the loss would be no function of the parameters.',
  centerCrop:
    'cuts between two pixels where a margin is odd, so that rounding decides; cropping2D says what goes at each side.',
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
  recurrentConstraint:
    'Leave it out: a constraint moves θ after each step, so that the loss would not be what is trained.',
  returnState: 'Leave it out: a list of layers hands on one tensor.',
  stateful: 'Leave it out: what a layer answers may not depend on the batches before.',
  unroll: 'Leave it out: every length of a sequence is taken as it comes.',
  implementation: 'Leave it out: it says how to compute, not what.',
  resetAfter: 'Leave it out: TensorFlow.js computes the form in which the gate is applied first.',
  noiseShape: 'Leave it out: every unit is dropped by itself.',
};
