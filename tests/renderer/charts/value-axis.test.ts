import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lastStepShown, niceStep, stepText, stepTicks, valueAxis } from '../../../renderer/charts/value-axis.ts';

const positive = fc.double({ min: 1e-12, max: 1e12, noNaN: true });

describe('an axis', () => {
  test('holds all values, has few numbers, all within its ends, and stands still for values between', () => {
    fc.assert(
      fc.property(positive, positive, fc.boolean(), fc.integer({ min: 2, max: 8 }), (a, b, log, most) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const axis = valueAxis(low, high, log, most)!;
        expect(axis.low).toBeLessThanOrEqual(low * (1 + 1e-9));
        expect(axis.high).toBeGreaterThanOrEqual(high * (1 - 1e-9));
        expect(axis.high).toBeGreaterThan(axis.low);
        expect(axis.labels).toHaveLength(axis.ticks.length);
        expect(axis.ticks.length).toBeLessThanOrEqual(most + 1);
        for (const tick of axis.ticks) {
          expect(tick).toBeGreaterThanOrEqual(axis.low * (1 - 1e-9));
          expect(tick).toBeLessThanOrEqual(axis.high * (1 + 1e-9));
        }
        expect([...axis.ticks]).toEqual([...axis.ticks].sort((x, y) => x - y));
        for (const label of axis.labels) expect(label.length).toBeLessThanOrEqual(8);
      }),
    );
  });

  test('over decades is numbered by powers of ten, below by 1, 2 and 5', () => {
    expect(valueAxis(0.002, 3, true, 5)).toMatchObject({
      low: 0.002,
      high: 5,
      ticks: [0.01, 0.1, 1],
      labels: ['10⁻²', '10⁻¹', '10⁰'],
    });
    expect(valueAxis(0.06, 0.4, true, 5)).toMatchObject({ low: 0.05, high: 0.5, ticks: [0.05, 0.1, 0.2, 0.5] });
    expect(valueAxis(1e-9, 1, true, 4)!.ticks).toHaveLength(4);
  });

  test('of linear values has round numbers', () => {
    expect(valueAxis(0, 43, false, 5)).toMatchObject({ low: 0, high: 44, ticks: [0, 20, 40] });
    expect(valueAxis(-3.6, 1.1, false, 6)!.ticks).toEqual([-3, -2, -1, 0, 1]);
  });

  test('is refused where there is nothing to number', () => {
    expect(valueAxis(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, false, 4)).toBeNull();
    expect(valueAxis(0, 1, true, 4)).toBeNull();
    expect(valueAxis(Number.NaN, 1, false, 4)).toBeNull();
  });
});

test('a nice step is 1, 2 or 5 times a power of ten, at least what is asked and at most 2.5 times that', () => {
  fc.assert(
    fc.property(positive, (raw) => {
      const step = niceStep(raw);
      expect(step).toBeGreaterThanOrEqual(raw * (1 - 1e-9));
      expect(step).toBeLessThanOrEqual(2.5 * raw * (1 + 1e-9));
      expect(['1', '2', '5']).toContain(step.toExponential(6).replace(/\.?0*e.*/, ''));
    }),
  );
});

describe('the step axis', () => {
  test('has whole steps within its ends', () => {
    expect(stepTicks(0, 3000, 640)).toEqual([0, 500, 1000, 1500, 2000, 2500, 3000]);
    expect(stepTicks(100.5, 104, 640)).toEqual([101, 102, 103, 104]);
    expect(stepTicks(5, 5, 640)).toEqual([]);
  });

  test('ends at a round step beyond the newest, never beyond the last that is to be made', () => {
    expect(lastStepShown(2840, 4000)).toBe(3000);
    expect(lastStepShown(2840, 2900)).toBe(2900);
    expect(lastStepShown(3000, 3000)).toBe(3000);
    expect(lastStepShown(0, 0)).toBe(10);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e7 }), (newest) => {
        expect(lastStepShown(newest, 0)).toBeGreaterThanOrEqual(newest);
        expect(lastStepShown(newest, 0)).toBeLessThanOrEqual(Math.max(10, 1.51 * newest));
      }),
    );
  });

  test('writes all digits in groups of three', () => {
    expect([7, 999, 2160, 1_234_567].map(stepText)).toEqual(['7', '999', '2\u202f160', '1\u202f234\u202f567']);
  });
});
