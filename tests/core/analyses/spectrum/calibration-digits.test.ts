import { describe, expect, test } from 'vitest';
import { runSpectrum } from '../../../../core/analyses/spectrum/run.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { peerNetwork, peersFolder, readArrays } from '../../../support/peers.ts';
import { share } from './calibration-cases.ts';

/** The same as `calibration.test.ts`, of the whole analysis on a trained network whose 1,210 eigenvalues are known from elsewhere. */
describe('the network with 1,210 parameters, over 40 seeds', () => {
  const network = peerNetwork(peersFolder, [64, 16, 10], 'digits-8x8-1000.npz', 'mlp-64-16-10.safetensors');
  const objective = mlpObjective(network.model, { data: network.data, loss: 'softmaxCrossEntropy' });
  const truth = Float64Array.from(readArrays(peersFolder, 'eigenvalues.npz').get('mlp8_eigenvalues')!.data);
  const seeds = Array.from({ length: 40 }, (_, seed) => seed);
  const delta = 1e-3;

  test('the ten largest eigenvalues are within their bounds in all, the masses in 36 or more', async () => {
    const held = { below: 0, near: 0, above: 0 };
    const shares = {
      below: share(truth, (value) => value < -delta),
      near: share(truth, (value) => Math.abs(value) <= delta),
      above: share(truth, (value) => value > delta),
    };
    for (const seed of seeds) {
      const { value, status } = await runSpectrum(
        objective,
        network.theta,
        { top: 10, eigenvalueTol: 1e-4, density: true, densityProbes: 1, densitySteps: 40, gridPoints: 20, delta },
        { rng: randomFromSeed(seed) },
      );
      expect(status).toBe('converged');
      value.eigenvalues.forEach((pair, i) => {
        expect(Math.abs(pair.value - truth[1209 - i]!)).toBeLessThanOrEqual(pair.errorBound);
      });
      for (const part of ['below', 'near', 'above'] as const) {
        const { low95, high95 } = value.density!.masses![part];
        if (low95 <= shares[part] && shares[part] <= high95) held[part]++;
      }
    }
    for (const count of Object.values(held)) expect(count).toBeGreaterThanOrEqual(36);
  });

  test.each(['hutchinson', 'hutch++', 'xtrace'] as const)(
    'the trace is within its interval in 36 or more, by %s',
    async (traceMethod) => {
      const trace = truth.reduce((a, b) => a + b, 0);
      const traceProbes = { hutchinson: 30, 'hutch++': 10, xtrace: 15 }[traceMethod];
      let held = 0;
      for (const seed of seeds) {
        const wanted = { top: 0, trace: true, traceMethod, traceProbes };
        const { value } = await runSpectrum(objective, network.theta, wanted, { rng: randomFromSeed(seed) });
        const { low95, high95 } = value.trace!;
        if (low95 <= trace && trace <= high95) held++;
      }
      expect(held).toBeGreaterThanOrEqual(36);
    },
  );
});
