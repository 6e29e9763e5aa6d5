import { getBackend, reshape, stack, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { Matrix } from '../../linalg/matrix.ts';
import type { BatchKey, PointEvaluations, PointsAsk } from '../../objective/objective.ts';
import { type PointTotals, pointTotals } from '../point-totals.ts';
import { type AffineLayer, affineLayers } from './affine-layers.ts';
import type { ExampleBatch } from './examples.ts';
import { maskSeedOf, type Setting } from './objective-setting.ts';
import { type ChainWeights, chainLosses, chainWeights, runSize } from './points/chain-losses.ts';
import { denseChain } from './points/dense-chain.ts';
import { firstValues, modelLosses, penalties, type Span } from './points/model-losses.ts';
import { type PointRows, runAtPoints, type TakeRun } from './points/point-function.ts';

/** Combining a value costs 1 + k products and computing it `fanIn`; measured on wasm, it pays from about this ratio. */
const leastGain = 4;
/** Beyond it a weight may be infinite where the value that it leads to is not. */
const largestCoefficient = 1e30;

/**
 * L at origin + Σ_j C[i,j] direction_j for every row i, and what else is asked for, from the same passes. The directions are sent to the device once, and weights are
 * combined there. A first layer that is affine in θ on constant data (dense or convolution on the inputs) is not
 * computed at each point: with its values U_j before the activation for the origin and each direction, computed once,
 * its value at point i is U₀ + Σ_j C[i,j] U_j. That is done where it takes a fourth of the products or less. On the
 * TensorFlow library, models of dense layers take several points at once, and several such runs go on side by side, each
 * in one thread. Points at which a number is not finite are computed without any of this, so that they are what
 * `evaluate` says. Totals are taken on the host in float64 from the losses of the examples.
 * Cost: one loss a point, without the first layer where that is combined.
 */
export async function evaluationsOnPoints<V>(
  setting: Setting<V>,
  origin: V,
  directions: readonly V[],
  coefficients: Matrix,
  ask: PointsAsk,
  batch: BatchKey | undefined,
): Promise<PointEvaluations> {
  if (coefficients.columns !== directions.length)
    throw new RangeError(`${coefficients.columns} coefficients a point for ${directions.length} directions.`);
  const { overExamples, functional, examples } = setting;
  const blocks = stackedBlocks(setting, [origin, ...directions]);
  const span: Span<V> = { setting, blocks, vectors: 1 + directions.length, seed: maskSeedOf(batch) };
  const rows = pointRows(coefficients);
  const totals = pointTotals(rows.count, ask, examples.hasClasses ? functional.outputWidth : null);
  const all = Int32Array.from({ length: rows.count }, (_, i) => i);
  const predicts = ask.errors === true && examples.hasClasses;
  const wanted = { totals, batch, predicts };
  try {
    const { affine, chain } = shortcuts(span, rows.count);
    const weights = chain && chainWeights(chain, blocks, span.vectors, affine.length > 0);
    try {
      await addLosses(span, rows, all, wanted, affine, weights);
    } finally {
      weights?.dispose();
    }
    const again = weights || affine.length > 0 ? doubtful(rows, totals.lossSums) : [];
    totals.clear(again);
    if (again.length > 0) await addLosses(span, chosen(rows, again), Int32Array.from(again), wanted, [], null);
    return totals.evaluations({ overExamples, penalties: await penaltiesOn(span, rows) });
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

interface Wanted {
  readonly totals: PointTotals;
  readonly batch: BatchKey | undefined;
  readonly predicts: boolean;
}

/** Part by part. `points` says which point of the totals each row is. */
async function addLosses<V>(
  span: Span<V>,
  rows: PointRows,
  points: Int32Array,
  { totals, batch, predicts }: Wanted,
  affine: readonly AffineLayer[],
  chain: ChainWeights | null,
): Promise<void> {
  const { setting } = span;
  await setting.examples.forEachPart(batch, async (part) => {
    if (chain === null) {
      const values = firstValues(span, affine, part);
      try {
        const run = modelLosses(span, affine, values, part, predicts);
        await runAtPoints(setting, run, rows, addingTo(totals, points, part, 0, part.count));
      } finally {
        for (const value of values) value.dispose();
      }
      return;
    }
    const [count, together] = runSize(chain.layers, part.count, rows.count);
    for (let start = 0; start < part.count; start += count) {
      const some = [start, Math.min(count, part.count - start)] as const;
      const run = chainLosses(chain, setting.loss, part, some, together, predicts);
      try {
        await runAtPoints(setting, run, rows, addingTo(totals, points, part, ...some));
      } finally {
        for (const tensor of run.own) tensor.dispose();
      }
    }
  });
}

/** Adds what a run says of `count` examples of a part, from `start` on. An example whose loss is NaN is no right one. */
function addingTo(
  totals: PointTotals,
  points: Int32Array,
  { labels }: ExampleBatch,
  start: number,
  count: number,
): TakeRun {
  const own = labels && { labels, from: start };
  return (from, some, [losses, predicted]) => {
    for (let i = 0; i < some; i++) {
      const point = points[from + i] as number;
      const at = i * count;
      totals.add(point, losses as ArrayLike<number>, at, count, own);
      if (!predicted || !labels) continue;
      let wrong = 0;
      for (let k = 0; k < count; k++) {
        const isRight = predicted[at + k] === labels[start + k] && !Number.isNaN(losses?.[at + k]);
        if (!isRight) wrong++;
      }
      totals.addWrong(point, wrong);
    }
  };
}

async function penaltiesOn<V>(span: Span<V>, rows: PointRows): Promise<Float64Array | null> {
  const penalty = penalties(span);
  if (penalty === null) return null;
  const found = new Float64Array(rows.count);
  await runAtPoints(span.setting, penalty, rows, (from, count, [values]) => {
    for (let i = 0; i < count; i++) found[from + i] = values?.[i] as number;
  });
  return found;
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
