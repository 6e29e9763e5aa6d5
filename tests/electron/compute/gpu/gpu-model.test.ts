import { MessageChannel } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { AnyDataset, Dataset } from '../../../../core/data/dataset.ts';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { createGate, Stopped } from '../../../../core/objective/gate.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { type GpuConnection, gpuConnection } from '../../../../electron/compute/gpu/gpu-connection.ts';
import { gpuModel } from '../../../../electron/compute/gpu/gpu-model.ts';
import { portable } from '../../../../electron/compute/gpu/portable.ts';
import { portOf } from '../../../../electron/compute/service/port.ts';
import { type ModelOfExperiment, type OpenedModel, tensorModel } from '../../../../electron/compute/tensor-model.ts';
import { turnOfEventLoop } from '../../../../electron/compute/turn-of-event-loop.ts';
import { gpuService } from '../../../../electron/gpu/serve-gpu.ts';

/** Both ends of the road in this thread, on plain JavaScript: the same engine, so the same bits. */
const seed = 5;
const examples = 12;
const mlp: ModelOfExperiment = {
  specification: {
    layers: [
      { type: 'dense', options: { units: 5, activation: 'tanh' } },
      { type: 'dense', options: { units: 3 } },
    ],
  },
  mode: 'inference',
  loss: 'softmaxCrossEntropy',
  reduction: 'mean',
};
const normalized: ModelOfExperiment = {
  ...mlp,
  specification: {
    layers: [
      { type: 'dense', options: { units: 5 } },
      { type: 'batchNormalization', options: {} },
      { type: 'dense', options: { units: 3 } },
    ],
  },
};

function drawn(name: string, count = examples): Dataset {
  const rng = randomFromSeed(name.length);
  return {
    name,
    examples: count,
    inputShape: [4],
    inputs: rng.split('inputs').fill(new Float32Array(count * 4), 'normal'),
    targets: { kind: 'classes', classes: 3, labels: Int32Array.from({ length: count }, () => rng.integer(3)) },
    source: 'drawn',
  };
}

const unused: string[] = [];
let isLost = false;
const roads: { readonly connection: GpuConnection; cut(): void }[] = [];

const service = gpuService({
  start: async () => ({ description: 'plain JavaScript', software: true }),
  turn: turnOfEventLoop,
  isLost: () => isLost,
  onUnused: (why) => unused.push(why),
});

function connect(options = {}): GpuConnection {
  const { port1, port2 } = new MessageChannel();
  service.serve(portOf(port2, 'node'));
  const connection = gpuConnection(portOf(port1, 'node'), options);
  roads.push({ connection, cut: () => port2.close() });
  return connection;
}

