import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { type ParameterLayout, type ParameterRole, parameterLayout } from '../../objective/parameter-layout.ts';
import { type TrainableVariable, trainableVariables, weightName } from './trainable-variables.ts';

const roles: Readonly<Record<string, ParameterRole>> = {
  kernel: 'kernel',
  depthwise_kernel: 'kernel',
  pointwise_kernel: 'kernel',
  recurrent_kernel: 'kernel',
  bias: 'bias',
  gamma: 'gain',
  beta: 'shift',
  embeddings: 'embedding',
};

/**
 * The axis that counts output units or channels. Kernels end with it, except transposed convolutions (… , out, in) and
 * depthwise ones (… , in, multiplier), whose outputs are counted by `in` where the multiplier is 1 and by no single axis
 * where it is more.
 */
function filterAxis(layer: layers.Layer, weight: string, shape: readonly number[]): number | null {
  if (roles[weight] !== 'kernel') return null;
  if (weight === 'depthwise_kernel') return shape.at(-1) === 1 ? shape.length - 2 : null;
  return /^Conv[23]DTranspose$/.test(layer.getClassName()) ? shape.length - 2 : shape.length - 1;
}

/** Layers that work on every number by itself, so that the order of a flattened image survives them. */
const elementwise = new Set([
  'Activation',
  'AlphaDropout',
  'BatchNormalization',
  'Dropout',
  'ELU',
  'GaussianDropout',
  'GaussianNoise',
  'LayerNormalization',
  'LeakyReLU',
  'PReLU',
  'ReLU',
  'Rescaling',
  'Softmax',
  'ThresholdedReLU',
]);

/** The shape before the flatten that a layer's input comes from, through elementwise layers; undefined if there is none. */
function flattenedShape(layer: layers.Layer): readonly number[] | undefined {
  let symbolic: SymbolicTensor | undefined = layer.inboundNodes[0]?.inputTensors[0];
  while (symbolic?.sourceLayer && elementwise.has(symbolic.sourceLayer.getClassName()))
    symbolic = symbolic.sourceLayer.inboundNodes[symbolic.nodeIndex ?? 0]?.inputTensors[0];
  if (symbolic?.sourceLayer?.getClassName() !== 'Flatten') return undefined;
  const before = symbolic.sourceLayer.inboundNodes[symbolic.nodeIndex ?? 0]?.inputTensors[0]?.shape.slice(1);
  return before && before.length > 1 ? (before as number[]) : undefined;
}

/** Weights whose first axis runs over the numbers that come in. */
function flattenedFrom({ layer, variable, shape }: TrainableVariable): readonly number[] | undefined {
  const weight = weightName(variable);
  const follows =
    layer.getClassName() === 'Dense'
      ? weight === 'kernel'
      : shape.length === 1 && elementwise.has(layer.getClassName());
  return follows ? flattenedShape(layer) : undefined;
}

/**
 * θ of a tf.layers model as named blocks, in the order of `model.trainableWeights`; shared weights appear once.
 * `flattenedFrom` is given for the kernel of a dense layer behind a flatten, and for gains, shifts and slopes of
 * elementwise layers there, whose only axis runs over the same flattened numbers.
 */
export function parameterLayoutOfModel(model: LayersModel): ParameterLayout {
  return parameterLayout(
    trainableVariables(model).map((entry) => {
      const weight = weightName(entry.variable);
      const from = flattenedFrom(entry);
      return {
        name: entry.blockName,
        layer: entry.layerName,
        role: (Object.hasOwn(roles, weight) ? roles[weight] : undefined) ?? 'other',
        shape: entry.shape,
        filterAxis: filterAxis(entry.layer, weight, entry.shape),
        ...(from ? { flattenedFrom: from } : {}),
      };
    }),
  );
}
