import { expect, test } from 'vitest';
import { kolmogorovSmirnovDistance } from '../../../core/linalg/random-matrices/kolmogorov-smirnov.ts';
import {
  semicircleCumulative,
  shiftedSemicircleIndexFraction,
} from '../../../core/linalg/random-matrices/semicircle-law.ts';
import { energyGivenTrace, simulateRandomLandscape } from '../../../core/simulations/random-landscape.ts';
import { interpolatedAt } from './interpolated-at.ts';

const still = { signal: { aborted: false }, breathe: async () => {} };
const sampled = async (dimension: number, points: number, seed = 1) =>
  (await simulateRandomLandscape({ dimension, points, seed }, still))!.value;

test('at N = 300 index fractions lie within 0.02 of the semicircle about the centre of the spectrum', async () => {
  const { energies, indexFractions } = await sampled(300, 16);
  for (const [i, energy] of energies.entries()) {
    const centre = -energy * (1 + 2 / 300);
    expect(Math.abs(indexFractions[i]! - shiftedSemicircleIndexFraction(centre))).toBeLessThan(0.02);
  }
  expect(Math.min(...indexFractions)).toBe(0);
  expect(Math.max(...indexFractions)).toBe(1);
});

test('the curve of theory is met by the points of a large landscape and ends at minima and maxima', async () => {
  const { energies, indexFractions, theory } = await sampled(300, 12, 2);
  const { energies: x, indexFractions: y } = theory;
  expect([y[0], y[200]]).toEqual([0, 1]);
  expect(y[100]).toBeCloseTo(0.5, 14);
  expect(x[100]).toBeCloseTo(0, 12);
  for (const [i, energy] of energies.entries()) {
    expect(Math.abs(interpolatedAt(x, y, energy) - indexFractions[i]!)).toBeLessThan(0.02);
  }
});

/** Solves A z = b by elimination. */
function solved(a: number[][], b: number[]): number[] {
  const rows = a.map((row, i) => [...row, b[i]!]);
  const n = b.length;
  for (let i = 0; i < n; i++) {
    for (let k = i + 1; k < n; k++) {
      const factor = rows[k]![i]! / rows[i]![i]!;
      for (let j = i; j <= n; j++) rows[k]![j]! -= factor * rows[i]![j]!;
    }
  }
  const z = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let rest = rows[i]![n]!;
    for (let j = i + 1; j < n; j++) rest -= rows[i]![j]! * z[j]!;
    z[i] = rest / rows[i]![i]!;
  }
  return z;
}

test.each([2, 3, 5])('the energy given H is the regression of φ on all entries of H in %i dimensions', (n) => {
  const [slope, curvature] = [-0.7, 1.9];
  const pairs = Array.from({ length: n }, (_, i) => Array.from({ length: i + 1 }, (_, j) => [i, j] as const)).flat();
  const same = (a: number, b: number) => (a === b ? 1 : 0);
  // From C(x − y) = N f(|x − y|²/2N): fourth derivatives of the covariance at 0 are f″/N times the sum over pairings.
  const covariance = pairs.map(([i, j]) =>
    pairs.map(
      ([k, l]) => (curvature / n) * (same(i, j) * same(k, l) + same(i, k) * same(j, l) + same(i, l) * same(j, k)),
    ),
  );
  const withField = pairs.map(([i, j]) => slope * same(i, j));
  const coefficients = solved(covariance, withField);
  const centre = 1.3;
  // H = centre·I + anything without a trace.
  const entries = pairs.map(([i, j], at) => (i === j ? centre + (i === 0 ? 0.4 : i === 1 ? -0.4 : 0) : Math.sin(at)));
  const mean = coefficients.reduce((sum, c, at) => sum + c * entries[at]!, 0) / n;
  expect(energyGivenTrace(centre, n, { slope, curvature })).toBeCloseTo(mean, 12);
});

test('the three spectra are semicircles of radius 2 about their centres', async () => {
  const { spectra } = await sampled(400, 1, 3);
  expect(spectra).toHaveLength(3);
  for (const { energy, eigenvalues, density } of spectra) {
    const centre = -energy * (1 + 2 / 400);
    const distance = kolmogorovSmirnovDistance(eigenvalues, (x) => semicircleCumulative(x - centre));
    expect(distance).toBeLessThan(0.02);
    expect(eigenvalues.reduce((sum, value) => sum + value, 0) / 400).toBeCloseTo(centre, 10);
    const step = density.x[1]! - density.x[0]!;
    expect(density.y.reduce((sum, value) => sum + value * step, 0)).toBeCloseTo(1, 2);
    expect(density.x[100]).toBeCloseTo(centre, 12);
  }
  expect(spectra[0]!.eigenvalues[0]).toBeGreaterThan(-0.2);
});

test('small dimensions scatter, the coin is 2⁻ᴺ, the same seed gives the same points', async () => {
  const two = await sampled(2, 50);
  expect(two.coinMinimum).toBe(0.25);
  expect(new Set(two.indexFractions)).toEqual(new Set([0, 0.5, 1]));
  expect(two.energies).toEqual((await sampled(2, 50)).energies);
  expect(two.energies).not.toEqual((await sampled(2, 50, 9)).energies);
  expect(two.energies.every((energy, i) => i === 0 || energy > two.energies[i - 1]!)).toBe(true);
});

test('cancelled between points; parameters out of range are refused', async () => {
  const params = { dimension: 20, points: 10, seed: 1 };
  expect(await simulateRandomLandscape(params, { ...still, signal: { aborted: true } })).toBeNull();
  await expect(sampled(1, 5)).rejects.toThrow(/randomLandscape\.dimension is 1.*at least 2/);
  await expect(sampled(20, 0)).rejects.toThrow(/points is 0/);
  await expect(sampled(20, 5, 0.5)).rejects.toThrow(/seed is 0\.5.*whole/);
});
