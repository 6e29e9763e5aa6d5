import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { Dataset } from '../../../../core/data/dataset.ts';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { modelFromSpecification } from '../../../../core/models/tensorflow/model-from-specification.ts';
import { recalibrateStatistics } from '../../../../core/models/tensorflow/recalibrate-statistics.ts';
import { tensorflowObjective } from '../../../../core/models/tensorflow/tensorflow-objective.ts';
import { initialTheta } from '../../../../core/models/tensorflow/theta.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

beforeAll(() => useBackend('cpu'));

const rng = randomFromSeed(1);
const data: Dataset = {
  name: 'drawn',
  examples: 50,
  inputShape: [4],
  inputs: rng.fill(new Float64Array(200), 'normal').map((x, i) => Math.fround(2 * x + (i % 4))),
  targets: { kind: 'classes', classes: 3, labels: Int32Array.from({ length: 50 }, (_, i) => i % 3) },
  source: 'drawn',
};

function networkOf(types: readonly string[]) {
  const options: Record<string, object> = { dense: { units: 3 }, activation: { activation: 'tanh' } };
  const layers = types.map((type) => ({ type, options: { ...options[type] } as Record<string, unknown> }));
  return modelFromSpecification({ layers }, [4], randomFromSeed(2));
}

test('statistics of the first normalisation are mean and variance of its inputs', async () => {
  const model = networkOf(['batchNormalization', 'dense']);
  const theta = initialTheta(model);
  expect(await recalibrateStatistics(model, theta, data)).toBe(1);
  const [, , mean, variance] = model.getLayer('batchNormalization_1').getWeights();
  for (let k = 0; k < 4; k++) {
    const column = Array.from({ length: 50 }, (_, i) => data.inputs[4 * i + k] ?? Number.NaN);
    const average = column.reduce((sum, x) => sum + x, 0) / 50;
    const square = column.reduce((sum, x) => sum + (x - average) ** 2, 0) / 50;
    expect(mean?.dataSync()[k]).toBeCloseTo(average, 5);
    expect(variance?.dataSync()[k]).toBeCloseTo(square, 4);
  }
});

test('afterwards inference on these examples is what training saw, at any θ and through several normalisations', async () => {
  const model = networkOf(['dense', 'batchNormalization', 'activation', 'dense', 'batchNormalization', 'dense']);
  const theta = initialTheta(model).map((x) => 3 * x + 0.1);
  const options = { model, data, loss: 'softmaxCrossEntropy', space: 'host' } as const;
  const inference = tensorflowObjective({ ...options, mode: 'inference' });
  const training = tensorflowObjective({ ...options, mode: 'training' });
  const at = inference.space.fromHost(theta);
  const wanted = (await training.evaluate(at)).loss;
  expect(Math.abs((await inference.evaluate(at)).loss / wanted - 1)).toBeGreaterThan(0.01);
  const before = memory().numTensors;
  expect(await recalibrateStatistics(model, theta, data)).toBe(2);
  expect(memory().numTensors).toBe(before);
  expect((await inference.evaluate(at)).loss / wanted).toBeCloseTo(1, 5);
  expect((await training.evaluate(at)).loss).toBe(wanted);
});

test('what was settled before leaves no trace, to the last bit', async () => {
  const [fresh, used] = [0, 1].map(() => networkOf(['dense', 'batchNormalization', 'activation', 'dense']));
  const theta = initialTheta(fresh!);
  await recalibrateStatistics(
    used!,
    theta.map((x) => 7 * x + 0.3),
    data,
  );
  for (const model of [fresh!, used!]) await recalibrateStatistics(model, theta, data);
  const [wanted, found] = [fresh!, used!].map((model) =>
    model.layers.flatMap((layer) => layer.getWeights().map((weight) => Array.from(weight.dataSync()))),
  );
  // Weights of the models are drawn alike: what differs could only be the statistics.
  expect(found).toEqual(wanted);
});

test('a model without statistics is left as it is', async () => {
  const model = networkOf(['dense']);
  expect(await recalibrateStatistics(model, initialTheta(model), data)).toBe(0);
});
