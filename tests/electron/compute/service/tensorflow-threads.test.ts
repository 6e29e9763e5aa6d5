import { afterAll, describe, expect, test } from 'vitest';
import type { SliceDocument } from '../../../../core/experiment/result-documents.ts';
import { readJson, writeJson } from '../../../../core/formats/json-numbers.ts';
import { serviceForTests } from '../../../support/compute-service.ts';
import { nativeEngine, noNativeEngine } from '../../../support/native-engine.ts';

const convolution = `name: convolution
seed: 3
data: { train: digits, subset: { first: 400 } }
model:
  layers:
    - conv2d: { filters: 4, kernelSize: 3, activation: tanh }
    - maxPooling2d: { poolSize: 2 }
    - flatten: {}
    - dense: { units: 10 }
loss: softmaxCrossEntropy
optimizer: { adam: { learningRate: 0.01, batchSize: 64 } }
steps: 1
engine: tensorflow
`;
const dense = `name: dense
seed: 5
data: { train: digits, subset: { first: 400 } }
model: { layers: [ flatten, { dense: { units: 24, activation: tanh } }, { dense: { units: 10 } } ] }
loss: softmaxCrossEntropy
optimizer: { adam: { learningRate: 0.01, batchSize: 64 } }
steps: 1
engine: tensorflow
`;

/** As JSON tells it, without the time it took. */
const told = (document: object): unknown => {
  const { stats, ...rest } = readJson(writeJson(document)) as SliceDocument;
  return { ...rest, stats: { ...stats, seconds: 0 } };
};

describe.skipIf(nativeEngine === null)(`threads that use the TensorFlow library at once (${noNativeEngine})`, () => {
  const { service, connected, workers } = serviceForTests(2);
  afterAll(() => service.close());
  const page = connected();
  const spectrum = async (yaml: string) => {
    const source = { experiment: { yaml, file: null } };
    const parameters = { top: 4, trace: true, traceProbes: 4 };
    return (await page.ask('spectrum', { source, parameters, keep: false }).outcome).value;
  };

  test.each([
    ['two networks in single precision', convolution, dense],
    ['one network twice', convolution, convolution],
    ['a network in double precision beside one in single', `${convolution}precision: float64\n`, convolution],
  ])('%s: the numbers are those of each alone', async (_, one, other) => {
    const alone = [told(await spectrum(one)), told(await spectrum(other))];
    for (let round = 0; round < 3; round++) {
      const together = await Promise.all([spectrum(one), spectrum(other)]);
      expect(together.map(told)).toEqual(alone);
      expect(together[0]?.engine).toMatch(/^tensorflow\b/);
    }
    // A thread is started only where all of its kind are busy.
    expect(workers.length).toBeGreaterThan(1);
  });
});
