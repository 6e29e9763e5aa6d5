import { beforeAll, expect, test } from 'vitest';
import { lanczos } from '../../../../core/linalg/eigenpairs/lanczos.ts';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { tensorflowObjective } from '../../../../core/models/tensorflow/tensorflow-objective.ts';
import { hessianOperator } from '../../../../core/objective/curvature/hessian.ts';
import type { Objective } from '../../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { smallPeer } from './small-peer.ts';

beforeAll(() => useBackend('wasm'));

async function topTen<V>(objective: Objective<V>, theta: Float64Array): Promise<number[]> {
  const at = await objective.linearize(objective.space.fromHost(theta));
  const operator = hessianOperator(objective.space, at);
  const found = await lanczos(operator, { top: 10, rng: randomFromSeed(2), residualTol: 1e-3 });
  expect(found.status).toBe('converged');
  at.dispose();
  return found.value.top.map(({ value }) => value);
}

test('ten largest eigenvalues of an independent program to 1e-5, with vectors on the host and on the device', async () => {
  const { peer, model, truth } = smallPeer();
  const options = { model, data: peer.data, loss: 'softmaxCrossEntropy' } as const;
  const onHost = await topTen(tensorflowObjective({ ...options, space: 'host' }), peer.theta);
  const onDevice = await topTen(tensorflowObjective({ ...options, space: 'tensor' }), peer.theta);
  for (const found of [onHost, onDevice])
    for (const [i, value] of found.entries()) expect(Math.abs(value / (truth.top[i] ?? 0) - 1)).toBeLessThan(1e-5);
});
