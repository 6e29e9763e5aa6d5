import '../../../support/float64-realm-first.ts';

import { beforeAll, expect, test } from 'vitest';
import { lanczos } from '../../../../core/linalg/eigenpairs/lanczos.ts';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { tensorflowObjective } from '../../../../core/models/tensorflow/tensorflow-objective.ts';
import { hessianOperator } from '../../../../core/objective/curvature/hessian.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { smallPeer } from './small-peer.ts';

beforeAll(() => useBackend('cpu'));

test('loss, gradient norm, ten largest and five most negative eigenvalues are those of an independent program', async () => {
  const { peer, model, truth } = smallPeer();
  const objective = tensorflowObjective({ model, data: peer.data, loss: 'softmaxCrossEntropy', space: 'host' });
  const at = await objective.linearize(objective.space.fromHost(peer.theta));
  expect(at.loss / truth.loss).toBeCloseTo(1, 12);
  expect(Math.hypot(...at.gradient) / truth.grad_norm).toBeCloseTo(1, 10);
  const operator = hessianOperator(objective.space, at);
  const found = await lanczos(operator, { top: 10, bottom: 5, rng: randomFromSeed(2), residualTol: 1e-6 });
  expect(found.status).toBe('converged');
  for (const [i, pair] of found.value.top.entries())
    expect(Math.abs(pair.value / (truth.top[i] ?? 0) - 1)).toBeLessThan(1e-8);
  for (const [i, pair] of found.value.bottom.entries())
    expect(Math.abs(pair.value / (truth.bottom[i] ?? 0) - 1)).toBeLessThan(1e-8);
  at.dispose();
});
