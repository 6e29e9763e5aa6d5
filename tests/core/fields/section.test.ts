import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpolated, valueAt } from '../../../core/fields/interpolate.ts';
import { axisSection, lineSection, planeSection } from '../../../core/fields/section.ts';
import { evenAxis, sampled } from './surface-measures.ts';

const uneven = (count: number) => evenAxis(count, -1, 1).map((t) => t + 0.3 * t * t * t);
const axes = [uneven(7), evenAxis(5, 0, 3), uneven(6)];
const multilinear = (x: number, y: number, z: number) =>
  2 - x + 3 * y + z + x * y - 2 * y * z + 0.5 * x * z + x * y * z;
const field = sampled(axes, multilinear as never);

describe('multilinear values', () => {
  it('are exact for a multilinear function on uneven axes', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b, c) => {
          const at = [-1.3 + 2.6 * a, 3 * b, -1.3 + 2.6 * c] as const;
          const { value, known } = valueAt(axes, field, at);
          expect(known).toBe(true);
          expect(Math.abs(value - multilinear(...at))).toBeLessThan(1e-12);
        },
      ),
    );
  });

  it('at points of the grid are its values, whatever lies beside them; between, one unknown corner is enough', () => {
    const holed = { values: field.values.slice(), computed: field.computed.slice() };
    holed.computed[0] = 0;
    expect(valueAt(axes, holed, [axes[0]![1]!, 0, axes[2]![0]!])).toEqual({ value: field.values[1], known: true });
    expect(valueAt(axes, holed, [axes[0]![0]!, 0, axes[2]![0]!])).toEqual({ value: Number.NaN, known: false });
    expect(valueAt(axes, holed, [-1.25, 0.1, -1.25]).known).toBe(false);
    const last = axes.map((axis) => axis.at(-1)!);
    expect(valueAt(axes, field, last).value).toBe(field.values.at(-1));
    holed.values[1] = Number.POSITIVE_INFINITY;
    expect(valueAt(axes, holed, [axes[0]![1]!, 0.1, axes[2]![0]!])).toEqual({
      value: Number.POSITIVE_INFINITY,
      known: true,
    });
  });

  it('outside the grid, and at coordinates that are no numbers, are unknown', () => {
    for (const at of [
      [-1.4, 1, 0],
      [0, 3.1, 0],
      [0, 1, Number.NaN],
    ])
      expect(valueAt(axes, field, at).known).toBe(false);
    expect(valueAt([Float64Array.of(2)], { values: Float64Array.of(5), computed: Uint8Array.of(1) }, [2]).value).toBe(
      5,
    );
  });
});

describe('sections along an axis', () => {
  it('on a layer are that layer bit for bit, between two layers linear, with what is unknown kept', () => {
    for (const axis of [0, 1, 2]) {
      const layer = axisSection(axes, field, axis, axes[axis]![2]!);
      const between = axisSection(axes, field, axis, (axes[axis]![2]! + axes[axis]![3]!) / 2);
      layer.field.values.forEach((value, point) => {
        const place = [point % layer.axes[0]!.length, Math.floor(point / layer.axes[0]!.length)];
        place.splice(axis, 0, 2);
        const [i, j, k] = place as [number, number, number];
        expect(value).toBe(field.values[i + 7 * (j + 5 * k)]);
        place[axis] = 3;
        const other = field.values[place[0]! + 7 * (place[1]! + 5 * place[2]!)]!;
        expect(between.field.values[point]).toBeCloseTo((value + other) / 2, 12);
      });
    }
    const holed = { values: field.values, computed: field.computed.slice() };
    holed.computed[3 + 7 * (1 + 5 * 2)] = 0;
    expect(axisSection(axes, holed, 2, axes[2]![2]!).field.computed[3 + 7]).toBe(0);
    expect(axisSection(axes, holed, 2, axes[2]![3]!).field.computed[3 + 7]).toBe(1);
    expect(axisSection(axes, field, 1, 3.5).field.computed.some(Boolean)).toBe(false);
  });

  it('of a plane are lines', () => {
    const plane = [uneven(7), evenAxis(4, 0, 3)];
    const line = axisSection(
      plane,
      sampled(plane, (x, y) => x! + 10 * y!),
      1,
      1.5,
    );
    expect(line.axes).toEqual([plane[0]]);
    line.field.values.forEach((value, i) => {
      expect(value).toBeCloseTo(plane[0]![i]! + 15, 12);
    });
  });
});

describe('oblique sections', () => {
  const unit = [0, 1, 2].map(() => evenAxis(5, 0, 1));
  const linear = sampled(unit, (x, y, z) => 1 + x! + 2 * y! - 3 * z!);

  it('through the middle of a cube across its diagonal are a regular hexagon with exact values of a linear field', () => {
    const {
      outline,
      field: raster,
      axes: sides,
      origin,
      u,
      v,
    } = planeSection(unit, linear, { point: [0.5, 0.5, 0.5], normal: [1, 1, 1] }, 40);
    expect(outline).toHaveLength(12);
    for (let n = 0; n < 12; n += 2) expect(Math.hypot(outline[n]!, outline[n + 1]!)).toBeCloseTo(Math.SQRT1_2, 12);
    let known = 0;
    raster.values.forEach((value, point) => {
      const [s, t] = [sides[0]![point % sides[0]!.length]!, sides[1]![Math.floor(point / sides[0]!.length)]!];
      const [x, y, z] = [0, 1, 2].map((k) => origin[k]! + s * u[k]! + t * v[k]!) as [number, number, number];
      if (raster.computed[point] !== 1) {
        expect(Math.min(x, y, z, 1 - x, 1 - y, 1 - z)).toBeLessThan(1e-9);
        return;
      }
      known++;
      expect(value).toBeCloseTo(1 + x + 2 * y - 3 * z, 12);
    });
    // A hexagon fills three quarters of the rectangle around it.
    expect(Math.abs(known / raster.values.length - 0.75)).toBeLessThan(0.05);
  });

  it('along the axes are the sections along the axes, and beside the box they are empty', () => {
    const { outline, field: raster } = planeSection(unit, linear, { point: [9, 9, 0.25], normal: [0, 0, 2] }, 5);
    expect(outline).toHaveLength(8);
    expect(raster.computed.every((one) => one === 1)).toBe(true);
    const straight = axisSection(unit, linear, 2, 0.25).field.values;
    expect([...raster.values].sort()).toEqual([...straight].sort());
    const missed = planeSection(unit, linear, { point: [0, 0, 2], normal: [0, 0, 1] }, 5);
    expect([missed.outline.length, missed.field.values.length]).toEqual([0, 0]);
    expect(() => planeSection(unit, linear, { point: [0, 0, 0], normal: [0, 0, 0] }, 5)).toThrow(RangeError);
  });
});

it('a line through a volume has the values of a linear field and ends where the grid ends', () => {
  const {
    axes: [distance],
    field: along,
  } = lineSection(
    axes,
    sampled(axes, (x, y, z) => x! - y! + z!),
    [-1, 0, -1],
    [1, 4, 1],
    9,
  );
  expect(distance!.at(-1)).toBeCloseTo(Math.sqrt(24), 12);
  along.values.forEach((value, n) => {
    const y = n / 2;
    if (y > 3) expect(along.computed[n]).toBe(0);
    else expect(value).toBeCloseTo(-2 + n / 2 - y, 12);
  });
  expect(interpolated(axes, field, []).values).toHaveLength(0);
});
