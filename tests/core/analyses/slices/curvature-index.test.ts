import { describe, expect, test } from 'vitest';
import { runSlice } from '../../../../core/analyses/slices/run.ts';
import type { Dataset } from '../../../../core/data/dataset.ts';
import { coordinatesOf } from '../../../../core/fields/grid.ts';
import { denseMatrix, symmetricEigenvalues } from '../../../../core/linalg/dense/dense-symmetric.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import { quadraticObjective } from '../../../../core/models/closed-form/quadratic.ts';
import { hessianOperator } from '../../../../core/objective/curvature/hessian.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const rng = randomFromSeed(23);
const raw = { normalization: 'none', biases: 'keep', gains: 'keep' } as const;

/** How many of them are below −share of the largest in magnitude. */
function countBelow(eigenvalues: Float64Array, share: number): number {
  const largest = eigenvalues.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  return eigenvalues.filter((one) => one < -share * largest).length;
}

describe('an index that is estimated, above 400 parameters', () => {
  const examples = 40;
  const data: Dataset = {
    name: 'drawn',
    examples,
    inputShape: [10],
    inputs: rng
      .split('inputs')
      .fill(new Float64Array(10 * examples), 'normal')
      .map(Math.fround),
    targets: { kind: 'classes', classes: 5, labels: Int32Array.from({ length: examples }, (_, i) => (7 * i) % 5) },
    source: 'drawn',
  };
  const objective = mlpObjective(mlpFromWidths([10, 31, 5], 'tanh'), { data, loss: 'softmaxCrossEntropy' });
  const theta = rng
    .split('θ')
    .fill(new Float64Array(objective.layout.dim), 'normal')
    .map((x) => 0.4 * x);

  test('of a network of 501 parameters: the interval holds what the dense Hessian counts, at eight of nine points', async () => {
    expect(objective.layout.dim).toBe(501);
    const asked = { line: 'random', grid: '9', extent: '1', quantity: 'index' };
    const { value: slice } = await runSlice(objective, theta, asked, { rng });
    const field = slice.fields.find(({ quantity }) => quantity === 'index')!;
    expect(field.certificate).toBe('95 % half-width');
    let [covered, counted, halves] = [0, new Set<number>(), 0];
    for (let point = 0; point < 9; point++) {
      const [a = 0] = coordinatesOf(slice.axes, point);
      const at = await objective.linearize(theta.map((x, i) => x + a * slice.vectors[0]![i]!));
      const { value } = await denseMatrix(hessianOperator(objective.space, at));
      at.dispose();
      const count = countBelow(symmetricEigenvalues(value.matrix), 1e-2);
      counted.add(count);
      halves += field.uncertainty![point]! / 9;
      if (Math.abs(field.values[point]! - count) <= field.uncertainty![point]!) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(8);
    // The controls: there is something to estimate, and the intervals say something.
    expect(Math.min(...counted)).toBeGreaterThan(10);
    expect(counted.size).toBeGreaterThan(3);
    expect(halves).toBeLessThan(501 / 8);
  });
});

describe('an index that is counted', () => {
  test('says how many eigenvalues are zero within rounding besides', async () => {
    const objective = quadraticObjective(Float64Array.of(4, 1, 0, 0, -1e-13, 1e-13, -1e-3, -2));
    const { value: slice } = await runSlice(
      objective,
      new Float64Array(8),
      { ...raw, grid: '3', quantity: 'index' },
      { rng },
    );
    const field = slice.fields.find(({ quantity }) => quantity === 'index')!;
    expect(field.certificate).toBe('within rounding of zero');
    expect(new Set(field.values)).toEqual(new Set([2]));
    expect(new Set(field.uncertainty)).toEqual(new Set([4]));
  });
});
