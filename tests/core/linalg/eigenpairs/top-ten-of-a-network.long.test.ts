import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blockLanczos } from '../../../../core/linalg/eigenpairs/block-lanczos.ts';
import { lanczos } from '../../../../core/linalg/eigenpairs/lanczos.ts';
import { lobpcg } from '../../../../core/linalg/eigenpairs/lobpcg.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { hessianOperator } from '../../../../core/objective/curvature/hessian.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { peerNetwork, peersFolder } from '../../../support/peers.ts';

describe('the ten largest eigenvalues of the 784-64-10 network on 1,000 digits (p = 50,890)', async () => {
  const network = peerNetwork(peersFolder, [784, 64, 10], 'digits-1000.npz', 'mlp-784-64-10.safetensors');
  const objective = mlpObjective(network.model, { data: network.data, loss: 'softmaxCrossEntropy' });
  const truths = JSON.parse(readFileSync(join(peersFolder, 'truth.json'), 'utf8'));
  const truth: readonly number[] = truths['mlp-784-64-10 on digits-1000'].top;
  const operator = hessianOperator(objective.space, await objective.linearize(network.theta));

  it.each([0, 1, 2, 3, 4])('seed %i: to 1e-3, certified, in at most 30 products', async (seed) => {
    const { value, status, stats } = await lanczos(operator, {
      top: 10,
      eigenvalueTol: 1e-3,
      trueResiduals: 'combination',
      rng: randomFromSeed(seed),
    });
    console.info(`seed ${seed}: ${stats.products} products`);
    expect(status).toBe('converged');
    expect(stats.products).toBeLessThanOrEqual(30);
    value.top.forEach((pair, i) => {
      expect(pair.evidence).toBe('bounded');
      const error = Math.abs(pair.value - truth[i]!);
      expect(error).toBeLessThanOrEqual(pair.errorEstimate);
      expect(error).toBeLessThanOrEqual(1e-3 * truth[i]!);
    });
  });

  it.each([
    ['block Lanczos', blockLanczos<Float64Array>],
    ['LOBPCG', lobpcg<Float64Array>],
  ] as const)('%s agrees', async (_, method) => {
    const { value, status, stats } = await method(operator, { top: 10, eigenvalueTol: 1e-3, rng: randomFromSeed(0) });
    console.info(`${stats.products} products`);
    expect(status).toBe('converged');
    value.top.forEach((pair, i) => {
      expect(Math.abs(pair.value - truth[i]!)).toBeLessThanOrEqual(1e-3 * truth[i]!);
    });
  });
});
