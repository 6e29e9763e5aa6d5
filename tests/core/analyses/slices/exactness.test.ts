import { describe, expect, test } from 'vitest';
import { runSlice, type SliceProgress } from '../../../../core/analyses/slices/run.ts';
import type { Slice } from '../../../../core/analyses/slices/slice.ts';
import { type Axes, coordinatesOf, pointCount } from '../../../../core/fields/grid.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import { quadraticObjective } from '../../../../core/models/closed-form/quadratic.ts';
import { surfaceObjective } from '../../../../core/models/closed-form/surfaces.ts';
import type { Objective } from '../../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const rng = randomFromSeed(5);

/** Every value of the loss beside a closed form of θ. */
function compare(slice: Slice, theta: ArrayLike<number>, loss: (theta: number[]) => number, tolerance: number): void {
  const [field] = slice.fields;
  const count = pointCount(slice.axes);
  expect(field.values.length).toBe(count);
  for (let point = 0; point < count; point++) {
    const at = coordinatesOf(slice.axes, point);
    const there = Array.from(theta, (x, i) => at.reduce((sum, c, k) => sum + c * slice.vectors[k]![i]!, x));
    const wanted = loss(there);
    expect(Math.abs(field.values[point]! - wanted)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(wanted)));
  }
}

const bowl = (x: readonly number[]) => x.reduce((sum, one, i) => sum + 0.5 * (i + 1) * one * one, 0);
const rosenbrock = ([x = 0, y = 0]: readonly number[]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2;
const monkey = ([x = 0, y = 0]: readonly number[]) => x ** 3 - 3 * x * y ** 2;

const shapes = [
  { name: 'a line', parameters: { line: 'random', grid: '13' } },
  { name: 'a plane that is not square', parameters: { plane: 'random', grid: '7x4' } },
  { name: 'a volume of three sizes', parameters: { volume: 'random', grid: '5x3x4', extent: '1x0.5x-1:2' } },
] as const;
const raw = { normalization: 'none', biases: 'keep', gains: 'keep' } as const;

describe.each(shapes)('$name', ({ parameters }) => {
  test('of a quadratic is its formula at every point', async () => {
    const theta = rng.split('θ').fill(new Float64Array(9), 'normal');
    const objective = quadraticObjective(Float64Array.from({ length: 9 }, (_, i) => i + 1));
    const { value, status } = await runSlice(objective, theta, { ...parameters, ...raw }, { rng });
    expect(status).toBe('converged');
    compare(value, theta, bowl, 1e-12);
  });

  test('that was interrupted anywhere and taken up again is the uninterrupted one, bit for bit', async () => {
    const theta = rng.split('θ').fill(new Float64Array(9), 'normal');
    const objective = quadraticObjective(Float64Array.from({ length: 9 }, (_, i) => i - 3));
    const asked = { ...parameters, ...raw, quantity: 'gradient_norm,lambda_min,index', uncertainty: true };
    const { value: whole } = await runSlice(objective, theta, asked, { rng });
    for (const calls of [1, 2, 5]) {
      let left = calls;
      let kept: SliceProgress | undefined;
      const signal = { aborted: false };
      const onState = (progress: SliceProgress) => {
        kept = structuredClone(progress);
        left--;
        signal.aborted = left <= 0;
      };
      const first = await runSlice(objective, theta, asked, { rng, signal, onState });
      expect(first.status).toBe('cancelled');
      const { value: resumed, status } = await runSlice(objective, theta, asked, { rng, resume: kept });
      expect(status).toBe('converged');
      expect(resumed.fields).toEqual(whole.fields);
      expect(resumed.vectors).toEqual(whole.vectors);
    }
  });
});

describe('surfaces of two variables in their own plane', () => {
  test.each([
    ['rosenbrock', rosenbrock],
    ['monkeySaddle', monkey],
  ] as const)('%s', async (name, loss) => {
    const theta = Float64Array.of(0.3, -0.2);
    const file = [Float64Array.of(1, 0), Float64Array.of(0, 1)];
    const asked = { plane: 'file', file: 'axes', grid: '21x11', extent: '-1.5:1.25x-0.5:2' };
    const { value: slice } = await runSlice(surfaceObjective(name), theta, asked, { rng, file });
    compare(slice, theta, loss, 1e-12);
    // Which axis is which: along the first one, entries follow each other.
    const [alpha, beta] = slice.axes as [Float64Array, Float64Array];
    expect([alpha.length, beta.length]).toEqual([21, 11]);
    expect(slice.fields[0].values[20]).toBeCloseTo(loss([0.3 + alpha[20]!, -0.2 + beta[0]!]), 12);
    expect(slice.fields[0].values[21 * 10]).toBeCloseTo(loss([0.3 + alpha[0]!, -0.2 + beta[10]!]), 12);
  });
});

describe('a deep linear network', () => {
  const [inputs, hidden, outputs, examples] = [4, 3, 2, 6];
  const x = Float32Array.from(rng.split('x').fill(new Float64Array(examples * inputs), 'normal'));
  const y = Float32Array.from(rng.split('y').fill(new Float64Array(examples * outputs), 'normal'));

  /** ½ mean ‖W₂(W₁x + b₁) + b₂ − y‖², θ = (W₁ inputs × hidden, b₁, W₂ hidden × outputs, b₂). */
  function loss(theta: readonly number[]): number {
    const first = theta.slice(0, inputs * hidden);
    const b1 = theta.slice(first.length, first.length + hidden);
    const second = theta.slice(first.length + hidden, first.length + hidden + hidden * outputs);
    const b2 = theta.slice(first.length + hidden + second.length);
    let sum = 0;
    for (let n = 0; n < examples; n++) {
      const h = b1.map(
        (b, j) =>
          b + first.reduce((s, w, i) => (i % hidden === j ? s + w * x[n * inputs + Math.floor(i / hidden)]! : s), 0),
      );
      b2.forEach((b, k) => {
        const f = b + h.reduce((s, value, j) => s + value * second[j * outputs + k]!, 0);
        sum += 0.5 * (f - y[n * outputs + k]!) ** 2;
      });
    }
    return sum / examples;
  }

  test('is its product of matrices at every point of a volume', async () => {
    const data = {
      name: 'made',
      source: 'made for this test',
      examples,
      inputShape: [inputs],
      inputs: x,
      targets: { kind: 'values', width: outputs, values: y },
    } as const;
    const model = mlpFromWidths([inputs, hidden, outputs], 'linear');
    const objective = mlpObjective(model, { data, loss: 'halfSquaredError' });
    const theta = rng.split('weights').fill(new Float64Array(objective.layout.dim), 'normal');
    const { value } = await runSlice(objective, theta, { volume: 'random', grid: '4x3x5', ...raw }, { rng });
    compare(value, theta, loss, 1e-12);
  });
});

test('the centre plane of a volume is the plane of the same directions', async () => {
  const objective = surfaceObjective('rosenbrock');
  const four: Objective<Float64Array> = quadraticObjective(Float64Array.of(1, -2, 3, 5));
  expect(objective.layout.dim).toBe(2);
  const theta = Float64Array.of(0.1, 0.2, -0.3, 0.4);
  const shared = { ...raw, extent: '1' };
  const { value: volume } = await runSlice(four, theta, { ...shared, volume: 'random', grid: '9x7x5' }, { rng });
  const { value: plane } = await runSlice(four, theta, { ...shared, plane: 'random', grid: '9x7' }, { rng });
  expect(plane.vectors).toEqual(volume.vectors.slice(0, 2));
  const size = 9 * 7;
  volume.fields[0].values.slice(2 * size, 3 * size).forEach((loss, i) => {
    expect(Math.abs(loss - plane.fields[0].values[i]!)).toBeLessThanOrEqual(1e-13 * Math.abs(loss));
  });
});

describe('quantities besides the loss', () => {
  const eigenvalues = Float64Array.of(4, 2, 1, -0.5, -3);
  const objective = quadraticObjective(eigenvalues);
  const theta = Float64Array.of(1, 2, -1, 0.5, 1);

  test('are those of the quadratic, with certificates that hold', async () => {
    const asked = { ...raw, grid: '5x3', quantity: 'gradient_norm,cosine,lambda_max,lambda_min,lambda_ratio,index' };
    const { value: slice, stats } = await runSlice(objective, theta, asked, { rng });
    const field = (name: string) => slice.fields.find(({ quantity }) => quantity === name)!;
    for (let point = 0; point < 15; point++) {
      const [a = 0, b = 0] = coordinatesOf(slice.axes, point);
      const gradient = theta.map(
        (x, i) => eigenvalues[i]! * (x + a * slice.vectors[0]![i]! + b * slice.vectors[1]![i]!),
      );
      expect(field('gradient_norm').values[point]).toBeCloseTo(Math.hypot(...gradient), 12);
      for (const [name, wanted] of [
        ['lambda_max', 4],
        ['lambda_min', -3],
        ['lambda_ratio', 0.75],
      ] as const)
        expect(Math.abs(field(name).values[point]! - wanted)).toBeLessThanOrEqual(
          field(name).uncertainty![point]! + 1e-10,
        );
      expect(field('index').values[point]).toBe(2);
      expect(field('index').uncertainty![point]).toBe(0);
      expect(field('cosine').values[point]).toBeCloseTo(shareInPlane(gradient, slice.vectors), 10);
    }
    expect(stats.gradients).toBe(15);
    expect(stats.products).toBeGreaterThanOrEqual(15 * 5);
  });

  /** Length of the least-squares projection by the normal equations, over the length. */
  function shareInPlane(g: ArrayLike<number>, [d1, d2]: readonly Float64Array[]): number {
    const inner = (u: ArrayLike<number>, v: ArrayLike<number>) =>
      Array.from(u).reduce((sum, x, i) => sum + x * v[i]!, 0);
    const [a, b, c] = [inner(d1!, d1!), inner(d1!, d2!), inner(d2!, d2!)];
    const [p, q] = [inner(d1!, g), inner(d2!, g)];
    return Math.sqrt((c * p * p - 2 * b * p * q + a * q * q) / (a * c - b * b) / inner(g, g));
  }
});

describe('adaptive refinement', () => {
  /** Flat, but for a well that is narrow: most of the plane needs no points. */
  const well: Objective<Float64Array> = {
    ...quadraticObjective(Float64Array.of(1, 1)),
    losses: async (origin, directions, { rows, columns, data }) =>
      Float64Array.from({ length: rows }, (_, row) => {
        const [x = 0, y = 0] = Array.from(origin, (o, i) =>
          directions.reduce((sum, d, k) => sum + data[row * columns + k]! * d[i]!, o),
        );
        return 1 - Math.exp(-8 * (x * x + y * y));
      }),
  };
  const file = [Float64Array.of(1, 0), Float64Array.of(0, 1)];
  const asked = { plane: 'file', file: 'axes', grid: '65', extent: '2', adaptive: 0.01 };

  test('leaves out what is flat, says so, and what it leaves out is interpolated within the tolerance', async () => {
    const { value: slice, stats } = await runSlice(well, new Float64Array(2), asked, { rng, file });
    const [{ values, computed }] = slice.fields;
    expect(stats.losses).toBeLessThan(0.5 * 65 * 65);
    expect(slice.warnings.join(' ')).toMatch(/% of the points were left out/);
    const axes: Axes = slice.axes;
    const f = (point: number) => {
      const [x = 0, y = 0] = coordinatesOf(axes, point);
      return 1 - Math.exp(-8 * (x * x + y * y));
    };
    computed.forEach((one, point) => {
      if (one === 1) expect(values[point]).toBeCloseTo(f(point), 12);
      else expect(values[point]).toBeNaN();
    });
    // All points of the well itself are there.
    for (let i = 28; i <= 36; i++) expect(computed[32 * 65 + i]).toBe(1);
  });
});
