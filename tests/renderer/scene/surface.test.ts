import { describe, expect, it } from 'vitest';
import { contourLines, drawContours, drawnSegments } from '../../../renderer/scene/contour-lines.ts';
import { heightScale } from '../../../renderer/scene/height-scale.ts';
import { alphaAt, betaAt, sceneBox, xOf, yOf, zOf } from '../../../renderer/scene/scene-box.ts';
import { computedShare, knownSquares, lossBetween } from '../../../renderer/scene/slice-grid.ts';
import type { SurfaceArrays } from '../../../renderer/scene/surface-arrays.ts';
import { sampled, surfaceOf } from './shapes.ts';

const paraboloid = (a: number, b: number) => a * a + b * b;

describe('surface of a paraboloid', () => {
  const { surface, box } = surfaceOf(sampled(paraboloid, 41, 41));

  it('has each vertex at the height of its loss', () => {
    for (let i = 0; i < surface.positions.length; i += 3) {
      const [alpha, beta] = [alphaAt(box, surface.positions[i]!), betaAt(box, surface.positions[i + 2]!)];
      expect(surface.positions[i + 1]).toBeCloseTo(yOf(box, paraboloid(alpha, beta)), 6);
    }
  });

  it('has the normals of its gradient, to the square of the spacing', () => {
    const k = (yOf(box, 2) - yOf(box, 0)) / 2;
    let worst = 0;
    for (let row = 1; row < 40; row++)
      for (let column = 1; column < 40; column++) {
        const i = 3 * (row * 41 + column);
        const [x, z] = [surface.positions[i]!, surface.positions[i + 2]!];
        // y = k (x² + z²): the sides of the box are two units, as those of the plane.
        const exact = [-2 * k * x, 1, -2 * k * z];
        const length = Math.hypot(...exact);
        const cosine = exact.reduce((sum, e, axis) => sum + (e / length) * surface.normals[i + axis]!, 0);
        worst = Math.max(worst, Math.acos(Math.min(1, cosine)));
      }
    expect(worst).toBeLessThan(0.02);
  });

  it('colours the lowest point with the first and the highest with the last colour', () => {
    expect(surface.colourCoordinates[2 * (20 * 41 + 20)]).toBe(0);
    expect(surface.colourCoordinates[0]).toBe(1);
  });

  it('faces upwards: every triangle is wound counter-clockwise from above', () => {
    for (let i = 0; i < surface.indexLength; i += 3) {
      const [a, b, c] = [0, 1, 2].map((k) => {
        const at = 3 * surface.index[i + k]!;
        return [surface.positions[at]!, surface.positions[at + 2]!] as const;
      }) as [readonly [number, number], readonly [number, number], readonly [number, number]];
      const up = (b[1] - a[1]) * (c[0] - a[0]) - (b[0] - a[0]) * (c[1] - a[1]);
      expect(up).toBeGreaterThan(0);
    }
  });
});

describe('triangles', () => {
  it('are two a square', () => {
    expect(surfaceOf(sampled(paraboloid, 13, 9)).surface.triangles).toBe(2 * 12 * 8);
  });

  it('leave out the four squares around a point without a finite loss', () => {
    for (const broken of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const grid = sampled((a, b) => (a === 0 && b === 0 ? broken : paraboloid(a, b)), 9, 9);
      expect(surfaceOf(grid).surface.triangles / 2).toBe(64 - 4);
    }
  });

  it('are there for every complete grid size, whatever its powers of two', () => {
    for (const [columns, rows] of [
      [2, 2],
      [3, 7],
      [10, 51],
      [49, 49],
      [64, 33],
    ] as const)
      expect(knownSquares(sampled(paraboloid, columns, rows)).length).toBe((columns - 1) * (rows - 1));
  });

  it('are none for a grid of one row', () => {
    expect(knownSquares(sampled(() => 1, 5, 1))).toEqual([]);
  });
});

