import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runSpectrum } from '../../../core/analyses/spectrum/run.ts';
import type { HostVector } from '../../../core/linalg/vector-space.ts';
import { weightsFromOutside } from '../../../core/models/weights-from-outside.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import { hostTheta, openExperiment } from '../../../electron/compute/open-experiment.ts';
import { experimentOf, type PeerExperiment, peerExperiment, tensorsOf } from '../../support/peer-experiments.ts';
import { peersFolder, readArrays } from '../../support/peers.ts';
import { relativeError } from '../../support/vectors.ts';

interface Truth {
  readonly loss: number;
  readonly grad_norm: number;
  readonly top: readonly number[];
  readonly trace: number;
}

const truthOf = (peer: PeerExperiment): Truth =>
  JSON.parse(readFileSync(path.join(peersFolder, 'truth.json'), 'utf8'))[peer.truth];

const open = (peer: PeerExperiment, settings: string[]) => openExperiment(experimentOf(peer, settings), peersFolder);

/** Network, precision, seeds of the Krylov start, wanted relative error of each of the ten largest eigenvalues. */
const cases: [string, 'float32' | 'float64', number[], number][] = [
  ['mlp-64-16-10', 'float32', [0, 1, 2, 3, 4], 1e-4],
  ['mlp-64-16-10', 'float64', [0, 1, 2, 3, 4], 1e-8],
  ['mlp-784-64-10', 'float32', [0, 1, 2, 3, 4], 1e-4],
  ['mlp-784-64-10', 'float64', [0, 1, 2, 3, 4], 1e-8],
  ['cnn', 'float32', [0], 1e-4],
];

describe.each(cases)('%s in %s against an independent float64 program', (name, precision, seeds, limit) => {
  const peer = peerExperiment(name);
  test(`the ten largest eigenvalues lie within ${limit}, and each within its own bound`, async () => {
    const truth = truthOf(peer);
    const opened = await open(peer, [`precision=${precision}`]);
    const { objective } = opened;
    for (const seed of seeds) {
      const theta = objective.space.copy(opened.initialTheta);
      const { value, status } = await runSpectrum(objective, theta, { top: 10 }, { rng: randomFromSeed(seed) });
      objective.space.release(theta);
      expect(status).toBe('converged');
      expect(value.eigenvalues).toHaveLength(10);
      value.eigenvalues.forEach(({ value: found, errorEstimate }, i) => {
        const error = Math.abs(found - truth.top[i]!);
        expect(error).toBeLessThan(limit * truth.top[i]!);
        expect(error).toBeLessThanOrEqual(errorEstimate + 1e-14);
      });
      expect(Math.abs(value.loss / truth.loss - 1)).toBeLessThan(precision === 'float64' ? 1e-13 : 1e-6);
      expect(Math.abs(value.gradientNorm / truth.grad_norm - 1)).toBeLessThan(precision === 'float64' ? 1e-12 : 1e-6);
    }
    opened.dispose();
  });
});

describe('products of an independent float64 program', () => {
  const products: [string, string, string, string, string[]][] = [
    ['mlp-784-64-10', 'mlp_v', 'mlp_hessian', 'mlp_ggn', []],
    ['cnn', 'cnn_v', 'cnn_hessian', 'cnn_ggn', ['data.subset={first: 256}']],
  ];
  test.each(products)('%s in float32: H v and G v within 1e-6', async (name, v, hv, gv, settings) => {
    const peer = peerExperiment(name);
    const arrays = readArrays(peersFolder, 'products.npz');
    const opened = await open(peer, settings);
    const { objective } = opened;
    const inOurOrder = (key: string) =>
      weightsFromOutside(tensorsOf(peer, arrays.get(key)!.data), objective.layout, 'pytorch');
    const theta = objective.space.copy(opened.initialTheta);
    const direction = objective.space.copy(hostTheta(objective, inOurOrder(v)));
    const linearization = await objective.linearize(theta);
    const host = async (x: HostVector) => objective.space.toHost(x);
    expect(relativeError(await host(await linearization.hessianProduct(direction)), inOurOrder(hv))).toBeLessThan(1e-6);
    expect(relativeError(await host(await linearization.gaussNewtonProduct!(direction)), inOurOrder(gv))).toBeLessThan(
      1e-6,
    );
    linearization.dispose();
    opened.dispose();
  });
});

test('the trace of the small network lies within three standard errors', async () => {
  const peer = peerExperiment('mlp-64-16-10');
  const truth = truthOf(peer);
  const opened = await open(peer, []);
  const theta = opened.objective.space.copy(opened.initialTheta);
  const { value } = await runSpectrum(
    opened.objective,
    theta,
    { top: 0, trace: true, traceProbes: 100 },
    { rng: randomFromSeed(0) },
  );
  expect(Math.abs(value.trace!.value - truth.trace)).toBeLessThan(3 * value.trace!.standardError);
  expect(value.trace!.standardError).toBeLessThan(0.1 * truth.trace);
  opened.dispose();
});
