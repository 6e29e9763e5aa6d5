import type { LayersModel } from '@tensorflow/tfjs-layers';
import { trainableVariables } from './trainable-variables.ts';

const drawnAtFirst = new WeakMap<LayersModel, Float64Array>();

/** The trainable weights that the model holds now, flat, in the order of its parameter layout. */
export function thetaOfModel(model: LayersModel): Float64Array {
  const variables = trainableVariables(model);
  const theta = new Float64Array(variables.reduce((sum, { size }) => sum + size, 0));
  let offset = 0;
  for (const { variable, size } of variables) {
    theta.set(variable.read().dataSync(), offset);
    offset += size;
  }
  return theta;
}

/** Keeps the drawn weights (by `layer/weight`) in double precision: a float32 model holds them rounded. */
export function rememberInitialTheta(model: LayersModel, drawn: ReadonlyMap<string, Float64Array>): void {
  const blocks = trainableVariables(model).map(({ blockName }) => drawn.get(blockName) ?? new Float64Array(0));
  const theta = new Float64Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let offset = 0;
  for (const block of blocks) {
    theta.set(block, offset);
    offset += block.length;
  }
  drawnAtFirst.set(model, theta);
}

/**
 * θ₀ of a model from an experiment file in double precision, the same in every precision of the tensors; for any other
 * model the weights that it holds now.
 */
export function initialTheta(model: LayersModel): Float64Array {
  return drawnAtFirst.get(model)?.slice() ?? thetaOfModel(model);
}
