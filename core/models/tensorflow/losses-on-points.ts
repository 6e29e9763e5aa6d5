import { getBackend, reshape, stack, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { Matrix } from '../../linalg/matrix.ts';
import type { BatchKey } from '../../objective/objective.ts';
import { type AffineLayer, affineLayers } from './affine-layers.ts';
import { maskSeedOf, type Setting, scaleOf } from './objective-setting.ts';
import { type ChainWeights, chainLosses, chainWeights, runSize } from './points/chain-losses.ts';
import { denseChain } from './points/dense-chain.ts';
import { firstValues, modelLosses, penalties, type Span } from './points/model-losses.ts';
import { type PointRows, sumsAtPoints } from './points/point-function.ts';

/** Combining a value costs 1 + k products and computing it `fanIn`; measured on wasm, it pays from about this ratio. */
const leastGain = 4;
/** Beyond it a weight may be infinite where the value that it leads to is not. */
const largestCoefficient = 1e30;

/**
 * L at origin + Σ_j C[i,j] direction_j for every row i. The directions are sent to the device once, and weights are
 * combined there. A first layer that is affine in θ on constant data (dense or convolution on the inputs) is not
 * computed at each point: with its values U_j before the activation for the origin and each direction, computed once,
 * its value at point i is U₀ + Σ_j C[i,j] U_j. That is done where it takes a fourth of the products or less. On the
 * TensorFlow library, models of dense layers take several points at once. Points at which a number is not finite are
 * computed without any of this, so that they are what `evaluate` says.
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
  const blocks = stackedBlocks(setting, [origin, ...directions]);
  const span: Span<V> = { setting, blocks, vectors: 1 + directions.length, seed: maskSeedOf(batch) };
  const rows = pointRows(coefficients);
  try {
    const { affine, chain } = shortcuts(span, rows.count);
    const weights = chain && chainWeights(chain, blocks, span.vectors, affine.length > 0);
    let losses: Float64Array;
    try {
      losses = await lossesBy(span, rows, batch, affine, weights);
    } finally {
      weights?.dispose();
    }
    const again = weights || affine.length > 0 ? doubtful(rows, losses) : [];
    if (again.length === 0) return losses;
    const plain = await lossesBy(span, chosen(rows, again), batch, [], null);
    for (const [i, point] of again.entries()) losses[point] = plain[i] as number;
    return losses;
  } finally {
    for (const block of blocks) block.dispose();
  }
}

/** What pays for so many points: layers to combine, and the chain of layers if several points are to be one run. */
function shortcuts<V>({ setting: { functional, mode, products }, vectors }: Span<V>, points: number) {
  if (points < 2 * vectors) return { affine: [], chain: null };
  const found = affineLayers(functional.model, functional.variables);
  const affine = found.filter(({ fanIn }) => fanIn >= leastGain * vectors);
  const many = getBackend() === 'tensorflow' && mode === 'inference' && products === 'compiled';
  return { affine, chain: many ? denseChain(functional) : null };
}

function stackedBlocks<V>(setting: Setting<V>, vectors: readonly V[]): Tensor[] {
  return tidy(() => {
    const split = vectors.map((vector) => setting.home.split(vector));
    return setting.functional.variables.map(({ size }, b) =>
      stack(split.map((blocks) => reshape(blocks[b] as Tensor, [size]))),
    );
  });
}

/** Part by part; the penalty in the end. */
async function lossesBy<V>(
  span: Span<V>,
  rows: PointRows,
  batch: BatchKey | undefined,
  affine: readonly AffineLayer[],
  chain: ChainWeights | null,
): Promise<Float64Array> {
  const { setting } = span;
  const { examples, loss } = setting;
  const losses = new Float64Array(rows.count);
  const addScaled = (sums: Float64Array, factor: number) => {
    for (const [i, sum] of sums.entries()) losses[i] = (losses[i] as number) + sum * factor;
  };
  const scale = scaleOf(setting, batch?.length ?? examples.count);
  await examples.forEachPart(batch, async (part) => {
    if (chain === null) {
      const values = firstValues(span, affine, part);
      try {
        addScaled(await sumsAtPoints(setting, modelLosses(span, affine, values, part), rows), scale);
      } finally {
        for (const value of values) value.dispose();
      }
      return;
    }
    const [count, points] = runSize(chain.layers, part.count, rows.count);
    for (let start = 0; start < part.count; start += count) {
      const some = [start, Math.min(count, part.count - start)] as const;
      const run = chainLosses(chain, loss, part, some, points);
      try {
        addScaled(await sumsAtPoints(setting, run, rows), scale);
      } finally {
        for (const tensor of run.own) tensor.dispose();
      }
    }
  });
  const penalty = penalties(span);
  if (penalty) addScaled(await sumsAtPoints(setting, penalty, rows), 1);
  return losses;
}

function pointRows({ rows, columns, data }: Matrix): PointRows {
  const width = 1 + columns;
  const all = new Float32Array(rows * width);
  for (let point = 0; point < rows; point++) {
    all[point * width] = 1;
    all.set(data.subarray(point * columns, (point + 1) * columns), point * width + 1);
  }
  return { width, count: rows, data: all };
}

/** Points at which the short way may not be what the model says: something is not finite, or may have been on the way. */
function doubtful({ width, data }: PointRows, losses: Float64Array): number[] {
  const isTame = (point: number) =>
    data.subarray(point * width, (point + 1) * width).every((c) => Math.abs(c) <= largestCoefficient);
  const points = [...losses.keys()];
  return points.filter((point) => !Number.isFinite(losses[point]) || !isTame(point));
}

function chosen({ width, data }: PointRows, points: readonly number[]): PointRows {
  const some = new Float32Array(points.length * width);
  for (const [i, point] of points.entries()) some.set(data.subarray(point * width, (point + 1) * width), i * width);
  return { width, count: points.length, data: some };
}
