import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readParameters } from '../../../../core/analyses/read-parameters.ts';
import { spectrumDescriptor } from '../../../../core/analyses/spectrum/descriptor.ts';
import { exactSpectrumAt } from '../../../../core/analyses/spectrum/exact.ts';
import { runSpectrum } from '../../../../core/analyses/spectrum/run.ts';
import { BadInput } from '../../../../core/bad-input.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { quadraticObjective } from '../../../../core/models/closed-form/quadratic.ts';
import { counted } from '../../../../core/objective/counted.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { peerNetwork, peersFolder, readArrays } from '../../../support/peers.ts';
import { hessianLikeSpectrum, withSpectrum } from '../../../support/test-matrices.ts';

const wholeHessian = { operator: 'hessian', blocks: null, samples: null } as const;
const context = (seed = 1) => ({ rng: randomFromSeed(seed) });

describe('spectrum of a quadratic', () => {
  const spectrum = hessianLikeSpectrum(200);
  const objective = quadraticObjective(withSpectrum(spectrum, 41));
  const theta = randomFromSeed(2).fill(new Float64Array(200), 'normal');
  const descending = [...spectrum].sort((a, b) => b - a);

  it('has every number with its certificate, and θ stays as it was', async () => {
    const before = theta.slice();
    const everything = { top: 10, bottom: 3, density: true, densitySteps: 60, trace: true };
    const { value, status } = await runSpectrum(objective, theta, everything, context());
    expect(theta).toEqual(before);
    expect(status).toBe('converged');
    value.eigenvalues.forEach((pair, i) => {
      expect(Math.abs(pair.value - descending[i]!)).toBeLessThanOrEqual(pair.errorEstimate);
    });
    value.bottom.forEach((pair, i) => {
      expect(Math.abs(pair.value - descending[199 - i]!)).toBeLessThanOrEqual(pair.errorEstimate);
    });
    const trace = spectrum.reduce((a, b) => a + b, 0);
    expect(Math.abs(value.trace!.value - trace)).toBeLessThan(4 * value.trace!.standardError);
    expect(Math.abs(value.density!.mean.value - trace / 200)).toBeLessThan(4 * value.density!.mean.standardError);
    expect(value.precision).toBe('float64');
    expect(value.inexactReason).toBeNull();
    expect(value.parts).toEqual({
      eigenvalues: 'converged',
      density: 'converged',
      trace: 'converged',
      layers: null,
    });
  });

  it('counts what it spends, one gradient and every product', async () => {
    const inside = counted(objective);
    const { stats } = await runSpectrum(
      inside,
      theta,
      { top: 4, density: true, densityProbes: 2, trace: true },
      context(),
    );
    expect(stats).toMatchObject(inside.counts);
    expect(stats.gradients).toBe(1);
  });

  it('gives the same numbers from the same seed, and parts do not disturb each other', async () => {
    const alone = await runSpectrum(objective, theta, { top: 3 }, context(7));
    const together = await runSpectrum(objective, theta, { top: 3, density: true, trace: true }, context(7));
    expect(together.value.eigenvalues).toEqual(alone.value.eigenvalues);
    const trace = await runSpectrum(objective, theta, { top: 0, trace: true }, context(7));
    expect(together.value.trace).toEqual(trace.value.trace);
    expect(trace.value.parts.eigenvalues).toBeNull();
  });

  it('has the cost that it announces, within a factor of two', async () => {
    const given = { top: 10, density: true, densityProbes: 3, trace: true };
    const parameters = readParameters(spectrumDescriptor.parameters, given);
    const { stats } = await runSpectrum(objective, theta, given, context());
    const { products } = spectrumDescriptor.cost(parameters, 200);
    expect(stats.products / products).toBeGreaterThan(0.5);
    expect(stats.products / products).toBeLessThan(2);
  });

  it('a NaN in θ is the status notFinite, with nothing spent beyond the gradient', async () => {
    const broken = theta.slice();
    broken[17] = Number.NaN;
    const { value, status, stats } = await runSpectrum(objective, broken, { density: true, trace: true }, context());
    expect(status).toBe('notFinite');
    expect(stats.products).toBe(0);
    expect(value.eigenvalues).toEqual([]);
    expect(value.density).toBeNull();
  });

  it('the status is that of the worst part', async () => {
    const { value, status } = await runSpectrum(objective, theta, { top: 10, maxProducts: 15, trace: true }, context());
    expect(value.parts).toEqual({ eigenvalues: 'budgetSpent', density: null, trace: 'converged', layers: null });
    expect(status).toBe('budgetSpent');
  });

  it('is cancelled between products', async () => {
    const signal = { aborted: false };
    const { status, stats, value } = await runSpectrum(
      objective,
      theta,
      { top: 10, density: true, trace: true },
      {
        ...context(),
        signal,
        onProgress: ({ stage, done }) => {
          signal.aborted = stage === 'density' && done >= 100;
        },
      },
    );
    expect(status).toBe('cancelled');
    expect(value.density!.probes).toBe(1);
    expect(value.trace!.probes).toBe(0);
    expect(stats.products).toBeLessThan(150);
  });

  it('a model without a Gauss–Newton product is bad input', async () => {
    await expect(runSpectrum(objective, theta, { operator: 'gaussNewton' }, context())).rejects.toThrow(BadInput);
  });
});

