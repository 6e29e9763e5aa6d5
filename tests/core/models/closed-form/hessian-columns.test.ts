import { describe, expect, it } from 'vitest';
import { denseMatrix } from '../../../../core/linalg/dense/dense-symmetric.ts';
import { hostArena } from '../../../../core/linalg/spaces/host-arena.ts';
import { activationNames } from '../../../../core/models/closed-form/activations.ts';
import { deepLinearObjective } from '../../../../core/models/closed-form/deep-linear/deep-linear.ts';
import { deepLinearModel } from '../../../../core/models/closed-form/deep-linear/deep-linear-model.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { surfaceObjective } from '../../../../core/models/closed-form/surfaces.ts';
import { hessianOperator } from '../../../../core/objective/curvature/hessian.ts';
import type { LossName } from '../../../../core/objective/loss-convention.ts';
import type { Linearization, Objective } from '../../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { chainProblem, exampleLoss, hyperDualHessian, targetRows } from '../../../support/dense-chain.ts';
import { scale } from '../../../support/hyper-dual.ts';
import { largestDifference, unitVector } from '../../../support/vectors.ts';

const lossNames: readonly LossName[] = ['softmaxCrossEntropy', 'meanSquaredError', 'halfSquaredError'];

async function columnsByProducts(at: Linearization<Float64Array>, dim: number): Promise<Float64Array> {
  const data = new Float64Array(dim * dim);
  for (let j = 0; j < dim; j++) data.set(await at.hessianProduct(unitVector(dim, j)), j * dim);
  return data;
}

const sizeOf = (data: Float64Array): number => data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** Largest difference of columns and products, of the largest entry. */
async function deviationAt(objective: Objective<Float64Array>, theta: Float64Array, batch?: Int32Array) {
  const { dim } = objective.space;
  const at = await objective.linearize(theta, batch);
  const products = await columnsByProducts(at, dim);
  const columns = await at.hessianColumns!(0, dim);
  at.dispose();
  return largestDifference(columns, products) / sizeOf(products);
}

