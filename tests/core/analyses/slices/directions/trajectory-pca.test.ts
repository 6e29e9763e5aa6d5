import { describe, expect, test } from 'vitest';
import { principalDirections, trajectoryPca } from '../../../../../core/analyses/slices/directions/trajectory-pca.ts';
import type { Trajectory } from '../../../../../core/analyses/trajectory.ts';
import { BadInput } from '../../../../../core/bad-input.ts';
import { denseMatrix, symmetricEigen } from '../../../../../core/linalg/dense/dense-symmetric.ts';
import { hostFloat64Space } from '../../../../../core/linalg/spaces/float64-space.ts';
import { randomFromSeed } from '../../../../../core/random/philox.ts';

const rng = randomFromSeed(5);
const pathOf = (points: readonly Float64Array[]): Trajectory => ({
  steps: points.map((_, i) => i),
  theta: async (i) => points[i]!,
});
const inner = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

test('principal directions equal the eigenvectors of the dense second-moment matrix', async () => {
  const [n, dim] = [70, 12];
  const points = Array.from({ length: n }, (_, t) =>
    rng
      .split(`${t}`)
      .fill(new Float64Array(dim), 'normal')
      .map((x, i) => x * (i + 1)),
  );
  const origin = points[n - 1]!;
  const { directions, explained } = (await trajectoryPca(pathOf(points), origin, 3))!;
  const displacements = points.map((point) => point.map((x, i) => x - origin[i]!));
  const space = hostFloat64Space(dim);
  const moment = {
    space,
    symmetric: true,
    positiveSemidefinite: true,
    apply: async (v: Float64Array) => {
      const out = space.zeros();
      for (const d of displacements) {
        const along = d.reduce((sum, x, i) => sum + x * v[i]!, 0);
        d.forEach((x, i) => {
          out[i]! += along * x;
        });
      }
      return out;
    },
  };
  const { value } = await denseMatrix(moment);
  const { eigenvalues, eigenvectors } = symmetricEigen(value.matrix);
  const total = eigenvalues.reduce((sum, x) => sum + x, 0);
  directions.forEach((direction, k) => {
    const column = dim - 1 - k;
    const overlap = direction.reduce((sum, x, i) => sum + x * eigenvectors.data[i * dim + column]!, 0);
    expect(Math.abs(overlap)).toBeCloseTo(1, 10);
    expect(explained[k]).toBeCloseTo(eigenvalues[column]! / total, 12);
  });
});

describe('principal directions of a trajectory', () => {
  const dim = 40;
  const drawn = (name: string) => rng.split(name).fill(new Float64Array(dim), 'normal');

  test('are taken about the point, not about the mean: the point itself is at zero and a far cloud is one direction', async () => {
    // A tight cloud far from the origin: about its mean it has no preferred direction, about the origin it has one.
    const far = drawn('far').map((x) => 100 * x);
    const points = Array.from({ length: 12 }, (_, i) => drawn(`p${i}`).map((x, j) => x + far[j]!));
    const { directions, explained } = (await trajectoryPca(pathOf(points), new Float64Array(dim), 2))!;
    expect(explained[0]).toBeGreaterThan(0.99);
    expect(Math.abs(inner(directions[0]!, far)) / Math.sqrt(inner(far, far))).toBeGreaterThan(0.999);
  });

  test('stay orthonormal where the second carries 4e-12 of the first', async () => {
    const [u, v] = [drawn('u'), drawn('v')];
    const points = Array.from({ length: 60 }, (_, t) => u.map((x, i) => x * t + 1e-4 * v[i]! * Math.cos(t)));
    const { directions } = (await trajectoryPca(pathOf(points), new Float64Array(dim), 2))!;
    expect(directions.length).toBe(2);
    expect(Math.abs(inner(directions[0]!, directions[1]!))).toBeLessThan(1e-15);
    for (const direction of directions) expect(inner(direction, direction)).toBeCloseTo(1, 14);
  });

  test('read points again rather than keep them: the reads are those of pairs of blocks of 24', async () => {
    const length = 200;
    let reads = 0;
    // One buffer for all points: whoever kept it would find the last point everywhere.
    const buffer = new Float64Array(dim);
    const trajectory: Trajectory = {
      steps: Array.from({ length }, (_, i) => i),
      async theta(i) {
        reads++;
        buffer.set(drawn(`t${i}`));
        return buffer;
      },
    };
    const { explained } = (await trajectoryPca(trajectory, new Float64Array(dim), 2))!;
    let wanted = length;
    for (let first = 0; first < length; first += 24) wanted += length - first;
    expect(reads).toBe(wanted);
    const kept = Array.from({ length }, (_, i) => drawn(`t${i}`));
    const twin = (await trajectoryPca(pathOf(kept), new Float64Array(dim), 2))!;
    expect(explained).toEqual(twin.explained);
  });

  test('a straight path spans a line and no plane, however many checkpoints it has, also in float32', async () => {
    const u = drawn('u');
    for (const round of [(x: number) => x, Math.fround]) {
      const points = Array.from({ length: 90 }, (_, t) => u.map((x) => round(x * (t / 90) ** 2)));
      const run = pathOf(points);
      const line = await principalDirections(run, new Float64Array(dim), 1, {});
      expect(line.directions[0]!.about.explained).toBeCloseTo(1, 12);
      await expect(principalDirections(run, new Float64Array(dim), 2, {})).rejects.toThrow(/spans no plane.*three/);
    }
    await expect(principalDirections(undefined, u, 2, {})).rejects.toThrow(BadInput);
    await expect(principalDirections(pathOf([u]), u, 1, {})).rejects.toThrow(/spans no line/);
  });

  test('checkpoints that are not finite are left out, and said to be', async () => {
    const points = Array.from({ length: 6 }, (_, i) => drawn(`q${i}`));
    const broken = [...points, drawn('nan').fill(Number.NaN), drawn('inf').fill(Number.POSITIVE_INFINITY)];
    const { directions, warnings } = await principalDirections(pathOf(broken), points[0]!, 2, {});
    const wanted = await principalDirections(pathOf(points), points[0]!, 2, {});
    directions.forEach(({ vector, about }, k) => {
      expect(Math.abs(inner(vector!, wanted.directions[k]!.vector!))).toBeCloseTo(1, 10);
      expect(about.explained).toBeCloseTo(wanted.directions[k]!.about.explained!, 12);
    });
    expect(warnings).toEqual(['2 checkpoints are not finite and left out of the principal directions.']);
  });

  test('cancelled between blocks it has no vectors', async () => {
    const signal = { aborted: false };
    const trajectory: Trajectory = {
      steps: Array.from({ length: 60 }, (_, i) => i),
      async theta(i) {
        if (i === 30) signal.aborted = true;
        return drawn(`t${i}`);
      },
    };
    const { directions } = await principalDirections(trajectory, new Float64Array(dim), 2, { signal });
    expect(directions.map(({ vector }) => vector)).toEqual([null, null]);
  });
});
