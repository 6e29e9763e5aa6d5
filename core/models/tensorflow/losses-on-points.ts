import { matMul, reshape, stack, type Tensor, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Matrix } from '../../linalg/matrix.ts';
import type { BatchKey } from '../../objective/objective.ts';
import { perExampleLoss } from './loss-terms.ts';
import { maskSeedOf, type Setting, scaleOf } from './objective-setting.ts';

/** Each block of the origin and the directions stacked, one row a vector: [1 + k, size]. */
function stackedBlocks<V>(setting: Setting<V>, vectors: readonly V[]): Tensor[] {
  const split = vectors.map((vector) => setting.home.split(vector));
  const stacked = setting.functional.variables.map(({ size }, b) =>
    tidy(() => stack(split.map((blocks) => reshape(blocks[b] as Tensor, [size])))),
  );
  for (const block of split.flat()) block.dispose();
  return stacked;
}

/**
 * L at origin + Σ_j C[i,j] direction_j for every row i: the directions are sent to the device once and combined there.
 * Cost: one loss a point.
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
  const { functional, examples } = setting;
  const scale = scaleOf(setting, batch?.length ?? examples.count);
  const seed = maskSeedOf(batch);
  const blocks = stackedBlocks(setting, [origin, ...directions]);
  const sums = new Float64Array(coefficients.rows);
  try {
    await examples.forEachPart(batch, async (part, index) => {
      for (let point = 0; point < coefficients.rows; point++) {
        const { terms, penalty } = tidy(() => {
          const weights = weightsAt(setting, blocks, coefficients, point);
          const outputs = functional.outputs(weights, part.inputs, setting.mode, seed);
          const terms = perExampleLoss(setting.loss, outputs, part.targets);
          return { terms, penalty: (index === 0 && functional.penalty(weights)) || undefined };
        });
        let total = 0;
        for (const term of await terms.data()) total += term;
        sums[point] = (sums[point] ?? 0) + total * scale + (penalty ? ((await penalty.data())[0] ?? 0) : 0);
        terms.dispose();
        penalty?.dispose();
      }
    });
    return sums;
  } finally {
    for (const block of blocks) block.dispose();
  }
}

function weightsAt<V>(setting: Setting<V>, blocks: readonly Tensor[], coefficients: Matrix, point: number): Tensor[] {
  const row = coefficients.data.subarray(point * coefficients.columns, (point + 1) * coefficients.columns);
  const combination = tensor2d(Float32Array.from([1, ...row]), [1, row.length + 1]);
  return setting.functional.variables.map(({ shape }, b) =>
    reshape(matMul(combination, blocks[b] as Tensor), [...shape]),
  );
}
