import { add, reshape, type Scalar, type Tensor, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel, LayerVariable, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { BadInput } from '../../bad-input.ts';
import { innerLayers, isWrapper } from './inner-layers.ts';
import { asFunction, batchDependent, drawsMasks, requireFunctions } from './layers-as-functions.ts';
import { leafLayers } from './model-layers.ts';
import { shadow } from './shadow.ts';
import { type TrainableVariable, trainableVariables, weightName } from './trainable-variables.ts';

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
  /** The name of a layer that in training mode sees the batch as a whole (its statistics, its masks); null if none. */
  readonly batchDependent: string | null;
  /** Whether layers draw masks or noise in training mode, which follow from the mask seed. */
  readonly drawsMasks: boolean;
  /**
   * Names the running statistics as they are now: another one after every change. They are constants of whatever was
   * compiled in inference mode. Empty where the model has none.
   */
  statistics(): string;
  /**
   * Outputs at `weights`, one row an example; differentiable in the weights. Call inside `tidy`. What layers would have
   * written (running statistics, in training mode) goes to `onWrite`.
   */
  outputs(weights: readonly Tensor[], inputs: Tensor, mode: Mode, maskSeed: number, onWrite?: OnWrite): Tensor2D;
  /** Sum of the layers' penalties at `weights`, each shared layer once; null where no layer has one. */
  penalty(weights: readonly Tensor[]): Scalar | null;
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
 * Dropout and noise in training mode, those of recurrent cells too: the masks follow from the layer's seed and from
 * `maskSeed`, so that the loss of a batch is a function of θ; layers without a seed get one from their place. Penalties
 * on the weights of recurrent cells count, which tf.layers itself forgets.
 *
 * Throws `BadInput` for models with several inputs or outputs, with open shapes, with nothing to train, or with layers
 * that are no functions: stateful ones and those that draw in inference mode.
 */
export function functionalModel(model: LayersModel): FunctionalModel {
  const leaves = [...leafLayers(model).keys()];
  const parts = [...new Set([...leaves, ...leaves.flatMap(innerLayers)])];
  requireFunctions(parts);
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
  const running = everyVariable.filter((variable) => weightName(variable).startsWith('moving_'));
  // A variable that is written holds other numbers, which have an identity of their own.
  const numbers = new WeakMap<object, number>();
  let named = 0;
  const nameOf = (held: object): number => {
    if (!numbers.has(held)) numbers.set(held, ++named);
    return numbers.get(held) as number;
  };
  const penalised = parts.filter((layer) => !isWrapper(layer) && layer.losses.length > 0);

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
    const undo = parts.flatMap((layer, place) => asFunction(layer, place, maskSeed, training));
    try {
      const applied = withWeights(weights, () => model.apply(inputs, { training }), onWrite) as Tensor;
      return reshape(applied, [inputs.shape[0] ?? 0, outputWidth]) as Tensor2D;
    } finally {
      for (const restore of undo) restore();
    }
  }

  function penalty(weights: readonly Tensor[]): Scalar | null {
    if (penalised.length === 0) return null;
    return tidy(() => {
      const terms = withWeights(weights, () => penalised.flatMap((layer) => layer.calculateLosses()));
      return terms.map((term) => reshape(term, []) as Scalar).reduce((sum, term) => add(sum, term));
    });
  }

  return {
    model,
    variables,
    inputShape,
    outputWidth,
    activations,
    batchDependent: batchDependent(leaves),
    drawsMasks: parts.some(drawsMasks),
    statistics: () => running.map((variable) => nameOf(variable.read().dataId)).join(),
    outputs,
    penalty,
  };
}
