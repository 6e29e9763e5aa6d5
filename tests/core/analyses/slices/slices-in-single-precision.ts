import { beforeAll, describe, expect, test } from 'vitest';
import { runSlice } from '../../../../core/analyses/slices/run.ts';
import type { Slice } from '../../../../core/analyses/slices/slice.ts';
import type { Dataset } from '../../../../core/data/dataset.ts';
import { coordinatesOf, pointCount } from '../../../../core/fields/grid.ts';
import type { HostVector } from '../../../../core/linalg/vector-space.ts';
import type { ActivationName } from '../../../../core/models/closed-form/activations.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import { modelFromSpecification } from '../../../../core/models/tensorflow/model-from-specification.ts';
import { tensorflowObjective } from '../../../../core/models/tensorflow/tensorflow-objective.ts';
import type { LossName } from '../../../../core/objective/loss-convention.ts';
import type { Objective } from '../../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const rng = randomFromSeed(17);
const examples = 40;

function dataOf(width: number, outputs: number, loss: LossName): Dataset {
  const draw = (what: string, size: number) => rng.split(what).fill(new Float64Array(size), 'normal').map(Math.fround);
  return {
    name: 'drawn',
    examples,
    inputShape: [width],
    inputs: draw('inputs', examples * width),
    targets:
      loss === 'softmaxCrossEntropy'
        ? { kind: 'classes', classes: outputs, labels: Int32Array.from({ length: examples }, (_, i) => i % outputs) }
        : { kind: 'values', width: outputs, values: draw('values', examples * outputs) },
    source: 'drawn',
  };
}

/** The same network on the current backend, and in closed form in doubles; both have θ in the same order. */
function twins(widths: readonly number[], activation: ActivationName, loss: LossName) {
  const [width = 0, ...units] = widths;
  const data = dataOf(width, units.at(-1)!, loss);
  const layers = units.map((count, i) => ({
    type: 'dense',
    options: { units: count, activation: i === units.length - 1 ? 'linear' : activation },
  }));
  const model = modelFromSpecification({ layers }, [width], rng.split('model'));
  const single = tensorflowObjective({ model, data, loss, space: 'host' });
  const exact = mlpObjective(mlpFromWidths(widths, activation), { data, loss });
  const theta = rng
    .split('θ')
    .fill(new Float64Array(single.layout.dim), 'normal')
    .map((x) => Math.fround(0.5 * x));
  expect(single.space.precision).toBe('float32');
  expect(exact.layout.dim).toBe(single.layout.dim);
  return {
    single,
    exact,
    theta,
    dispose: () => {
      single.dispose();
      model.dispose();
    },
  };
}

/** The largest deviation from a closed form at the points of a slice, relative where the loss is more than 1. */
async function deviation(slice: Slice, theta: Float64Array, loss: (theta: Float64Array) => number | Promise<number>) {
  const [{ values }] = slice.fields;
  expect(values.length).toBe(pointCount(slice.axes));
  let largest = 0;
  for (let point = 0; point < values.length; point++) {
    const at = coordinatesOf(slice.axes, point);
    const wanted = await loss(theta.map((x, i) => at.reduce((sum, c, k) => sum + c * slice.vectors[k]![i]!, x)));
    largest = Math.max(largest, Math.abs(values[point]! - wanted) / Math.max(1, Math.abs(wanted)));
  }
  return largest;
}

const sliced = async (objective: Objective<HostVector>, theta: Float64Array, parameters: Record<string, unknown>) => {
  const { value, status } = await runSlice(objective, objective.space.fromHost(theta), parameters, { rng });
  expect(status).toBe('converged');
  return value;
};

/** ½ mean (wᵀx + b − y)² as the quadratic form ½ θᵀAθ − bᵀθ + c that it is, θ = (w, b) of one output. */
function quadraticForm({ inputs, targets }: Dataset, width: number): (theta: Float64Array) => number {
  if (targets.kind !== 'values') throw new Error('A regression has values.');
  const { values } = targets;
  const dim = width + 1;
  const [matrix, linear] = [new Float64Array(dim * dim), new Float64Array(dim)];
  let constant = 0;
  for (let n = 0; n < examples; n++) {
    const row = [...inputs.subarray(n * width, (n + 1) * width), 1];
    row.forEach((x, i) => {
      linear[i]! += (x * values[n]!) / examples;
      row.forEach((y, j) => {
        matrix[i * dim + j]! += (x * y) / examples;
      });
    });
    constant += values[n]! ** 2 / 2 / examples;
  }
  return (theta) =>
    theta.reduce((sum, x, i) => {
      const product = theta.reduce((s, y, j) => s + matrix[i * dim + j]! * y, 0);
      return sum + 0.5 * x * product - linear[i]! * x;
    }, constant);
}