describe('spectrum of a trained network, against an independent program in float64', () => {
  const network = peerNetwork(peersFolder, [64, 16, 10], 'digits-8x8-1000.npz', 'mlp-64-16-10.safetensors');
  const objective = mlpObjective(network.model, { data: network.data, loss: 'softmaxCrossEntropy' });
  const truth = JSON.parse(readFileSync(join(peersFolder, 'truth.json'), 'utf8'))['mlp-64-16-10 on digits-8x8-1000'];

  it('top 10 and bottom 3 to 1e-8 with bounds that hold, for five seeds', async () => {
    for (let seed = 0; seed < 5; seed++) {
      const { value, status } = await runSpectrum(objective, network.theta, { top: 10, bottom: 3 }, context(seed));
      expect(status).toBe('converged');
      expect(Math.abs(value.loss - truth.loss)).toBeLessThan(1e-12);
      expect(Math.abs(value.gradientNorm - truth.grad_norm)).toBeLessThan(1e-12);
      value.eigenvalues.forEach((pair, i) => {
        const error = Math.abs(pair.value - truth.top[i]);
        expect(error).toBeLessThanOrEqual(1e-8 * truth.top[i]);
        expect(error).toBeLessThanOrEqual(pair.errorEstimate);
      });
      value.bottom.forEach((pair, i) => {
        expect(Math.abs(pair.value - truth.bottom[i])).toBeLessThanOrEqual(1e-8 * Math.abs(truth.bottom[i]));
      });
    }
  });

  it('trace within three standard errors', async () => {
    const { value } = await runSpectrum(
      objective,
      network.theta,
      { top: 0, trace: true, traceTol: 0.02, traceProbes: 1000 },
      context(),
    );
    expect(Math.abs(value.trace!.value - truth.trace)).toBeLessThan(3 * value.trace!.standardError);
    expect(value.trace!.standardError).toBeLessThan(0.02 * truth.trace);
  });

  it('Gauss–Newton trace within three standard errors, and no negative eigenvalue', async () => {
    const { value } = await runSpectrum(
      objective,
      network.theta,
      { operator: 'gaussNewton', top: 1, bottom: 1, trace: true, traceProbes: 300 },
      context(),
    );
    expect(value.bottom[0]!.value).toBeGreaterThanOrEqual(-value.bottom[0]!.errorEstimate);
    const exact = truth.ggn_layer_trace.reduce((a: number, b: number) => a + b, 0);
    expect(Math.abs(value.trace!.value - exact)).toBeLessThan(3 * value.trace!.standardError);
  });

  it('all 1,210 eigenvalues of the exact twin to 1e-10', async () => {
    const all = readArrays(peersFolder, 'eigenvalues.npz');
    const expected = [...all.values()][0]!.data;
    const { value, status } = await exactSpectrumAt(objective, network.theta, wholeHessian, context());
    expect(status).toBe('converged');
    expect(value.asymmetry).toBeLessThan(1e-12);
    let worst = 0;
    value.eigenvalues.forEach((found, i) => {
      worst = Math.max(worst, Math.abs(found - expected[i]!));
    });
    expect(worst).toBeLessThan(1e-10);
  });
});
