import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Dataset } from '../../../../core/data/dataset.ts';
import type { HostVector } from '../../../../core/linalg/vector-space.ts';
import { functionalModel } from '../../../../core/models/tensorflow/functional-model.ts';
import { modelFromSpecification } from '../../../../core/models/tensorflow/model-from-specification.ts';
import { denseChain } from '../../../../core/models/tensorflow/points/dense-chain.ts';
import { recalibrateStatistics } from '../../../../core/models/tensorflow/recalibrate-statistics.ts';
import {
  type TensorflowObjectiveOptions,
  tensorflowObjective,
} from '../../../../core/models/tensorflow/tensorflow-objective.ts';
import { initialTheta } from '../../../../core/models/tensorflow/theta.ts';
import { createGate, Stopped } from '../../../../core/objective/gate.ts';
import type { LossName } from '../../../../core/objective/loss-convention.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

type Layer = readonly [type: string, options?: Record<string, unknown>];

interface Network {
  readonly name: string;
  readonly inputShape: readonly number[];
  readonly layers: readonly Layer[];
  readonly loss?: LossName;
  readonly options?: Partial<TensorflowObjectiveOptions>;
  /** Default 2. */
  readonly directions?: number;
  /** Whether it is a chain of dense layers. */
  readonly chain: boolean;
}

const classes = 3;
const examples = 30;
const dense = (activation: string, units = 7): Layer => ['dense', { units, activation }];
const wide = [24];

const networks: readonly Network[] = [
  ...['tanh', 'relu', 'sigmoid', 'elu', 'softplus', 'swish', 'linear'].map((activation) => ({
    name: `dense ${activation}`,
    inputShape: wide,
    layers: [dense(activation), dense(activation, 5)],
    chain: true,
  })),
  { name: 'two inputs, first layer computed', inputShape: [2], layers: [dense('tanh'), dense('tanh')], chain: true },
  { name: 'images flattened', inputShape: [5, 5, 1], layers: [['flatten'], dense('tanh')], chain: true },
  {
    name: 'activation layers, and no bias',
    inputShape: wide,
    layers: [
      ['dense', { units: 6, useBias: false }],
      ['activation', { activation: 'tanh' }],
      dense('linear'),
      ['leakyReLU', { alpha: 0.2 }],
      ['dropout', { rate: 0.3 }],
    ],
    chain: true,
  },
  { name: 'mean squared error', inputShape: wide, layers: [dense('tanh')], loss: 'meanSquaredError', chain: true },
  {
    name: 'half squared error summed, in three directions',
    inputShape: wide,
    layers: [dense('tanh')],
    loss: 'halfSquaredError',
    options: { overExamples: 'sum' },
    directions: 3,
    chain: true,
  },
  {
    name: 'penalties, along one direction',
    inputShape: wide,
    layers: [
      ['dense', { units: 6, activation: 'tanh', kernelRegularizer: { l2: 0.05 } }],
      ['dense', { units: 5, activation: 'tanh', biasRegularizer: { l1l2: { l1: 0.02, l2: 0.03 } } }],
    ],
    directions: 1,
    chain: true,
  },
  {
    name: 'several parts of the data, with penalties',
    inputShape: wide,
    layers: [['dense', { units: 6, activation: 'tanh', kernelRegularizer: { l2: 0.05 } }]],
    options: { memoryBytes: 20_000 },
    chain: true,
  },
  {
    name: 'a frozen layer in between',
    inputShape: wide,
    layers: [dense('tanh'), ['dense', { units: 4, trainable: false, activation: 'tanh' }]],
    chain: false,
  },
  { name: 'softmax between', inputShape: wide, layers: [dense('softmax')], chain: false },
  {
    name: 'convolutions and pools',
    inputShape: [8, 8, 1],
    layers: [
      ['conv2d', { filters: 3, kernelSize: 4, activation: 'relu' }],
      ['maxPool2d', { poolSize: 2 }],
      ['flatten'],
    ],
    chain: false,
  },
  {
    name: 'batch normalisation by statistics of the batch',
    inputShape: wide,
    layers: [dense('linear'), ['batchNormalization'], ['activation', { activation: 'tanh' }]],
    options: { mode: 'training' },
    chain: false,
  },
  {
    name: 'dropout with masks',
    inputShape: wide,
    layers: [dense('tanh'), ['dropout', { rate: 0.3 }]],
    options: { mode: 'training' },
    chain: true,
  },
];

