import { add, reshape, type Scalar, type Tensor, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel, LayerVariable, layers, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { BadInput } from '../../bad-input.ts';
import { leafLayers } from './model-layers.ts';
import { shadow } from './shadow.ts';
import { type TrainableVariable, trainableVariables } from './trainable-variables.ts';

export type Mode = 'inference' | 'training';

export type OnWrite = (variable: LayerVariable, value: Tensor) => void;

/** A tf.layers model as a function of its trainable weights. The model itself is never changed. */
export interface FunctionalModel {
  readonly model: LayersModel;
  readonly variables: readonly TrainableVariable[];
  readonly inputShape: readonly number[];
  /** Numbers of one output row. */
  readonly outputWidth: number;
  /** Numbers held per example during a forward pass, all layers together. */
  readonly activations: number;
  /**
   * Outputs at `weights`, one row an example; differentiable in the weights. Call inside `tidy`. What layers would have
   * written (running statistics, in training mode) goes to `onWrite`.
   */
  outputs(weights: readonly Tensor[], inputs: Tensor, mode: Mode, maskSeed: number, onWrite?: OnWrite): Tensor2D;
  /** Sum of the layers' penalties at `weights`, each shared layer once; null where no layer has one. */
  penalty(weights: readonly Tensor[]): Scalar | null;
}

/** Members of a layer that its declarations hide or that exist in some kinds only. */
interface LayerMembers {
  seed?: number;
  gamma?: unknown;
  beta?: unknown;
}

function onlyOne(symbolics: readonly SymbolicTensor[], what: string): SymbolicTensor {
  const [first] = symbolics;
  if (!first || symbolics.length !== 1)
    throw new BadInput(`The model has ${symbolics.length} ${what}.`, `Use a model with one ${what.slice(0, -1)}.`);
  return first;
}

function fixedShape(symbolic: SymbolicTensor, what: string): number[] {
  const shape = symbolic.shape.slice(1);
  if (shape.some((extent) => extent === null))
    throw new BadInput(`The ${what} of the model has the open shape [${shape.join(', ')}].`, 'Give every extent.');
  return shape as number[];
}

const product = (shape: readonly (number | null)[]) => shape.reduce<number>((size, extent) => size * (extent ?? 1), 1);

/**
 * Every layer of tf.layers reads its weights through `LayerVariable.read` and writes them (running statistics of batch
 * normalisation) through `write`; both are hidden by own properties for the time of a synchronous call. So the loss can
 * be evaluated at any θ with all weights and statistics left as they were, bit by bit, and two evaluations never mix.
 *
 * Dropout in training mode: the mask follows from the layer's seed and from `maskSeed`, so that the loss of a batch is a
 * function of θ; layers without a seed get one from their place. Batch normalisation without scale or centre: a constant
 * stands in for the missing weight, because tf.layers reads it regardless in training.
 *
 * Throws `BadInput` for models with several inputs or outputs, with open shapes, or with nothing to train.
 */
export function functionalModel(model: LayersModel): FunctionalModel {
  const leaves = [...leafLayers(model).keys()];
  const variables = trainableVariables(model);
  if (variables.length === 0)
    throw new BadInput('The model has no trainable weights.', 'Add a layer with weights, or set trainable: true.');
  const inputShape = fixedShape(onlyOne(model.inputs, 'inputs'), 'input');
  const outputWidth = product(fixedShape(onlyOne(model.outputs, 'outputs'), 'output'));
  const activations = leaves.reduce(
    (sum, layer) =>
      sum +
      layer.inboundNodes.reduce(
        (own, node) => own + node.outputTensors.reduce((all, symbolic) => all + product(symbolic.shape.slice(1)), 0),
        0,
      ),
    0,
  );
  const everyVariable = leaves.flatMap((layer) => layer.weights);

  function withWeights<T>(weights: readonly Tensor[], body: () => T, onWrite?: OnWrite): T {
    const undo = everyVariable.map((variable) =>
      shadow(variable, 'write', (value) => {
        onWrite?.(variable, value);
        return variable;
      }),
    );
    try {
      for (const [i, { variable }] of variables.entries())
        undo.push(shadow(variable, 'read', () => weights[i] as Tensor));
      return body();
    } finally {
      for (const restore of undo) restore();
    }
  }

  function outputs(weights: readonly Tensor[], inputs: Tensor, mode: Mode, maskSeed: number, onWrite?: OnWrite) {
    const training = mode === 'training';
    const undo = training ? leaves.flatMap((layer, place) => forTraining(layer, place, maskSeed)) : [];
    try {
      const applied = withWeights(weights, () => model.apply(inputs, { training }), onWrite) as Tensor;
      return reshape(applied, [inputs.shape[0] ?? 0, outputWidth]) as Tensor2D;
    } finally {
      for (const restore of undo) restore();
    }
  }

  function penalty(weights: readonly Tensor[]): Scalar | null {
    if (leaves.every((layer) => layer.losses.length === 0)) return null;
    return tidy(() => {
      const terms = withWeights(weights, () => leaves.flatMap((layer) => layer.calculateLosses()));
      return terms.map((term) => reshape(term, []) as Scalar).reduce((sum, term) => add(sum, term));
    });
  }

  return { model, variables, inputShape, outputWidth, activations, outputs, penalty };
}

function forTraining(layer: layers.Layer, place: number, maskSeed: number): (() => void)[] {
  const members = layer as layers.Layer & LayerMembers;
  const kind = layer.getClassName();
  if (kind === 'Dropout' || kind === 'SpatialDropout1D')
    return [shadow(members, 'seed', mixedSeed(members.seed ?? place, maskSeed))];
  if (kind !== 'BatchNormalization') return [];
  const absent = { read: () => null };
  return (['gamma', 'beta'] as const).filter((key) => members[key] == null).map((key) => shadow(members, key, absent));
}

/** A positive 31-bit seed that follows from both (one round of the finaliser of MurmurHash3, Appleby 2011). */
function mixedSeed(layerSeed: number, maskSeed: number): number {
  let h = (Math.imul(layerSeed, 0x9e3779b1) ^ maskSeed) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 1) + 1;
}
