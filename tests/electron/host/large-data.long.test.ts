import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../core/data/dataset.ts';
import { intensitiesOf } from '../../../core/data/pixels.ts';
import { writeNpy } from '../../../core/formats/npy.ts';
import { useBackend } from '../../../core/models/tensorflow/backend.ts';
import { modelFromSpecification } from '../../../core/models/tensorflow/model-from-specification.ts';
import { tensorflowObjective } from '../../../core/models/tensorflow/tensorflow-objective.ts';
import { thetaOfModel } from '../../../core/models/tensorflow/theta.ts';
import { miniBatched } from '../../../core/objective/mini-batched.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import { openChunkedDataset } from '../../../electron/host/large-dataset.ts';

const mebibyte = 2 ** 20;
const width = 28 * 28;
const different = 1000;
const copies = 4096;
const examples = different * copies;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'large-data-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const pixels = Uint8Array.from(
  { length: different * width },
  (_, at) => (at * 7919 + Math.floor(at / width) * 31) % 251,
);
const label = (example: number) => ((example % different) * 7) % 10;

/** The thousand different images over and over: the mean over all of them is that over the thousand. */
async function writeImages(): Promise<string> {
  const file = path.join(folder, 'images.npy');
  const header = writeNpy({ shape: [1], dtype: 'uint8', data: new Uint8Array(1) }).subarray(0, 10);
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${examples}, 28, 28, 1), }`.padEnd(117);
  const handle = await open(file, 'w');
  await handle.write(header);
  await handle.write(`${text}\n`);
  for (let copy = 0; copy < copies; copy++) await handle.write(pixels);
  await handle.close();
  const labels = Uint8Array.from({ length: examples }, (_, i) => label(i));
  await writeFile(path.join(folder, 'labels.npy'), writeNpy({ shape: [examples], dtype: 'uint8', data: labels }));
  return file;
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, size] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    size += b[i]! ** 2;
  }
  return Math.sqrt(difference / size);
}

describe('data larger than memory', () => {
  it('three gigabytes of bytes (twelve as tensors): loss, gradient and product, in a bounded part of memory', async () => {
    await useBackend('wasm');
    const data = await openChunkedDataset(await writeImages());
    expect([data.examples, data.inputShape]).toEqual([examples, [28, 28, 1]]);
    const small: Dataset = {
      name: 'the thousand',
      examples: different,
      inputShape: [28, 28, 1],
      inputs: intensitiesOf(pixels),
      targets: { kind: 'classes', classes: 10, labels: Int32Array.from({ length: different }, (_, i) => label(i)) },
      source: 'made here',
    };
    const layers = [
      { type: 'flatten' as const, options: {} },
      { type: 'dense' as const, options: { units: 10 } },
    ];
    const model = modelFromSpecification({ layers }, [28, 28, 1], randomFromSeed(1));
    const options = { model, loss: 'softmaxCrossEntropy', space: 'host', memoryBytes: 128 * mebibyte } as const;
    const few = tensorflowObjective({ ...options, data: small });
    const { space } = few;
    const theta = Float32Array.from(thetaOfModel(model));
    const v = space.random(randomFromSeed(2), 'sphere');
    const here = await few.linearize(theta);
    const expected = await here.hessianProduct(v);

    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 50);
    const many = tensorflowObjective({ ...options, data: data as unknown as Dataset });
    const batched = miniBatched(many, 8192);
    const tensors = memory().numTensors;
    const value = await batched.gradient(theta);
    expect(Math.abs(value.loss - here.loss) / here.loss).toBeLessThan(1e-6);
    expect(distance(value.gradient, here.gradient)).toBeLessThan(1e-5);
    const there = await batched.linearize(theta);
    const product = await there.hessianProduct(v);
    expect(distance(product, expected)).toBeLessThan(1e-5);
    clearInterval(watch);
    process.stdout.write(`resident at most ${Math.round((most - before) / mebibyte)} MiB more\n`);
    expect(most - before).toBeLessThan(1024 * mebibyte);
    there.dispose();
    space.release(value.gradient, product, expected, v);
    expect(memory().numTensors).toBeLessThan(tensors + 100);
    here.dispose();
    many.dispose();
    few.dispose();
    model.dispose();
  }, 1_800_000);
});
