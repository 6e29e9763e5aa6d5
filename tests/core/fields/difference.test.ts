import { describe, expect, it } from 'vitest';
import { difference } from '../../../core/fields/difference.ts';
import { evenAxis, sampled } from './surface-measures.ts';

const f = (x: number, y: number) => 1 + x - 2 * y + x * y;
const g = (x: number, y: number) => 3 - x + y + 2 * x * y;
const fine = [evenAxis(7, -1, 1), evenAxis(5, 0, 2)];
const coarse = [Float64Array.of(-1, 0.3, 1), Float64Array.of(0, 0.7, 1.5, 2)];
const of = (axes: Float64Array[], h: (x: number, y: number) => number, error?: number) => ({
  axes,
  field: sampled(axes, h as never),
  standardError: error === undefined ? null : new Float64Array(axes[0]!.length * axes[1]!.length).fill(error),
});

describe('the difference of two fields', () => {
  it('on one grid is the difference of values, bit for bit, with errors added in squares', () => {
    const [a, b] = [of(fine, f, 3), of(fine, g, 4)];
    const { field, standardError, resampled } = difference(a, b);
    expect(resampled).toBe(false);
    expect(field.values).toEqual(a.field.values.map((value, p) => value - b.field.values[p]!));
    expect(standardError!.every((error) => error === 5)).toBe(true);
    expect(difference(a, of(fine, g)).standardError!.every((error) => error === 3)).toBe(true);
    expect(difference(of(fine, f), of(fine, g)).standardError).toBeNull();
    expect(difference(a, a).field.values.every((value) => value === 0)).toBe(true);
  });

  it('on different grids is exact for bilinear fields, on the grid of the first', () => {
    for (const [one, other] of [
      [fine, coarse],
      [coarse, fine],
    ] as const) {
      const { axes, field, standardError, resampled } = difference(of(one, f, 3), of(other, g, 4));
      expect([axes, resampled]).toEqual([one, true]);
      const wanted = sampled(one, (x, y) => f(x!, y!) - g(x!, y!)).values;
      field.values.forEach((value, p) => {
        expect(Math.abs(value - wanted[p]!)).toBeLessThan(1e-12);
        expect(standardError![p]).toBeCloseTo(5, 12);
      });
    }
  });

  it('is unknown where either is, and beyond the reach of the second; NaN and infinities are data', () => {
    const [a, b] = [of(fine, f, 1), of([evenAxis(5, -1, 0), evenAxis(5, 0, 2)], g, 1)];
    a.field.computed[0] = 0;
    a.field.values[1] = Number.POSITIVE_INFINITY;
    const { field, standardError } = difference(a, b);
    expect([field.computed[0], field.computed[1], field.values[1]]).toEqual([0, 1, Number.POSITIVE_INFINITY]);
    field.computed.forEach((one, p) => {
      expect(one).toBe(p !== 0 && fine[0]![p % 7]! <= 0 ? 1 : 0);
      expect(Number.isNaN(standardError![p])).toBe(one === 0);
    });
    b.field.computed[1] = 0;
    expect(difference(a, b).field.computed[1]).toBe(0);
    expect(() => difference(a, { axes: [fine[0]!], field: a.field, standardError: null })).toThrow(RangeError);
  });
});
