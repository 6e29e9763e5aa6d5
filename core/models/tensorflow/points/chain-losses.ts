import {
  add,
  argMax,
  cast,
  div,
  exp,
  log,
  matMul,
  max,
  mul,
  reshape,
  slice,
  squaredDifference,
  stack,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
  transpose,
  unstack,
} from '@tensorflow/tfjs-core';
import type { LossName } from '../../../objective/loss-convention.ts';
import type { ExampleBatch } from '../examples.ts';
import type { ChainLayer } from './dense-chain.ts';
import type { PointFunction } from './point-function.ts';

/** The weights of a chain at the origin and in the directions, one row a vector. */
export interface ChainWeights {
  readonly layers: readonly ChainLayer[];
  /** Whether the first layer's values are combined instead of computed. */
  readonly affine: boolean;
  /** 1 + the number of directions. */
  readonly vectors: number;
  /** A kernel [inputs, units] as its transpose: [vectors, units · inputs]. */
  readonly kernels: readonly Tensor2D[];
  /** [vectors, units]. */
  readonly biases: readonly (Tensor2D | null)[];
  dispose(): void;
}

/**
 * Entries of the widest layer that a run works on, all points and examples together: 4 MiB. Measured on 784-64-10 and
 * 1,000 examples, a core with a second cache of 1 MiB: a half of it costs 5 % more, a quarter 20 %, an eighth 35 %.
 */
const runEntries = 2 ** 20;
/** More points a run gain nothing. */
const mostPoints = 32;
/** Fewer examples at a time would make the weights' combinations more than the layers' products. */
const fewestExamples = 256;

export function chainWeights(
  layers: readonly ChainLayer[],
  blocks: readonly Tensor[],
  vectors: number,
  affine: boolean,
): ChainWeights {
  const kernels = layers.map(({ kernel, inputs, units }) =>
    tidy(() => {
      const rows = reshape(blocks[kernel] as Tensor, [vectors, inputs, units]);
      return reshape(transpose(rows, [0, 2, 1]), [vectors, units * inputs]) as Tensor2D;
    }),
  );
  // A copy, so that all that is disposed here was made here.
  const biases = layers.map(({ bias }) => (bias === null ? null : ((blocks[bias] as Tensor).clone() as Tensor2D)));
  return {
    ...{ layers, affine, vectors, kernels, biases },
    dispose() {
      for (const tensor of [...kernels, ...biases]) tensor?.dispose();
    },
  };
}

/** How many examples, and how many points, one run takes. */
export function runSize(layers: readonly ChainLayer[], examples: number, points: number): [number, number] {
  const width = Math.max(...layers.map(({ units }) => units));
  const most = Math.max(fewestExamples, Math.floor(runEntries / width));
  const count = Math.ceil(examples / Math.ceil(examples / most));
  const fit = Math.min(mostPoints, runEntries / width / count, points);
  // Powers of two, so that few programs serve all calls.
  return [count, 2 ** Math.max(0, Math.floor(Math.log2(fit)))];
}

/**
 * The losses of `count` examples from `start` on, several points a run. Units lie along rows and examples side by side,
 * so that every step runs through memory in order: with C the points' rows, the first layer is act(C S) with the values
 * S [vectors, units · examples] of the origin and the directions before the activation where they are combined; each
 * later one is act(W h + b) with the weights of all points combined at once; the loss is summed along the classes.
 * If `predicts`, the class of each example comes behind the losses. The caller disposes the function's fixed tensors that `own` names.
 */
export function chainLosses(
  weights: ChainWeights,
  loss: LossName,
  { inputs, targets, count: all }: ExampleBatch,
  [start, count]: readonly [start: number, count: number],
  points: number,
  predicts: boolean,
): PointFunction & { readonly own: readonly Tensor[] } {
  const { layers, affine, kernels, biases, vectors } = weights;
  const own = tidy(() => {
    const x = slice(reshape(inputs, [all, layers[0]?.inputs ?? 0]), [start, 0], [count, -1]) as Tensor2D;
    const wanted = transpose(slice(targets, [start, 0], [count, -1]));
    return [affine ? firstValues(weights, x) : transpose(x), wanted];
  });
  const [first, wanted] = own as [Tensor2D, Tensor2D];
  const body = (rows: Tensor2D) =>
    tidy(() => {
      let h: Tensor = first;
      for (const [l, layer] of layers.entries()) {
        const combined = (stored: Tensor2D, shape: number[]) => reshape(matMul(rows, stored), shape);
        const { units, inputs: width } = layer;
        let z: Tensor;
        if (l === 0 && affine) z = combined(first, [points, units, count]);
        else {
          // The data are the same at all points, so that one product serves them.
          const w = combined(kernels[l] as Tensor2D, l === 0 ? [points * units, width] : [points, units, width]);
          z = reshape(matMul(w, h), [points, units, count]);
          const bias = biases[l];
          if (bias) z = add(z, combined(bias, [points, units, 1]));
        }
        h = layer.activation(z);
      }
      const losses = lossOf(loss, h, wanted);
      return predicts ? [losses, cast(argMax(h, 1), 'float32')] : [losses];
    });
  const fixed = [first, wanted, ...kernels, ...biases.flatMap((bias) => bias ?? [])];
  const key = ['points, chain', points, count, vectors, affine, predicts].join('|');
  return { key, points, values: count, results: predicts ? 2 : 1, fixed, body, own };
}

/** [vectors, units · examples]. */
function firstValues({ layers, kernels, biases }: ChainWeights, x: Tensor2D): Tensor2D {
  const { units, inputs } = layers[0] as ChainLayer;
  const biasRows = biases[0] ? unstack(biases[0]) : null;
  const rows = unstack(kernels[0] as Tensor2D).map((kernel, j) => {
    const z = matMul(reshape(kernel, [units, inputs]) as Tensor2D, x, false, true);
    const bias = biasRows?.[j];
    return reshape(bias ? add(z, reshape(bias, [units, 1])) : z, [z.size]);
  });
  return stack(rows) as Tensor2D;
}

/** `perExampleLoss` with the classes along axis 1: outputs [points, width, examples], targets [width, examples]. */
function lossOf(loss: LossName, outputs: Tensor, targets: Tensor2D): Tensor {
  if (loss === 'softmaxCrossEntropy') {
    const shifted = sub(outputs, max(outputs, 1, true));
    return sub(log(sum(exp(shifted), 1)), sum(mul(shifted, targets), 1));
  }
  const squares = sum(squaredDifference(outputs, targets), 1);
  return loss === 'halfSquaredError' ? mul(squares, 0.5) : div(squares, targets.shape[0]);
}
