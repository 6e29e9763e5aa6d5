import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Dataset } from '../../../../core/data/dataset.ts';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { modelFromSpecification } from '../../../../core/models/tensorflow/model-from-specification.ts';
import { tensorflowObjective } from '../../../../core/models/tensorflow/tensorflow-objective.ts';
import { initialTheta } from '../../../../core/models/tensorflow/theta.ts';
import { checkObjective } from '../../../../core/objective/checked.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { gpuOfTests, noGpu } from '../../../support/gpu-of-tests.ts';

const found = await gpuOfTests();

const examples = 8;
/** Software adapters take a tenth of a second a kernel where the processor is busy. */
const patience = 180_000;

function problem() {
  const rng = randomFromSeed(7);
  const layers = [
    { type: 'conv2d', options: { filters: 3, kernelSize: 3, activation: 'tanh' } },
    { type: 'maxPooling2d', options: { poolSize: 2 } },
    { type: 'flatten', options: {} },
    { type: 'dense', options: { units: 3 } },
  ];
  const model = modelFromSpecification({ layers }, [8, 8, 1], rng.split('model'));
  const data: Dataset = {
    name: 'drawn',
    examples,
    inputShape: [8, 8, 1],
    inputs: rng.split('inputs').fill(new Float32Array(examples * 64), 'normal'),
    targets: { kind: 'classes', classes: 3, labels: Int32Array.from({ length: examples }, () => rng.integer(3)) },
    source: 'drawn',
  };
  return { model, options: { model, data, loss: 'softmaxCrossEntropy' } as const };
}

describe.skipIf(found === null)(found?.description ?? noGpu, () => {
  beforeAll(() => useBackend('webgpu', found ?? {}));

  test(
    'a convolutional net passes the check of an objective, and vectors on the device give the same product',
    async () => {
      const { model, options } = problem();
      const onHost = tensorflowObjective({ ...options, space: 'host' });
      const theta = onHost.space.fromHost(initialTheta(model));
      const { status, value } = await checkObjective(onHost, theta, randomFromSeed(8));
      expect(value.items.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
      expect(status).toBe('converged');
      const said = found?.software ? `${found.description}, software` : found?.description;
      expect(onHost.engine).toBe(`webgpu (${said})`);

      const onDevice = tensorflowObjective({ ...options, space: 'tensor' });
      const v = onHost.space.random(randomFromSeed(2), 'sphere');
      const direct = await (await onHost.linearize(theta)).hessianProduct(v);
      const at = await onDevice.linearize(onDevice.space.fromHost(theta));
      const product = await at.hessianProduct(onDevice.space.fromHost(v));
      expect(await onDevice.space.toHost(product)).toEqual(Float64Array.from(direct));
    },
    patience,
  );

  test(
    'losses on a plane are those of single points, and no tensor is left',
    async () => {
      const { model, options } = problem();
      const objective = tensorflowObjective({ ...options, space: 'host' });
      const { space } = objective;
      const theta = space.fromHost(initialTheta(model));
      const direction = space.random(randomFromSeed(1), 'sphere');
      const { loss } = await objective.evaluate(theta);
      const before = tf.memory().numTensors;
      const losses = await objective.losses(theta, [direction], {
        rows: 3,
        columns: 1,
        data: Float64Array.of(0, 0.5, 1),
      });
      expect(tf.memory().numTensors).toBe(before);
      expect(Math.abs((losses[0] ?? 0) / loss - 1)).toBeLessThan(1e-6);
      const end = await objective.evaluate(space.addScaled(space.copy(theta), 1, direction));
      expect(Math.abs((losses[2] ?? 0) / end.loss - 1)).toBeLessThan(1e-6);
    },
    patience,
  );

  test(
    'the same product twice is the same to the last bit, and twelve of them take no more memory than four',
    async () => {
      const { model, options } = problem();
      const objective = tensorflowObjective({ ...options, space: 'host' });
      const { space } = objective;
      const theta = space.fromHost(initialTheta(model));
      const v = space.random(randomFromSeed(1), 'sphere');
      const before = tf.memory().numTensors;
      const at = await objective.linearize(theta);
      const first = await at.hessianProduct(v);
      for (let i = 0; i < 3; i++) await at.hessianProduct(v);
      const memory = () => tf.memory() as tf.MemoryInfo & { numBytesAllocatedInGPU: number };
      const { numTensors, numBytesAllocatedInGPU } = memory();
      for (let i = 0; i < 8; i++) expect(await at.hessianProduct(v)).toEqual(first);
      expect(memory().numTensors).toBe(numTensors);
      expect(memory().numBytesAllocatedInGPU).toBe(numBytesAllocatedInGPU);
      at.dispose();
      objective.dispose();
      expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
    },
    patience,
  );

  test('a tensor beyond what the GPU binds is refused in words, not answered with zeros', async () => {
    const gpu = tf.backend() as unknown as { device: { limits: { maxStorageBufferBindingSize: number } } };
    const most = gpu.device.limits.maxStorageBufferBindingSize;
    const side = Math.ceil(Math.sqrt(most / 4)) + 1;
    expect(() => tf.tidy(() => tf.add(tf.ones([side, 1]), tf.ones([1, side])))).toThrow(/no more than \d+ MiB at once/);
  });

  test('values that lie on the GPU are not read synchronously; an upload is', async () => {
    const x = tf.tensor1d([1, 2]);
    expect(Array.from(x.dataSync())).toEqual([1, 2]);
    expect(() => tf.add(x, 1).dataSync()).toThrow(/await tensor.data/);
  });

  test('a lost GPU is told, not answered with zeros, and the next start has a new one', async () => {
    const { device } = tf.backend() as unknown as { device: { destroy(): void; lost: Promise<unknown> } };
    device.destroy();
    await device.lost;
    await expect((async () => tf.add(tf.ones([2]), 1).data())()).rejects.toThrow(/The GPU was lost/);
    await useBackend('webgpu', found ?? {});
    expect(Array.from(await tf.add(tf.ones([2]), 1).data())).toEqual([2, 2]);
    // Called once more, it keeps the device and what lies on it.
    const kept = tf.add(tf.ones([2]), 2);
    await useBackend('webgpu', found ?? {});
    expect(Array.from(await kept.data())).toEqual([3, 3]);
  });
});
