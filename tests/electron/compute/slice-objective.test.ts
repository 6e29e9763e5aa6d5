import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import type { Dataset } from '../../../core/data/dataset.ts';
import { readExperiment } from '../../../core/experiment/read-experiment.ts';
import type { HostVector } from '../../../core/linalg/vector-space.ts';
import { loadData } from '../../../electron/compute/load-data.ts';
import { type OpenedExperiment, openExperiment } from '../../../electron/compute/open-experiment.ts';
import { type SliceObjectiveWanted, sliceObjective } from '../../../electron/compute/slice-objective.ts';

const textOf = (mode: string, normalization = '- { batchNormalization: {} }', test = true) => `
name: normalised
seed: 3
data: { train: { bundled: spirals, examples: 45 }${test ? ', test: { bundled: spirals, examples: 30 }' : ''} }
model:
  mode: ${mode}
  layers:
    - { dense: { units: 4 } }
    ${normalization}
    - { activation: { activation: tanh } }
    - { dense: { units: 3 } }
loss: softmaxCrossEntropy
optimizer: { sgd: { learningRate: 0.1 } }
steps: 0
engine: wasm
`;

const open = (mode: string, normalization?: string, withTest?: boolean) =>
  openExperiment(readExperiment(textOf(mode, normalization, withTest), 'normalised.yaml'), '.');

/** The same network in float64 and by hand, its normalisation with mean and variance of other examples. */
function twin(opened: OpenedExperiment, theta: ArrayLike<number>) {
  const blocks = opened.objective.layout.blocks.map(({ shape, offset, size }) => ({
    shape,
    values: Float64Array.from({ length: size }, (_, i) => theta[offset + i]!),
  }));
  const [kernel, bias, gamma, beta, last, lastBias] = blocks.map(({ values }) => values);
  const hidden = ({ inputs, examples }: Dataset) =>
    Array.from({ length: examples }, (_, n) =>
      Array.from(
        { length: 4 },
        (_, j) => bias![j]! + inputs[2 * n]! * kernel![j]! + inputs[2 * n + 1]! * kernel![4 + j]!,
      ),
    );
  const statisticsOf = (data: Dataset) => {
    const rows = hidden(data);
    return Array.from({ length: 4 }, (_, j) => {
      const mean = rows.reduce((sum, row) => sum + row[j]!, 0) / rows.length;
      return { mean, variance: rows.reduce((sum, row) => sum + (row[j]! - mean) ** 2, 0) / rows.length };
    });
  };
  type Statistics = ReturnType<typeof statisticsOf>;
  const losses = (data: Dataset, statistics: Statistics) =>
    hidden(data).map((row, n) => {
      const h = row.map((z, j) => {
        const { mean, variance } = statistics[j]!;
        return Math.tanh((gamma![j]! * (z - mean)) / Math.sqrt(variance + 1e-3) + beta![j]!);
      });
      const f = [0, 1, 2].map((c) => h.reduce((sum, x, j) => sum + x * last![3 * j + c]!, lastBias![c]!));
      const label = data.targets.kind === 'classes' ? data.targets.labels[n]! : 0;
      return Math.log(f.reduce((sum, x) => sum + Math.exp(x), 0)) - f[label]!;
    });
  const loss = (data: Dataset, statistics: Statistics) =>
    losses(data, statistics).reduce((sum, one) => sum + one, 0) / data.examples;
  return { statisticsOf, loss };
}

function rowsOf(data: Dataset, indices: Int32Array | null): Dataset {
  if (indices === null || data.targets.kind !== 'classes') return data;
  const { labels } = data.targets;
  return {
    ...data,
    examples: indices.length,
    inputs: Float64Array.from({ length: 2 * indices.length }, (_, i) => data.inputs[2 * indices[i >> 1]! + (i % 2)]!),
    targets: { ...data.targets, labels: Int32Array.from(indices, (i) => labels[i]!) },
  };
}

let opened: OpenedExperiment;
let data: { train: Dataset; test: Dataset };
let directions: HostVector[];

async function start(mode: string): Promise<void> {
  opened = await open(mode);
  data = (await loadData(opened.experiment, '.', opened.rng.split('data'))) as typeof data;
  const { space } = opened.objective;
  directions = ['a', 'b'].map((name) => space.random(opened.rng.split(name), 'normal'));
}

const coordinates = [
  [0, 0],
  [0.5, -1],
  [2, 1],
] as const;
const plane = { rows: 3, columns: 2, data: Float64Array.from(coordinates.flat()) };

/** What the losses must be, each point with the statistics that the policy gives it. */
function wantedLosses(on: 'train' | 'test', policy: 'frozen' | 'recalibrated' | 'batch', indices: Int32Array | null) {
  const theta = opened.initialTheta;
  const judged = rowsOf(data[on], indices);
  const atOrigin = twin(opened, theta).statisticsOf(data.train);
  return coordinates.map(([a, b]) => {
    const point = Array.from(theta, (x, i) => x + a * directions[0]![i]! + b * directions[1]![i]!);
    const { loss, statisticsOf } = twin(opened, point);
    if (policy === 'frozen') return loss(judged, atOrigin);
    return loss(judged, statisticsOf(policy === 'batch' ? judged : data.train));
  });
}

function near(found: ArrayLike<number>, wanted: readonly number[], tolerance = 1e-5): void {
  expect(found.length).toBe(wanted.length);
  for (const [i, loss] of wanted.entries()) expect(Math.abs(found[i]! / loss - 1)).toBeLessThan(tolerance);
}

