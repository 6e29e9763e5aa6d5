import { describe, expect, test } from 'vitest';
import { projectTrajectory } from '../../../../core/analyses/slices/projection.ts';
import { runSlice, type SliceProgress } from '../../../../core/analyses/slices/run.ts';
import type { Trajectory } from '../../../../core/analyses/trajectory.ts';
import { coordinatesOf, pointAt } from '../../../../core/fields/grid.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import { quadraticObjective } from '../../../../core/models/closed-form/quadratic.ts';
import type { Objective } from '../../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

/**
 * Faults that tools for loss landscapes were published with, one row each. Covered elsewhere: biases overwritten by the
 * weights, or collapsed to their size (directions/normalisation.test.ts, “the fault of the reference tool is not ours”,
 * “nor that of another”); directions of positive numbers only, and the pair that is called orthogonal with a cosine of
 * 0.99 (directions/random.test.ts); eigenvectors rescaled until they are none (directions/directions.test.ts); principal
 * directions about the mean (directions/trajectory-pca.test.ts, “are taken about the point”); transposed files
 * (electron/cli/slice.test.ts, core/formats); batch statistics that do not follow (electron/compute/slice-objective.test.ts);
 * random moves whose length grows with √n belong to searches of paths, of which there are none here.
 */
const rng = randomFromSeed(8);
const axesOfPlane = [Float64Array.of(1, 0), Float64Array.of(0, 1)];
const asked = { plane: 'file', file: 'axes', grid: '11', extent: '1' };

/** A loss of the plane alone, and how often it was asked for. */
function planeLoss(loss: (x: number, y: number) => number) {
  const inner = quadraticObjective(Float64Array.of(1, 1));
  const spent = { points: 0 };
  const objective: Objective<Float64Array> = {
    ...inner,
    evaluate: async (theta) => ({ ...(await inner.evaluate(theta)), loss: loss(theta[0]!, theta[1]!) }),
    losses: async (origin, directions, { rows, columns, data }) => {
      spent.points += rows;
      return Float64Array.from({ length: rows }, (_, row) => {
        const [x = 0, y = 0] = Array.from(origin, (o, i) =>
          directions.reduce((sum, d, k) => sum + data[row * columns + k]! * d[i]!, o),
        );
        return loss(x, y);
      });
    },
  };
  return { objective, spent };
}
const tilted = (x: number, y: number) => x + 10 * y + 100 * x * y;
const sliceOf = async (loss: (x: number, y: number) => number, parameters: object = {}) =>
  (
    await runSlice(
      planeLoss(loss).objective,
      new Float64Array(2),
      { ...asked, ...parameters },
      { rng, file: axesOfPlane },
    )
  ).value;

