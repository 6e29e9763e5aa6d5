import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { expect, test, vi } from 'vitest';
import { readExperiment } from '../../../../core/experiment/read-experiment.ts';
import { hostArena } from '../../../../core/linalg/spaces/host-arena.ts';
import { bindingAbi } from '../../../../core/models/tensorflow/native/binding.ts';
import { createOpenedExperiments, relativeFilesOf } from '../../../../electron/compute/service/opened-experiments.ts';
import { temporaryFolder } from '../../../support/command-line.ts';

const yaml = (units: number, more = '') => `name: width ${units}
seed: 1
data: { train: two-moons, test: two-moons }
model: { layers: [ { dense: { units: ${units}, activation: tanh } }, { dense: { units: 2 } } ] }
loss: softmaxCrossEntropy
optimizer: { gradientDescent: { learningRate: 0.1 } }
steps: 10
${more}`;
const experiment = (units: number, more = '') => readExperiment(yaml(units, more), 'experiment.yaml');

test('the three used last stay open; what is dropped leaves neither tensors nor memory behind', async () => {
  const experiments = createOpenedExperiments();
  const lossOf = (units: number, more = '') =>
    experiments.use(experiment(units, more), '/', async ({ objective, initialTheta }) => {
      const { gradient, loss } = await objective.gradient(initialTheta);
      objective.space.release(gradient);
      return loss;
    });
  const round = async () => {
    for (const units of [4, 5, 6, 7, 8])
      for (const precision of ['float32', 'float64']) await lossOf(units, `precision: ${precision}`);
  };
  // Kernels keep some room to work in, once and for all.
  await round();
  experiments.dispose();
  const bytes = hostArena().bytesInUse;
  const first = await lossOf(3);
  expect(experiments.size).toBe(1);
  const tensors = memory().numTensors;
  for (let i = 0; i < 3; i++) await round();
  expect(experiments.size).toBe(3);
  expect(await lossOf(3)).toBe(first);
  for (const units of [4, 5]) await lossOf(units, 'precision: float64');
  expect(memory().numTensors).toBe(tensors);
  experiments.dispose();
  expect(experiments.size).toBe(0);
  expect(memory().numTensors).toBe(0);
  expect(hostArena().bytesInUse).toBe(bytes);
});

test('what does not change the loss does not open it again: the present experiment is lent all the same', async () => {
  const experiments = createOpenedExperiments();
  const use = (text: string) =>
    experiments.use(readExperiment(text, 'x.yaml'), '/', async ({ objective, experiment: lent }) => ({
      objective,
      lent,
    }));
  const one = await use(yaml(3));
  const two = await use(yaml(3).replace('steps: 10', 'steps: 20').replace('learningRate: 0.1', 'learningRate: 0.2'));
  expect(two.objective).toBe(one.objective);
  expect(two.lent.steps).toBe(20);
  const three = await use(yaml(3).replace('seed: 1', 'seed: 2'));
  expect(three.objective).not.toBe(one.objective);
  experiments.dispose();
});

test('one tensor engine at a time: the numbers of each are its own, whatever was opened between', async () => {
  const experiments = createOpenedExperiments();
  const engineAt = (engine: string) =>
    experiments.use(experiment(3, `engine: ${engine}`), '/', async ({ objective, initialTheta }) => {
      const { loss } = await objective.evaluate(initialTheta);
      return { engine: objective.engine, loss };
    });
  const wasm = await engineAt('wasm');
  const cpu = await engineAt('cpu');
  expect([wasm.engine, cpu.engine]).toEqual(['wasm', 'cpu']);
  expect(experiments.size).toBe(1);
  expect(await engineAt('wasm')).toEqual(wasm);
  expect(await engineAt('cpu')).toEqual(cpu);
  experiments.dispose();
  expect(memory().numTensors).toBe(0);
});

test('a data file that was changed is read again', async () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'points.csv');
  const text = yaml(3).replace('train: two-moons, test: two-moons', 'train: { file: points.csv, labelColumn: kind }');
  const given = readExperiment(text, 'x.yaml');
  expect(relativeFilesOf(given)).toEqual(['points.csv']);
  const experiments = createOpenedExperiments();
  const examples = () => experiments.use(given, folder, async ({ objective }) => objective.examples);
  writeFileSync(file, 'x,y,kind\n0,1,0\n1,0,1\n');
  expect(await examples()).toBe(2);
  writeFileSync(file, 'x,y,kind\n0,1,0\n1,0,1\n2,2,1\n');
  expect(await examples()).toBe(3);
  experiments.dispose();
});

test('an engine that is installed meanwhile is tried by the next experiment that may have it, and by no other', async () => {
  const home = path.join(temporaryFolder(), 'engines');
  vi.stubEnv('SADDLESCOPE_ENGINES', home);
  const experiments = createOpenedExperiments();
  const opened = (engine: string) =>
    experiments.use(experiment(3, `engine: ${engine}`), '/', async ({ objective }) => objective);
  const forced = await opened('wasm');
  layBrokenEngine(home);
  expect(await opened('wasm')).toBe(forced);
  vi.stubEnv('SADDLESCOPE_ENGINES', path.join(home, 'none'));
  const before = await opened('auto');
  expect(await opened('auto')).toBe(before);
  vi.stubEnv('SADDLESCOPE_ENGINES', home);
  const after = await opened('auto');
  expect(after).not.toBe(before);
  // Its library is none: the next engine in the order computes.
  expect(after.engine).toBe(before.engine);
  expect(experiments.size).toBe(1);
  await expect(opened('tensorflow')).rejects.toThrow(/could not be opened/);
  experiments.dispose();
  vi.unstubAllEnvs();
});

/** An engine with every file in its place and nothing in them. */
function layBrokenEngine(home: string): void {
  const name = 'tensorflow-2.15.1-cpu';
  const verified = { date: '2026-01-02T03:04:05Z', devices: [] };
  const record = { name, version: '2.15.1', gpu: false, abi: bindingAbi, sizeBytes: 7, verified };
  mkdirSync(path.join(home, name, 'lib'), { recursive: true });
  const files = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'].map((file) => path.join('lib', file));
  for (const file of [...files, 'saddlescope-tensorflow.node']) writeFileSync(path.join(home, name, file), '');
  writeFileSync(path.join(home, name, 'engine.json'), JSON.stringify(record));
  writeFileSync(path.join(home, 'active.json'), JSON.stringify({ name }));
}
