import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { peerNetwork, peersFolder, readArrays } from '../../../support/peers.ts';
import { norm, relativeError } from '../../../support/vectors.ts';

/** tanh 784-64-10 with 50,890 parameters on 1,000 digits. */
describe('the large network on digits', () => {
  const setting = () => {
    const peer = peerNetwork(peersFolder, [784, 64, 10], 'digits-1000.npz', 'mlp-784-64-10.safetensors');
    return { ...peer, objective: mlpObjective(peer.model, { data: peer.data, loss: 'softmaxCrossEntropy' }) };
  };

  test('has the loss, gradient norm and products of the reference, to 1e-14', async () => {
    const { objective, theta, fromPytorch } = setting();
    const truths = JSON.parse(readFileSync(join(peersFolder, 'truth.json'), 'utf8'));
    const truth = truths['mlp-784-64-10 on digits-1000'];
    const at = await objective.linearize(theta);
    expect(Math.abs(at.loss / truth.loss - 1)).toBeLessThan(1e-14);
    expect(Math.abs(norm(at.gradient) / truth.grad_norm - 1)).toBeLessThan(1e-13);
    const products = readArrays(peersFolder, 'products.npz');
    const v = fromPytorch(products.get('mlp_v')!.data);
    const [hessian, gaussNewton] = [products.get('mlp_hessian')!.data, products.get('mlp_ggn')!.data];
    expect(relativeError(await at.hessianProduct(v), fromPytorch(hessian))).toBeLessThan(2e-15);
    expect(relativeError(await at.gaussNewtonProduct!(v), fromPytorch(gaussNewton))).toBeLessThan(2e-15);
    at.dispose();
    objective.dispose();
  });

  test('has the losses of the reference on a plane, to 1e-14', async () => {
    const { objective, theta, fromPytorch } = setting();
    const slice = readArrays(peersFolder, 'slice.npz');
    const directions = ['d1', 'd2'].map((name) => fromPytorch(slice.get(name)!.data));
    const [coordinates, losses] = [slice.get('coordinates')!.data, slice.get('loss')!.data];
    const places = Array.from({ length: 51 * 51 }, (_, i) => i).filter((i) => i % 50 === 0);
    const data = Float64Array.from(places.flatMap((i) => [coordinates[i % 51]!, coordinates[Math.floor(i / 51)]!]));
    const found = await objective.losses(theta, directions, { rows: places.length, columns: 2, data });
    expect(
      relativeError(
        found,
        Float64Array.from(places, (i) => losses[i]!),
      ),
    ).toBeLessThan(1e-14);
    objective.dispose();
  });
});
