import '../../../support/float64-realm-first.ts';

import { expect, test } from 'vitest';
import { exactSpectrum } from '../../../../core/linalg/dense/dense-symmetric.ts';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { tensorflowObjective } from '../../../../core/models/tensorflow/tensorflow-objective.ts';
import { hessianOperator } from '../../../../core/objective/curvature/hessian.ts';
import { peersFolder, readArrays } from '../../../support/peers.ts';
import { smallPeer } from './small-peer.ts';

test('the matrix made of 1,210 products has the spectrum that an independent program found, to 1e-10 of its largest', async () => {
  await useBackend('cpu');
  const { peer, model } = smallPeer();
  const objective = tensorflowObjective({ model, data: peer.data, loss: 'softmaxCrossEntropy', space: 'host' });
  const at = await objective.linearize(objective.space.fromHost(peer.theta));
  const spectrum = Float64Array.from(readArrays(peersFolder, 'eigenvalues.npz').get('mlp8_eigenvalues')?.data ?? []);
  const { value, status } = await exactSpectrum(hessianOperator(objective.space, at));
  expect(status).toBe('converged');
  expect(value.asymmetry).toBeLessThan(1e-13);
  const deviation = value.eigenvalues.map((lambda, i) => Math.abs(lambda - (spectrum[i] ?? Number.NaN)));
  expect(Math.max(...deviation) / (spectrum.at(-1) ?? 0)).toBeLessThan(1e-10);
  at.dispose();
});
