import { describe, expect, test } from 'vitest';
import {
  balancedHalfTime,
  balancedStrength,
  balancedTime,
} from '../../../../core/training/exact-dynamics/balanced-mode.ts';
import { deepStrengths, deepTime, infinitelyDeepTime } from '../../../../core/training/exact-dynamics/deep-mode.ts';
import {
  unbalancedHalfTime,
  unbalancedStrength,
  unbalancedTime,
} from '../../../../core/training/exact-dynamics/unbalanced-mode.ts';

/** du/dt = f(u) by the classical Runge–Kutta method. */
function rungeKutta(f: (u: number) => number, start: number, end: number, steps: number): number {
  const h = end / steps;
  let u = start;
  for (let i = 0; i < steps; i++) {
    const k1 = f(u);
    const k2 = f(u + (h / 2) * k1);
    const k3 = f(u + (h / 2) * k2);
    const k4 = f(u + h * k3);
    u += (h / 6) * (k1 + 2 * k2 + 2 * k3 + k4);
  }
  return u;
}

/** ∫ f by Simpson's rule. */
function simpson(f: (x: number) => number, from: number, to: number, pieces: number): number {
  const h = (to - from) / pieces;
  let sum = f(from) + f(to);
  for (let i = 1; i < pieces; i++) sum += (i % 2 === 1 ? 4 : 2) * f(from + i * h);
  return (sum * h) / 3;
}

const relative = (found: number, wanted: number): number => Math.abs(found - wanted) / Math.abs(wanted);

/** Largest |a b − u(t)| / u(t) over gradient descent with numbers of a precision. */
function scalarError(learningRate: number, steps: number, round: (x: number) => number): number {
  const mode = { singularValue: 3, start: 1e-3, timeConstant: 1 / learningRate };
  let a = round(Math.sqrt(1e-3));
  let b = a;
  let worst = 0;
  for (let step = 0; step <= steps; step++) {
    worst = Math.max(worst, relative(a * b, balancedStrength(step, mode)));
    const error = round(3 - round(a * b));
    [a, b] = [round(a + round(learningRate * round(b * error))), round(b + round(learningRate * round(a * error)))];
  }
  return worst;
}

describe('a balanced mode', () => {
  test('gradient descent keeps to the closed form, with an error of first order in the step', () => {
    const [coarse, fine] = [scalarError(1e-3, 4000, (x) => x), scalarError(1e-4, 40_000, (x) => x)];
    expect(coarse).toBeLessThan(1e-2);
    expect(coarse / fine).toBeGreaterThan(9);
    expect(coarse / fine).toBeLessThan(11);
    expect(scalarError(1e-3, 4000, Math.fround)).toBeLessThan(1e-2);
  });

  test('time, half time and strength are inverse to one another, and the curve solves the equation', () => {
    const mode = { singularValue: 3, start: 1e-3, timeConstant: 50 };
    for (const u of [0.01, 0.5, 1.5, 2.99])
      expect(relative(balancedStrength(balancedTime(u, mode), mode), u)).toBeLessThan(1e-12);
    expect(relative(balancedStrength(balancedHalfTime(mode), mode), 1.5)).toBeLessThan(1e-12);
    const u = rungeKutta((x) => (2 * x * (3 - x)) / 50, 1e-3, 60, 6000);
    expect(relative(balancedStrength(60, mode), u)).toBeLessThan(1e-9);
    expect(balancedStrength(1e9, mode)).toBe(3);
    expect(balancedStrength(1e9, { ...mode, start: 0 })).toBe(0);
    expect(balancedTime(3, mode)).toBe(Number.POSITIVE_INFINITY);
    expect(balancedTime(4, mode)).toBeNaN();
    const none = { singularValue: 0, start: 0.5, timeConstant: 50 };
    expect(
      relative(
        balancedStrength(60, none),
        rungeKutta((x) => (-2 * x * x) / 50, 0.5, 60, 6000),
      ),
    ).toBeLessThan(1e-9);
    expect(relative(balancedTime(balancedStrength(60, none), none), 60)).toBeLessThan(1e-12);
  });
});

