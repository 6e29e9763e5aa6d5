import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { exactSpectrumAt } from '../../../../core/analyses/spectrum/exact.ts';
import { runSpectrum } from '../../../../core/analyses/spectrum/run.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { peerNetwork, peersFolder, readArrays } from '../../../support/peers.ts';
import { largestDifference } from '../../../support/vectors.ts';

const truths = JSON.parse(readFileSync(join(peersFolder, 'truth.json'), 'utf8'));

describe('the whole spectrum of the network with 1,210 parameters', () => {
  const { model, data, theta } = peerNetwork(
    peersFolder,
    [64, 16, 10],
    'digits-8x8-1000.npz',
    'mlp-64-16-10.safetensors',
  );
  const objective = mlpObjective(model, { data, loss: 'softmaxCrossEntropy' });
  const truth = truths['mlp-64-16-10 on digits-8x8-1000'];
  const reference = readArrays(peersFolder, 'eigenvalues.npz').get('mlp8_eigenvalues')!.data;
  let eigenvalues = new Float64Array(0);

  beforeAll(async () => {
    const { value, status } = await exactSpectrumAt(
      objective,
      theta,
      { operator: 'hessian', blocks: null, samples: null },
      { rng: randomFromSeed(1) },
    );
    expect(status).toBe('converged');
    eigenvalues = Float64Array.from(value.eigenvalues);
  });

  test('each eigenvalue is that of the independent program, to 1e-12 of the norm', () => {
    expect(eigenvalues.length).toBe(1210);
    expect(largestDifference(eigenvalues, reference)).toBeLessThan(1e-12 * truth.top[0]);
  });

  test.each(['1e-12', '1e-10', '1e-08', '1e-06', '0.0001', '0.001'])(
    'as many are negative, null and positive within %s as in the truth',
    (tolerance) => {
      const tau = Number(tolerance);
      const negative = eigenvalues.filter((value) => value < -tau).length;
      const positive = eigenvalues.filter((value) => value > tau).length;
      expect(negative).toBe(truth.n_neg[tolerance]);
      expect(positive).toBe(reference.filter((value: number | bigint) => Number(value) > tau).length);
      if (tau === 1e-12) expect(1210 - negative - positive).toBe(truth.n_zero_1e_12);
    },
  );

  test('the trace and the squared Frobenius norm are sums of its eigenvalues and their squares', () => {
    expect(Math.abs(eigenvalues.reduce((a, b) => a + b, 0) - truth.trace)).toBeLessThan(1e-12);
    const squares = eigenvalues.reduce((sum, value) => sum + value * value, 0);
    expect(Math.abs(Math.sqrt(squares) - truth.frob)).toBeLessThan(1e-12);
  });
});

describe('the network with 50,890 parameters', () => {
  const { model, data, theta } = peerNetwork(
    peersFolder,
    [784, 64, 10],
    'digits-1000.npz',
    'mlp-784-64-10.safetensors',
  );
  const objective = mlpObjective(model, { data, loss: 'softmaxCrossEntropy' });
  const truth = truths['mlp-784-64-10 on digits-1000'];

  test('has the ten largest and five most negative eigenvalues of the truth, each within its residual', async () => {
    const { value, status } = await runSpectrum(
      objective,
      theta,
      { top: 10, bottom: 5, eigenvalueTol: 1e-6 },
      { rng: randomFromSeed(5) },
    );
    expect(status).toBe('converged');
    expect(value.eigenvalues.length).toBe(10);
    expect(value.bottom.length).toBe(5);
    value.eigenvalues.forEach((pair, i) => {
      expect(pair.residualIsEstimate).toBe(false);
      expect(Math.abs(pair.value - truth.top[i])).toBeLessThanOrEqual(pair.errorBound);
      expect(Math.abs(pair.value - truth.top[i])).toBeLessThan(1e-6 * truth.top[i]);
    });
    value.bottom.forEach((pair, i) => {
      expect(Math.abs(pair.value - truth.most_negative[i])).toBeLessThanOrEqual(pair.errorBound);
      expect(Math.abs(pair.value - truth.most_negative[i])).toBeLessThan(-1e-6 * truth.most_negative[i]);
    });
  });

  test('has a trace within its stated interval', async () => {
    const { value } = await runSpectrum(
      objective,
      theta,
      { top: 0, trace: true, traceProbes: 60 },
      { rng: randomFromSeed(6) },
    );
    const { low95, high95 } = value.trace!;
    expect(truth.trace).toBeGreaterThan(low95);
    expect(truth.trace).toBeLessThan(high95);
    expect(high95 - low95).toBeLessThan(0.2 * truth.trace);
  });
});
