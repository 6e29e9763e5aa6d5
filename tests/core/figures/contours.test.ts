import { contours } from 'd3-contour';
import { describe, expect, it } from 'vitest';
import { type ContourBand, contourBands, contourLines, evenLevels } from '../../../core/figures/contours.ts';

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

/** The area that an odd number of rings go around, each ring counted by the sign of d3's winding: outer ones less holes. */
const areaOf = ({ rings }: ContourBand): number =>
  Math.abs(
    rings.reduce(
      (sum, { x, y }) => sum + x.slice(1).reduce((part, at, i) => part + (x[i]! * y[i + 1]! - at * y[i]!) / 2, 0),
      0,
    ),
  );

const covers = ({ rings }: ContourBand, px: number, py: number): boolean =>
  rings.reduce((inside, { x, y }) => {
    let odd = inside;
    for (let i = 0; i + 1 < x.length; i++)
      if (y[i]! > py !== y[i + 1]! > py && px < x[i]! + ((py - y[i]!) / (y[i + 1]! - y[i]!)) * (x[i + 1]! - x[i]!))
        odd = !odd;
    return odd;
  }, false);

describe('filled bands', () => {
  const uneven = (n: number) => axis(n).map((t) => t + 0.1 * t * t * t);

  it('cover every point once, by the band its value lies in', () => {
    const [x, y] = [uneven(31), axis(25)];
    const f = (px: number, py: number) => px * px - 0.5 * px * py + 2 * py * py;
    const values = Float64Array.from({ length: 31 * 25 }, (_, i) => f(x[i % 31]!, y[Math.floor(i / 31)]!));
    const bands = contourBands({ x, y, values }, [0.5, 1, 4]);
    expect(bands.map(({ low, high }) => [low, high])).toEqual([
      [Math.min(...values), 0.5],
      [0.5, 1],
      [1, 4],
      [4, Number.POSITIVE_INFINITY],
    ]);
    for (let i = 0; i < 400; i++) {
      const [px, py] = [-2.7 + ((i % 20) + 0.37) * 0.27, -1.99 + (Math.floor(i / 20) + 0.41) * 0.195];
      const value = f(px, py);
      const holding = bands.filter((band) => covers(band, px, py));
      expect(holding).toHaveLength(1);
      // Between points the grid is off by h²/8 · |f''| at most.
      expect(value).toBeGreaterThan(holding[0]!.low - 0.05);
      expect(value).toBeLessThan(holding[0]!.high + 0.05);
    }
  });

  it('have the area of rings of a circle', () => {
    const bands = contourBands(
      sampled(81, (px, py) => px * px + py * py),
      [1, 2.25],
    );
    const ring = bands.find(({ low }) => low === 1)!;
    const [outer, inner] = ring.rings.reduce<[number, number]>(
      ([most, least], part) => {
        const area = areaOf({ low: 0, high: 0, rings: [part] });
        return [Math.max(most, area), Math.min(least, area)];
      },
      [0, 99],
    );
    expect(ring.rings.length).toBeGreaterThan(1);
    expect(inner / Math.PI).toBeCloseTo(1, 2);
    expect(outer).toBeLessThanOrEqual(16 + 1e-9);
    const disc = bands[0]!.rings.map((part) => areaOf({ low: 0, high: 0, rings: [part] })).sort((a, b) => a - b);
    expect(disc[0]! / Math.PI).toBeCloseTo(1, 2);
  });

  it('never reach over what is missing', () => {
    const grid = sampled(41, (px, py) => px * px + py * py);
    for (let i = 0; i < grid.values.length; i++) if (grid.x[i % 41]! > 0.5) grid.values[i] = Number.NaN;
    const bands = contourBands(grid, [1, 2]);
    for (const { rings } of bands) for (const { x } of rings) expect(Math.max(...x)).toBeLessThanOrEqual(0.5 + 1e-12);
    expect(bands.filter((band) => covers(band, 0.31, 0.02))).toHaveLength(1);
    expect(bands.filter((band) => covers(band, 0.55, 0.02))).toHaveLength(0);
  });

  it('of nothing are none', () => {
    expect(contourBands({ x: [], y: [], values: [] }, [1])).toEqual([]);
    expect(
      contourBands({ x: [0, 1], y: [0, 1], values: [Number.NaN, Number.NaN, Number.NaN, Number.NaN] }, [1]),
    ).toEqual([]);
  });
});

it('d3-contour joins saddles in one fixed way, against the mean of the corners in about half of them', () => {
  // Cells with two crossings on each side are compared by where their lines end, on one cell at a time.
  let state = 12345;
  const random = () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648 - 0.5;
  };
  let [saddles, unlike] = [0, 0];
  for (let n = 0; n < 400; n++) {
    const [a, b] = [Math.abs(random()), Math.abs(random())];
    const [c, d] = [Math.abs(random()), Math.abs(random())];
    const values = [a, -c, -d, b];
    const ours = contourLines({ x: [0, 1], y: [0, 1], values }, [0]);
    expect(ours).toHaveLength(2);
    // The higher corners (0,0) and (1,1) are apart where one line cuts off the corner (0,0): it has both x = 0 and y = 0.
    const apart = ours.some(({ x, y }) => x.includes(0) && y.includes(0));
    expect(apart).toBe(a + b - c - d <= 0);
    const theirs = contours().size([2, 2]).contour(values, 0).coordinates.length === 2;
    saddles++;
    if (theirs !== apart) unlike++;
  }
  expect(unlike / saddles).toBeGreaterThan(0.4);
  expect(unlike / saddles).toBeLessThan(0.6);
});
