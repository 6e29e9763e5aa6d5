import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { colourTable } from '../../../renderer/charts/colour-map.ts';
import { binnedDensity, colourColumn, waterfallDecades, waterfallScale } from '../../../renderer/charts/waterfall.ts';
import { columnAt } from '../../../renderer/charts/waterfall-picture.ts';

const area = (x: readonly number[], y: readonly number[]): number =>
  x.slice(1).reduce((sum, at, i) => sum + ((y[i]! + y[i + 1]!) / 2) * (at - x[i]!), 0);

const curve = fc
  .array(fc.tuple(fc.double({ min: -20, max: 60, noNaN: true }), fc.double({ min: 0, max: 5, noNaN: true })), {
    minLength: 2,
    maxLength: 60,
  })
  .map((points) => {
    const rising = [...new Map(points)].sort(([a], [b]) => a - b);
    return { x: rising.map(([x]) => x), y: rising.map(([, y]) => y) };
  });

describe('a density in bins', () => {
  test('keeps its mass: the bins add up to the area under the curve', () => {
    fc.assert(
      fc.property(curve, fc.integer({ min: 1, max: 300 }), ({ x, y }, rows) => {
        const bins = new Float64Array(rows);
        const [low, high] = [x[0]! - 1, x.at(-1)! + 2];
        binnedDensity({ x, y }, low, high, rows, bins);
        const mass = bins.reduce((sum, value) => sum + value, 0) * ((high - low) / rows);
        expect(mass).toBeCloseTo(area(x, y), 8);
      }),
    );
  });

  test('has in each bin the mean of a straight line there', () => {
    const bins = new Float64Array(4);
    binnedDensity({ x: [0, 8], y: [0, 8] }, 0, 8, 4, bins);
    expect(Array.from(bins)).toEqual([1, 3, 5, 7]);
    binnedDensity({ x: [2, 4], y: [6, 6] }, 0, 8, 4, bins);
    expect(Array.from(bins)).toEqual([0, 6, 0, 0]);
  });
});

describe('colours of a density', () => {
  test('reach from the decade of the highest value six decades down, over the λ that are above that', () => {
    const densities = [{ step: 0, x: [-2, -1, 0, 1, 50, 51], y: [0, 1e-9, 0.4, 0.1, 1e-5, 0] }];
    expect(waterfallScale(densities)).toEqual({ low: 0, high: 50, darkest: -waterfallDecades, lightest: 0 });
    expect(waterfallScale([{ step: 0, x: [0, 1], y: [0, Number.NaN] }])).toBeNull();
    expect(waterfallScale([])).toBeNull();
  });

  test('become lighter with the density, and lie highest λ first', () => {
    const rows = 200;
    const scale = { darkest: -6, lightest: 0 };
    const bins = Float64Array.from({ length: rows }, (_, i) => 10 ** (-6.5 + (7 * i) / (rows - 1)));
    const picture = new Uint8ClampedArray(4 * rows);
    colourColumn(bins, rows, scale, picture, 0, 1);
    const lightness = Array.from({ length: rows }, (_, row) => {
      const [r, g, b] = picture.subarray(4 * row, 4 * row + 3);
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    });
    // Each channel is a whole number, so neighbours may differ by the rounding of one.
    for (let row = 1; row < rows; row++) expect(lightness[row]!).toBeLessThanOrEqual(lightness[row - 1]! + 1);
    expect(Array.from(picture.subarray(0, 3))).toEqual(Array.from(colourTable('viridis').subarray(-3)));
    expect(Array.from(picture.subarray(-4, -1))).toEqual(Array.from(colourTable('viridis').subarray(0, 3)));
  });
});

test('the column of a step is that of the last measurement at or before it', () => {
  const densities = [100, 300, 700].map((step) => ({ step, x: [], y: [] }));
  expect(columnAt(densities, 99, 900)).toBeNull();
  expect(columnAt(densities, 100, 900)).toEqual([100, 300]);
  expect(columnAt(densities, 699, 900)).toEqual([300, 700]);
  expect(columnAt(densities, 5000, 900)).toEqual([700, 900]);
});
