import { beforeAll, describe, expect, test } from 'vitest';
import { directionsOf, ownScaling, type Scaling } from '../../../../../core/analyses/slices/directions/directions.ts';
import type { Dataset } from '../../../../../core/data/dataset.ts';
import { initialTheta } from '../../../../../core/models/closed-form/initial-theta.ts';
import { mlpObjective } from '../../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../../core/models/closed-form/mlp-description.ts';
import { useBackend } from '../../../../../core/models/tensorflow/backend.ts';
import { modelFromSpecification } from '../../../../../core/models/tensorflow/model-from-specification.ts';
import { tensorflowObjective } from '../../../../../core/models/tensorflow/tensorflow-objective.ts';
import { initialTheta as thetaOfModel } from '../../../../../core/models/tensorflow/theta.ts';
import type { Objective } from '../../../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../../../core/random/philox.ts';

const rng = randomFromSeed(31);

function dataOf(inputShape: readonly number[], examples: number): Dataset {
  const width = inputShape.reduce((product, extent) => product * extent, 1);
  return {
    name: 'drawn',
    examples,
    inputShape,
    inputs: rng
      .split('inputs')
      .fill(new Float64Array(width * examples), 'normal')
      .map(Math.fround),
    targets: { kind: 'classes', classes: 3, labels: Int32Array.from({ length: examples }, (_, i) => i % 3) },
    source: 'drawn',
  };
}

/** Losses on a 5×5 plane of random directions, the same draw at every θ. */
async function plane<V>(objective: Objective<V>, origin: Float64Array, scaling: Partial<Scaling>): Promise<number[]> {
  const { space } = objective;
  const theta = space.fromHost(origin);
  const context = { objective, theta, origin, rng: randomFromSeed(5) };
  const { vectors } = await directionsOf(['random', 'random'], { ...ownScaling, ...scaling }, context);
  const data = Float64Array.from({ length: 50 }, (_, i) => (i % 2 ? Math.floor(i / 10) : (i >> 1) % 5) / 2 - 1);
  const directions = vectors.map((vector) => space.fromHost(vector));
  const losses = await objective.losses(theta, directions, { rows: 25, columns: 2, data });
  space.release(theta, ...directions);
  return Array.from(losses);
}

/** θ with every entry of some blocks multiplied. */
function multiplied<V>(
  { layout }: Objective<V>,
  theta: Float64Array,
  factors: Readonly<Record<string, number>>,
): Float64Array {
  const out = theta.slice();
  for (const { name, offset, size } of layout.blocks)
    for (let i = offset; i < offset + size; i++) out[i]! *= factors[name] ?? 1;
  return out;
}

const difference = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((x, i) => Math.abs(x - b[i]!) / Math.abs(x)));

describe('a ReLU layer times a, the next by 1/a: the same function', () => {
  const description = mlpFromWidths([6, 12, 9, 3], 'relu');
  const network = mlpObjective(description, { data: dataOf([6], 50), loss: 'softmaxCrossEntropy' });
  const theta = initialTheta(description, rng).map((x, i) => x + 0.05 * Math.sin(i));
  const [first, second] = description.dense.map(({ name }) => name);
  const a = 7;
  const scaled = multiplied(network, theta, {
    [`${first}/kernel`]: a,
    [`${first}/bias`]: a,
    [`${second}/kernel`]: 1 / a,
  });
  const change = async (scaling: Partial<Scaling>) =>
    difference(await plane(network, theta, scaling), await plane(network, scaled, scaling));

  test('the loss at the centre is the same', async () => {
    const [one, other] = [await network.evaluate(theta), await network.evaluate(scaled)];
    expect(Math.abs(other.loss / one.loss - 1)).toBeLessThan(1e-13);
  });

  test('a filter-normalised slice stays as it was, and so it does by layers and tensors', async () => {
    expect(await change({})).toBeLessThan(1e-10);
    for (const normalization of ['filter', 'layer', 'tensor'] as const)
      expect(await change({ normalization })).toBeLessThan(1e-10);
    expect(await change({ normalization: 'filter', biases: 'scale' })).toBeLessThan(1e-10);
  });

  test('one that is not normalised changes, and one that is normalised as a whole: negative controls', async () => {
    expect(await change({ normalization: 'none' })).toBeGreaterThan(0.05);
    expect(await change({ normalization: 'global' })).toBeGreaterThan(0.05);
  });

  test('biases that are kept as drawn break it', async () => {
    expect(await change({ normalization: 'filter', biases: 'keep' })).toBeGreaterThan(0.01);
  });

  test('so does a factor of single units: the next layer’s filters mix them', async () => {
    const one = theta.slice();
    const { blocks } = network.layout;
    const [kernel, bias, next] = blocks as [(typeof blocks)[0], (typeof blocks)[0], (typeof blocks)[0]];
    for (let row = 0; row < 6; row++) one[kernel.offset + 12 * row]! *= a;
    one[bias.offset]! *= a;
    for (let column = 0; column < 9; column++) one[next.offset + column]! /= a;
    expect(Math.abs((await network.evaluate(one)).loss / (await network.evaluate(theta)).loss - 1)).toBeLessThan(1e-13);
    expect(difference(await plane(network, theta, {}), await plane(network, one, {}))).toBeGreaterThan(1e-3);
  });
});

