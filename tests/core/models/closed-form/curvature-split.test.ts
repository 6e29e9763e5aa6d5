import { Matrix as DenseMatrix, EigenvalueDecomposition } from 'ml-matrix';
import { beforeAll, describe, expect, test } from 'vitest';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import type { LossName } from '../../../../core/objective/loss-convention.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import {
  chainOutputs,
  exampleLoss,
  hyperDualHessian,
  randomDataset,
  targetRows,
} from '../../../support/dense-chain.ts';
import { add, constant, scale } from '../../../support/hyper-dual.ts';
import { largestDifference, unitVector } from '../../../support/vectors.ts';

const [examples, classes, dim] = [15, 2, 72];

function eigenvalues(data: Float64Array, size: number): number[] {
  const rows = Array.from({ length: size }, (_, i) => [...data.subarray(i * size, (i + 1) * size)]);
  return new EigenvalueDecomposition(new DenseMatrix(rows), { assumeSymmetric: true }).realEigenvalues.sort(
    (a, b) => b - a,
  );
}

/** I2 on a tanh network 4-10-2 with 72 parameters and 15 examples. */
describe.each(['halfSquaredError', 'softmaxCrossEntropy'] as const)('I2 with %s', (loss: LossName) => {
  const model = mlpFromWidths([4, 10, classes], 'tanh');
  const kind = loss === 'softmaxCrossEntropy' ? 'classes' : 'values';
  const data = randomDataset(examples, 4, classes, kind, 21);
  const theta = randomFromSeed(22).fill(new Float64Array(dim), 'normal');
  const hessian = new Float64Array(dim * dim);
  const gaussNewton = new Float64Array(dim * dim);
  const jacobian = new Float64Array(examples * classes * dim);
  let outputs = new Float64Array(0);

  beforeAll(async () => {
    expect(model.layout.dim).toBe(dim);
    const objective = mlpObjective(model, { data, loss });
    const at = await objective.linearize(theta);
    for (let i = 0; i < dim; i++) {
      const e = unitVector(dim, i);
      hessian.set(await at.hessianProduct(e), i * dim);
      gaussNewton.set(await at.gaussNewtonProduct!(e), i * dim);
      const column = await at.jacobianProduct!(e);
      column.data.forEach((entry, row) => {
        jacobian[row * dim + i] = entry;
      });
    }
    outputs = Float64Array.from((await objective.evaluate(theta, { outputs: true })).outputs!.data);
  });

  test('H − G is the curvature of the network, (1/n) Σ (∂ℓ/∂f_c) ∇²f_c, to 1e-12', () => {
    // ∂ℓ/∂f of each example from its formula, held fixed while the outputs are differentiated twice.
    const slopes = targetRows(data).map((y, i) => {
      const f = [...outputs.subarray(i * classes, (i + 1) * classes)];
      if (loss === 'halfSquaredError') return f.map((value, c) => value - y[c]!);
      const exponentials = f.map(Math.exp);
      return exponentials.map((e, c) => e / exponentials.reduce((a, b) => a + b) - y[c]!);
    });
    const network = hyperDualHessian(model, theta, data, (f, i) =>
      f.map((value, c) => scale(slopes[i]![c]! / examples, value)).reduce(add),
    );
    const difference = hessian.map((h, at) => h - gaussNewton[at]!);
    expect(largestDifference(difference, network)).toBeLessThan(1e-14);
    expect(Math.max(...network.map(Math.abs))).toBeGreaterThan(0.05);
  });

  test('H is the Hessian of the loss, to 1e-12', () => {
    const rows = targetRows(data);
    const exact = hyperDualHessian(model, theta, data, (f, i) => scale(1 / examples, exampleLoss(loss, f, rows[i]!)));
    expect(largestDifference(hessian, exact)).toBeLessThan(1e-13);
  });

  test('J is the Jacobian of the outputs', () => {
    const base = Array.from(theta, constant);
    for (let i = 0; i < dim; i += 7) {
      const at = base.map((x, k) => (k === i ? { ...x, b: 1 } : x));
      for (let k = 0; k < examples; k++) {
        chainOutputs(model, at, data.inputs.slice(4 * k, 4 * k + 4)).forEach(({ b }, c) => {
          expect(Math.abs(b - jacobian[(k * classes + c) * dim + i]!)).toBeLessThan(1e-14);
        });
      }
    }
  });

  if (loss === 'halfSquaredError') {
    test('the nonzero eigenvalues of G are those of the tangent kernel J Jᵀ/n, the other 42 vanish', () => {
      const size = examples * classes;
      const kernel = new Float64Array(size * size);
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          for (let k = 0; k < dim; k++)
            kernel[i * size + j]! += (jacobian[i * dim + k]! * jacobian[j * dim + k]!) / examples;
        }
      }
      const [ofG, ofKernel] = [eigenvalues(gaussNewton, dim), eigenvalues(kernel, size)];
      expect(largestDifference(ofG.slice(0, size), ofKernel)).toBeLessThan(1e-12);
      expect(largestDifference(ofG.slice(size), new Float64Array(dim - size))).toBeLessThan(1e-12);
      expect(ofKernel.at(-1)).toBeGreaterThan(1e-9);
    });
  } else {
    test('G has rank n (C − 1) and no negative eigenvalue', () => {
      const values = eigenvalues(gaussNewton, dim);
      expect(values[examples * (classes - 1) - 1]).toBeGreaterThan(1e-9);
      expect(Math.abs(values[examples * (classes - 1)]!)).toBeLessThan(1e-14);
      expect(values.at(-1)).toBeGreaterThan(-1e-14);
    });
  }
});
