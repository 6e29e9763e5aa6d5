import { mul, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { ExampleBatch } from '../examples.ts';
import { partLoss, type Seen, type Setting } from '../objective-setting.ts';
import { linearizeTape } from '../second-order/linearize-tape.ts';
import { type LinearizedPrograms, linearizedPrograms } from './linearized-programs.ts';

/** Which part of the data, and how it is weighted. */
export interface PartOfLoss {
  readonly part: ExampleBatch;
  readonly index: number;
  readonly scale: number;
  readonly seed: number;
}

/**
 * The loss of a part of the data with its gradient and Hessian products as programs. Results of the point: the loss of
 * each example, the penalty where there is one (in the first part), and the blocks of the gradient. Products: `hessian`,
 * of all blocks of θ, or of some of them: then from these to these, the diagonal block of H that belongs to them.
 */
export function lossPrograms<V>(
  setting: Setting<V>,
  { part, index, scale, seed }: PartOfLoss,
  weights: readonly Tensor[],
  blocks: readonly number[] = weights.map((_, i) => i),
): LinearizedPrograms {
  const vectors = samplesLike(weights);
  const zeros = new Set(weights.keys());
  for (const block of blocks) zeros.delete(block);
  try {
    return linearizedPrograms(
      { theta: weights, data: [part.inputs, part.targets], vectors, zeros },
      { hessian: blocks },
      () => {
        const seen: Seen = {};
        const tape = linearizeTape(partLoss(setting, part, index, scale, seed, seen), weights);
        const all = tape.hessianProduct(vectors);
        const hessian = blocks.map((block) => all[block] as Tensor);
        const { terms, penalty } = seen;
        const sums = [terms, penalty].filter((sum): sum is NonNullable<typeof sum> => sum !== undefined);
        return {
          point: [...sums, ...tape.gradients],
          products: { hessian },
          free() {
            tape.dispose();
            for (const sum of sums) sum.dispose();
          },
        };
      },
      setting,
    );
  } finally {
    for (const vector of vectors) vector.dispose();
  }
}

/** Tensors of the same shapes that share nothing with the given ones. */
export const samplesLike = (tensors: readonly Tensor[]): Tensor[] =>
  tidy(() => tensors.map((tensor) => mul(tensor, 0.5)));
