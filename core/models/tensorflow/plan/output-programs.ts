import { mul, ones, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { outputCurvatureProduct } from '../loss-terms.ts';
import type { Setting } from '../objective-setting.ts';
import { linearizeOutputs } from '../second-order/linearize-outputs.ts';
import { type LinearizedPrograms, linearizedPrograms } from './linearized-programs.ts';
import { type PartOfLoss, samplesLike } from './loss-programs.ts';

/**
 * The outputs of a model on a part of the data with the products of their Jacobian J: `jacobian` v ↦ J v,
 * `jacobianTranspose` u ↦ Jᵀu, `gaussNewton` v ↦ scale · Jᵀ A J v with the loss' second derivative A in the outputs.
 */
export function outputPrograms<V>(
  setting: Setting<V>,
  { part, scale, seed }: PartOfLoss,
  weights: readonly Tensor[],
): LinearizedPrograms {
  const { functional, loss, mode } = setting;
  const vs = samplesLike(weights);
  const u = ones([part.count, functional.outputWidth]);
  const blocks = vs.map((_, i) => i);
  try {
    return linearizedPrograms(
      { theta: weights, data: [part.inputs, part.targets], vectors: [...vs, u] },
      { gaussNewton: blocks, jacobian: blocks, jacobianTranspose: [vs.length] },
      () => {
        const tape = linearizeOutputs((...at) => functional.outputs(at, part.inputs, mode, seed), weights);
        const jacobian = tape.jacobianProduct(vs) as Tensor2D;
        const curved = outputCurvatureProduct(loss, tape.outputs as Tensor2D, jacobian);
        const gaussNewton = tape.jacobianTransposeProduct(mul(curved, scale));
        const jacobianTranspose = tape.jacobianTransposeProduct(u);
        return {
          point: [],
          products: { gaussNewton, jacobian: [jacobian], jacobianTranspose },
          free: () => tape.dispose(),
        };
      },
      setting,
    );
  } finally {
    for (const vector of [...vs, u]) vector.dispose();
  }
}