describe('a grid that is computed from coarse to fine', () => {
  const every = (stride: number) => (row: number, column: number) => row % stride === 0 && column % stride === 0;

  it('is drawn in squares of its stride', () => {
    const squares = knownSquares(sampled(paraboloid, 17, 17, every(4)));
    expect(squares.length).toBe(16);
    expect(new Set(squares.map(({ stride }) => stride))).toEqual(new Set([4]));
  });

  it('has fine squares where the fine points have come, and covers the same area', () => {
    const half = (row: number, column: number) => every(4)(row, column) || (row <= 8 && every(2)(row, column));
    const squares = knownSquares(sampled(paraboloid, 17, 17, half));
    expect(squares.filter(({ stride }) => stride === 2).length).toBe(32);
    expect(squares.filter(({ stride }) => stride === 4).length).toBe(8);
    expect(squares.reduce((sum, { stride }) => sum + stride * stride, 0)).toBe(256);
  });

  it('has no gap between coarse and fine squares: every inner edge belongs to two triangles', () => {
    const mixed = (row: number, column: number) =>
      every(8)(row, column) || (row <= 8 && every(2)(row, column)) || (row <= 4 && column <= 4) || row + column === 20;
    const { surface } = surfaceOf(sampled(paraboloid, 17, 17, mixed));
    const edges = new Map<string, number>();
    let area = 0;
    for (let i = 0; i < surface.indexLength; i += 3) {
      const corners = [...surface.index.subarray(i, i + 3)] as [number, number, number];
      if (corners[0] === corners[1]) continue;
      const [a, b, c] = corners.map((point) => [point % 17, Math.floor(point / 17)] as const) as [
        readonly [number, number],
        readonly [number, number],
        readonly [number, number],
      ];
      const twice = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
      expect(twice).toBeGreaterThan(0);
      area += twice / 2;
      corners.forEach((from, k) => {
        const ends = [from, corners[(k + 1) % 3]!].sort((x, y) => x - y).join();
        edges.set(ends, (edges.get(ends) ?? 0) + 1);
      });
    }
    expect(area).toBe(256);
    for (const [ends, count] of edges) {
      const [from, to] = ends.split(',').map((point) => [Number(point) % 17, Math.floor(Number(point) / 17)]);
      const isOuter = [0, 1].some((axis) => from![axis] === to![axis] && from![axis]! % 16 === 0);
      expect(count).toBe(isOuter ? 1 : 2);
    }
  });

  it('keeps coarse squares until all of their points are there', () => {
    const missingOne = (row: number, column: number) => every(2)(row, column) && !(row === 2 && column === 2);
    const squares = knownSquares(sampled(paraboloid, 5, 5, missingOne));
    expect(squares).toEqual([{ row: 0, column: 0, stride: 4 }]);
  });

  it('says what share is computed', () => {
    expect(computedShare(sampled(paraboloid, 17, 17, every(4)))).toBeCloseTo(25 / 289, 12);
  });
});

describe('the loss between points', () => {
  const bilinear = (a: number, b: number) => 0.3 + 2 * a - 0.7 * b + 1.9 * a * b;
  it('is exact for a + bα + cβ + dαβ, on fine and on coarse grids', () => {
    for (const isComputed of [() => true, (row: number, column: number) => row % 4 === 0 && column % 4 === 0]) {
      const grid = sampled(bilinear, 17, 13, isComputed);
      const squares = knownSquares(grid);
      for (const [a, b] of [
        [0.123, -0.77],
        [-1, 1],
        [0.99, 0.01],
        [0.5, 0.5],
      ] as const)
        expect(lossBetween(grid, squares, a, b)).toBeCloseTo(bilinear(a, b), 12);
    }
  });

  it('is not a number outside and in holes', () => {
    const grid = sampled((a, b) => (a === 0 && b === 0 ? Number.NaN : 1), 9, 9);
    const squares = knownSquares(grid);
    expect(lossBetween(grid, squares, 0.1, 0.1)).toBeNaN();
    expect(lossBetween(grid, squares, 1.01, 0)).toBeNaN();
    expect(lossBetween(grid, squares, 0.6, 0.6)).toBe(1);
  });
});

function levelSegments(surface: SurfaceArrays, levels: readonly number[]): number[] {
  const lines = contourLines(surface.columns, surface.rows);
  drawContours(lines, surface, levels, null);
  return drawnSegments(lines);
}

