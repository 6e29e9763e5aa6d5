import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { householderTridiagonal } from '../../../../core/linalg/dense/householder-tridiagonal.ts';
import { tridiagonalEigen } from '../../../../core/linalg/dense/tridiagonal-eigen.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { peerNetwork, peersFolder, readArrays } from '../../../support/peers.ts';
import { largestDifference, norm, unitVector } from '../../../support/vectors.ts';

interface Truth {
  readonly loss: number;
  readonly grad_norm: number;
  readonly trace: number;
  readonly frob: number;
  readonly layer_trace: Readonly<Record<string, number>>;
  readonly ggn_layer_trace: readonly number[];
}

/** All 1,210 products of a tanh network 64-16-10 on 1,000 digits, against an independent program in float64. */
describe('the small network on digits', () => {
  const { model, data, theta } = peerNetwork(
    peersFolder,
    [64, 16, 10],
    'digits-8x8-1000.npz',
    'mlp-64-16-10.safetensors',
  );
  const dim = theta.length;
  const truths: Readonly<Record<string, Truth>> = JSON.parse(readFileSync(join(peersFolder, 'truth.json'), 'utf8'));
  const truth = truths['mlp-64-16-10 on digits-8x8-1000']!;
  const hessian = new Float64Array(dim * dim);
  const gaussNewtonDiagonal = new Float64Array(dim);
  let loss = 0;
  let gradientNorm = 0;

  beforeAll(async () => {
    const objective = mlpObjective(model, { data, loss: 'softmaxCrossEntropy' });
    const at = await objective.linearize(theta);
    loss = at.loss;
    gradientNorm = norm(at.gradient);
    for (let i = 0; i < dim; i++) {
      const product = await at.hessianProduct(unitVector(dim, i));
      hessian.set(product, i * dim);
      const curved = await at.gaussNewtonProduct!(unitVector(dim, i));
      gaussNewtonDiagonal[i] = curved[i]!;
      objective.space.release(product, curved);
    }
    at.dispose();
    objective.dispose();
  });

  const blockSum = (diagonal: (i: number) => number, block: number) => {
    const { offset, size } = model.layout.blocks[block]!;
    return Array.from({ length: size }, (_, i) => diagonal(offset + i)).reduce((a, b) => a + b);
  };

  test('has the loss and the gradient norm of the reference, to 1e-14', () => {
    expect(Math.abs(loss / truth.loss - 1)).toBeLessThan(1e-14);
    expect(Math.abs(gradientNorm / truth.grad_norm - 1)).toBeLessThan(1e-14);
  });

  test('has its trace, by tensor too, to 1e-13', () => {
    const trace = hessian.reduce((sum, entry, at) => (at % (dim + 1) === 0 ? sum + entry : sum), 0);
    expect(Math.abs(trace / truth.trace - 1)).toBeLessThan(1e-13);
    const names = ['fc1.weight', 'fc1.bias', 'fc2.weight', 'fc2.bias'];
    names.forEach((name, block) => {
      const own = blockSum((i) => hessian[i * dim + i]!, block);
      expect(Math.abs(own / truth.layer_trace[name]! - 1)).toBeLessThan(1e-13);
      const gaussNewton = blockSum((i) => gaussNewtonDiagonal[i]!, block);
      expect(Math.abs(gaussNewton / truth.ggn_layer_trace[block]! - 1)).toBeLessThan(1e-13);
    });
  });

  test('has its Frobenius norm, to 1e-12', () => {
    expect(Math.abs(norm(hessian) / truth.frob - 1)).toBeLessThan(1e-12);
  });

  test('has a Hessian that is symmetric to round-off', () => {
    const transpose = hessian.map((_, at) => hessian[(at % dim) * dim + Math.floor(at / dim)]!);
    expect(largestDifference(hessian, transpose)).toBeLessThan(1e-15);
  });

  test('has the 1,210 eigenvalues of the reference, each to 1e-14', () => {
    const { alpha, beta } = householderTridiagonal({ rows: dim, columns: dim, data: hessian });
    const reference = readArrays(peersFolder, 'eigenvalues.npz').get('mlp8_eigenvalues')!.data;
    expect(largestDifference(tridiagonalEigen(alpha, beta).values, reference)).toBeLessThan(1e-14);
  });
});
