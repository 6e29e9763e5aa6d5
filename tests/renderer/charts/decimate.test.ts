import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstRowAtOrAfter, gap, rowsCapacity, rowsToDraw } from '../../../renderer/charts/decimate.ts';

const drawable = (value: number, positive: boolean) => Number.isFinite(value) && !(positive && value <= 0);

function chosen(
  x: Float64Array,
  y: Float64Array,
  low: number,
  high: number,
  pixels: number,
  positive = false,
): number[] {
  const out = new Int32Array(rowsCapacity(pixels));
  return Array.from(out.subarray(0, rowsToDraw(x, y, x.length, { low, high }, pixels, positive, out)));
}

/** By the definition: group the rows of the window by their pixel, take four of each group. */
function byDefinition(x: Float64Array, y: Float64Array, low: number, high: number, pixels: number, positive: boolean) {
  const rows = Array.from(x.keys());
  const inside = rows.filter((row) => x[row]! >= low && x[row]! < high);
  const before = rows.filter((row) => x[row]! < low).slice(-1);
  const after = rows.filter((row) => x[row]! >= high).slice(0, 1);
  const groups = new Map<number, number[]>();
  for (const row of [...before, ...inside, ...after]) {
    const pixel = Math.min(pixels, Math.max(-1, Math.floor(((x[row]! - low) * pixels) / (high - low))));
    groups.set(pixel, [...(groups.get(pixel) ?? []), row]);
  }
  const result: number[] = [];
  for (const group of groups.values()) {
    const seen = group.filter((row) => drawable(y[row]!, positive));
    if (seen.length === 0) {
      if (result.length > 0 && result.at(-1) !== gap) result.push(gap);
      continue;
    }
    const values = seen.map((row) => y[row]!);
    const lowest = seen[values.indexOf(Math.min(...values))]!;
    const highest = seen[values.indexOf(Math.max(...values))]!;
    result.push(...[...new Set([seen[0]!, lowest, highest, seen.at(-1)!])].sort((a, b) => a - b));
  }
  return result;
}

const value = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -100, max: 100, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 0, -0) },
);

describe('rows of a long line', () => {
  test('are those of the definition: first, lowest, highest and last of each pixel', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), value), { minLength: 0, maxLength: 120 }),
        fc.integer({ min: -50, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 60 }),
        fc.boolean(),
        (points, low, width, pixels, positive) => {
          const rising = [...new Map(points).entries()].sort(([a], [b]) => a - b);
          const [x, y] = [0, 1].map((k) => Float64Array.from(rising, (point) => point[k as 0 | 1])) as [
            Float64Array,
            Float64Array,
          ];
          expect(chosen(x, y, low, low + width, pixels, positive)).toEqual(
            byDefinition(x, y, low, low + width, pixels, positive),
          );
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('of 60 000 keep every extreme of every pixel and fit the buffer', () => {
    const count = 60_000;
    const x = Float64Array.from({ length: count }, (_, i) => i);
    const y = Float64Array.from({ length: count }, (_, i) => Math.sin(i * 0.7) * Math.exp(-i / 2e4));
    y[31_337] = 1e3;
    y[31_341] = -1e3;
    const rows = chosen(x, y, 0, count, 640);
    expect(rows.length).toBeLessThanOrEqual(4 * 640);
    expect(rows).toContain(31_337);
    expect(rows).toContain(31_341);
    for (let pixel = 0; pixel < 640; pixel++) {
      const [from, to] = [Math.ceil((pixel * count) / 640), Math.ceil(((pixel + 1) * count) / 640)];
      const kept = rows.filter((row) => row >= from && row < to).map((row) => y[row]!);
      const all = y.subarray(from, to);
      expect(Math.max(...kept)).toBe(Math.max(...all));
      expect(Math.min(...kept)).toBe(Math.min(...all));
    }
  });

  test('enter and leave the window with one row outside on either side', () => {
    const x = Float64Array.of(0, 10, 20, 30);
    expect(chosen(x, x, 12, 18, 100)).toEqual([1, 2]);
    expect(chosen(x, x, 40, 50, 100)).toEqual([3]);
    expect(chosen(new Float64Array(0), new Float64Array(0), 0, 1, 10)).toEqual([]);
  });
});

test('the first row at or after a step is that of a plain search', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { maxLength: 40 }),
      fc.integer({ min: -1, max: 201 }),
      (steps, at) => {
        const x = Float64Array.from(steps.sort((a, b) => a - b));
        const found = x.findIndex((step) => step >= at);
        expect(firstRowAtOrAfter(x, x.length, at)).toBe(found < 0 ? x.length : found);
      },
    ),
  );
});
