import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { curvedPoints } from '../../../../core/analyses/slices/adaptive.ts';
import { evenlySpaced, pointsOfLevel } from '../../../../core/analyses/slices/grid-order.ts';
import { coordinatesOf, pointCount } from '../../../../core/fields/grid.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const axesOf = (...sizes: number[]) => sizes.map((size) => evenlySpaced(-1, 1, size));

test('values that are finer than the spacing change nothing: a grid that was taken up refines the same points', () => {
  const sizes = fc.tuple(fc.integer({ min: 9, max: 21 }), fc.integer({ min: 9, max: 21 }));
  const wave = fc.tuple(fc.double({ min: 1, max: 9, noNaN: true }), fc.double({ min: 0.001, max: 0.1, noNaN: true }));
  let refined = 0;
  fc.assert(
    fc.property(sizes, wave, fc.nat(), (lengths, [k, tolerance], seed) => {
      const axes = axesOf(...lengths);
      const count = pointCount(axes);
      const computed = new Uint8Array(count);
      for (const stride of [4, 2]) for (const point of pointsOfLevel(axes, stride)) computed[point] = 1;
      const values = Float64Array.from({ length: count }, (_, point) => {
        const [x = 0, y = 0] = coordinatesOf(axes, point);
        return Math.sin(k * x) * y;
      });
      const candidates = pointsOfLevel(axes, 1);
      const found = curvedPoints(axes, { values, computed }, candidates, 1, tolerance);
      const noise = randomFromSeed(seed).fill(new Float64Array(count), 'normal');
      // Any part of the finer level is there already, with whatever values.
      const later = { values: values.slice(), computed: computed.slice() };
      for (const point of candidates) {
        later.values[point] = 50 * noise[point]!;
        later.computed[point] = 1;
      }
      expect(curvedPoints(axes, later, candidates, 1, tolerance)).toEqual(found);
      refined += found.length > 0 && found.length < candidates.length ? 1 : 0;
    }),
  );
  // The control: the rule was at work.
  expect(refined).toBeGreaterThan(5);
});

test('a straight slope needs no finer points, a bend needs those around it, a hole those at its border', () => {
  const axes = axesOf(33);
  const [axis] = axes;
  const computed = new Uint8Array(33);
  for (const stride of [8, 4, 2]) for (const point of pointsOfLevel(axes, stride)) computed[point] = 1;
  const at = (f: (x: number) => number) =>
    Array.from(curvedPoints(axes, { values: axis!.map(f), computed }, pointsOfLevel(axes, 1), 1, 0.01));
  expect(at((x) => 3 * x - 1)).toEqual([]);
  expect(at((x) => Math.abs(x))).toEqual([15, 17]);
  expect(at((x) => (x > 0.5 ? Number.NaN : x))).toEqual([23, 25, 27, 29, 31]);
});