describe('a convolutional network with batch normalisation', () => {
  beforeAll(() => useBackend('cpu'));

  const build = (mode: 'inference' | 'training') => {
    const layers = [
      { type: 'conv2d', options: { filters: 4, kernelSize: 3 } },
      { type: 'batchNormalization', options: {} },
      { type: 'activation', options: { activation: 'relu' } },
      { type: 'conv2d', options: { filters: 5, kernelSize: 3, activation: 'relu' } },
      { type: 'globalAveragePooling2d', options: {} },
      { type: 'dense', options: { units: 3 } },
    ];
    const model = modelFromSpecification({ layers }, [8, 8, 1], randomFromSeed(2));
    const data = dataOf([8, 8, 1], 24);
    const objective = tensorflowObjective({ model, data, loss: 'softmaxCrossEntropy', space: 'host', mode });
    const theta = Float64Array.from(thetaOfModel(model), (x, i) => x + 0.05 * Math.sin(i));
    return { objective, theta };
  };

  test('gain and shift times a and the next kernel by 1/a leave a filter-normalised slice in float32 as it was', async () => {
    const { objective, theta } = build('inference');
    const names = objective.layout.blocks.map(({ name }) => name);
    const [gain, shift] = names.filter((name) => name.startsWith('batch'));
    const scaled = multiplied(objective, theta, { [gain!]: 3, [shift!]: 3, 'conv2d_2/kernel': 1 / 3 });
    const change = async (scaling: Partial<Scaling>) =>
      difference(await plane(objective, theta, scaling), await plane(objective, scaled, scaling));
    expect(await change({})).toBeLessThan(1e-5);
    expect(await change({ gains: 'scale' })).toBeLessThan(1e-5);
    expect(await change({ gains: 'keep' })).toBeGreaterThan(1e-3);
    expect(await change({ normalization: 'none' })).toBeGreaterThan(1e-3);
  });

  test('a convolution with a ReLU times a, the dense layer behind the pooling by 1/a', async () => {
    const { objective, theta } = build('inference');
    const scaled = multiplied(objective, theta, { 'conv2d_2/kernel': 5, 'conv2d_2/bias': 5, 'dense_1/kernel': 0.2 });
    const change = async (scaling: Partial<Scaling>) =>
      difference(await plane(objective, theta, scaling), await plane(objective, scaled, scaling));
    expect(await change({})).toBeLessThan(1e-5);
    expect(await change({ normalization: 'none' })).toBeGreaterThan(1e-3);
  });

  test('with the statistics of the batch, a convolution in front of them times a alone', async () => {
    const { objective, theta } = build('training');
    const scaled = multiplied(objective, theta, { 'conv2d_1/kernel': 4, 'conv2d_1/bias': 4 });
    const change = async (scaling: Partial<Scaling>) =>
      difference(await plane(objective, theta, scaling), await plane(objective, scaled, scaling));
    // The normalisation adds ε = 1e-3 to the variance, which is of the order of 1 here: a change of up to 1e-3.
    expect(await change({})).toBeLessThan(2e-3);
    expect(await change({ normalization: 'none' })).toBeGreaterThan(1e-2);
  });
});
