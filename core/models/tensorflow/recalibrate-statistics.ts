import { keep, type Tensor, tidy, zeros } from '@tensorflow/tfjs-core';
import type { LayersModel, LayerVariable, layers } from '@tensorflow/tfjs-layers';
import type { Dataset } from '../../data/dataset.ts';
import type { HostVector } from '../../linalg/vector-space.ts';
import type { BatchKey } from '../../objective/objective.ts';
import { examplesOf } from './examples.ts';
import { functionalModel } from './functional-model.ts';
import { leafLayers } from './model-layers.ts';
import { shadow } from './shadow.ts';
import { weightName } from './trainable-variables.ts';
import { hostHome } from './vector-home.ts';

/** A running mean or variance, and its layer as tf.layers has it. */
interface Statistic {
  readonly variable: LayerVariable;
  readonly layer: layers.Layer & { momentum: number };
}

function statisticsOf(model: LayersModel): Statistic[] {
  return [...leafLayers(model).keys()].flatMap((layer) =>
    layer.weights
      .filter((variable) => weightName(variable).startsWith('moving_'))
      .map((variable) => ({ variable, layer: layer as Statistic['layer'] })),
  );
}

/**
 * Sets the running mean and variance of every batch normalisation to those of the examples at θ (Izmailov et al. 2018),
 * so that inference at θ is what training saw. Statistics are no part of θ: without this a model that was trained on
 * statistics of batches, or moved along a line, is judged by those of another point. One forward pass with all examples
 * of the batch at once; the only function here that changes a model. Returns how many layers were set.
 */
export async function recalibrateStatistics(
  model: LayersModel,
  theta: HostVector,
  data: Dataset,
  batch?: BatchKey,
): Promise<number> {
  const statistics = statisticsOf(model);
  if (statistics.length === 0) return 0;
  const functional = functionalModel(model);
  const examples = examplesOf(data, functional.inputShape, functional.outputWidth, data.examples);
  const weights = hostHome(functional.variables.map(({ shape }) => shape)).split(theta);
  const found = new Map<LayerVariable, Tensor>();
  try {
    await examples.forEachPart(batch, async ({ inputs }) => {
      tidy(() => {
        // Without momentum the new running value is the batch's own; counted from zero, to the last bit, whatever was
        // there before: x − (x − b) would round with x.
        const undo = statistics.flatMap(({ layer, variable }) => [
          shadow(layer, 'momentum', 0),
          shadow(variable, 'read', () => zeros(variable.shape as number[])),
        ]);
        try {
          functional.outputs(weights, inputs, 'training', 0, (variable, value) => {
            found.set(variable, keep(value.clone()));
          });
        } finally {
          for (const restore of undo) restore();
        }
      });
    });
    for (const [variable, value] of found) variable.write(value);
    return new Set(statistics.map(({ layer }) => layer)).size;
  } finally {
    for (const tensor of [...weights, ...found.values()]) tensor.dispose();
    examples.dispose();
  }
}
