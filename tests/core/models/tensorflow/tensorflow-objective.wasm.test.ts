import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Dataset } from '../../../../core/data/dataset.ts';
import { affineLayers } from '../../../../core/models/tensorflow/affine-layers.ts';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { functionalModel } from '../../../../core/models/tensorflow/functional-model.ts';
import { modelFromSpecification } from '../../../../core/models/tensorflow/model-from-specification.ts';
import { tensorflowObjective } from '../../../../core/models/tensorflow/tensorflow-objective.ts';
import { initialTheta } from '../../../../core/models/tensorflow/theta.ts';
import { checkObjective } from '../../../../core/objective/checked.ts';
import type { Objective } from '../../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

beforeAll(() => useBackend('wasm'));

type Layer = readonly [type: string, options?: Record<string, unknown>];

const networks: readonly { name: string; layers: readonly Layer[]; affine: string[] }[] = [
  {
    name: 'MLP',
    layers: [
      ['flatten'],
      ['dense', { units: 8, activation: 'tanh', kernelRegularizer: { l2: 0.01 } }],
      ['dense', { units: 3 }],
    ],
    affine: ['dense_1'],
  },
  {
    name: 'CNN',
    layers: [
      ['conv2d', { filters: 4, kernelSize: 5, activation: 'swish' }],
      ['averagePooling2d', { poolSize: 2 }],
      ['flatten'],
      ['dense', { units: 3 }],
    ],
    affine: ['conv2d_1'],
  },
];

function problemOf(layers: readonly Layer[]) {
  const rng = randomFromSeed(7);
  const specification = { layers: layers.map(([type, options = {}]) => ({ type, options })) };
  const model = modelFromSpecification(specification, [10, 10, 1], rng.split('model'));
  const inputs = rng.split('inputs').fill(new Float32Array(40 * 100), 'normal');
  const labels = Int32Array.from({ length: 40 }, () => rng.integer(3));
  const data: Dataset = {
    name: 'drawn',
    examples: 40,
    inputShape: [10, 10, 1],
    inputs,
    targets: { kind: 'classes', classes: 3, labels },
    source: 'drawn',
  };
  return { model, options: { model, data, loss: 'softmaxCrossEntropy' } as const };
}

async function checkAll<V>(objective: Objective<V>, theta: V) {
  const { status, value } = await checkObjective(objective, theta, randomFromSeed(8));
  expect(value.items.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
  expect(status).toBe('converged');
}

describe.each(networks)('$name', ({ layers, affine }) => {
  test('passes the check of an objective with vectors on the host and on the device', async () => {
    const { model, options } = problemOf(layers);
    const onHost = tensorflowObjective({ ...options, space: 'host' });
    const onDevice = tensorflowObjective({ ...options, space: 'tensor' });
    await checkAll(onHost, onHost.space.fromHost(initialTheta(model)));
    await checkAll(onDevice, onDevice.space.fromHost(initialTheta(model)));
    expect([onHost.engine, onHost.space.precision]).toEqual(['wasm', 'float32']);
  });

  test('a plane with the first layer combined is the plane of plain evaluations, to 1e-6, and leaves no tensor', async () => {
    const { model, options } = problemOf(layers);
    const found = affineLayers(model, functionalModel(model).variables);
    expect(found.map(({ layer }) => layer.name)).toEqual(affine);
    const objective = tensorflowObjective({ ...options, space: 'host' });
    const { space } = objective;
    const theta = space.fromHost(initialTheta(model));
    const directions = [1, 2].map((seed) => space.random(randomFromSeed(seed), 'sphere'));
    const data = randomFromSeed(9).fill(new Float64Array(2 * 25), 'normal');
    const plane = { rows: 25, columns: 2, data };
    const losses = await objective.losses(theta, directions, plane);
    // The programs of this shape are made now, and stay as long as the objective.
    const before = memory().numTensors;
    expect(await objective.losses(theta, directions, plane)).toEqual(losses);
    expect(memory().numTensors).toBe(before);
    for (let i = 0; i < 25; i++) {
      const point = space.combine(directions, data.slice(2 * i, 2 * i + 2), space.copy(theta));
      const { loss } = await objective.evaluate(point);
      space.release(point);
      expect(Math.abs((losses[i] ?? 0) / loss - 1)).toBeLessThan(1e-6);
    }
  });

  test('a linearisation outlives the tensors of its batch and changes of the vector it was made at', async () => {
    const { model, options } = problemOf(layers);
    const objective = tensorflowObjective({ ...options, space: 'host' });
    const { space } = objective;
    const theta = space.fromHost(initialTheta(model));
    const v = space.random(randomFromSeed(1), 'sphere');
    const batch = Int32Array.of(3, 1, 4, 15, 9, 26);
    const atFirst = await objective.linearize(theta, batch);
    space.release((await atFirst.gaussNewtonProduct?.(v)) ?? space.zeros());
    atFirst.dispose();
    // The programs of this shape are made now, and stay as long as the objective.
    const before = memory().numTensors;
    const at = await objective.linearize(theta, batch);
    const first = await at.hessianProduct(v);
    const curved = (await at.gaussNewtonProduct?.(v)) ?? space.zeros();
    space.scale(theta, 0);
    expect(await at.hessianProduct(v)).toEqual(first);
    expect(await at.gaussNewtonProduct?.(v)).toEqual(curved);
    at.dispose();
    at.dispose();
    expect(memory().numTensors).toBe(before);
    await expect(at.hessianProduct(v)).rejects.toThrow(/disposed/);
    await expect(at.gaussNewtonProduct?.(v)).rejects.toThrow(/disposed/);
  });
});
