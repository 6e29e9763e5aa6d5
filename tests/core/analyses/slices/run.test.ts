import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactLosses } from '../../../../core/analyses/slices/exact.ts';
import { coarseToFine, evenlySpaced } from '../../../../core/analyses/slices/grid-order.ts';
import { runSlice } from '../../../../core/analyses/slices/run.ts';
import { fillLosses, lossFields } from '../../../../core/analyses/slices/slice-grid.ts';
import type { Trajectory } from '../../../../core/analyses/trajectory.ts';
import { BadInput } from '../../../../core/bad-input.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { quadraticObjective } from '../../../../core/models/closed-form/quadratic.ts';
import type { Objective } from '../../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { deviationFromPeer } from '../../../support/peer-slice.ts';
import { peerNetwork, peersFolder } from '../../../support/peers.ts';

const rng = randomFromSeed(11);
const nothingElse = { errors: false, classLosses: false, standardErrors: false };
/** ½ Σ i θ_i² : its Hessian's eigenvalues are 1…n, its eigenvectors the axes. */
const bowl = (n: number) => quadraticObjective(Float64Array.from({ length: n }, (_, i) => i + 1));
const value = (theta: ArrayLike<number>) => Array.from(theta).reduce((sum, x, i) => sum + 0.5 * (i + 1) * x * x, 0);

describe('a slice of a quadratic', () => {
  test('equals its formula in every cell', async () => {
    const objective = bowl(30);
    const theta = rng.split('θ').fill(new Float64Array(30), 'normal');
    const {
      value: slice,
      status,
      stats,
    } = await runSlice(objective, theta, { grid: '9', normalization: 'none', biases: 'keep' }, { rng });
    expect(status).toBe('converged');
    expect(stats.losses).toBe(82);
    const [alpha, beta] = slice.axes;
    for (let row = 0; row < 9; row++)
      for (let column = 0; column < 9; column++) {
        const point = theta.map(
          (x, i) => x + alpha![column]! * slice.vectors[0]![i]! + beta![row]! * slice.vectors[1]![i]!,
        );
        const wanted = value(point);
        expect(Math.abs(slice.fields[0].values[row * 9 + column]! - wanted)).toBeLessThan(1e-12 * Math.abs(wanted));
      }
    expect(slice.fields[0].computed.every((one) => one === 1)).toBe(true);
  });

  test('along its eigenvectors has axis-parallel ellipses whose half-widths follow the eigenvalues', async () => {
    const objective = bowl(12);
    const theta = new Float64Array(12).fill(0.1);
    const { value: slice, status } = await runSlice(objective, theta, { plane: 'eigen', grid: '5' }, { rng });
    expect(status).toBe('converged');
    expect(slice.directions[0]!.eigenvalue).toBeCloseTo(12, 3);
    expect(slice.directions[1]!.eigenvalue).toBeCloseTo(11, 3);
    expect(Math.abs(slice.cosines[0]!)).toBeLessThan(1e-10);
    expect(slice.axes[0]![4]).toBeCloseTo(Math.sqrt((8 * value(theta)) / 12), 4);
  });

  test('finds the plane of a trajectory that lies in a plane, with nothing outside it', async () => {
    const objective = bowl(20);
    const [u, v] = ['u', 'v'].map((name) => rng.split(name).fill(new Float64Array(20), 'normal'));
    const points = Array.from({ length: 40 }, (_, t) =>
      u!.map((x, i) => x * Math.cos(t / 6) * 0.9 ** t + v![i]! * Math.sin(t / 6) * 0.9 ** t),
    );
    const trajectory: Trajectory = { steps: points.map((_, t) => 10 * t), theta: async (i) => points[i]! };
    const { value: slice } = await runSlice(objective, points[39]!, { plane: 'pca', grid: '3' }, { rng, trajectory });
    const path = slice.trajectory!;
    expect(Math.max(...path.distance)).toBeLessThan(1e-12);
    expect(slice.directions[0]!.explained! + slice.directions[1]!.explained!).toBeCloseTo(1, 12);
    expect(slice.warnings).toEqual([]);
    path.steps.forEach((_, i) => {
      expect(path.trueLoss[i]).toBeCloseTo(value(points[i]!), 12);
      expect(path.projectedLoss[i]).toBeCloseTo(path.trueLoss[i]!, 10);
    });
    // An isometry: distances on the plane are distances in parameter space.
    const onPlane = Math.hypot(...path.coordinates.map((axis) => axis[0]! - axis[5]!));
    expect(onPlane).toBeCloseTo(Math.hypot(...points[0]!.map((x, i) => x - points[5]![i]!)), 12);
  });

  test('warns when most of the path lies outside the plane', async () => {
    const points = Array.from({ length: 5 }, (_, t) => rng.split(`p${t}`).fill(new Float64Array(200), 'normal'));
    const trajectory: Trajectory = { steps: [0, 1, 2, 3, 4], theta: async (i) => points[i]! };
    const { value: slice } = await runSlice(
      bowl(200),
      points[4]!,
      { grid: '2', normalization: 'none', biases: 'keep' },
      { rng, trajectory },
    );
    expect(slice.warnings[0]).toMatch(/\d+ % of the squared displacement of the path lies outside this plane/);
    slice.trajectory!.steps.forEach((_, i) => {
      const [a, b] = slice.trajectory!.coordinates.map((axis) => axis[i]!) as [number, number];
      const rest = points[i]!.map((x, j) => x - points[4]![j]! - a * slice.vectors[0]![j]! - b * slice.vectors[1]![j]!);
      expect(slice.trajectory!.distance[i]).toBeCloseTo(Math.hypot(...rest), 10);
      // The residual of a least-squares projection is orthogonal to both directions.
      for (const d of slice.vectors) expect(rest.reduce((sum, x, j) => sum + x * d[j]!, 0)).toBeCloseTo(0, 8);
    });
  });
});

