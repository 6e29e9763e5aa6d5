import { describe, expect, it } from 'vitest';
import { contourLines, evenLevels } from '../../../core/figures/contours.ts';

const axis = (n: number, reach = 2) => Float64Array.from({ length: n }, (_, i) => -reach + (2 * reach * i) / (n - 1));

function sampled(n: number, f: (x: number, y: number) => number) {
  const [x, y] = [axis(n), axis(n)];
  const values = new Float64Array(n * n);
  for (let r = 0; r < n; r++) for (let c = 0; c < n; c++) values[r * n + c] = f(x[c]!, y[r]!);
  return { x, y, values };
}

const radiusError = (n: number) => {
  const [circle] = contourLines(
    sampled(n, (x, y) => x * x + y * y),
    [1],
  );
  return Math.max(...circle!.x.map((x, i) => Math.abs(Math.hypot(x, circle!.y[i]!) - 1)));
};

describe('contour lines', () => {
  it('are closed circles of the right radius, with an error of second order in the spacing', () => {
    const lines = contourLines(
      sampled(41, (x, y) => x * x + y * y),
      [0.25, 1, 2.25],
    );
    expect(lines.map(({ closed, level }) => [closed, level])).toEqual([
      [true, 0.25],
      [true, 1],
      [true, 2.25],
    ]);
    for (const { x, y } of lines) expect([x.at(-1), y.at(-1)]).toEqual([x[0], y[0]]);
    // Linear interpolation of x² between nodes is off by at most h²/4, of the radius 1 by half as much.
    expect(radiusError(41)).toBeLessThan(0.1 ** 2 / 8 + 1e-12);
    expect(radiusError(41) / radiusError(161)).toBeGreaterThan(10);
  });

  it('have the length of the circle', () => {
    const [circle] = contourLines(
      sampled(81, (x, y) => x * x + y * y),
      [1],
    );
    const length = circle!.x
      .slice(1)
      .reduce((sum, x, i) => sum + Math.hypot(x - circle!.x[i]!, circle!.y[i + 1]! - circle!.y[i]!), 0);
    expect(Math.abs(length / (2 * Math.PI) - 1)).toBeLessThan(2e-3);
  });

  it('are the two branches of a hyperbola around a saddle, on either side of its level', () => {
    for (const level of [0.3, -0.3]) {
      const lines = contourLines(
        sampled(40, (x, y) => x * y),
        [level],
      );
      expect(lines).toHaveLength(2);
      for (const { x, y, closed } of lines) {
        expect(closed).toBe(false);
        x.forEach((at, i) => {
          expect(Math.abs(at * y[i]! - level)).toBeLessThan(0.011);
        });
      }
    }
  });

  it('decide an ambiguous cell by the mean of its corners', () => {
    const cell = (values: number[]) => contourLines({ x: [0, 1], y: [0, 1], values }, [0]);
    const together = cell([3, -1, -1, 3]);
    expect(together).toHaveLength(2);
    // The high corners (0,0) and (1,1) stay joined: each line cuts off one low corner.
    for (const { x, y } of together) {
      const corner = x[0]! + x[1]! > 1 ? [1, 0] : [0, 1];
      x.forEach((at, i) => {
        expect(Math.abs(at - corner[0]!) + Math.abs(y[i]! - corner[1]!)).toBeCloseTo(0.25, 12);
      });
    }
    const apart = cell([1, -3, -3, 1]);
    for (const { x, y } of apart) {
      const corner = x[0]! + y[0]! > 1 ? 1 : 0;
      x.forEach((at, i) => {
        expect(Math.abs(at - corner) + Math.abs(y[i]! - corner)).toBeCloseTo(0.25, 12);
      });
    }
  });

  it('end where a value is missing', () => {
    const grid = sampled(41, (x, y) => x * x + y * y);
    for (let i = 0; i < grid.values.length; i++) if (grid.x[i % 41]! > 0.5) grid.values[i] = Number.NaN;
    const lines = contourLines(grid, [1]);
    expect(lines).toHaveLength(1);
    expect(lines[0]!.closed).toBe(false);
    expect(Math.max(...lines[0]!.x)).toBeLessThanOrEqual(0.5);
  });

  it('of a flat or empty grid are none', () => {
    expect(contourLines({ x: [0, 1], y: [0, 1], values: [1, 1, 1, 1] }, [1])).toEqual([]);
    expect(contourLines({ x: [], y: [], values: [] }, [1])).toEqual([]);
  });
});

it('levels are multiples of a round step within the range', () => {
  expect(evenLevels(0.13, 0.97, 4)).toEqual({ step: 0.5, levels: [0.5] });
  expect(evenLevels(-1, 1, 9).levels).toEqual([-0.5, 0, 0.5]);
  expect(evenLevels(-1, 1, 10).levels).toHaveLength(9);
  expect(evenLevels(2, 2, 5).levels).toEqual([]);
});