const shapes = [
  { line: 'random', grid: '21' },
  { plane: 'random', grid: '9x6' },
  { volume: 'random', grid: '5x4x3' },
] as const;

/** Slices on one backend in float32 beside closed forms in doubles. */
export function testSlicesInSinglePrecision(backend: string, start: () => Promise<void>): void {
  beforeAll(start);

  describe.each(shapes)(`on ${backend}, %o`, (shape) => {
    test('linear regression is its quadratic form to 1e-6', async () => {
      const { single, theta, dispose } = twins([6, 1], 'linear', 'halfSquaredError');
      const form = quadraticForm(dataOf(6, 1, 'halfSquaredError'), 6);
      expect(await deviation(await sliced(single, theta, shape), theta, form)).toBeLessThan(1e-6);
      dispose();
    });

    test('a deep linear network is its product of matrices to 1e-6', async () => {
      const { single, exact, theta, dispose } = twins([5, 4, 4, 2], 'linear', 'halfSquaredError');
      const closed = async (at: Float64Array) => (await exact.evaluate(at)).loss;
      expect(await deviation(await sliced(single, theta, shape), theta, closed)).toBeLessThan(1e-6);
      dispose();
    });

    test.each(['tanh', 'relu'] as const)('a network with %s is its closed form to 1e-5', async (activation) => {
      const { single, exact, theta, dispose } = twins([8, 12, 7, 3], activation, 'softmaxCrossEntropy');
      const closed = async (at: Float64Array) => (await exact.evaluate(at)).loss;
      const slice = await sliced(single, theta, shape);
      expect(await deviation(slice, theta, closed)).toBeLessThan(1e-5);
      // The control: a θ that is off by a thousandth is seen.
      const off = theta.map((x) => 1.001 * x);
      expect(await deviation(slice, off, closed)).toBeGreaterThan(1e-5);
      dispose();
    });
  });

  test(`on ${backend}, the centre plane of a volume is the plane of the same directions`, async () => {
    const { single, theta, dispose } = twins([8, 12, 7, 3], 'tanh', 'softmaxCrossEntropy');
    const volume = await sliced(single, theta, { volume: 'random', grid: '7x6x5' });
    const plane = await sliced(single, theta, { plane: 'random', grid: '7x6' });
    expect(plane.vectors).toEqual(volume.vectors.slice(0, 2));
    expect(volume.axes[2]![2]).toBe(0);
    const layer = (k: number) => volume.fields[0].values.slice(42 * k, 42 * (k + 1));
    const away = (k: number) => Math.max(...layer(k).map((loss, i) => Math.abs(loss / plane.fields[0].values[i]! - 1)));
    expect(away(2)).toBeLessThan(1e-6);
    // The control: its neighbours are other planes.
    expect(Math.min(away(1), away(3))).toBeGreaterThan(1e-3);
    dispose();
  });

  test(`on ${backend}, a ReLU layer times a and the next by 1/a leave a filter-normalised slice as it was to 1e-5, and no other`, async () => {
    const { single, theta, dispose } = twins([8, 12, 7, 3], 'relu', 'softmaxCrossEntropy');
    const a = 7;
    const [kernel, bias, next] = single.layout.blocks;
    const factors = new Map([
      [kernel!.name, a],
      [bias!.name, a],
      [next!.name, 1 / a],
    ]);
    const scaled = theta.slice();
    for (const { name, offset, size } of single.layout.blocks)
      for (let i = offset; i < offset + size; i++) scaled[i] = Math.fround(scaled[i]! * (factors.get(name) ?? 1));
    const change = async (asked: Record<string, unknown>) => {
      const parameters = { plane: 'random', grid: '7', ...asked };
      const [one, other] = [await sliced(single, theta, parameters), await sliced(single, scaled, parameters)];
      expect(Math.abs(other.center.loss / one.center.loss - 1)).toBeLessThan(1e-6);
      return Math.max(...one.fields[0].values.map((loss, i) => Math.abs(other.fields[0].values[i]! / loss - 1)));
    };
    expect(await change({})).toBeLessThan(1e-5);
    expect(await change({ normalization: 'filter' })).toBeLessThan(1e-5);
    expect(await change({ normalization: 'none' })).toBeGreaterThan(0.05);
    dispose();
  });
}
