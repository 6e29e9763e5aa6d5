import { beforeAll, describe, expect, test } from 'vitest';
import type { HostVector } from '../../../../../core/linalg/vector-space.ts';
import { useBackend } from '../../../../../core/models/tensorflow/backend.ts';
import { modelFromSpecification } from '../../../../../core/models/tensorflow/model-from-specification.ts';
import { tensorflowObjective } from '../../../../../core/models/tensorflow/tensorflow-objective.ts';
import { initialTheta } from '../../../../../core/models/tensorflow/theta.ts';
import { randomFromSeed } from '../../../../../core/random/philox.ts';
import { nativeBinding, nativeEngine, noNativeEngine } from '../../../../support/native-engine.ts';

const conv = (filters: number, more = {}) =>
  ({ type: 'conv2d', options: { filters, kernelSize: 3, activation: 'relu', ...more } }) as const;
const pool = (poolSize: number, strides = poolSize) =>
  ({ type: 'maxPooling2d', options: { poolSize, strides } }) as const;
const end = [
  { type: 'flatten', options: {} },
  { type: 'dense', options: { units: 3 } },
] as const;

/** Windows that are disjoint, that leave a border, that overlap, that are padded. */
const networks = {
  'disjoint windows': [conv(4), pool(2), conv(5), pool(2), ...end],
  'a border left over': [conv(4), pool(3), ...end],
  'overlapping windows': [conv(4), pool(3, 2), ...end],
  'padded convolutions, no pool': [conv(4, { padding: 'same' }), conv(3, { padding: 'same', strides: 2 }), ...end],
};

function problemOf(layers: (typeof networks)[keyof typeof networks]) {
  const rng = randomFromSeed(5);
  const model = modelFromSpecification({ layers }, [13, 12, 2], rng.split('model'));
  const data = {
    name: 'drawn',
    examples: 9,
    inputShape: [13, 12, 2],
    inputs: rng.split('inputs').fill(new Float64Array(9 * 13 * 12 * 2), 'normal'),
    targets: { kind: 'classes', classes: 3, labels: Int32Array.from({ length: 9 }, (_, i) => i % 3) },
    source: 'drawn',
  } as const;
  const options = { model, data, loss: 'softmaxCrossEntropy', space: 'host' } as const;
  return { options, theta: initialTheta(model), rng };
}

const largest = (values: HostVector) => Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0);

describe.skipIf(nativeEngine === null)(`patterns on the TensorFlow library (${noNativeEngine})`, () => {
  beforeAll(() => useBackend('tensorflow', { native: nativeBinding() }));

  test.each(Object.entries(networks))(
    '%s: products with and without patterns, and those of the walker',
    async (_, layers) => {
      const { options, theta, rng } = problemOf(layers);
      const results: HostVector[] = [];
      for (const more of [{ products: 'tape' }, { patterns: false }, { patterns: true }] as const) {
        const objective = tensorflowObjective({ ...options, ...more });
        const { space } = objective;
        const at = await objective.linearize(space.fromHost(theta));
        const v = space.random(rng.split('v'), 'normal');
        results.push(await at.hessianProduct(v), await at.gaussNewtonProduct!(v));
        at.dispose();
        objective.dispose();
      }
      const [hessian, gaussNewton] = results as [HostVector, HostVector];
      for (const [i, found] of results.entries()) {
        const expected = i % 2 === 0 ? hessian : gaussNewton;
        const difference = largest(found.map((x, k) => x - (expected[k] ?? 0)));
        expect(difference / largest(expected)).toBeLessThan(2e-6);
      }
      options.model.dispose();
    },
  );
});