async function lossesOf(wanted: SliceObjectiveWanted) {
  const made = await sliceObjective(opened, opened.initialTheta, wanted);
  const losses = await made.objective.losses(opened.initialTheta, directions, plane);
  await made.close();
  return { ...made, losses };
}

describe.each(['training', 'inference'])('a slice of an experiment in %s mode', (mode) => {
  beforeAll(async () => {
    await start(mode);
    await opened.settle(opened.initialTheta);
  });
  // Whatever was done, the experiment is as it was.
  afterEach(async () => {
    const { loss, statisticsOf } = twin(opened, opened.initialTheta);
    near([(await opened.objective.evaluate(opened.initialTheta)).loss], [loss(data.train, statisticsOf(data.train))]);
  });

  const cases = (['frozen', 'recalibrated', 'batch'] as const).flatMap((policy) =>
    (['train', 'test'] as const).flatMap((on) => [null, 17].map((examples) => [policy, on, examples] as const)),
  );
  test.each(cases)('%s, on the %s set, examples %s: the losses of a network by hand in float64', async (...args) => {
    const [statistics, on, examples] = args;
    const { losses, indices, ...made } = await lossesOf({ statistics, on, examples });
    expect([made.on, made.statistics, made.notices]).toEqual([on, statistics, []]);
    expect(indices?.length ?? null).toBe(examples);
    near(losses, wantedLosses(on, statistics, indices));
    const unlike = statistics === 'frozen' ? 'recalibrated' : 'frozen';
    // The control: with another policy the same points have other losses.
    expect(Math.abs(losses[2]! / wantedLosses(on, unlike, indices)[2]! - 1)).toBeGreaterThan(1e-3);
  });

  test('as the experiment has it: its own mode in training, statistics of the training set at each point in a test', async () => {
    const own = await lossesOf({ statistics: 'experiment', on: 'train', examples: null });
    near(own.losses, wantedLosses('train', mode === 'training' ? 'batch' : 'frozen', null));
    const judged = await lossesOf({ statistics: 'experiment', on: 'test', examples: null });
    near(judged.losses, wantedLosses('test', 'recalibrated', null));
    expect(judged.statistics).toBe('recalibrated');
    expect(judged.notices.join()).toContain('training set at each point');
  });

  test('the examples follow from the seed and their number, fewer among more; too many are all', async () => {
    const of = async (examples: number, on: 'train' | 'test' = 'train') =>
      (await lossesOf({ statistics: 'experiment', on, examples })).indices!;
    const [few, more, again] = [await of(5), await of(20), await of(5)];
    expect(again).toEqual(few);
    expect([...more]).toEqual(expect.arrayContaining([...few]));
    expect([...few]).toEqual([...few].sort((a, b) => a - b));
    expect(new Set(few).size).toBe(5);
    expect([...(await of(5, 'test'))]).not.toEqual([...few]);
    const all = await lossesOf({ statistics: 'experiment', on: 'train', examples: 4000 });
    expect(all.indices).toBeNull();
    expect(all.notices.join()).toContain('45 examples, fewer than the 4000');
    for (const examples of [0, 2.5, -1]) await expect(of(examples)).rejects.toThrow(BadInput);
  });

  test('recalibrated: gradient, products and evaluations belong to their own points', async () => {
    const made = await sliceObjective(opened, opened.initialTheta, {
      statistics: 'recalibrated',
      on: 'train',
      examples: null,
    });
    const { objective } = made;
    const theta = opened.initialTheta;
    const { space } = objective;
    const other = space.combine(directions, Float64Array.of(2, 1), space.copy(theta));
    const at = await objective.linearize(theta);
    const before = await at.hessianProduct(directions[0]!);
    const there = await objective.linearize(other);
    await there.hessianProduct(directions[0]!);
    expect(await at.hessianProduct(directions[0]!)).toEqual(before);
    near(
      [(await objective.gradient(other)).loss, there.loss],
      [2, 2].map((k) => wantedLosses('train', 'recalibrated', null)[k]!),
    );
    const found = await objective.evaluations!(theta, directions, plane, {
      errors: true,
      classLosses: true,
      standardErrors: true,
    });
    near(found.losses, wantedLosses('train', 'recalibrated', null));
    expect([...found.errors!]).toEqual([...found.errors!].map((error) => Math.round(error * 45) / 45));
    expect(found.classLosses!.rows).toBe(3);
    // Asked at the same time: one set of statistics, one call after another.
    const both = await Promise.all([objective.evaluate(theta), objective.evaluate(other)]);
    near(
      both.map(({ loss }) => loss),
      [0, 2].map((k) => wantedLosses('train', 'recalibrated', null)[k]!),
    );
    at.dispose();
    there.dispose();
    await made.close();
  });
});

describe('what does not apply', () => {
  test('a model without batch normalisation has no statistics to choose, which is said', async () => {
    const plain = await open('training', '- { dense: { units: 3 } }');
    const made = await sliceObjective(plain, plain.initialTheta, {
      statistics: 'recalibrated',
      on: 'test',
      examples: null,
    });
    expect([made.statistics, made.notices.length]).toEqual(['experiment', 1]);
    expect((await made.objective.evaluate(plain.initialTheta)).loss).toBe(
      (await plain.test!.evaluate(plain.initialTheta)).loss,
    );
    await made.close();
    plain.dispose();
  });

  test('without a test set there is no slice on it', async () => {
    const alone = await open('inference', undefined, false);
    const wanted = { statistics: 'experiment', on: 'test', examples: null } as const;
    await expect(sliceObjective(alone, alone.initialTheta, wanted)).rejects.toThrow('no test set');
    alone.dispose();
  });
});
