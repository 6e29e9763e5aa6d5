import { expect, test } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { expectedEscape, meanLogOfChiSquared, simulateEscapeTimes } from '../../../core/simulations/escape-times.ts';
import type { Simulations } from '../../../core/simulations/simulation.ts';

type Params = Simulations['escapeTimes']['params'];

const still = { signal: { aborted: false }, breathe: async () => {} };
const usual: Params = {
  dimension: 10,
  negative: 1,
  curvature: 1,
  noise: 0.01,
  distance: 0,
  learningRate: 0.1,
  repeats: 300,
  mostSteps: 5000,
  seed: 4,
};
const escaped = async (more: Partial<Params>) => (await simulateEscapeTimes({ ...usual, ...more }, still))!;

test.each([
  [1, 1e-3, 0.1],
  [1, 1e-6, 0.1],
  [0.05, 1e-3, 0.1],
  [3, 0.2, 0.01],
  [2, 5, 0.1],
])(
  'without noise: curvature %f from %f at η %f, the time is that of d(1 + ηc)ᵗ, step for step',
  async (curvature, distance, learningRate) => {
    const { value, stats } = await escaped({ curvature, distance, learningRate, noise: 0, repeats: 3 });
    let [y, steps] = [distance, 0];
    while (-0.5 * curvature * y * y >= -1) {
      y += learningRate * curvature * y;
      steps++;
    }
    expect(Array.from(value.times)).toEqual([steps, steps, steps]);
    expect(value).toMatchObject({ mean: steps, standardError: 0, theory: steps });
    expect(value.losses).toHaveLength(1);
    expect(value.losses[0]).toHaveLength(steps + 1);
    expect(value.losses[0]![0]! / (-0.5 * curvature * distance ** 2)).toBeCloseTo(1, 14);
    expect(stats.gradients).toBe(steps);
  },
);

test.each([
  {},
  { negative: 4 },
  { negative: 10 },
  { curvature: 0.2, noise: 0.003 },
  { curvature: 5, learningRate: 0.02 },
  { distance: 0.02 },
  { distance: 0.01, negative: 3 },
  { dimension: 100, repeats: 100 },
])('with noise the mean is within three standard errors of the closed form: %o', async (more) => {
  const { value } = await escaped(more);
  expect(value.theory).not.toBeNull();
  expect(value.standardError).toBeGreaterThan(0);
  expect(Math.abs(value.mean - value.theory!)).toBeLessThan(3 * value.standardError);
});

test('times follow the logarithm of the noise, the curvature and the number of ways down', () => {
  const time = (more: Partial<Params>) => expectedEscape({ ...usual, ...more })!;
  const growth = Math.log(1.1);
  expect(time({ noise: 1e-5 }) - time({ noise: 1e-3 })).toBeCloseTo(Math.log(100) / growth, 3);
  expect(time({ noise: 1e-3, negative: 9 })).toBeLessThan(time({ noise: 1e-3 }));
  expect(time({ noise: 1e-6, distance: 1e-2 })).toBe(expectedEscape({ ...usual, noise: 0, distance: 1e-2 }));
});

test('no closed form: nothing that would leave, and noise that carries out by itself', async () => {
  expect(expectedEscape({ ...usual, noise: 0 })).toBeNull();
  expect(expectedEscape({ ...usual, noise: 3 })).toBeNull();
  const { value } = await escaped({ noise: 0, repeats: 2, mostSteps: 20 });
  expect(Array.from(value.times)).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  expect(value.mean).toBe(Number.POSITIVE_INFINITY);
  expect(value.standardError).toBeNaN();
  expect(value.losses[0]).toHaveLength(21);
});

/** ∫ ln(x) of the χ² density of k degrees, by the substitution x = eˢ and the trapezoidal rule. */
function meanLogByQuadrature(k: number): number {
  let [sum, mass] = [0, 0];
  for (let s = -60; s < 8; s += 1e-3) {
    const weight = Math.exp((k / 2) * s - Math.exp(s) / 2);
    sum += s * weight;
    mass += weight;
  }
  return sum / mass;
}

test('the mean logarithm of χ² is that of quadrature; of one degree −γ − ln 2, of two ln 2 − γ', () => {
  const gamma = 0.5772156649015329;
  expect(meanLogOfChiSquared(1, 0)).toBeCloseTo(-gamma - Math.LN2, 13);
  expect(meanLogOfChiSquared(2, 0)).toBeCloseTo(Math.LN2 - gamma, 13);
  for (const k of [1, 3, 8, 40]) expect(meanLogOfChiSquared(k, 0)).toBeCloseTo(meanLogByQuadrature(k), 9);
});

test('the series of the non-central one meets its expansion, and the normal integral of one degree', () => {
  for (const k of [1, 7]) expect(meanLogOfChiSquared(k, 9999)).toBeCloseTo(meanLogOfChiSquared(k, 10_001) - 2e-4, 6);
  const mean = 1.7;
  let [sum, mass] = [0, 0];
  // ln z² is singular at 0: points symmetric about it, none on it; the error of the rule is of the order of the step.
  for (let z = -12 + 5e-5; z < 14; z += 1e-4) {
    const weight = Math.exp(-0.5 * (z - mean) ** 2);
    sum += Math.log(z * z) * weight;
    mass += weight;
  }
  expect(meanLogOfChiSquared(1, mean ** 2)).toBeCloseTo(sum / mass, 3);
});

test('the same seed gives the same times, another one others; a cancelled one has no answer', async () => {
  const few = { repeats: 20 };
  expect((await escaped(few)).value).toEqual((await escaped(few)).value);
  expect((await escaped(few)).value.times).not.toEqual((await escaped({ ...few, seed: 5 })).value.times);
  expect(await simulateEscapeTimes(usual, { ...still, signal: { aborted: true } })).toBeNull();
  const signal = { aborted: false };
  const breathe = async () => {
    signal.aborted = true;
  };
  expect(await simulateEscapeTimes({ ...usual, noise: 1e-9, dimension: 1000 }, { signal, breathe })).toBeNull();
});

test.each([
  [{ negative: 11 }, /escapeTimes\.negative is 11.*at most 10/],
  [{ learningRate: 2 }, /learningRate is 2/],
  [{ curvature: 0 }, /above 0/],
  [{ noise: -1 }, /at least 0/],
  [{ repeats: 0 }, /at least 1/],
  [{ mostSteps: Number.POSITIVE_INFINITY }, /whole number/],
])('%o is refused', async (more, message) => {
  await expect(escaped(more)).rejects.toThrow(BadInput);
  await expect(escaped(more)).rejects.toThrow(message);
});