function problemOf({ name, inputShape, layers, loss = 'softmaxCrossEntropy', options, directions = 2 }: Network) {
  const rng = randomFromSeed(11).split(name);
  const width = inputShape.reduce((product, extent) => product * extent, 1);
  const draw = (what: string, size: number) => rng.split(what).fill(new Float64Array(size), 'normal').map(Math.fround);
  const labels = Int32Array.from({ length: examples }, (_, i) => i % classes);
  const data: Dataset = {
    name,
    examples,
    inputShape,
    inputs: draw('inputs', examples * width),
    targets:
      loss === 'softmaxCrossEntropy'
        ? { kind: 'classes', classes, labels }
        : { kind: 'values', width: classes, values: draw('values', examples * classes) },
    source: 'drawn',
  };
  const all = [...layers, ['dense', { units: classes }] as const].map(([type, opts = {}]) => ({ type, options: opts }));
  const model = modelFromSpecification({ layers: all } as never, inputShape, rng.split('model'));
  const objective = tensorflowObjective({ model, data, loss, space: 'host', ...options });
  const { space } = objective;
  const vector = (what: string, factor: number) => space.fromHost(draw(what, space.dim).map((x) => factor * x));
  const noise = draw('theta', space.dim);
  const theta = space.fromHost(initialTheta(model).map((x, i) => Math.fround(x + 0.05 * (noise[i] ?? 0))));
  const along = Array.from({ length: directions }, (_, j) => vector(`direction ${j}`, 0.3));
  return { model, objective, space, theta, along, labels, data };
}

type Problem = ReturnType<typeof problemOf>;

function pointOf({ space, theta, along }: Problem, data: Float64Array, row: number): HostVector {
  return space.combine(along, data.slice(row * along.length, (row + 1) * along.length), space.copy(theta));
}

/** What `evaluate` says at each of the points, combined on the host. */
async function evaluated(problem: Problem, rows: number, data: Float64Array, batch?: Int32Array) {
  const { objective, space } = problem;
  const losses: number[] = [];
  for (let i = 0; i < rows; i++) {
    const point = pointOf(problem, data, i);
    losses.push((await objective.evaluate(point, batch ? { batch } : {})).loss);
    space.release(point);
  }
  return losses;
}

const largestDeviation = (found: ArrayLike<number>, wanted: readonly number[]): number =>
  Math.max(...wanted.map((loss, i) => Math.abs((found[i] as number) / loss - 1)));

