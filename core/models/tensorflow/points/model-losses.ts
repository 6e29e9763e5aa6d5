import {
  argMax,
  cast,
  keep,
  matMul,
  reshape,
  slice,
  stack,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
  unstack,
} from '@tensorflow/tfjs-core';
import { type AffineLayer, withReplaced } from '../affine-layers.ts';
import type { ExampleBatch } from '../examples.ts';
import { perExampleLoss } from '../loss-terms.ts';
import { modelKey, type Setting } from '../objective-setting.ts';
import type { PointFunction } from './point-function.ts';

/** What the points of one call have in common. */
export interface Span<V> {
  readonly setting: Setting<V>;
  /** Origin and directions, each block of θ stacked, one row a vector: [vectors, size]. */
  readonly blocks: readonly Tensor[];
  /** 1 + the number of directions. */
  readonly vectors: number;
  /** Of the batch, for masks. */
  readonly seed: number;
}

/**
 * Values before the activation of each affine layer at the origin and in each direction: [vectors, examples · outputs].
 * The caller disposes them.
 */
export function firstValues<V>(
  { setting, blocks, vectors, seed }: Span<V>,
  affine: readonly AffineLayer[],
  part: ExampleBatch,
): Tensor[] {
  if (affine.length === 0) return [];
  return tidy(() => {
    const { functional, mode } = setting;
    const rows: Tensor[][] = affine.map(() => []);
    const weights = functional.variables.map(({ shape }, b) =>
      unstack(blocks[b] as Tensor).map((row) => asWeight(row, shape)),
    );
    const record = (index: number, compute: () => Tensor) => {
      const value = compute();
      // Kept, because the model frees what is made while it runs.
      rows[index]?.push(keep(reshape(value, [value.size])));
      return value;
    };
    for (let vector = 0; vector < vectors; vector++) {
      const at = weights.map((block) => block[vector] as Tensor);
      withReplaced(affine, record, () => functional.outputs(at, part.inputs, mode, seed));
    }
    const values = rows.map((row) => stack(row));
    for (const row of rows.flat()) row.dispose();
    return values;
  });
}

/**
 * The losses of the examples of a part, one point a run, for every model; then, if `predicts`, the class of each. Weights are combined on the device; a layer
 * that is affine in θ is not computed, its `values` are combined.
 */
export function modelLosses<V>(
  { setting, blocks, vectors, seed }: Span<V>,
  affine: readonly AffineLayer[],
  values: readonly Tensor[],
  part: ExampleBatch,
  predicts: boolean,
): PointFunction {
  const { functional, loss, mode, drawsMasks } = setting;
  const combined = new Set(affine.flatMap((layer) => layer.blocks));
  const body = (rows: Tensor2D) =>
    tidy(() => {
      const combine = (stored: Tensor) => matMul(rows, stored as Tensor2D);
      // A block that no layer will read stays as it is.
      const weights = functional.variables.map(({ shape }, b) =>
        combined.has(b) ? (blocks[b] as Tensor) : asWeight(combine(blocks[b] as Tensor), shape),
      );
      const replace = (i: number) =>
        reshape(combine(values[i] as Tensor), [part.count, ...(affine[i]?.outputShape ?? [])]);
      const outputs = withReplaced(affine, replace, () => functional.outputs(weights, part.inputs, mode, seed));
      const losses = perExampleLoss(loss, outputs, part.targets);
      return predicts ? [losses, cast(argMax(outputs, 1), 'float32')] : [losses];
    });
  const own = [part.count, vectors, affine.length > 0, drawsMasks ? seed : 0, predicts, modelKey(setting)];
  const key = ['points, model', ...own].join('|');
  const fixed = [...blocks, ...values, part.inputs, part.targets];
  return { key, points: 1, values: part.count, results: predicts ? 2 : 1, fixed, body };
}

/** The layers' penalties at a point; null where no layer has one. */
export function penalties<V>({ setting, blocks, vectors }: Span<V>): PointFunction | null {
  const { functional } = setting;
  const penaltyOf = (rowOf: (block: Tensor2D) => Tensor) =>
    functional.penalty(functional.variables.map(({ shape }, b) => asWeight(rowOf(blocks[b] as Tensor2D), shape)));
  const atOrigin = (block: Tensor2D) => slice(block, [0, 0], [1, -1]);
  if (tidy(() => penaltyOf(atOrigin) === null)) return null;
  const body = (rows: Tensor2D) => tidy(() => [penaltyOf((block) => matMul(rows, block)) as Tensor]);
  return { key: `points, penalties|${vectors}`, points: 1, values: 1, results: 1, fixed: blocks, body };
}

/** A vector is copied: wasm's fused kernels judge a bias by the rank with which its memory was first written. */
function asWeight(row: Tensor, shape: readonly number[]): Tensor {
  return shape.length === 1 ? (slice(reshape(row, [row.size]), 0, row.size) as Tensor1D) : reshape(row, [...shape]);
}
