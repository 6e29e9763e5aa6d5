import { describe, expect, it } from 'vitest';
import { symmetricEigen } from '../../../../core/linalg/dense/dense-symmetric.ts';
import { gaussianOrthogonalEnsemble } from '../../../../core/linalg/random-matrices/gaussian-orthogonal-ensemble.ts';
import { kolmogorovSmirnovDistance } from '../../../../core/linalg/random-matrices/kolmogorov-smirnov.ts';
import {
  semicircleCumulative,
  semicircleDensity,
  semicircleOfMoments,
  shiftedSemicircleIndexFraction,
} from '../../../../core/linalg/random-matrices/semicircle-law.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const draw = (seed: number) => symmetricEigen(gaussianOrthogonalEnsemble(400, randomFromSeed(seed))).eigenvalues;
const draws = [1, 2, 3, 4, 5].map(draw);

describe('semicircle law', () => {
  it('has a density that is the derivative of its distribution function', () => {
    for (const x of [-1.9, -1, 0, 0.7, 1.99]) {
      const slope = (semicircleCumulative(x + 1e-5) - semicircleCumulative(x - 1e-5)) / 2e-5;
      expect(Math.abs(slope - semicircleDensity(x))).toBeLessThan(1e-6);
    }
    expect([semicircleCumulative(-2), semicircleCumulative(0), semicircleCumulative(2)]).toEqual([0, 0.5, 1]);
  });

  it('A1: five GOE(400) lie within a KS distance of 0.02, with m₄ = 2 and λ_max near 2', () => {
    const pooled = Float64Array.from(draws.flatMap((values) => Array.from(values))).sort();
    expect(kolmogorovSmirnovDistance(pooled, semicircleCumulative)).toBeLessThan(0.02);
    for (const values of draws) {
      expect(Math.abs(values[399]! - 2)).toBeLessThan(0.08);
      const fourth = values.reduce((sum, value) => sum + value ** 4, 0) / 400;
      expect(Math.abs(fourth - 2)).toBeLessThan(0.1);
    }
  });

  it('of the moments of a drawn matrix ends where its eigenvalues do', () => {
    const values = draws[0]!.map((value) => 3 + 0.5 * value);
    const mean = values.reduce((sum, value) => sum + value, 0) / 400;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 400;
    const { lower, upper } = semicircleOfMoments(mean, variance);
    expect(Math.abs(values[0]! - lower)).toBeLessThan(0.05);
    expect(Math.abs(values[399]! - upper)).toBeLessThan(0.05);
  });

  it.each([1.5, 1, 0.5, 0])('A2: the index fraction of a GOE(400) shifted by %f is (ϑ − sin ϑ cos ϑ)/π', (shift) => {
    const negative = draws[0]!.filter((value) => value + shift < 0).length / 400;
    expect(Math.abs(negative - shiftedSemicircleIndexFraction(shift))).toBeLessThan(0.02);
  });
});

describe('Kolmogorov–Smirnov distance', () => {
  it('of the midpoints of n equal cells from the uniform law is 1/(2n)', () => {
    const sample = Float64Array.from({ length: 10 }, (_, i) => (i + 0.5) / 10);
    expect(kolmogorovSmirnovDistance(sample, (x) => x)).toBeCloseTo(0.05, 12);
  });
});