describe('level lines', () => {
  const radii = (n: number, level: number) => {
    const { surface, box } = surfaceOf(sampled(paraboloid, n, n));
    const points = levelSegments(surface, [yOf(box, level)]);
    return Array.from({ length: points.length / 3 }, (_, i) =>
      Math.hypot(alphaAt(box, points[3 * i]!), betaAt(box, points[3 * i + 2]!)),
    );
  };

  it('of a paraboloid are circles, to the square of the spacing', () => {
    const error = (n: number) => Math.max(...radii(n, 0.5).map((r) => Math.abs(r - Math.SQRT1_2)));
    expect(error(21)).toBeLessThan(0.005);
    expect(error(21) / error(41)).toBeGreaterThan(3);
  });

  it('come in whole segments at their own height', () => {
    const { surface, box } = surfaceOf(sampled(paraboloid, 21, 21));
    const levels = [0.25, 0.5, 1].map((level) => yOf(box, level));
    const points = levelSegments(surface, levels);
    expect(points.length % 6).toBe(0);
    expect(new Set(points.filter((_, i) => i % 3 === 1))).toEqual(new Set(levels.map(Math.fround)));
  });

  it('of a saddle αβ at its own height are its two axes, to the square of the spacing', () => {
    const { surface, box } = surfaceOf(sampled((a, b) => a * b, 20, 20));
    const points = levelSegments(surface, [yOf(box, 0)]);
    expect(points.length).toBeGreaterThan(0);
    // A triangle misses αβ by at most a quarter of the squared spacing.
    for (let i = 0; i < points.length; i += 3)
      expect(Math.abs(alphaAt(box, points[i]!) * betaAt(box, points[i + 2]!))).toBeLessThan((2 / 19) ** 2 / 4 + 1e-6);
  });

  it('end at holes', () => {
    const whole = radii(41, 0.5).length;
    const { surface, box } = surfaceOf(sampled((a, b) => (a > 0.5 ? Number.NaN : paraboloid(a, b)), 41, 41));
    const points = levelSegments(surface, [yOf(box, 0.5)]);
    expect(points.length / 3).toBeLessThan(whole);
    for (let i = 0; i < points.length; i += 3) expect(alphaAt(box, points[i]!)).toBeLessThan(0.5 + 1e-6);
  });
});

describe('the scale of heights', () => {
  const grid = { loss: [0.1, 1, 10, Number.NaN], computed: [1, 1, 1, 1] };
  it('is the logarithm of positive losses, and reaches to a path above them', () => {
    expect(heightScale(grid, [100], 'log')).toEqual({ logarithmic: true, low: -1, high: 1, bottom: -1, top: 2 });
  });
  it('is linear where a loss is not positive, whatever was wanted', () => {
    expect(heightScale({ loss: [-1, 3], computed: [1, 1] }, [], 'log')?.logarithmic).toBe(false);
    expect(heightScale(grid, [0], 'log')?.logarithmic).toBe(false);
  });
  it('leaves out what is not computed or not finite; is null without anything', () => {
    expect(heightScale({ loss: [1, 2, 9], computed: [1, 1, 0] }, [Number.NaN], 'linear')?.top).toBe(2);
    expect(heightScale({ loss: [Number.NaN], computed: [1] }, [], 'log')).toBeNull();
  });
  it('gives a constant loss a height', () => {
    const scale = heightScale({ loss: [2, 2], computed: [1, 1] }, [], 'linear')!;
    expect([scale.low, scale.high]).toEqual([1.5, 2.5]);
  });
});

describe('the box', () => {
  const scale = { logarithmic: false, low: 0, high: 1, bottom: 0, top: 1 };
  it('has sides in proportion to lengths in parameter space, within bounds', () => {
    const box = sceneBox([0, 4], [0, 1], [1, 3], scale, false);
    expect(box.depth / box.width).toBeCloseTo(0.75, 12);
    const narrow = sceneBox([0, 100], [0, 1], [1, 1], scale, false);
    expect(narrow.depth / narrow.width).toBeCloseTo(0.55, 12);
    expect(Math.max(narrow.width, narrow.depth)).toBe(2);
  });
  it('takes α and β there and back', () => {
    const box = sceneBox([-3, 5], [2, 9], [1, 1], scale, false);
    expect(alphaAt(box, xOf(box, 1.7))).toBeCloseTo(1.7, 12);
    expect(betaAt(box, zOf(box, 2.9))).toBeCloseTo(2.9, 12);
  });
});
