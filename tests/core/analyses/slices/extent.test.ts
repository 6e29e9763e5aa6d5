import { describe, expect, test } from 'vitest';
import { pathExtent, quadraticExtent, riseExtents } from '../../../../core/analyses/slices/extent.ts';
import { closedFormObjective } from '../../../../core/models/closed-form/closed-form-objective.ts';
import { quadraticObjective } from '../../../../core/models/closed-form/quadratic.ts';
import type { Objective } from '../../../../core/objective/objective.ts';

/** A function of one number, with the losses that are computed counted. */
function line(value: (x: number) => number) {
  const spent = { losses: 0, calls: 0 };
  const plain = closedFormObjective({
    dim: 1,
    formula: 'f(θ)',
    value: (theta) => value(theta[0]!),
    gradient: () => {},
    hessianAt: () => () => {},
  });
  const objective: Objective<Float64Array> = {
    ...plain,
    losses: (origin, directions, coefficients) => {
      spent.losses += coefficients.rows;
      spent.calls++;
      return plain.losses(origin, directions, coefficients);
    },
  };
  return { objective, spent };
}

const at = (x: number) => Float64Array.of(x);
const unit = [Float64Array.of(1)];

describe('extents by the rise of the loss', () => {
  test('on quadratics they are the roots of ½ λ α² = rise, for curvatures over ten decades, in few evaluations', async () => {
    for (const curvature of [1e-1, 1, 30, 1e3, 1e6, 1e9]) {
      const objective = quadraticObjective(Float64Array.of(curvature), undefined, 0.5);
      const { value, status, stats } = await riseExtents(objective, at(0), unit, 0.5);
      const wanted = Math.sqrt((2 * 4 * 0.5) / curvature);
      expect(status).toBe('converged');
      expect(Math.abs(value[0]!.high / wanted - 1)).toBeLessThan(0.05);
      expect(Math.abs(-value[0]!.low / wanted - 1)).toBeLessThan(0.05);
      expect(value[0]!.reached).toEqual([true, true]);
      expect(stats.losses).toBeLessThanOrEqual(8);
    }
  });

  test('each axis has its own, in units of its direction, and each sign', async () => {
    // ½ (x² + 100 y²) + x − 1 at 0: along x the roots of ½ x² + x = amount.
    const objective = quadraticObjective(Float64Array.of(1, 100), Float64Array.of(1, 0), 1);
    const directions = [Float64Array.of(2, 0), Float64Array.of(0, 0.1)];
    const { value } = await riseExtents(objective, new Float64Array(2), directions, 1, { amount: 3 });
    const [low, high] = [(-1 - Math.sqrt(7)) / 2, (-1 + Math.sqrt(7)) / 2];
    expect(Math.abs(value[0]!.low / low - 1)).toBeLessThan(0.05);
    expect(Math.abs(value[0]!.high / high - 1)).toBeLessThan(0.05);
    expect(Math.abs(value[1]!.high / (Math.sqrt(6 / 100) / 0.1) - 1)).toBeLessThan(0.05);
  });

  test('the loss at the ends is what was asked for, also where it is far from quadratic', async () => {
    for (const value of [
      (x: number) => 1 + x ** 4,
      (x: number) => 1 + Math.abs(x) ** 0.5,
      (x: number) => Math.exp(x) - x,
      (x: number) => 1 + 1e4 * Math.max(0, Math.abs(x) - 3),
      (x: number) => 2 - Math.cos(x) + 0.4 * x * x,
    ]) {
      const { objective, spent } = line(value);
      const { value: extents, status, stats } = await riseExtents(objective, at(0), unit, value(0), { longest: 1e3 });
      expect(status).toBe('converged');
      const [{ low, high }] = extents as [(typeof extents)[0]];
      for (const end of [low, high]) {
        const rise = (x: number) => value(x) - value(0);
        const asked = 4 * Math.abs(value(0));
        // Within the tolerance in the root of the rise, or in the place.
        const inPlace = rise(end * 1.03) >= asked && rise(end * 0.97) <= asked;
        expect(inPlace || Math.abs(Math.sqrt(rise(end) / asked) - 1) < 0.05).toBe(true);
      }
      expect(stats.losses).toBe(spent.losses);
      expect(stats.losses).toBeLessThan(40);
      // Both ends in one call a round.
      expect(spent.calls).toBeLessThan(stats.losses);
    }
  });

  test('a way along which the loss never rises ends at the cap and says so', async () => {
    const { objective } = line((x) => 1 + (x > 0 ? x * x : -0.001 * x * x));
    const { value, status } = await riseExtents(objective, at(0), unit, 1, { longest: 50 });
    expect(status).toBe('budgetSpent');
    expect(value[0]!.reached).toEqual([false, true]);
    expect(value[0]!.low).toBe(-50);
    expect(value[0]!.high).toBeCloseTo(2, 1);
  });

  test('an axis ends where the loss does, on the finite side', async () => {
    for (const broken of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const { objective } = line((x) => (Math.abs(x) < 0.7 ? 1 + x * x : broken));
      const { value, status } = await riseExtents(objective, at(0), unit, 1);
      expect(status).toBe('converged');
      for (const end of [-value[0]!.low, value[0]!.high]) {
        expect(end).toBeLessThan(0.7);
        expect(end).toBeGreaterThan(0.7 * 0.95);
      }
    }
    const { objective } = line(() => Number.NaN);
    const { value, status, stats } = await riseExtents(objective, at(0), unit, Number.NaN);
    expect(status).toBe('notFinite');
    expect(stats.losses).toBe(0);
    expect(value[0]!.high).toBeGreaterThan(0);
  });

  test('cancelled between rounds it gives what it has', async () => {
    const signal = { aborted: false };
    const { objective, spent } = line((x) => {
      signal.aborted = true;
      return 1 + x ** 4;
    });
    const { value, status } = await riseExtents(objective, at(0), unit, 1, { signal });
    expect(status).toBe('cancelled');
    expect(spent.calls).toBe(1);
    expect(value[0]!.high).toBeGreaterThan(value[0]!.low);
  });
});

test('the quadratic model of an eigenvector gives the same ends as the search', async () => {
  const objective = quadraticObjective(Float64Array.of(7, -3), undefined, 0.25);
  const { value } = await riseExtents(objective, new Float64Array(2), unit2, 0.25, { rise: 9 });
  expect(Math.abs(quadraticExtent(7, 0.25, 9).high / value[0]!.high - 1)).toBeLessThan(0.05);
  expect(quadraticExtent(-3, 0.25, 9).high).toBeCloseTo(Math.sqrt((2 * 9 * 0.25) / 3), 12);
});
const unit2 = [Float64Array.of(1, 0), Float64Array.of(0, 1)];

test('around a path there is a quarter of its range on either side, and the centre is inside', () => {
  expect(pathExtent(Float64Array.of(1, 3, Number.NaN))).toEqual({ low: -0.75, high: 3.75 });
  expect(pathExtent(Float64Array.of(-2, -1), 0)).toEqual({ low: -2, high: 0 });
  expect(pathExtent(new Float64Array(3))).toEqual({ low: -0.25, high: 0.25 });
});
