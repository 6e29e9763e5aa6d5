import { describe, expect, it } from 'vitest';
import { differenceSteps, extrapolate, leastError } from '../../../core/objective/checked-differences.ts';

const central = (f: (x: number) => number, lengths: readonly number[]) => lengths.map((h) => (f(h) - f(-h)) / (2 * h));

describe('derivatives from differences', () => {
  it('the extrapolation of a cubic is exact', () => {
    const steps = { ratio: 2, lengths: [1, 0.5, 0.25] };
    const { value } = extrapolate(
      central((x) => 7 + 3 * x + x ** 2 + 5 * x ** 3, steps.lengths),
      steps,
      0,
    );
    expect(value).toBeCloseTo(3, 13);
  });

  it('the float64 error of a smooth function is below its estimate, and below 1e-8', () => {
    const steps = differenceSteps('float64', 1);
    for (const [f, slope] of [
      [(x: number) => Math.exp(x), 1],
      [(x: number) => Math.sin(5 * x + 1), 5 * Math.cos(1)],
      [(x: number) => 100 + Math.tanh(x), 1],
    ] as const) {
      const { value, error } = extrapolate(central(f, steps.lengths), steps, 8 * 2 ** -53 * Math.abs(f(0)));
      expect(Math.abs(value - slope)).toBeLessThanOrEqual(error);
      expect(error).toBeLessThan(1e-7);
      expect(Math.abs(value - slope)).toBeLessThan(1e-8);
    }
  });

  it('the float32 error of a smooth function is below its estimate, and below 1e-4', () => {
    const steps = differenceSteps('float32', 1);
    for (const [f, slope] of [
      [(x: number) => Math.fround(Math.exp(x)), 1],
      [(x: number) => Math.fround(2 + Math.tanh(x)), 1],
    ] as const) {
      const { value, error } = extrapolate(central(f, steps.lengths), steps, 8 * 2 ** -24 * Math.abs(f(0)));
      expect(Math.abs(value - slope)).toBeLessThanOrEqual(error);
      expect(error).toBeLessThan(1e-2);
      expect(Math.abs(value - slope)).toBeLessThan(1e-4);
    }
  });

  it('differences that are equal because nothing moved any more are not trusted over moving ones', () => {
    const steps = { ratio: 10, lengths: [1e-2, 1e-3, 1e-4, 1e-5, 1e-6] };
    const frozen = [1.0001, 1.000001, 1, 0, 0];
    const { value } = extrapolate(frozen, steps, 1e-7);
    expect(Math.abs(value - 1)).toBeLessThan(1e-3);
  });

  it('one small change by chance among large ones is not trusted', () => {
    const steps = { ratio: 10, lengths: [1e-2, 1e-3, 1e-4, 1e-5, 1e-6] };
    const { value, error } = extrapolate([5, 5, 1.5, 1.01, 1], steps, 0);
    expect(Math.abs(value - 1)).toBeLessThan(0.01);
    expect(error).toBeCloseTo(0.49, 10);
  });

  it('differences that are not numbers are passed over; without any left the error is infinite', () => {
    const steps = { ratio: 10, lengths: [1, 0.1, 0.01, 0.001] };
    expect(extrapolate([Number.NaN, 2, 2, 2], steps, 0)).toEqual({ value: 2, error: 0 });
    expect(extrapolate([1, Number.NaN, 2, 2], steps, 0).error).toBe(Number.POSITIVE_INFINITY);
    expect(leastError([Number.NaN, 3, 2], steps, 0)).toEqual({ index: 2, error: 2 });
    expect(leastError([Number.NaN, 3, 2], steps, 1)).toEqual({ index: 1, error: 13 });
  });

  it('steps grow with the norm of the parameters, and are finite at zero', () => {
    expect(differenceSteps('float64', 30).lengths[0]).toBeCloseTo(0.3);
    expect(differenceSteps('float64', 0).lengths[0]).toBe(0.01);
    const { ratio, lengths } = differenceSteps('float32', 5);
    for (let i = 1; i < lengths.length; i++) expect(lengths[i - 1]! / lengths[i]!).toBeCloseTo(ratio, 10);
  });
});
