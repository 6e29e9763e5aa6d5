import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { activationForLosses, type WithActivation } from '../affine-layers.ts';
import type { FunctionalModel } from '../functional-model.ts';
import { asContainer, callsInOrder, containerOf } from '../model-layers.ts';

/** act(W x + b) for one example, with the indices of its blocks of θ. */
export interface ChainLayer {
  readonly kernel: number;
  readonly bias: number | null;
  readonly inputs: number;
  readonly units: number;
  /** Entry by entry. */
  activation(x: Tensor): Tensor;
}

/** Activations that look at one number alone. */
const elementwise = new Set([
  'elu',
  'gelu',
  'gelu_new',
  'hardSigmoid',
  'linear',
  'mish',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'softplus',
  'softsign',
  'swish',
  'tanh',
]);
/** Layers that are such activations. */
const activationLayers = new Set(['Activation', 'ELU', 'LeakyReLU', 'ReLU', 'ThresholdedReLU']);
/** Layers that pass their input on, row by row, when nothing is drawn. */
const passing = new Set(['InputLayer', 'Flatten', 'Dropout', 'GaussianNoise', 'GaussianDropout', 'AlphaDropout']);

/**
 * The dense layers of a model that in inference mode is nothing else, one after the other, with all weights in θ and an
 * activation entry by entry; null for any other model.
 */
export function denseChain({ model, variables }: FunctionalModel): readonly ChainLayer[] | null {
  const calls = callsInOrder(containerOf(model as LayersModel));
  const found: ChainLayer[] = [];
  const seen = new Set<layers.Layer>();
  let [last] = model.inputs;
  for (const { outboundLayer: layer, inputTensors, outputTensors } of calls) {
    const kind = layer.getClassName();
    // Layers with a mask of their own, and data that is no table once it has been flattened, take the general way.
    if (asContainer(layer) || seen.has(layer) || inputTensors.length !== 1 || inputTensors[0] !== last) return null;
    seen.add(layer);
    [last] = outputTensors;
    if (passing.has(kind)) continue;
    const before = found.at(-1);
    if (before && activationLayers.has(kind) && isElementwise(layer)) {
      found[found.length - 1] = { ...before, activation: (x) => layer.call(before.activation(x), {}) as Tensor };
      continue;
    }
    const one = kind === 'Dense' ? chainLayer(layer as layers.Layer & WithActivation, variables) : null;
    if (!one || inputTensors[0]?.shape.length !== 2) return null;
    found.push(one);
  }
  return found.length > 0 && last === model.outputs[0] ? found : null;
}

/** Whether what the layer applies in the end, if anything, looks at one number alone. */
function isElementwise(layer: layers.Layer): boolean {
  const { activation } = layer as layers.Layer & Partial<WithActivation>;
  return activation === undefined || elementwise.has(activation.getClassName());
}

function chainLayer(layer: layers.Layer & WithActivation, variables: FunctionalModel['variables']): ChainLayer | null {
  const blocks = variables.flatMap((variable, i) => (variable.layer === layer ? [i] : []));
  const [kernel, bias = null] = blocks;
  const [inputs, units] = kernel === undefined ? [] : (variables[kernel]?.shape ?? []);
  if (kernel === undefined || blocks.length !== layer.weights.length || inputs === undefined || units === undefined)
    return null;
  return isElementwise(layer) ? { kernel, bias, inputs, units, activation: activationForLosses(layer) } : null;
}
