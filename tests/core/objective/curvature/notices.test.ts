import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { BadInput } from '../../../../core/bad-input.ts';
import type { Dataset } from '../../../../core/data/dataset.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import { quadraticObjective } from '../../../../core/models/closed-form/quadratic.ts';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import type { Mode } from '../../../../core/models/tensorflow/functional-model.ts';
import { modelFromSpecification } from '../../../../core/models/tensorflow/model-from-specification.ts';
import { tensorflowObjective } from '../../../../core/models/tensorflow/tensorflow-objective.ts';
import { initialTheta } from '../../../../core/models/tensorflow/theta.ts';
import { curvatureDescriptions, curvatureKinds } from '../../../../core/objective/curvature/curvature-kinds.ts';
import { curvatureOperator } from '../../../../core/objective/curvature/curvature-operator.ts';
import { curvatureNotices } from '../../../../core/objective/curvature/notices.ts';
import { miniBatched } from '../../../../core/objective/mini-batched.ts';
import { shardedObjective } from '../../../../core/objective/sharded.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { randomDataset } from '../../../support/dense-chain.ts';
import { denseColumns } from '../../../support/dense-columns.ts';
import { largestDifference } from '../../../support/vectors.ts';

beforeAll(() => useBackend('cpu'));

type Layer = readonly [type: string, options?: Record<string, unknown>];

function objectiveOf(layers: readonly Layer[], mode: Mode = 'inference', data: Dataset = rows()) {
  const specification = { layers: layers.map(([type, options = {}]) => ({ type, options })) };
  const model = modelFromSpecification(specification, data.inputShape, randomFromSeed(1));
  const objective = tensorflowObjective({ model, data, loss: 'softmaxCrossEntropy', mode, space: 'host' });
  return { model, objective };
}

const rows = (): Dataset => randomDataset(6, 4, 3, 'classes', 5);
const noticed = (layers: readonly Layer[], mode?: Mode, data?: Dataset) =>
  curvatureNotices(objectiveOf(layers, mode, data).objective);
const codes = (layers: readonly Layer[], mode?: Mode) => noticed(layers, mode).map(({ code }) => code);
const head: Layer = ['dense', { units: 3 }];

describe('kinks', () => {
  test.each<[string, readonly Layer[], string]>([
    ['an activation of a layer', [['dense', { units: 3, activation: 'relu' }], head], 'relu in dense_1'],
    ['relu6', [['dense', { units: 3, activation: 'relu6' }], head], 'relu6 in dense_1'],
    ['a layer of its own', [head, ['activation', { activation: 'selu' }], head], 'selu in activation_1'],
    ['leaky ReLU', [head, ['leakyReLU'], head], 'leakyRelu in leakyReLU_1'],
    [
      'two in one sentence',
      [['dense', { units: 3, activation: 'relu' }], ['leakyReLU'], head],
      'relu, leakyRelu in dense_1, leakyReLU_1',
    ],
    ['an L1 penalty', [['dense', { units: 3, kernelRegularizer: { l1: 0.1 } }]], 'l1Penalty in dense_1'],
  ])('%s', (_, layers, where) => {
    const [notice, ...others] = noticed(layers);
    expect(others).toEqual([]);
    expect(notice).toMatchObject({ code: 'kinks', found: `The loss has kinks, where slopes jump: ${where}.` });
    expect(notice!.instead).toMatch(/smooth piece at θ.*Gauss–Newton .* not affected/);
  });

  test('max-pooling, and the gates of a recurrent layer, whose default has corners', () => {
    const image = { ...randomDataset(6, 16, 3, 'classes', 5), inputShape: [4, 4, 1] };
    const pooled: Layer[] = [['maxPooling2d', { poolSize: 2 }], ['flatten'], head];
    expect(noticed(pooled, 'inference', image)[0]!.found).toMatch('maxPooling in maxPooling2d_1');
    const sequence = { ...randomDataset(6, 4, 3, 'classes', 5), inputShape: [2, 2] };
    expect(noticed([['lstm', { units: 2 }], head], 'inference', sequence)[0]!.found).toMatch('hardSigmoid in lstm_1');
    const smooth: Layer = ['lstm', { units: 2, recurrentActivation: 'sigmoid' }];
    expect(noticed([smooth, head], 'inference', sequence)).toEqual([]);
  });

  test('smooth networks have none, on both engines; the closed form says the same of ReLU', () => {
    for (const activation of ['tanh', 'elu', 'softplus', 'swish', 'gelu'])
      expect(codes([['dense', { units: 3, activation, kernelRegularizer: { l2: 0.1 } }], head])).toEqual([]);
    const closed = (activation: 'tanh' | 'relu') =>
      curvatureNotices(
        mlpObjective(mlpFromWidths([4, 3, 3], activation), { data: rows(), loss: 'softmaxCrossEntropy' }),
      );
    expect(closed('tanh')).toEqual([]);
    expect(closed('relu')).toEqual(noticed([['dense', { units: 3, activation: 'relu' }], head]));
  });

  test('what is said is true: across a kink the Hessian and differences of gradients disagree, Gauss–Newton is exact', async () => {
    const model = mlpFromWidths([1, 1, 1], 'relu');
    const data: Dataset = {
      ...{ name: 'one example', examples: 1, inputShape: [1], inputs: Float64Array.of(1), source: '' },
      targets: { kind: 'values', width: 1, values: Float64Array.of(3) },
    };
    const objective = mlpObjective(model, { data, loss: 'halfSquaredError' });
    // The argument of the unit is 1e-4: differences over ±1e-3 in its bias cross the kink.
    const theta = Float64Array.of(0, 1e-4, 1, 0);
    const linearization = await objective.linearize(theta);
    const e = Float64Array.of(0, 1, 0, 0);
    const product = await linearization.hessianProduct(e);
    const at = async (h: number) => (await objective.gradient(theta.map((t, k) => t + h * e[k]!))).gradient[1]!;
    const difference = async (h: number) => ((await at(h)) - (await at(-h))) / (2 * h);
    expect(Math.abs((await difference(1e-5)) - product[1]!)).toBeLessThan(1e-6);
    expect(Math.abs((await difference(1e-3)) - product[1]!)).toBeGreaterThan(1000);
    linearization.dispose();
  });
});

