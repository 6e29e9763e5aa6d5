import { input, type LayersModel, layers, model, regularizers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { LossName } from '../../../../core/objective/loss-convention.ts';

/** A network put together by hand: what no list of layers in an experiment file can say. */
export interface BuiltCase {
  readonly name: string;
  readonly inputShape: readonly number[];
  /** From the input to the tensor in front of the last dense layer. */
  readonly body: (x: SymbolicTensor) => SymbolicTensor;
  readonly mode?: 'inference' | 'training';
  readonly loss?: LossName;
  readonly tokens?: number;
}

type Cell = Parameters<typeof layers.rnn>[0]['cell'];

const apply = (layer: layers.Layer, ...to: SymbolicTensor[]) =>
  layer.apply(to.length === 1 ? to[0]! : to) as SymbolicTensor;
const chain =
  (...all: (() => layers.Layer)[]) =>
  (x: SymbolicTensor) =>
    all.reduce((t, make) => apply(make(), t), x);
const dense = (units: number) => layers.dense({ units, activation: 'tanh' });
const flatten = () => layers.flatten();
const sequence = [5, 3];

/** Zeros, because the point is drawn anyway and drawing an orthogonal matrix takes its time. */
const zeros = { kernelInitializer: 'zeros', recurrentInitializer: 'zeros' } as const;
const recurrent = { units: 3, ...zeros } as const;

const sequences: BuiltCase[] = [
  { name: 'simpleRNN', inputShape: sequence, body: chain(() => layers.simpleRNN(recurrent)) },
  {
    name: 'gru',
    inputShape: sequence,
    body: chain(() => layers.gru({ ...recurrent, recurrentActivation: 'sigmoid' })),
  },
  { name: 'gru, hard sigmoid', inputShape: sequence, body: chain(() => layers.gru(recurrent)) },
  {
    name: 'lstm',
    inputShape: sequence,
    body: chain(() => layers.lstm({ ...recurrent, recurrentActivation: 'sigmoid' })),
  },
  {
    name: 'two lstm layers, all steps, backwards',
    inputShape: sequence,
    body: chain(
      () => layers.lstm({ ...recurrent, returnSequences: true }),
      () => layers.lstm({ ...recurrent, returnSequences: true, goBackwards: true }),
      flatten,
    ),
  },
  {
    name: 'stacked cells in one recurrent layer',
    inputShape: sequence,
    body: chain(() =>
      layers.rnn({
        cell: layers.stackedRNNCells({
          cells: [layers.gruCell(recurrent), layers.lstmCell(recurrent), layers.simpleRNNCell(recurrent)],
        }) as Cell,
      }),
    ),
  },
  ...(['concat', 'sum', 'mul', 'ave'] as const).map(
    (mergeMode): BuiltCase => ({
      name: `bidirectional gru, ${mergeMode}`,
      inputShape: sequence,
      body: chain(() => layers.bidirectional({ layer: layers.gru(recurrent) as layers.RNN, mergeMode })),
    }),
  ),
  {
    name: 'bidirectional lstm, all steps',
    inputShape: sequence,
    body: chain(
      () =>
        layers.bidirectional({
          layer: layers.lstm({ ...recurrent, returnSequences: true }) as layers.RNN,
          mergeMode: 'concat',
        }),
      () => layers.globalMaxPooling1d(),
    ),
  },
  {
    name: 'timeDistributed dense and conv1d',
    inputShape: [3, 4, 2],
    body: chain(
      () => layers.timeDistributed({ layer: layers.conv1d({ filters: 2, kernelSize: 2, activation: 'tanh' }) }),
      () => layers.timeDistributed({ layer: layers.flatten() }),
      () => layers.timeDistributed({ layer: dense(3) }),
      flatten,
    ),
  },
  {
    name: 'convLstm2d',
    inputShape: [3, 4, 4, 2],
    body: chain(
      () =>
        layers.convLstm2d({
          filters: 2,
          kernelSize: 2,
          padding: 'same',
          recurrentActivation: 'sigmoid',
          ...zeros,
        }),
      flatten,
    ),
  },
  {
    name: 'convLstm2d, all steps, hard sigmoid',
    inputShape: [2, 4, 4, 1],
    body: chain(() => layers.convLstm2d({ filters: 2, kernelSize: 3, returnSequences: true, ...zeros }), flatten),
  },
  {
    name: 'masked steps of a recurrent layer',
    inputShape: [6],
    tokens: 4,
    body: chain(
      () => layers.embedding({ inputDim: 4, outputDim: 3, maskZero: true, embeddingsInitializer: 'zeros' }),
      () => layers.gru(recurrent),
    ),
  },
  {
    name: 'masking layer in front of an lstm',
    inputShape: [5, 1],
    tokens: 3,
    body: chain(
      () => layers.masking({ maskValue: 0 }),
      () => layers.lstm(recurrent),
    ),
  },
  {
    name: 'recurrent cells with penalties',
    inputShape: sequence,
    body: chain(() =>
      layers.gru({
        ...recurrent,
        kernelRegularizer: regularizers.l2({ l2: 0.05 }),
        recurrentRegularizer: regularizers.l1l2({ l1: 0.02, l2: 0.03 }),
        biasRegularizer: regularizers.l2({ l2: 0.01 }),
      }),
    ),
  },
];

const attention: BuiltCase[] = [
  {
    name: 'attention by dot, softmax and dot',
    inputShape: [4, 3],
    body(x) {
      const [q, k, v] = [0, 1, 2].map(() => apply(layers.dense({ units: 3 }), x)) as [
        SymbolicTensor,
        SymbolicTensor,
        SymbolicTensor,
      ];
      const weights = apply(layers.softmax({ axis: -1 }), apply(layers.dot({ axes: [2, 2] }), q, k));
      return apply(
        layers.flatten(),
        apply(layers.layerNormalization({ epsilon: 0.1 }), apply(layers.dot({ axes: [2, 1] }), weights, v)),
      );
    },
  },
  {
    name: 'cosine of two images of the input',
    inputShape: [6],
    body: (x) =>
      apply(
        layers.concatenate(),
        apply(layers.dot({ axes: 1, normalize: true }), apply(dense(4), x), apply(dense(4), x)),
        apply(dense(2), x),
      ),
  },
];

const merges: BuiltCase[] = (['add', 'average', 'maximum', 'minimum', 'multiply'] as const).map((type) => ({
  name: `${type} of three branches`,
  inputShape: [6],
  body: (x) => apply(layers[type](), apply(dense(4), x), apply(dense(4), x), apply(dense(4), x)),
}));

const joined: BuiltCase[] = [
  {
    name: 'concatenate along an inner axis',
    inputShape: [4, 3],
    body: (x) =>
      apply(
        layers.flatten(),
        apply(
          layers.concatenate({ axis: 1 }),
          apply(dense(2), x),
          apply(layers.conv1d({ filters: 2, kernelSize: 2 }), x),
        ),
      ),
  },
];

const channelsFirst = { dataFormat: 'channelsFirst' } as const;
const layouts: BuiltCase[] = [
  {
    name: 'channels first: convolution, batch normalisation, pools, up-sampling',
    inputShape: [2, 7, 6],
    mode: 'training',
    body: chain(
      () => layers.conv2d({ filters: 3, kernelSize: 3, activation: 'tanh', ...channelsFirst }),
      () => layers.batchNormalization({ axis: 1 }),
      () => layers.upSampling2d({ size: [2, 2], ...channelsFirst }),
      () => layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same', ...channelsFirst }),
      () => layers.averagePooling2d({ poolSize: 2, ...channelsFirst }),
      flatten,
    ),
  },
  {
    name: 'channels first: padding, depthwise, transposed, cropping',
    inputShape: [2, 4, 4],
    body: chain(
      () => layers.zeroPadding2d({ padding: 1, ...channelsFirst }),
      () => layers.depthwiseConv2d({ kernelSize: 2, activation: 'tanh', ...channelsFirst }),
      () => layers.conv2dTranspose({ filters: 2, kernelSize: 2, strides: 2, ...channelsFirst }),
      () =>
        layers.cropping2D({
          cropping: [
            [1, 2],
            [0, 1],
          ],
          ...channelsFirst,
        }),
      flatten,
    ),
  },
  {
    name: 'batchNormalization on every axis in turn, training',
    inputShape: [3, 4, 2],
    mode: 'training',
    body: chain(
      () => layers.conv2d({ filters: 2, kernelSize: 1, activation: 'tanh' }),
      () => layers.batchNormalization({ axis: 1 }),
      () => layers.batchNormalization({ axis: 2 }),
      () => layers.batchNormalization({ axis: -1 }),
      flatten,
    ),
  },
  {
    name: 'prelu with shared axes, separable convolution with gaps',
    inputShape: [6, 6, 2],
    body: chain(
      () => layers.separableConv2d({ filters: 2, kernelSize: 2, dilationRate: 2, depthMultiplier: 2 }),
      () => layers.prelu({ sharedAxes: [1, 2], alphaInitializer: 'zeros' }),
      flatten,
    ),
  },
  {
    name: 'centerCrop between convolutions',
    inputShape: [7, 8, 2],
    body: chain(
      () => layers.conv2d({ filters: 2, kernelSize: 2, activation: 'tanh' }),
      () => layers.centerCrop({ height: 4, width: 3 }),
      () => layers.rescaling({ scale: 0.5, offset: 0.1 }),
      flatten,
    ),
  },
  ...(['multiHot', 'count', 'oneHot'] as const).map(
    (outputMode): BuiltCase => ({
      name: `categoryEncoding, ${outputMode}`,
      inputShape: outputMode === 'oneHot' ? [1] : [4],
      tokens: 5,
      body: chain(
        // The layer writes its output's shape over that of its input.
        () => layers.reshape({ targetShape: outputMode === 'oneHot' ? [1] : [4] }),
        () => layers.categoryEncoding({ numTokens: 5, outputMode }),
        () => dense(4),
      ),
    }),
  ),
];

const drawing: BuiltCase[] = [
  ...(
    [
      ['gaussianNoise', () => layers.gaussianNoise({ stddev: 0.3 })],
      ['gaussianDropout', () => layers.gaussianDropout({ rate: 0.3 })],
      ['alphaDropout', () => layers.alphaDropout({ rate: 0.3 })],
      ['dropout of whole columns', () => layers.dropout({ rate: 0.4, noiseShape: [1, 5] })],
    ] as const
  ).map(
    ([name, noise]): BuiltCase => ({
      name: `${name}, training`,
      inputShape: [6],
      mode: 'training',
      body: chain(
        () => dense(5),
        noise,
        () => dense(4),
      ),
    }),
  ),
  ...(
    [
      ['lstm', () => layers.lstm({ ...recurrent, dropout: 0.3, recurrentDropout: 0.4 })],
      ['gru', () => layers.gru({ ...recurrent, dropout: 0.3, recurrentDropout: 0.4 })],
      ['simpleRNN', () => layers.simpleRNN({ ...recurrent, dropout: 0.3, recurrentDropout: 0.4 })],
    ] as const
  ).flatMap(([name, layer]) =>
    (['training', 'inference'] as const).map(
      (mode): BuiltCase => ({ name: `${name} with dropout, ${mode}`, inputShape: sequence, mode, body: chain(layer) }),
    ),
  ),
  {
    name: 'stacked cells with dropout, training',
    inputShape: sequence,
    mode: 'training',
    body: chain(() =>
      layers.rnn({
        cell: [
          layers.gruCell({ ...recurrent, dropout: 0.3 }),
          layers.lstmCell({ ...recurrent, recurrentDropout: 0.4 }),
        ],
      }),
    ),
  },
  {
    name: 'convLstm2d with dropout, training',
    inputShape: [2, 3, 3, 2],
    mode: 'training',
    body: chain(() => layers.convLstm2d({ filters: 2, kernelSize: 2, dropout: 0.3, ...zeros }), flatten),
  },
  {
    name: 'timeDistributed dropout and batch normalisation, training',
    inputShape: [3, 4],
    mode: 'training',
    body: chain(
      () => layers.timeDistributed({ layer: dense(3) }),
      () => layers.timeDistributed({ layer: layers.dropout({ rate: 0.3 }) }),
      flatten,
    ),
  },
];

export const builtCases: readonly BuiltCase[] = [
  ...sequences,
  ...attention,
  ...merges,
  ...joined,
  ...layouts,
  ...drawing,
];

/** The network of a case with its last layer. */
export function modelOfBuilt({ inputShape, body }: BuiltCase, outputs: number): LayersModel {
  const x = input({ shape: [...inputShape] });
  return model({ inputs: x, outputs: apply(layers.dense({ units: outputs }), body(x)) });
}