describe('columns of the Hessian of a chain of dense layers', () => {
  it.each(activationNames)(
    'are the products with unit vectors: %s, all losses, depths and conventions',
    async (name) => {
      for (const loss of lossNames) {
        for (const widths of [
          [4, 3],
          [4, 5, 3],
          [3, 4, 5, 3],
          [3, 1, 4, 2, 2],
          [2, 9, 2],
        ]) {
          for (const bias of [true, false]) {
            const { objective, theta } = chainProblem(name, loss, bias ? 'mean' : 'sum', widths, bias);
            expect(await deviationAt(objective, theta)).toBeLessThan(2e-15);
          }
        }
      }
    },
  );

  it.each(lossNames)('are second derivatives in hyper-dual numbers: %s', async (loss) => {
    const { objective, model, theta, data } = chainProblem('tanh', loss, 'mean', [3, 4, 3, 2]);
    const rows = targetRows(data);
    const exact = hyperDualHessian(model, theta, data, (f, i) =>
      scale(1 / data.examples, exampleLoss(loss, f, rows[i]!)),
    );
    const at = await objective.linearize(theta);
    expect(largestDifference(await at.hessianColumns!(0, theta.length), exact)).toBeLessThan(1e-14);
  });

  it('are the same to the last bit however they are cut into calls', async () => {
    const { objective, theta } = chainProblem('swish', 'softmaxCrossEntropy', 'mean', [4, 5, 3]);
    const at = await objective.linearize(theta);
    const p = theta.length;
    const whole = await at.hessianColumns!(0, p);
    for (const size of [1, 2, 7, 20]) {
      for (let from = 0; from < p; from += size) {
        const to = Math.min(p, from + size);
        expect(await at.hessianColumns!(from, to)).toEqual(whole.subarray(from * p, to * p));
      }
    }
    await expect(at.hessianColumns!(0, p + 1)).rejects.toThrow(RangeError);
  });

  it('know inputs that are zero in every example, and batches with repeats', async () => {
    const { model, data, theta } = chainProblem('tanh', 'halfSquaredError', 'mean', [4, 5, 3]);
    const inputs = data.inputs.slice();
    for (let i = 0; i < data.examples; i++) inputs[4 * i] = inputs[4 * i + 2] = 0;
    const objective = mlpObjective(model, { data: { ...data, inputs }, loss: 'halfSquaredError' });
    expect(await deviationAt(objective, theta)).toBeLessThan(2e-15);
    expect(await deviationAt(objective, theta, Int32Array.of(3, 3, 0, 6))).toBeLessThan(2e-15);
  });

  it('of many examples are made a few at a time', async () => {
    const { model, data, theta } = chainProblem('tanh', 'softmaxCrossEntropy', 'mean', [4, 5, 3]);
    const objective = mlpObjective(model, { data, loss: 'softmaxCrossEntropy' });
    // Each example 1024 times: the mean is that of all of them once.
    const batch = Int32Array.from({ length: 1024 * data.examples }, (_, i) => i % data.examples);
    const at = await objective.linearize(theta, batch);
    const once = await (await objective.linearize(theta)).hessianColumns!(0, theta.length);
    const columns = await at.hessianColumns!(0, theta.length);
    expect(largestDifference(columns, once) / sizeOf(once)).toBeLessThan(1e-14);
    at.dispose();
  });

  it('are no longer given with the linearization, which gives back all memory', async () => {
    const { objective, theta } = chainProblem('tanh', 'halfSquaredError', 'mean', [4, 5, 3]);
    const before = hostArena().bytesInUse;
    const at = await objective.linearize(theta);
    await at.hessianColumns!(0, 8);
    at.dispose();
    expect(hostArena().bytesInUse).toBe(before);
    await expect(at.hessianColumns!(0, 1)).rejects.toThrow('disposed');
  });

  it('are not offered where they would take too much memory', async () => {
    const { model, data, theta } = chainProblem('tanh', 'halfSquaredError', 'mean', [4, 40, 3]);
    const objective = mlpObjective(model, { data, loss: 'halfSquaredError' });
    const many = Int32Array.from({ length: 5000 }, (_, i) => i % data.examples);
    const at = await objective.linearize(theta, many);
    expect(at.hessianColumns).toBeUndefined();
    at.dispose();
  });

  it('make the dense matrix', async () => {
    const { objective, theta } = chainProblem('tanh', 'halfSquaredError', 'mean', [4, 5, 3]);
    const at = await objective.linearize(theta);
    const { columns: _, ...single } = hessianOperator(objective.space, at);
    const [fast, slow] = [await denseMatrix(hessianOperator(objective.space, at)), await denseMatrix(single)];
    expect([fast.status, fast.stats.products]).toEqual(['converged', theta.length]);
    expect(largestDifference(fast.value.matrix.data, slow.value.matrix.data)).toBeLessThan(
      2e-15 * sizeOf(slow.value.matrix.data),
    );
    expect(fast.value.asymmetry).toBeLessThan(1e-15);
  });
});

describe('columns of the Hessian of a function without data', () => {
  it.each([2, 3, 5])('of a deep linear network of %d matrices are the products with unit vectors', async (matrices) => {
    const hidden = Array.from({ length: matrices - 1 }, (_, l) => 2 + ((2 * l) % 3));
    const model = deepLinearModel({ singularValues: [3, 2, 1], hidden, inputs: 4 }, randomFromSeed(2));
    const objective = deepLinearObjective(model);
    const theta = randomFromSeed(4).fill(new Float64Array(model.layout.dim), 'normal');
    expect(await deviationAt(objective, theta)).toBeLessThan(2e-15);
    const at = await objective.linearize(theta);
    const p = theta.length;
    expect(await at.hessianColumns!(2, p - 1)).toEqual((await at.hessianColumns!(0, p)).slice(2 * p, (p - 1) * p));
  });

  it('of a named surface are the products themselves', async () => {
    const objective = surfaceObjective('rosenbrock');
    const theta = randomFromSeed(4).fill(new Float64Array(objective.space.dim), 'normal');
    expect(await deviationAt(objective, theta)).toBe(0);
  });
});