describe('masks', () => {
  // Models of an experiment get their seeds from it; those made by hand may have none.
  const dropout: Layer = ['dropout', { rate: 0.5 }];

  function byHand(...seeds: readonly (number | undefined)[]) {
    const dense = () => layers.dense({ units: 3, activation: 'tanh' });
    const masks = seeds.flatMap((seed, i) => [
      layers.dropout({ name: `mask_${i + 1}`, rate: 0.5, ...(seed !== undefined && { seed }) }),
      dense(),
    ]);
    const model = sequential({
      layers: [layers.dense({ units: 3, activation: 'tanh', inputShape: [4] }), ...masks],
    });
    const options = { model, data: rows(), loss: 'softmaxCrossEntropy', space: 'host' } as const;
    return { model, objective: tensorflowObjective({ ...options, mode: 'training' }) };
  }

  test('are off in inference mode, fixed by the seed or by the place of the layer in training mode', () => {
    expect(codes([head, dropout, head])).toEqual(['masksOff']);
    expect(codes([head, dropout, head], 'training')).toEqual(['masksFixed']);
    expect(codes([head, ['gaussianNoise', { stddev: 0.1 }], head], 'training')).toEqual(['masksFixed']);
    expect(codes([head, ['dropout', { rate: 0 }], head], 'training')).toEqual([]);
    const [notice, ...others] = curvatureNotices(byHand(undefined).objective);
    expect(others).toEqual([]);
    expect(notice).toMatchObject({ code: 'masksWithoutSeed', found: 'mask_1 draws masks or noise and has no seed.' });
    const both = curvatureNotices(byHand(4, undefined, undefined).objective);
    expect(both.map(({ found }) => found)).toEqual([
      'mask_1 draws masks or noise.',
      'mask_2, mask_3 draw masks or noise and have no seed.',
    ]);
  });

  test.each([
    ['with a seed', 4],
    ['without', undefined],
  ] as const)('what is said is true, %s: one matrix, symmetric, the same at every call', async (_, seed) => {
    const { model, objective } = byHand(seed);
    const theta = objective.space.fromHost(initialTheta(model));
    const matrices: Float64Array[] = [];
    for (const kind of ['hessian', 'hessian', 'fisherEmpirical', 'fisherEmpirical'] as const) {
      const linearization = await objective.linearize(theta);
      const { operator } = await curvatureOperator({ objective, theta, linearization }, { kind });
      matrices.push(await denseColumns(operator));
      linearization.dispose();
    }
    expect(matrices[0]).toEqual(matrices[1]);
    expect(matrices[2]).toEqual(matrices[3]);
    const n = objective.space.dim;
    const transposed = matrices[0]!.map((_, at) => matrices[0]![(at % n) * n + Math.floor(at / n)]!);
    expect(largestDifference(matrices[0]!, transposed)).toBeLessThan(1e-6);
    objective.dispose();
  });
});

describe('batch normalisation', () => {
  const normalised: Layer[] = [['dense', { units: 3, activation: 'tanh' }], ['batchNormalization'], head];

  test('with running statistics is said, and every matrix exists', async () => {
    expect(codes(normalised)).toEqual(['runningStatistics']);
  });

  test('with the statistics of the batch: what is made of single examples is refused, the others are those of the batch', async () => {
    expect(codes(normalised, 'training')).toEqual(['batchStatistics']);
    const { model, objective } = objectiveOf(normalised, 'training');
    const theta = objective.space.fromHost(initialTheta(model));
    const linearization = await objective.linearize(theta);
    const point = { objective, theta, linearization };
    const rng = randomFromSeed(1);
    const preconditioner = new Float64Array(objective.space.dim).fill(1);
    for (const kind of curvatureKinds) {
      const asked = curvatureOperator(point, { kind, rng, preconditioner });
      if (!curvatureDescriptions[kind].perExample) await asked;
      else await expect(asked).rejects.toThrow(BadInput);
    }
    await expect(curvatureOperator(point, { kind: 'fisher' })).rejects.toThrow(
      'batchNormalization_1 normalises with the statistics of the batch, so that no example has outputs or a gradient of its own: Fisher is not defined.',
    );
    linearization.dispose();
    objective.dispose();
  });

  test('mini-batches and shards, whose sum is not the loss of all, are refused with the name of the layer', () => {
    const message = /batchNormalization_1 normalises with the statistics of the batch.* no sum over parts/;
    const { objective } = objectiveOf(normalised, 'training');
    expect(() => miniBatched(objective, 4)).toThrow(message);
    expect(() => shardedObjective([objective, objective])).toThrow(message);
    miniBatched(objective, 6);
    const constants = objectiveOf(normalised).objective;
    miniBatched(constants, 4);
    shardedObjective([constants, constants]);
  });
});

test('a function of θ alone', () => {
  expect(curvatureNotices(quadraticObjective(Float64Array.of(1, 2))).map(({ code }) => code)).toEqual([
    'functionOfThetaAlone',
  ]);
});