describe('where points are', () => {
  test('the point that is looked at is a point of the grid, and its value the loss there', async () => {
    const { axes, fields, center } = await sliceOf((x, y) => tilted(x, y) + 7);
    expect(coordinatesOf(axes, pointAt(axes, [5, 5]))).toEqual([0, 0]);
    expect(fields[0].values[pointAt(axes, [5, 5])]).toBe(7);
    expect(center.loss).toBe(7);
  });

  test('no row or column is shifted by one: every value belongs to its own coordinates', async () => {
    const { axes, fields } = await sliceOf(tilted, { grid: '6x9', extent: '-1:2x0:1' });
    fields[0].values.forEach((value, point) => {
      const [x, y] = coordinatesOf(axes, point);
      expect(value).toBeCloseTo(tilted(x!, y!), 12);
    });
  });

  test('bounds of 0, and those that are no round numbers, are bounds', async () => {
    const { axes } = await sliceOf(tilted, { grid: '7x5', extent: '0:1x-0.3:0' });
    expect(axes.map((axis) => [axis[0], axis.at(-1)])).toEqual([
      [0, 1],
      [-0.3, 0],
    ]);
  });

  test('points are multiples of the directions, not sums of steps: nothing drifts on the longest axis', async () => {
    const size = 2001;
    const { value } = await runSlice(
      planeLoss((x, y) => x + y).objective,
      new Float64Array(2),
      { line: 'file', file: 'axis', grid: String(size), extent: '1' },
      { rng, file: [Float64Array.of(1 / 3, 0)] },
    );
    value.fields[0].values.forEach((found, i) => {
      const exact = -1 + (2 * i) / (size - 1);
      expect(value.axes[0]![i]).toBe(exact);
      expect(found).toBe(exact * (1 / 3));
    });
    // The control: the same number of repeated additions is off by many roundings.
    let walked = -1 / 3;
    for (let i = 0; i < size - 1; i++) walked += 2 / (size - 1) / 3;
    expect(Math.abs(walked - 1 / 3)).toBeGreaterThan(1e-15);
  });

  test('a line does not answer for a plane: a grid of one axis is not gone on with as one of two', async () => {
    const line = await runSlice(
      planeLoss(tilted).objective,
      new Float64Array(2),
      { line: 'file', file: 'axis', grid: '11', extent: '1' },
      { rng, file: axesOfPlane },
    );
    const plane = await sliceOf(tilted);
    expect([line.value.axes.length, line.value.fields[0].values.length]).toEqual([1, 11]);
    expect([plane.axes.length, plane.fields[0].values.length]).toEqual([2, 121]);
    // Files and states of both have different names and problems: electron/compute/documents/slice-state.test.ts.
  });
});

describe('what values are', () => {
  test('a loss of exactly zero, a negative one, NaN and infinity are done: none is computed again', async () => {
    const strange = (x: number, y: number) =>
      x < -0.5 ? 0 : x < 0 ? -1 : y < 0 ? Number.NaN : y > 0.5 ? Number.POSITIVE_INFINITY : 1;
    const first = planeLoss(strange);
    let state: SliceProgress | undefined;
    const whole = await runSlice(first.objective, new Float64Array(2), asked, {
      rng,
      file: axesOfPlane,
      onState: (progress) => {
        state = progress;
      },
    });
    const second = planeLoss(strange);
    const again = await runSlice(second.objective, new Float64Array(2), asked, {
      rng,
      file: axesOfPlane,
      resume: state,
    });
    expect(first.spent.points).toBe(121);
    expect(second.spent.points).toBe(0);
    expect(again.value.fields).toEqual(whole.value.fields);
    const [{ values, computed }] = whole.value.fields;
    expect(computed.every((one) => one === 1)).toBe(true);
    for (const kind of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(values.some((one) => Object.is(one, kind))).toBe(true);
  });

  test('what is not a number is not replaced by a mean, and no noise is added to equal maxima', async () => {
    const plateau = (x: number) => (x > 0.7 ? Number.NaN : x > 0 ? 5 : 1);
    const [once, twice] = [await sliceOf(plateau), await sliceOf(plateau)];
    expect(once.fields[0].values).toEqual(twice.fields[0].values);
    expect(new Set(once.fields[0].values)).toEqual(new Set([1, 5, Number.NaN]));
  });

  test('an average over examples is one over examples, not over unequal batches', async () => {
    // Seven examples in batches of any size have one mean: that of each alone, summed and divided by seven.
    const { objective, alone, theta } = network();
    const { value } = await runSlice(objective, theta, { grid: '3' }, { rng });
    const single = await Promise.all(alone.map(async (one) => (await one.evaluate(theta)).loss));
    expect(value.center.loss).toBeCloseTo(single.reduce((sum, loss) => sum + loss, 0) / 7, 12);
  });
});

function network() {
  const model = mlpFromWidths([3, 4, 2], 'tanh');
  const inputs = Float32Array.from(rng.split('inputs').fill(new Float64Array(21), 'normal'));
  const labels = Int32Array.of(0, 1, 1, 0, 1, 0, 0);
  const dataOf = (from: number, to: number) => ({
    name: 'seven',
    source: 'drawn here',
    inputs: inputs.slice(3 * from, 3 * to),
    inputShape: [3],
    examples: to - from,
    targets: { kind: 'classes' as const, labels: labels.slice(from, to), classes: 2 },
  });
  const objectiveOf = (from: number, to: number) =>
    mlpObjective(model, { data: dataOf(from, to), loss: 'softmaxCrossEntropy' });
  const objective = objectiveOf(0, 7);
  const theta = rng.split('θ').fill(new Float64Array(objective.layout.dim), 'normal');
  return { objective, theta, alone: Array.from({ length: 7 }, (_, i) => objectiveOf(i, i + 1)) };
}

describe('the path', () => {
  const points = Array.from({ length: 6 }, (_, t) => rng.split(`p${t}`).fill(new Float64Array(9), 'normal'));
  const trajectory: Trajectory = { steps: points.map((_, t) => t), theta: async (i) => points[i]! };
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0);

  test('on directions that are not orthogonal is a least-squares projection; cosines alone would be wrong', async () => {
    const d1 = rng.split('d1').fill(new Float64Array(9), 'normal');
    const d2 = d1.map((x, i) => x + 0.3 * points[0]![i]!);
    const origin = new Float64Array(9);
    const { coordinates, distance } = await projectTrajectory(trajectory, origin, [d1, d2]);
    points.forEach((point, t) => {
      const [a, b] = [coordinates[0]![t]!, coordinates[1]![t]!];
      const rest = point.map((x, i) => x - a * d1[i]! - b * d2[i]!);
      expect(dot(rest, d1)).toBeCloseTo(0, 9);
      expect(dot(rest, d2)).toBeCloseTo(0, 9);
      expect(distance[t]).toBeCloseTo(Math.sqrt(dot(rest, rest)), 9);
      const byCosine = dot(point, d1) / dot(d1, d1);
      expect(Math.abs(byCosine - a)).toBeGreaterThan(0.01);
    });
  });

  test('is drawn about the same point that the principal directions are taken about', async () => {
    const last = points[5]!;
    const far: Trajectory = {
      steps: [0, 1, 2],
      theta: async (i) => last.map((x, k) => x + (i === 2 ? 0 : 50 + points[i]![k]!)),
    };
    const { value } = await runSlice(
      quadraticObjective(new Float64Array(9).fill(1)),
      last,
      { plane: 'pca', grid: '3' },
      { rng, trajectory: far },
    );
    expect(value.trajectory!.coordinates.map((axis) => axis[2])).toEqual([0, 0]);
    expect(Math.max(...value.trajectory!.distance)).toBeLessThan(1e-10);
  });
});