describe('missing and impossible cells', () => {
  test('NaN and infinity are kept as data', async () => {
    const inner = bowl(4);
    const broken: Objective<Float64Array> = {
      ...inner,
      losses: async (origin, directions, coefficients) => {
        const losses = await inner.losses(origin, directions, coefficients);
        return losses.map((loss, i) =>
          coefficients.data[2 * i]! > 0.4
            ? Number.NaN
            : coefficients.data[2 * i]! < -0.4
              ? Number.POSITIVE_INFINITY
              : loss,
        );
      },
    };
    const axis = evenlySpaced(-1, 1, 5);
    const work = { axes: [axis, axis], fields: lossFields([axis, axis], nothingElse) };
    await fillLosses(
      broken,
      new Float64Array(4),
      [Float64Array.of(1, 0, 0, 0), Float64Array.of(0, 1, 0, 0)],
      work,
      nothingElse,
    );
    const [grid] = work.fields;
    expect(Array.from(grid!.values.slice(0, 5))).toEqual([
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      1,
      Number.NaN,
      Number.NaN,
    ]);
    expect(grid!.computed.every((one) => one === 1)).toBe(true);
  });

  test('cancelling leaves a mask of what was computed, coarse cells first', async () => {
    const signal = { aborted: false };
    const { value: slice, status } = await runSlice(
      bowl(6),
      new Float64Array(6).fill(1),
      { grid: '40', normalization: 'none', biases: 'keep' },
      {
        rng,
        signal,
        onGrid: () => {
          signal.aborted = true;
        },
      },
    );
    expect(status).toBe('cancelled');
    const [{ values, computed }] = slice.fields;
    expect(computed.reduce((sum, one) => sum + one, 0)).toBe(25);
    computed.forEach((one, cell) => {
      expect(Number.isNaN(values[cell]!)).toBe(one === 0);
    });
    expect(computed[0]).toBe(1);
    expect(computed[8 * 40 + 24]).toBe(1);
  });

  test('cancelling while the eigenvectors are sought is a result without cells, not an error', async () => {
    for (const products of [0, 1, 5]) {
      const signal = { aborted: products === 0 };
      const { value: slice, status } = await runSlice(
        bowl(200),
        new Float64Array(200).fill(1),
        { plane: 'eigen', grid: '5' },
        {
          rng,
          signal,
          onProgress: ({ done }) => {
            if (done >= products) signal.aborted = true;
          },
        },
      );
      expect(status).toBe('cancelled');
      expect(slice.fields[0].computed.every((one) => one === 0)).toBe(true);
    }
  });

  test('a curvature that is not a number is a status', async () => {
    const inner = bowl(20);
    const broken: Objective<Float64Array> = {
      ...inner,
      linearize: async (theta) => ({
        ...(await inner.linearize(theta)),
        hessianProduct: async () => new Float64Array(20).fill(Number.NaN),
      }),
    };
    const theta = new Float64Array(20).fill(1);
    const { value: slice, status, stats } = await runSlice(broken, theta, { plane: 'eigen', grid: '5' }, { rng });
    expect(status).toBe('notFinite');
    expect(slice.fields[0].computed.every((one) => one === 0)).toBe(true);
    expect(stats.losses).toBe(1);
  });

  test('cancelled work evaluates nothing on the path', async () => {
    const points = Array.from({ length: 30 }, (_, t) => new Float64Array(6).map((_, i) => Math.cos(t * (i + 1))));
    const inner = bowl(6);
    const spent = { losses: 0 };
    const counted: Objective<Float64Array> = {
      ...inner,
      evaluate: (...ask) => {
        spent.losses++;
        return inner.evaluate(...ask);
      },
      losses: (origin, directions, coefficients) => {
        spent.losses += coefficients.rows;
        return inner.losses(origin, directions, coefficients);
      },
    };
    const trajectory: Trajectory = { steps: points.map((_, t) => t), theta: async (i) => points[i]! };
    const run = (cells: number) => {
      const signal = { aborted: cells === 0 };
      spent.losses = 0;
      return runSlice(
        counted,
        points[29]!,
        { plane: 'pca', grid: '3' },
        {
          rng,
          trajectory,
          signal,
          onProgress: ({ stage, done }) => {
            if (stage === 'path' && done >= cells) signal.aborted = true;
          },
        },
      );
    };
    const none = await run(0);
    expect(none.status).toBe('cancelled');
    expect(none.stats.losses).toBe(spent.losses);
    expect(spent.losses).toBe(1);
    const some = await run(1);
    expect(some.stats.losses).toBe(spent.losses);
    expect(spent.losses).toBe(1 + 9 + 2 * 16);
    expect(Array.from(some.value.trajectory!.trueLoss, Number.isNaN)).toEqual(points.map((_, t) => t >= 16));
  });

  test('every cell comes exactly once, whatever the shape', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 22 }), { minLength: 1, maxLength: 3 }), (sizes) => {
        const order = Array.from(coarseToFine(sizes.map((size) => new Float64Array(size)))).sort((a, b) => a - b);
        const count = sizes.reduce((product, size) => product * size, 1);
        expect(order).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
    );
  });

  test('a plane that does not exist is bad input', async () => {
    const still: Trajectory = { steps: [0, 1, 2], theta: async () => new Float64Array(3) };
    await expect(runSlice(bowl(3), new Float64Array(3), { plane: 'pca' }, { rng, trajectory: still })).rejects.toThrow(
      BadInput,
    );
    await expect(runSlice(bowl(3), new Float64Array(3), { plane: 'pca' }, { rng })).rejects.toThrow(BadInput);
    await expect(runSlice(bowl(3), new Float64Array(3), { plane: 'random' }, { rng })).rejects.toThrow(
      /weights it is scaled to are zero/,
    );
    await expect(
      runSlice(bowl(1), Float64Array.of(2), { normalization: 'none', biases: 'keep' }, { rng }),
    ).rejects.toThrow(/parallel/);
    await expect(runSlice(bowl(3), new Float64Array(3), { grid: '1' }, { rng })).rejects.toThrow(BadInput);
  });
});

describe('a slice of a network', () => {
  test('equals its slow twin, cell by cell', async () => {
    const {
      model,
      data,
      theta,
      fromPytorch: _,
    } = peerNetwork(peersFolder, [64, 16, 10], 'digits-8x8-1000.npz', 'mlp-64-16-10.safetensors');
    const objective = mlpObjective(model, { data, loss: 'softmaxCrossEntropy' });
    const { value: slice } = await runSlice(objective, theta, { grid: '7' }, { rng });
    const exact = await exactLosses(objective, theta, slice.vectors, slice.axes);
    slice.fields[0].values.forEach((loss, cell) => {
      expect(Math.abs(loss / exact.values[cell]! - 1)).toBeLessThan(1e-12);
    });
    expect(slice.fields[0].values[24]).toBeCloseTo(0.6560336851205619, 12);
  });

  test('equals the 51×51 slice of an independent program at every fifth place; the long suite has all', async () => {
    expect(await deviationFromPeer(5)).toBeLessThan(1e-12);
  });
});
