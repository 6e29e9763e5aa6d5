import { input, layers, model as modelOf, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { directionsOf, ownScaling } from '../../../../../core/analyses/slices/directions/directions.ts';
import { withoutScales } from '../../../../../core/analyses/slices/directions/scale-directions.ts';
import type { Dataset } from '../../../../../core/data/dataset.ts';
import { initialTheta } from '../../../../../core/models/closed-form/initial-theta.ts';
import { mlpObjective } from '../../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../../core/models/closed-form/mlp-description.ts';
import { quadraticObjective } from '../../../../../core/models/closed-form/quadratic.ts';
import { useBackend } from '../../../../../core/models/tensorflow/backend.ts';
import { modelFromSpecification } from '../../../../../core/models/tensorflow/model-from-specification.ts';
import { tensorflowObjective } from '../../../../../core/models/tensorflow/tensorflow-objective.ts';
import { initialTheta as thetaOfModel } from '../../../../../core/models/tensorflow/theta.ts';
import type { Objective } from '../../../../../core/objective/objective.ts';
import { eachPlace } from '../../../../../core/objective/symmetry/block-part.ts';
import { type ScaleGenerator, scaleGenerators } from '../../../../../core/objective/symmetry/scale-generators.ts';
import { randomFromSeed } from '../../../../../core/random/philox.ts';

const rng = randomFromSeed(41);
const inner = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const norm = (a: Float64Array) => Math.sqrt(inner(a, a));

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

const generatorsOf = <V>({ graph, layout, convention }: Objective<V>, follow = false) =>
  scaleGenerators(graph!, layout, convention, follow);

/** A generator as the vector that it stands for. */
function vectorOf({ parts }: ScaleGenerator, theta: Float64Array): Float64Array {
  const out = new Float64Array(theta.length);
  for (const { part, sign, constant } of parts)
    eachPlace(part, (i) => {
      out[i]! += constant ? sign : sign * theta[i]!;
    });
  return out;
}

/** max |cos(∇L, g)|: zero to first order along every change that keeps the function. */
async function slopes<V>(objective: Objective<V>, origin: Float64Array, generators: readonly ScaleGenerator[]) {
  const { space } = objective;
  const theta = space.fromHost(origin);
  const { gradient } = await objective.gradient(theta);
  const slope = await space.toHost(gradient);
  space.release(theta, gradient);
  expect(norm(slope)).toBeGreaterThan(1e-3);
  return generators.map((one) => {
    const vector = vectorOf(one, origin);
    return Math.abs(inner(slope, vector)) / norm(slope) / norm(vector);
  });
}

const kindsOf = (generators: readonly ScaleGenerator[]) =>
  ['rescaling', 'batch normalisation', 'translation'].map(
    (kind) => generators.filter((one) => one.kind === kind).length,
  );

const description = mlpFromWidths([6, 12, 9, 3], 'relu');
const network = mlpObjective(description, { data: dataOf([6], 50), loss: 'softmaxCrossEntropy' });
const theta = initialTheta(description, rng).map((x, i) => x + 0.05 * Math.sin(i));

describe('generators of function-preserving changes', () => {
  beforeAll(() => useBackend('cpu'));

  test('of a ReLU chain: one a hidden unit, and the translations of the logits; the loss does not change along them', async () => {
    const generators = generatorsOf(network);
    expect(kindsOf(generators)).toEqual([12 + 9, 0, 1 + 9]);
    expect(Math.max(...(await slopes(network, theta, generators)))).toBeLessThan(1e-14);
    // Negative control: with the sign of the outgoing weights turned they are no such changes.
    const turned = generators.map((one) => ({
      ...one,
      parts: one.parts.map((part) => ({ ...part, sign: part.constant ? part.sign : (1 as const) })),
    }));
    expect(Math.max(...(await slopes(network, theta, turned)))).toBeGreaterThan(1e-2);
  });

  test('of a tanh chain, or under squared loss: only what holds there', async () => {
    const tanh = mlpObjective(mlpFromWidths([6, 12, 3], 'tanh'), {
      data: dataOf([6], 50),
      loss: 'softmaxCrossEntropy',
    });
    expect(kindsOf(generatorsOf(tanh))).toEqual([0, 0, 1 + 12]);
    const squared = mlpObjective(description, { data: dataOf([6], 50), loss: 'meanSquaredError' });
    expect(kindsOf(generatorsOf(squared))).toEqual([21, 0, 0]);
  });

  const convolutional = (mode: 'inference' | 'training') => {
    const specification = {
      layers: [
        { type: 'conv2d', options: { filters: 4, kernelSize: 3 } },
        { type: 'batchNormalization', options: { epsilon: 1e-7 } },
        { type: 'activation', options: { activation: 'relu' } },
        { type: 'conv2d', options: { filters: 5, kernelSize: 3, activation: 'relu' } },
        { type: 'maxPooling2d', options: { poolSize: 2 } },
        { type: 'flatten', options: {} },
        { type: 'dense', options: { units: 7, activation: 'relu' } },
        { type: 'dense', options: { units: 3 } },
      ],
    };
    const model = modelFromSpecification(specification, [8, 8, 1], randomFromSeed(2));
    const data = dataOf([8, 8, 1], 24);
    const objective = tensorflowObjective({ model, data, loss: 'softmaxCrossEntropy', space: 'host', mode });
    return { objective, theta: Float64Array.from(thetaOfModel(model), (x, i) => Math.fround(x + 0.05 * Math.sin(i))) };
  };

  test('of a convolutional network with batch normalisation, pooling and a flatten', async () => {
    const { objective, theta: at } = convolutional('inference');
    const generators = generatorsOf(objective);
    // Gains with the next kernel (4), channels through the flatten (5), hidden units (7); bias and 7 inputs of the last.
    expect(kindsOf(generators)).toEqual([4 + 5 + 7, 0, 1 + 7]);
    expect(Math.max(...(await slopes(objective, at, generators)))).toBeLessThan(1e-5);
  });

  test('where the statistics follow the weights also the filters in front of them, and the bias that they take away', async () => {
    const { objective, theta: at } = convolutional('training');
    const generators = generatorsOf(objective);
    expect(kindsOf(generators)).toEqual([16, 4 + 4, 8]);
    expect(Math.max(...(await slopes(objective, at, generators)))).toBeLessThan(1e-5);
    // The same network with frozen statistics has a slope along them, and they are listed there only on demand.
    const frozen = convolutional('inference').objective;
    expect(kindsOf(generatorsOf(frozen, true))).toEqual([16, 8, 8]);
    const along = await slopes(
      frozen,
      at,
      generators.filter(({ kind }) => kind === 'batch normalisation'),
    );
    expect(Math.max(...along)).toBeGreaterThan(1e-3);
  });

  test('layers that branch, merge, are tied or frozen are left out', () => {
    const x = input({ shape: [4], name: 'x' });
    const branching = layers.dense({ units: 4, activation: 'relu', name: 'branching' }).apply(x) as SymbolicTensor;
    const inside = layers.dense({ units: 4, activation: 'relu', name: 'inside' }).apply(branching) as SymbolicTensor;
    const sum = layers.add({ name: 'sum' }).apply([inside, branching]) as SymbolicTensor;
    const tied = layers.dense({ units: 4, activation: 'relu', name: 'tied' });
    const twice = tied.apply(tied.apply(sum)) as SymbolicTensor;
    const free = layers.dense({ units: 4, activation: 'relu', name: 'free' }).apply(twice) as SymbolicTensor;
    const frozen = layers.dense({ units: 5, activation: 'relu', name: 'frozen', trainable: false });
    const y = layers
      .dense({ units: 3, activation: 'softmax', name: 'head' })
      .apply(frozen.apply(free) as SymbolicTensor) as SymbolicTensor;
    const model = modelOf({ inputs: x, outputs: y });
    const objective = tensorflowObjective({ model, data: dataOf([4], 6), loss: 'meanSquaredError', space: 'host' });
    // Only the translations of the softmax remain.
    expect(kindsOf(generatorsOf(objective))).toEqual([0, 0, 1 + 5]);
  });
});

describe('what is left of a direction', () => {
  const generators = generatorsOf(network);
  const direction = rng.split('d').fill(new Float64Array(theta.length), 'normal');

  test('is the least-squares remainder: the same as by Gram–Schmidt on the generators in full', () => {
    const basis: Float64Array[] = [];
    const lessBasis = (vector: Float64Array) => {
      for (let pass = 0; pass < 2; pass++)
        for (const one of basis) {
          const along = inner(one, vector);
          for (let i = 0; i < vector.length; i++) vector[i]! -= along * one[i]!;
        }
      return vector;
    };
    for (const one of generators) {
      const vector = vectorOf(one, theta);
      const before = norm(vector);
      const left = norm(lessBasis(vector));
      if (left > 1e-10 * before) basis.push(vector.map((x) => x / left));
    }
    const wanted = lessBasis(direction.slice());
    const { vector, share, residual } = withoutScales(direction, theta, generators, new Set());
    expect(norm(vector.map((x, i) => x - wanted[i]!)) / norm(wanted)).toBeLessThan(1e-11);
    expect(share).toBeCloseTo(1 - (norm(wanted) / norm(direction)) ** 2, 11);
    expect(residual).toBeLessThan(1e-11);
    // An isotropic draw loses about rank / n of its square.
    expect(share).toBeGreaterThan(basis.length / theta.length / 3);
  });

  test('keeps zero biases zero, and is orthogonal to the whole generators all the same', async () => {
    const context = { objective: network, theta, origin: theta, rng };
    const { vectors, directions, scales, warnings } = await directionsOf(
      ['random', 'random'],
      { ...ownScaling, removeScales: true },
      context,
    );
    expect(warnings).toEqual([]);
    expect(scales).toMatchObject({ rescalings: 21, normalised: 0, translations: 10 });
    expect(scales!.residual).toBeLessThan(1e-11);
    for (const [k, vector] of vectors.entries()) {
      expect(directions[k]!.kind).toBe('filter-normalised random without scales');
      expect(directions[k]!.norm).toBeCloseTo(norm(vector), 12);
      for (const { role, offset, size } of network.layout.blocks)
        if (role === 'bias') expect(vector.subarray(offset, offset + size).every((x) => x === 0)).toBe(true);
      for (const one of generators) {
        const generator = vectorOf(one, theta);
        expect(Math.abs(inner(vector, generator)) / norm(vector) / norm(generator)).toBeLessThan(1e-11);
      }
    }
  });

  test('is no longer the difference of points where that had a part in scales; the gradient has none', async () => {
    const other = theta.map((x, i) => (i < 72 ? 2 * x : x));
    const context = { objective: network, theta, origin: theta, rng, other };
    const { warnings, directions } = await directionsOf(
      ['gradient', 'difference'],
      { ...ownScaling, removeScales: true },
      context,
    );
    expect(warnings).toEqual([
      'The direction is without its scale directions and no longer the difference of the points.',
    ]);
    expect(directions.map(({ kind }) => kind)).toEqual(['gradient', 'difference without scales']);
  });

  test('of a model without a layer graph is everything, with a word on it', async () => {
    const bowl = quadraticObjective(Float64Array.of(1, 2, 3));
    const at = Float64Array.of(1, 1, 1);
    const { scales, warnings } = await directionsOf(
      ['random'],
      { ...ownScaling, removeScales: true },
      { objective: bowl, theta: at, origin: at, rng },
    );
    expect(scales).toMatchObject({ rescalings: 0, shares: [0], residual: 0 });
    expect(warnings[0]).toMatch(/none were removed/);
  });
});