/** `losses` of one backend, within the precision of a loss. */
export function testLossesOnPoints(backend: string, start: () => Promise<void>, tolerance: number): void {
  beforeAll(start);
  const points = 41;

  describe.each(networks)(`$name, on ${backend}`, (network) => {
    test('losses are those of plain evaluations, of all examples and of a batch', async () => {
      const problem = problemOf(network);
      const { objective, theta, along, model } = problem;
      expect(denseChain(functionalModel(model)) !== null).toBe(network.chain);
      const data = randomFromSeed(9).fill(new Float64Array(points * along.length), 'normal');
      const plane = { rows: points, columns: along.length, data };
      const found = await objective.losses(theta, along, plane);
      expect(largestDeviation(found, await evaluated(problem, points, data))).toBeLessThan(tolerance);
      const batch = Int32Array.of(3, 1, 4, 1, 5, 9, 26);
      const ofBatch = await objective.losses(theta, along, plane, batch);
      expect(largestDeviation(ofBatch, await evaluated(problem, points, data, batch))).toBeLessThan(tolerance);
      objective.dispose();
      model.dispose();
    });
  });

  // Activations and directions have been seen above; what is asked of outputs and parts of the data differs in these.
  const asked = networks.filter(({ name }) =>
    /tanh|relu|layers|squared|several parts|softmax|pools|statistics/.test(name),
  );
  describe.each(asked)(`$name, on ${backend}`, (network) => {
    test('errors, standard errors and losses by class are those of plain evaluations', async () => {
      const problem = problemOf(network);
      const { objective, theta, along, model, labels } = problem;
      const data = randomFromSeed(9).fill(new Float64Array(points * along.length), 'normal');
      const plane = { rows: points, columns: along.length, data };
      const ask = { errors: true, standardErrors: true, classLosses: true };
      const isClasses = (network.loss ?? 'softmaxCrossEntropy') === 'softmaxCrossEntropy';
      // The class 1 is missing from the batch.
      const batch = Int32Array.of(3, 2, 5, 2, 6, 9, 26);
      for (const some of [undefined, batch]) {
        const found = await objective.evaluations!(theta, along, plane, ask, some);
        expect(found.losses).toEqual(await objective.losses(theta, along, plane, some));
        expect([found.errors === null, found.classLosses === null]).toEqual([!isClasses, !isClasses]);
        const chosen = some ?? Int32Array.from({ length: examples }, (_, i) => i);
        for (let i = 0; i < points; i += 4) {
          const point = pointOf(problem, data, i);
          const wanted = await objective.evaluate(point, { ...(some && { batch: some }), perExample: true });
          problem.space.release(point);
          expect(Math.abs((found.losses[i] as number) / wanted.loss - 1)).toBeLessThan(tolerance);
          expect(Math.abs((found.standardErrors?.[i] as number) / wanted.standardError - 1)).toBeLessThan(1e-4);
          if (!isClasses) continue;
          expect(found.errors?.[i]).toBe(wanted.error);
          for (let c = 0; c < classes; c++) {
            const own = [...chosen].flatMap((example, k) =>
              labels[example] === c ? [wanted.perExample?.[k] ?? 0] : [],
            );
            const mean = own.reduce((sum, loss) => sum + loss, 0) / own.length;
            const its = found.classLosses?.data[i * classes + c] as number;
            expect(found.classCounts?.[c]).toBe(own.length);
            if (own.length === 0) expect(its).toBeNaN();
            else expect(Math.abs(its - mean)).toBeLessThan(10 * tolerance * (mean + 0.01));
          }
        }
      }
      objective.dispose();
      model.dispose();
    });
  });

  test(`equal outputs are an error unless the first of them is right, on ${backend}`, async () => {
    const problem = problemOf(networks[0] as Network);
    const { objective, space } = problem;
    // All weights are zero: every class has the same output at every point.
    const plane = { rows: points, columns: 1, data: new Float64Array(points).fill(1) };
    const { errors } = await objective.evaluations!(space.zeros(), [space.zeros()], plane, { errors: true });
    expect(new Set(errors)).toEqual(new Set([(await objective.evaluate(space.zeros())).error]));
    expect(errors?.[0]).toBe((examples - examples / classes) / examples);
  });

  const cut = networks.filter(({ name }) => /relu|pools|several parts|statistics|three directions/.test(name));
  describe.each(cut)(`$name, on ${backend}`, (network) => {
    test('work that is cut short and resumed elsewhere has the same bits, down to a single point', async () => {
      const [whole, resumed] = [problemOf(network), problemOf(network)];
      const columns = whole.along.length;
      const data = randomFromSeed(9).fill(new Float64Array(points * columns), 'normal');
      // Not finite: computed again, by itself.
      data[columns * 20] = Number.POSITIVE_INFINITY;
      const cuts = [0, 17, 34, 38, 40, 41];
      const ask = { errors: true, standardErrors: true, classLosses: true };
      const piece = ({ objective, theta, along }: Problem, k: number) => {
        const [from, to] = [cuts[k] ?? 0, cuts[k + 1] ?? 0];
        const rows = { rows: to - from, columns, data: data.slice(from * columns, to * columns) };
        return objective.evaluations!(theta, along, rows, ask);
      };
      const all = [];
      for (let k = 0; k < 5; k++) all.push(await piece(whole, k));
      for (let k = 1; k < 5; k++) expect(await piece(resumed, k)).toEqual(all[k]);
      // The negative control: there is something to be the same.
      expect(new Set(all.flatMap(({ losses }) => [...losses])).size).toBeGreaterThan(30);
      for (const { objective, model } of [whole, resumed]) {
        objective.dispose();
        model.dispose();
      }
    });
  });

  test(`running statistics that are settled later are those of later losses and derivatives, on ${backend}`, async () => {
    const problem = problemOf({
      name: 'batch normalisation',
      inputShape: wide,
      layers: [dense('linear'), ['batchNormalization'], ['activation', { activation: 'tanh' }]],
      chain: false,
    });
    const { objective, theta, along, model, data: set, space } = problem;
    const data = randomFromSeed(9).fill(new Float64Array(2 * points), 'normal');
    const seen: number[] = [];
    const v = along[0] as HostVector;
    for (const factor of [1, 3, 1]) {
      await recalibrateStatistics(model, space.scale(space.copy(theta), factor), set);
      const found = await objective.losses(theta, along, { rows: points, columns: 2, data });
      expect(largestDeviation(found, await evaluated(problem, points, data))).toBeLessThan(tolerance);
      const { loss } = await objective.evaluate(theta);
      const at = await objective.linearize(theta);
      expect(Math.abs(at.loss / loss - 1)).toBeLessThan(10 * tolerance);
      expect(Math.abs((await objective.gradient(theta)).loss / loss - 1)).toBeLessThan(10 * tolerance);
      seen.push(...(await space.dots([v], await at.hessianProduct(v))));
      at.dispose();
    }
    expect(seen[2]).toBe(seen[0]);
    expect(Math.abs((seen[1] as number) / (seen[0] as number) - 1)).toBeGreaterThan(0.01);
    objective.dispose();
    model.dispose();
  });

  test(`statistics of a batch are those of its own point, however many points are computed at once, on ${backend}`, async () => {
    const network = networks.find(({ name }) => name.includes('by statistics')) as Network;
    const { objective, theta, along, model } = problemOf(network);
    const plane = { rows: 200, columns: 2, data: randomFromSeed(9).fill(new Float64Array(400), 'normal') };
    const first = await objective.losses(theta, along, plane);
    for (let i = 0; i < 10; i++) expect(await objective.losses(theta, along, plane)).toEqual(first);
    objective.dispose();
    model.dispose();
  });

  const problems = networks.filter(({ name }) => ['dense tanh', 'dense relu', 'convolutions and pools'].includes(name));
  describe.each(problems)(`$name, on ${backend}`, (network) => {
    test('what is not finite stays with its point and is what the plain evaluation says', async () => {
      const problem = problemOf(network);
      const { objective, theta, along } = problem;
      const data = randomFromSeed(9).fill(new Float64Array(points * 2), 'normal');
      const wrong = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e37, 1e25];
      for (const [i, c] of wrong.entries()) data[2 * (3 * i + 1)] = c;
      const found = await objective.losses(theta, along, { rows: points, columns: 2, data });
      const wanted = await evaluated(problem, points, data);
      const notFinite = wanted.map((loss, i) => (Number.isFinite(loss) ? -1 : i)).filter((i) => i >= 0);
      expect(notFinite).toEqual(expect.arrayContaining([1, 4, 7]));
      for (const i of notFinite) expect(found[i]).toBe(wanted[i]);
      const finite = wanted.map((loss) => (Number.isFinite(loss) ? loss : Number.NaN));
      const deviations = finite
        .map((loss, i) => Math.abs((found[i] as number) / loss - 1))
        .filter((d) => !Number.isNaN(d));
      expect(Math.max(...deviations)).toBeLessThan(tolerance);
      expect(deviations.length).toBe(points - notFinite.length);
    });

    test('one point, no point, a direction of zeros, and points for many runs', async () => {
      const problem = problemOf(network);
      const { objective, space, theta, along } = problem;
      for (const rows of [0, 1, 300]) {
        const data = randomFromSeed(9).fill(new Float64Array(2 * rows), 'normal');
        const found = await objective.losses(theta, along, { rows, columns: 2, data });
        expect(found.length).toBe(rows);
        const some = Math.min(rows, 5);
        expect(largestDeviation(found, await evaluated(problem, some, data))).toBeLessThan(tolerance);
        // The last ones are those of a run that is not full.
        const end = data.slice(2 * (rows - some));
        expect(largestDeviation(found.slice(rows - some), await evaluated(problem, some, end))).toBeLessThan(tolerance);
      }
      const still = [along[0] as HostVector, space.zeros()];
      const data = randomFromSeed(9).fill(new Float64Array(2 * points), 'normal');
      const found = await objective.losses(theta, still, { rows: points, columns: 2, data });
      const wanted = await evaluated({ ...problem, along: still }, points, data);
      expect(largestDeviation(found, wanted)).toBeLessThan(tolerance);
    });

    test('a signal ends the work before the next runs, and the points that follow have the bits of the first time', async () => {
      const gate = createGate(() => Promise.resolve(), 0);
      const { objective, theta, along, model } = problemOf({ ...network, options: { ...network.options, gate } });
      const plane = { rows: 300, columns: 2, data: randomFromSeed(9).fill(new Float64Array(600), 'normal') };
      const signal = {
        asked: 0,
        last: Number.POSITIVE_INFINITY,
        get aborted() {
          return ++this.asked > this.last;
        },
      };
      gate.watch(signal);
      const first = await objective.losses(theta, along, plane);
      const passes = signal.asked;
      expect(passes).toBeGreaterThan(2);
      const before = memory().numTensors;
      Object.assign(signal, { asked: 0, last: passes - 1 });
      await expect(objective.losses(theta, along, plane)).rejects.toThrow(Stopped);
      expect([signal.asked, memory().numTensors]).toEqual([passes, before]);
      gate.watch(null);
      expect(await objective.losses(theta, along, plane)).toEqual(first);
      objective.dispose();
      model.dispose();
    });

    test('programs are made once, and nothing else is kept', async () => {
      const { objective, theta, along, model } = problemOf(network);
      const plane = { rows: 41, columns: 2, data: randomFromSeed(9).fill(new Float64Array(82), 'normal') };
      const first = await objective.losses(theta, along, plane);
      const before = memory().numTensors;
      for (let i = 0; i < 5; i++) expect(await objective.losses(theta, along, plane)).toEqual(first);
      expect(memory().numTensors).toBe(before);
      objective.dispose();
      model.dispose();
    });
  });
}
