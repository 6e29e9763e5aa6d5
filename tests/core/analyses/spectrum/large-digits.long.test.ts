import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runSpectrum } from '../../../../core/analyses/spectrum/run.ts';
import { lanczos } from '../../../../core/linalg/eigenpairs/lanczos.ts';
import { hostFloat32Space } from '../../../../core/linalg/spaces/float32-space.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { peerNetwork, peersFolder } from '../../../support/peers.ts';

describe('spectrum of the 784-64-10 network on 1,000 digits (p = 50,890)', () => {
  const setting = () => {
    const network = peerNetwork(peersFolder, [784, 64, 10], 'digits-1000.npz', 'mlp-784-64-10.safetensors');
    const objective = mlpObjective(network.model, { data: network.data, loss: 'softmaxCrossEntropy' });
    const truths = JSON.parse(readFileSync(join(peersFolder, 'truth.json'), 'utf8'));
    return { network, objective, truth: truths['mlp-784-64-10 on digits-1000'] };
  };

  it.each([0, 1, 2, 3, 4])('seed %i: top 10 and bottom 5 to 1e-8 in float64', async (seed) => {
    const { network, objective, truth } = setting();
    const { value, status } = await runSpectrum(
      objective,
      network.theta,
      { top: 10, bottom: 5 },
      { rng: randomFromSeed(seed) },
    );
    expect(status).toBe('converged');
    value.eigenvalues.forEach((pair, i) => {
      expect(Math.abs(pair.value - truth.top[i])).toBeLessThanOrEqual(1e-8 * truth.top[i]);
    });
    value.bottom.forEach((pair, i) => {
      expect(Math.abs(pair.value - truth.most_negative[i])).toBeLessThanOrEqual(1e-8 * -truth.most_negative[i]);
    });
  });

  it.each([0, 1, 2, 3, 4])(
    'seed %i: top 10 to 1e-4 with vectors and products rounded to float32, in 30 steps',
    async (seed) => {
      const { network, objective, truth } = setting();
      const space = hostFloat32Space(network.theta.length);
      const linearization = await objective.linearize(network.theta);
      const { value, status } = await lanczos(
        {
          space,
          symmetric: true,
          positiveSemidefinite: false,
          async apply(v) {
            const product = await linearization.hessianProduct(Float64Array.from(v));
            const rounded = space.fromHost(product);
            objective.space.release(product);
            return rounded;
          },
        },
        { top: 10, eigenvalueTol: 1e-4, rng: randomFromSeed(seed) },
      );
      expect(status).toBe('converged');
      expect(value.basisSize).toBeLessThanOrEqual(30);
      value.top.forEach((pair, i) => {
        const error = Math.abs(pair.value - truth.top[i]);
        expect(error).toBeLessThanOrEqual(1e-4 * truth.top[i]);
        expect(error).toBeLessThanOrEqual(pair.errorEstimate);
      });
      linearization.dispose();
      objective.dispose();
    },
  );

  it('trace within three standard errors', async () => {
    const { network, objective, truth } = setting();
    const { value } = await runSpectrum(
      objective,
      network.theta,
      { top: 0, trace: true, traceProbes: 60 },
      { rng: randomFromSeed(1) },
    );
    expect(Math.abs(value.trace!.value - truth.trace)).toBeLessThan(3 * value.trace!.standardError);
  });
});
