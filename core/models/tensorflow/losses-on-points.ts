import {
  keep,
  matMul,
  reshape,
  slice,
  stack,
  type Tensor,
  type Tensor2D,
  tensor2d,
  tidy,
  unstack,
} from '@tensorflow/tfjs-core';
import type { Matrix } from '../../linalg/matrix.ts';
import type { BatchKey } from '../../objective/objective.ts';
import { type AffineLayer, affineLayers, withReplaced } from './affine-layers.ts';
import type { ExampleBatch } from './examples.ts';
import { perExampleLoss } from './loss-terms.ts';
import { maskSeedOf, type Setting, scaleOf } from './objective-setting.ts';

/** What the points of one call have in common. */
interface Span<V> {
  readonly setting: Setting<V>;
  /** Origin and directions, each block of θ stacked, one row a vector: [1 + k, size]. */
  readonly blocks: readonly Tensor[];
  /** Layers whose value before the activation is combined instead of computed. */
  readonly affine: readonly AffineLayer[];
  /** Which blocks of θ a point needs: not those of affine layers without a penalty. */
  readonly needed: readonly boolean[];
  readonly seed: number;
}

/** Combining a value costs 1 + k products and computing it `fanIn`; measured on wasm, it pays from about this ratio. */
const leastGain = 4;

/**
 * L at origin + Σ_j C[i,j] direction_j for every row i. The directions are sent to the device once, and weights are
 * combined there. A first layer that is affine in θ on constant data (dense or convolution on the inputs) is not
 * computed at each point: with its values U_j before the activation for the origin and each direction, computed once,
 * its value at point i is U₀ + Σ_j C[i,j] U_j. That is done where it takes a fourth of the products or less.
 * Cost: one loss a point, without the first layer where that is combined.
 */
export async function lossesOnPoints<V>(
  setting: Setting<V>,
  origin: V,
  directions: readonly V[],
  coefficients: Matrix,
  batch: BatchKey | undefined,
): Promise<Float64Array> {
  if (coefficients.columns !== directions.length)
    throw new RangeError(`${coefficients.columns} coefficients a point for ${directions.length} directions.`);
  const { examples, functional } = setting;
  const scale = scaleOf(setting, batch?.length ?? examples.count);
  const affine = affineThatPay(setting, coefficients);
  const combined = new Set(affine.flatMap(({ layer, blocks }) => (layer.losses.length > 0 ? [] : blocks)));
  const needed = functional.variables.map((_, b) => !combined.has(b));
  const blocks = stackedBlocks(setting, [origin, ...directions]);
  const span: Span<V> = { setting, blocks, affine, needed, seed: maskSeedOf(batch) };
  const sums = new Float64Array(coefficients.rows);
  try {
    await examples.forEachPart(batch, async (part, index) => {
      const values = firstValues(span, part, 1 + directions.length);
      try {
        for (let point = 0; point < coefficients.rows; point++)
          sums[point] =
            (sums[point] ?? 0) + (await lossAt(span, part, values, pointRow(coefficients, point), index, scale));
      } finally {
        for (const value of values) value.dispose();
      }
    });
    return sums;
  } finally {
    for (const block of blocks) block.dispose();
  }
}

function affineThatPay<V>({ functional }: Setting<V>, { rows, columns }: Matrix): AffineLayer[] {
  const vectors = 1 + columns;
  if (rows < 2 * vectors) return [];
  const found = affineLayers(functional.model, functional.variables);
  return found.filter(({ fanIn }) => fanIn >= leastGain * vectors);
}

function stackedBlocks<V>(setting: Setting<V>, vectors: readonly V[]): Tensor[] {
  return tidy(() => {
    const split = vectors.map((vector) => setting.home.split(vector));
    return setting.functional.variables.map(({ size }, b) =>
      stack(split.map((blocks) => reshape(blocks[b] as Tensor, [size]))),
    );
  });
}

/** Values before the activation of each affine layer at the origin and in each direction: [1 + k, examples · outputs]. */
function firstValues<V>({ setting, blocks, affine, seed }: Span<V>, part: ExampleBatch, vectors: number): Tensor[] {
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

/** A vector is copied: wasm's fused kernels judge a bias by the rank with which its memory was first written. */
function asWeight(row: Tensor, shape: readonly number[]): Tensor {
  return shape.length === 1 ? slice(reshape(row, [row.size]), 0, row.size) : reshape(row, [...shape]);
}

/** The weights of a point's linear combination: 1 for the origin, then its coefficients. */
function pointRow({ columns, data }: Matrix, point: number): Float32Array {
  return Float32Array.from([1, ...data.subarray(point * columns, (point + 1) * columns)]);
}

async function lossAt<V>(
  { setting, blocks, affine, needed, seed }: Span<V>,
  part: ExampleBatch,
  values: readonly Tensor[],
  row: Float32Array,
  index: number,
  scale: number,
): Promise<number> {
  const { functional, loss, mode } = setting;
  const { terms, penalty } = tidy(() => {
    const combination = tensor2d(row, [1, row.length]);
    const combine = (rows: Tensor) => matMul(combination, rows as Tensor2D);
    // A block that no layer will read stays as it is.
    const weights = functional.variables.map(({ shape }, b) =>
      needed[b] ? asWeight(combine(blocks[b] as Tensor), shape) : (blocks[b] as Tensor),
    );
    const replace = (i: number) =>
      reshape(combine(values[i] as Tensor), [part.count, ...(affine[i]?.outputShape ?? [])]);
    const outputs = withReplaced(affine, replace, () => functional.outputs(weights, part.inputs, mode, seed));
    return {
      terms: perExampleLoss(loss, outputs, part.targets),
      penalty: (index === 0 && functional.penalty(weights)) || undefined,
    };
  });
  let total = 0;
  for (const term of await terms.data()) total += term;
  total = total * scale + (penalty ? ((await penalty.data())[0] ?? 0) : 0);
  terms.dispose();
  penalty?.dispose();
  return total;
}