describe('what is left behind', () => {
  test('the weights that were given are as they were, whatever was asked and even where it fails', async () => {
    const { objective, theta } = network();
    const before = theta.slice();
    await runSlice(objective, theta, { grid: '5', quantity: 'error,gradient_norm,lambda_max,index' }, { rng });
    await runSlice(objective, theta, { plane: 'eigen', grid: '3' }, { rng });
    await runSlice(objective, theta, { plane: 'file', grid: '3' }, { rng }).catch(() => {});
    expect(theta).toEqual(before);
    const loss = (await objective.evaluate(before)).loss;
    expect((await objective.evaluate(theta)).loss).toBe(loss);
  });

  test('no copy of the weights a point: a grid of 121 points of a million parameters fits in the room of a few', async () => {
    const dim = 1_000_000;
    const curvatures = new Float64Array(dim).fill(1);
    const objective = quadraticObjective(curvatures);
    const theta = rng.split('large').fill(new Float64Array(dim), 'normal');
    const resident: number[] = [];
    const before = process.memoryUsage().rss;
    const { value } = await runSlice(
      objective,
      theta,
      { grid: '11', normalization: 'none', biases: 'keep' },
      { rng, onGrid: () => void resident.push(process.memoryUsage().rss) },
    );
    expect(value.fields[0].computed.every((one) => one === 1)).toBe(true);
    // All points at once would be 121 × 8 MB = 970 MB; directions, origin and what is being computed are some 60 MB.
    expect(Math.max(...resident) - before).toBeLessThan(500e6);
  });
});