const until = async (holds: () => boolean) => {
  for (let i = 0; i < 1000 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(holds()).toBe(true);
};

function road() {
  let current: GpuConnection | null = null;
  return async () => {
    if (current === null || current.ended) current = connect();
    return current;
  };
}

const gate = () => createGate(turnOfEventLoop);
const near = (model: ModelOfExperiment, data: AnyDataset): OpenedModel =>
  tensorModel(model, data, randomFromSeed(seed).split('model'), gate());

beforeAll(() => useBackend('cpu'));
afterEach(async () => {
  unused.length = 0;
  const open = roads.splice(0).filter(({ connection }) => !connection.ended);
  for (const { connection } of open) connection.end();
  if (open.length > 0) await until(() => unused.includes('idle'));
  unused.length = 0;
  isLost = false;
});

test('every answer is that of the same model in this thread, to the last bit', async () => {
  const data = drawn('training');
  const here = near(mlp, data);
  const there = await gpuModel({ model: mlp, data, seed, gate: gate(), connect: road() });
  expect(there.initialTheta).toEqual(here.initialTheta);
  expect(there.objective.layout).toEqual(here.objective.layout);
  expect(there.objective.graph).toEqual(here.objective.graph);
  expect(there.objective.engine).toBe(here.objective.engine);
  const { space } = there.objective;
  const theta = space.fromHost(there.initialTheta);
  const v = space.random(randomFromSeed(1), 'sphere');
  const batch = Int32Array.of(3, 0, 3);
  const wanted = { batch, perExample: true, outputs: true, outputGradients: true };
  expect(await there.objective.evaluate(theta, wanted)).toEqual(await here.objective.evaluate(theta, wanted));
  const [far, close] = [await there.objective.gradient(theta, batch), await here.objective.gradient(theta, batch)];
  expect(far.loss).toBe(close.loss);
  expect(Array.from(far.gradient)).toEqual(Array.from(close.gradient));
  const coefficients = { rows: 3, columns: 1, data: Float64Array.of(-1, 0, 2) };
  expect(await there.objective.losses(theta, [v], coefficients)).toEqual(
    await here.objective.losses(theta, [v], coefficients),
  );
  const [atFar, atClose] = [await there.objective.linearize(theta), await here.objective.linearize(theta)];
  expect(atFar.loss).toBe(atClose.loss);
  expect(atFar.exact).toBe(true);
  expect(Array.from(atFar.gradient)).toEqual(Array.from(atClose.gradient));
  for (const product of ['hessianProduct', 'gaussNewtonProduct'] as const)
    expect(Array.from(await atFar[product]!(v))).toEqual(Array.from(await atClose[product]!(v)));
  const rows = await atFar.jacobianProduct!(v);
  expect(rows).toEqual(await atClose.jacobianProduct!(v));
  expect(Array.from(await atFar.jacobianTransposeProduct!(rows))).toEqual(
    Array.from(await atClose.jacobianTransposeProduct!(rows)),
  );
  const other = drawn('others', 7);
  const [moved, movedHere] = [there.objective.withData!(other), here.objective.withData!(other)];
  expect(moved.examples).toBe(7);
  expect((await moved.evaluate(theta)).loss).toBe((await movedHere.evaluate(theta)).loss);
});

test('a test set is judged with the statistics of the training set, also after settling', async () => {
  const [data, tests] = [drawn('training'), drawn('test', 5)];
  const here = near(normalized, data);
  const there = await gpuModel({ model: normalized, data, seed, gate: gate(), connect: road() });
  const theta = there.objective.space.fromHost(there.initialTheta);
  const before = (await there.objective.evaluate(theta)).loss;
  await Promise.all([there.settle(theta), here.settle(theta)]);
  const settled = (await there.objective.evaluate(theta)).loss;
  expect(settled).not.toBe(before);
  expect(settled).toBe((await here.objective.evaluate(theta)).loss);
  const judged = (await there.onTestSet(tests)!.evaluate(theta)).loss;
  expect(judged).toBe((await here.onTestSet(tests)!.evaluate(theta)).loss);
});

test('rows that are not in memory are read from this side; a fault in reading is told', async () => {
  const { inputs, ...rest } = drawn('training');
  const read: [number, number][] = [];
  const rows = {
    identity: 'drawn',
    async read(from: number, to: number) {
      read.push([from, to]);
      return inputs.slice(from * 4, to * 4);
    },
  };
  const here = near(mlp, drawn('training'));
  const there = await gpuModel({ model: mlp, data: { ...rest, rows }, seed, gate: gate(), connect: road() });
  const theta = there.objective.space.fromHost(there.initialTheta);
  expect((await there.objective.evaluate(theta)).loss).toBe((await here.objective.evaluate(theta)).loss);
  expect(read).toContainEqual([0, examples]);
  const gone = { identity: 'gone', read: () => Promise.reject(new Error('The disk is gone.')) };
  const without = await gpuModel({ model: mlp, data: { ...rest, rows: gone }, seed, gate: gate(), connect: road() });
  await expect(without.objective.evaluate(theta)).rejects.toThrow('The disk is gone.');
});

test('where the other side ends, what is under way fails once with advice, and the next call opens everything again', async () => {
  const data = drawn('training');
  const there = await gpuModel({ model: normalized, data, seed, gate: gate(), connect: road() });
  const tests = there.onTestSet(drawn('test', 5))!;
  const theta = there.objective.space.fromHost(there.initialTheta);
  const loss = (await there.objective.evaluate(theta)).loss;
  const judged = (await tests.evaluate(theta)).loss;
  const at = await there.objective.linearize(theta);
  const pending = at.hessianProduct(theta);
  roads.at(-1)!.cut();
  await expect(pending).rejects.toMatchObject({ name: 'BadInput', found: expect.stringMatching(/window.*ended/) });
  await expect(at.hessianProduct(theta)).rejects.toThrow(/ended/);
  at.dispose();
  expect((await there.objective.evaluate(theta)).loss).toBe(loss);
  expect((await tests.evaluate(theta)).loss).toBe(judged);
  expect(roads).toHaveLength(2);
});

test('what is no longer wanted ends between two of its pieces', async () => {
  const watched = gate();
  const there = await gpuModel({ model: mlp, data: drawn('training'), seed, gate: watched, connect: road() });
  const { space } = there.objective;
  const theta = space.fromHost(there.initialTheta);
  const signal = { aborted: false };
  watched.watch(signal);
  const rows = 2_000_000;
  const coefficients = { rows, columns: 1, data: new Float64Array(rows) };
  setTimeout(() => {
    signal.aborted = true;
  }, 20);
  await expect(there.objective.losses(theta, [theta], coefficients)).rejects.toThrow(Stopped);
  watched.watch(null);
  expect((await there.objective.evaluate(theta)).loss).toBeGreaterThan(0);
});

test('a side that ends leaves no tensor behind, and the last one is told of; so is a device that is lost', async () => {
  const before = tf.memory().numTensors;
  const connection = connect();
  const there = await gpuModel({
    model: normalized,
    data: drawn('training'),
    seed,
    gate: gate(),
    connect: async () => connection,
  });
  const theta = there.objective.space.fromHost(there.initialTheta);
  await there.onTestSet(drawn('test', 5))!.evaluate(theta);
  await there.objective.withData!(drawn('others', 7)).evaluate(theta);
  await there.objective.linearize(theta);
  expect(tf.memory().numTensors).toBeGreaterThan(before);
  connection.end();
  await until(() => unused.length > 0);
  expect(unused).toEqual(['idle']);
  expect(tf.memory().numTensors).toBe(before);

  isLost = true;
  const again = connect();
  await expect(again.ask({ ask: 'settle', of: 1, theta })).rejects.toThrow(/number 1/);
  expect(unused).toEqual(['idle', 'lost']);
});

test('a road on which nothing is asked is given up, but not under a linearization', async () => {
  const connection = connect({ idleMs: 30 });
  const there = await gpuModel({
    model: mlp,
    data: drawn('training'),
    seed,
    gate: gate(),
    connect: async () => connection,
  });
  const theta = there.objective.space.fromHost(there.initialTheta);
  const at = await there.objective.linearize(theta);
  await new Promise((resolve) => setTimeout(resolve, 120));
  expect(connection.ended).toBe(false);
  at.dispose();
  await until(() => connection.ended);
});

test('vectors of the shared memory and views of a larger one travel as copies of their own', () => {
  const shared = new Float32Array(new SharedArrayBuffer(16)).fill(2);
  const view = Float64Array.of(1, 2, 3).subarray(1, 2);
  const own = Int32Array.of(7);
  const sent = portable({ list: [shared, view], own });
  expect(sent.list.map((array) => [array.buffer instanceof ArrayBuffer, array.buffer.byteLength])).toEqual([
    [true, 16],
    [true, 8],
  ]);
  expect(Array.from(sent.list[1]!)).toEqual([2]);
  expect(sent.own).toBe(own);
});