describe('an unbalanced mode', () => {
  test('gradient descent takes the time of the quadrature and keeps a² − b²', () => {
    const [s, rate, steps] = [2, 1e-4, 20_000];
    let [a, b] = [0.3, 0.01];
    const c = a * a - b * b;
    for (let step = 0; step < steps; step++) {
      const error = s - a * b;
      [a, b] = [a + rate * b * error, b + rate * a * error];
    }
    const quadrature = simpson((u) => 1 / (Math.sqrt(c * c + 4 * u * u) * (s - u)), 0.003, a * b, 200_000);
    const closed = unbalancedTime(a * b, { singularValue: s, start: 0.003, imbalance: c, timeConstant: 1 });
    expect(relative(closed, quadrature)).toBeLessThan(1e-9);
    expect(relative(rate * steps, closed)).toBeLessThan(1e-3);
    expect(relative(a * a - b * b, c)).toBeLessThan(1e-3);
  });

  test('the closed form solves the equation, from both signs, above and below s, and inverts', () => {
    for (const s of [2, 0.1])
      for (const c of [0, 1e-9, 0.1, -5])
        for (const start of [-3, -1e-4, 0, 1e-3, 1.5, 4]) {
          const mode = { singularValue: s, start, imbalance: c, timeConstant: 10 };
          const f = (u: number): number => (Math.hypot(c, 2 * u) * (s - u)) / 10;
          const u = rungeKutta(f, start, 7, 20_000);
          const found = unbalancedStrength(7, mode);
          expect(Math.abs(found - u), JSON.stringify(mode)).toBeLessThan(1e-9 * Math.max(1e-3, Math.abs(u)));
          const isSlow = c === 0 && start <= 0;
          if (!isSlow) expect(relative(unbalancedTime(found, mode), 7), JSON.stringify(mode)).toBeLessThan(1e-7);
        }
  });

  test('without imbalance it is the balanced mode, without a target it decays', () => {
    const mode = { singularValue: 3, start: 1e-3, timeConstant: 1 };
    for (const t of [0.1, 1, 2, 100])
      expect(relative(unbalancedStrength(t, { ...mode, imbalance: 0 }), balancedStrength(t, mode))).toBeLessThan(1e-13);
    expect(relative(unbalancedHalfTime({ ...mode, imbalance: 0 }), balancedHalfTime(mode))).toBeLessThan(1e-13);
    for (const c of [0, 1e-12, 0.7])
      for (const start of [0.5, -0.5]) {
        const u = rungeKutta((x) => -Math.hypot(c, 2 * x) * x, start, 3, 20_000);
        expect(
          relative(unbalancedStrength(3, { singularValue: 0, start, imbalance: c, timeConstant: 1 }), u),
        ).toBeLessThan(1e-9);
      }
  });
});

describe('a mode of many matrices', () => {
  test('two matrices have the closed form, others the time of Simpson and the curve of Runge and Kutta', () => {
    const mode = { singularValue: 2, start: 0.1, timeConstant: 1 };
    expect(relative(deepTime(1.8, { ...mode, matrices: 2 }), balancedTime(1.8, mode))).toBeLessThan(1e-13);
    for (const matrices of [1, 3, 5, 10, 100])
      for (const start of [0.1, 3]) {
        const own = { ...mode, start, matrices };
        const f = (u: number): number => matrices * u ** (2 - 2 / matrices) * (2 - u);
        const end = start > 2 ? 2.1 : 1.8;
        const time = deepTime(end, own);
        expect(
          relative(
            time,
            simpson((u) => 1 / f(u), start, end, 100_000),
          ),
          `${matrices}`,
        ).toBeLessThan(1e-9);
        const times = [time / 3, time / 2, time];
        const strengths = deepStrengths(times, own);
        for (const [i, t] of times.entries())
          expect(relative(strengths[i]!, rungeKutta(f, start, t, 20_000))).toBeLessThan(1e-9);
      }
  });

  test('from a tiny start and without a target', () => {
    const tiny = { singularValue: 2, start: 1e-8, matrices: 4, timeConstant: 1 };
    const half = deepTime(1, tiny);
    const [early, late] = deepStrengths([half, 3 * half], tiny);
    expect(relative(early!, 1)).toBeLessThan(1e-6);
    expect(late).toBeCloseTo(2, 12);
    const u = rungeKutta((x) => -3 * x ** (3 - 2 / 3), 0.5, 2, 20_000);
    expect(
      relative(deepStrengths([2], { singularValue: 0, start: 0.5, matrices: 3, timeConstant: 1 })[0]!, u),
    ).toBeLessThan(1e-9);
  });

  test('the time over the depth climbs to its limit', () => {
    const mode = { singularValue: 2, start: 0.1, timeConstant: 1 };
    const limit = infinitelyDeepTime(1.8, mode);
    expect(limit).toBeCloseTo(6.008, 3);
    const times = [2, 3, 5, 10, 100, 10_000].map((matrices) => matrices * deepTime(1.8, { ...mode, matrices }));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[4]).toBeCloseTo(5.861, 2);
    expect(relative(times[5]!, limit)).toBeLessThan(3e-4);
  });
});
