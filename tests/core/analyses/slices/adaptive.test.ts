import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { curvedPoints } from '../../../../core/analyses/slices/adaptive.ts';
import { evenlySpaced, pointsOfLevel } from '../../../../core/analyses/slices/grid-order.ts';
import { runSlice } from '../../../../core/analyses/slices/run.ts';
import { coordinatesOf, pointCount } from '../../../../core/fields/grid.ts';
import { quadraticObjective } from '../../../../core/models/closed-form/quadratic.ts';
import type { Objective } from '../../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const axesOf = (...sizes: number[]) => sizes.map((size) => evenlySpaced(-1, 1, size));

/** A ring that is narrow in a plain that is flat. */
function narrowWell() {
  const quadratic: Objective<Float64Array> = {
    ...quadraticObjective(Float64Array.of(1, 1)),
    losses: async (_origin, _directions, { rows, data }) =>
      Float64Array.from({ length: rows }, (_, row) => {
        const radius = Math.hypot(data[2 * row]!, data[2 * row + 1]!);
        return -Math.exp(-200 * (radius - 0.5) ** 2);
      }),
  };
  const file = [Float64Array.of(1, 0), Float64Array.of(0, 1)];
  return { quadratic, file, asked: { plane: 'file', file: 'axes', grid: '401', extent: '1', adaptive: 1e-3 } };
}

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

test('401×401 points of a cheap function: refinement takes less than two seconds, and never holds the process for 250 ms', async () => {
  const { quadratic, asked, file } = narrowWell();
  const runs: { readonly seconds: number; readonly longest: number }[] = [];
  // Time of the processor, and the best of three: a busy machine is no slower rule.
  for (let run = 0; run < 3; run++) {
    const began = processorSeconds();
    let [last, longest] = [began, 0];
    const onProgress = () => {
      const now = processorSeconds();
      [last, longest] = [now, Math.max(longest, now - last)];
    };
    const context = { rng: randomFromSeed(1), file, onProgress };
    const { value, stats } = await runSlice(quadratic, new Float64Array(2), asked, context);
    runs.push({ seconds: processorSeconds() - began, longest });
    expect(value.fields[0].computed).toHaveLength(401 * 401);
    // The rule was at work: the ring is fine, the plain around it is coarse.
    expect(stats.losses).toBeGreaterThan(2000);
    expect(stats.losses).toBeLessThan(0.5 * 401 * 401);
  }
  expect(Math.min(...runs.map(({ seconds }) => seconds))).toBeLessThan(2);
  expect(Math.min(...runs.map(({ longest }) => longest))).toBeLessThan(0.25);
});

const processorSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
