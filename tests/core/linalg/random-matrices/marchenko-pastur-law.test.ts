import { describe, expect, it } from 'vitest';
import { symmetricEigen, symmetricEigenvalues } from '../../../../core/linalg/dense/dense-symmetric.ts';
import { kolmogorovSmirnovDistance } from '../../../../core/linalg/random-matrices/kolmogorov-smirnov.ts';
import {
  marchenkoPasturCumulative,
  marchenkoPasturDensity,
  marchenkoPasturEdges,
  marchenkoPasturMassAtZero,
  marchenkoPasturOfMoments,
} from '../../../../core/linalg/random-matrices/marchenko-pastur-law.ts';
import {
  spikedWishart,
  wishartEnsemble,
  wishartSpikeOutlier,
} from '../../../../core/linalg/random-matrices/wishart-ensemble.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

/** ∫ f over the support by the midpoint rule in x = centre − half cos t. */
function overSupport(aspect: number, f: (x: number) => number): number {
  const { lower, upper } = marchenkoPasturEdges(aspect);
  const steps = 20_000;
  const half = (upper - lower) / 2;
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    const t = ((i + 0.5) * Math.PI) / steps;
    sum += f(lower + half * (1 - Math.cos(t))) * half * Math.sin(t);
  }
  return (sum * Math.PI) / steps;
}

describe.each([0.1, 0.5, 1, 2, 5])('Marchenko–Pastur law of aspect %f', (aspect) => {
  it('has mass 1 with that at zero, mean 1 and second moment 1 + φ', () => {
    const moment = (k: number) => overSupport(aspect, (x) => x ** k * marchenkoPasturDensity(x, aspect));
    expect(moment(0) + marchenkoPasturMassAtZero(aspect)).toBeCloseTo(1, 4);
    expect(moment(1)).toBeCloseTo(1, 8);
    expect(moment(2)).toBeCloseTo(1 + aspect, 8);
  });

  it('has a distribution function with the density as its slope, from the mass at zero to 1', () => {
    const { lower, upper } = marchenkoPasturEdges(aspect);
    for (const share of [0.05, 0.3, 0.7, 0.95]) {
      const x = lower + share * (upper - lower);
      const h = 1e-5 * x;
      const slope = (marchenkoPasturCumulative(x + h, aspect) - marchenkoPasturCumulative(x - h, aspect)) / (2 * h);
      expect(Math.abs(slope / marchenkoPasturDensity(x, aspect) - 1)).toBeLessThan(1e-6);
    }
    expect(marchenkoPasturCumulative(-1e-9, aspect)).toBe(0);
    expect(marchenkoPasturCumulative(lower, aspect)).toBe(marchenkoPasturMassAtZero(aspect));
    expect(marchenkoPasturCumulative(lower * (1 + 1e-12) + 1e-24, aspect)).toBeCloseTo(
      marchenkoPasturMassAtZero(aspect),
      8,
    );
    expect(marchenkoPasturCumulative(upper * (1 - 1e-12), aspect)).toBeCloseTo(1, 8);
    expect(marchenkoPasturCumulative(upper, aspect)).toBe(1);
  });
});

describe('Wishart matrices', () => {
  it('of 200 dimensions from 400 draws follow the law, KS < 0.02', () => {
    const values = symmetricEigenvalues(wishartEnsemble(200, 400, randomFromSeed(1)));
    expect(kolmogorovSmirnovDistance(values, (x) => marchenkoPasturCumulative(x, 0.5))).toBeLessThan(0.02);
  });

  it('of 200 dimensions from 80 draws have 120 zeros, and the rest follows the law', () => {
    const values = symmetricEigenvalues(wishartEnsemble(200, 80, randomFromSeed(2)));
    expect(values.filter((value) => Math.abs(value) < 1e-12).length / 200).toBe(marchenkoPasturMassAtZero(2.5));
    const above = (x: number) => (marchenkoPasturCumulative(x, 2.5) - 0.6) / 0.4;
    expect(kolmogorovSmirnovDistance(values.subarray(120), above)).toBeLessThan(0.04);
  });

  it('are Gram matrices of the draws', () => {
    const [p, m] = [7, 5];
    const x = randomFromSeed(3).fill(new Float64Array(p * m), 'normal');
    const { data } = wishartEnsemble(p, m, randomFromSeed(3));
    for (let i = 0; i < p; i++) {
      for (let j = 0; j < p; j++) {
        let sum = 0;
        for (let k = 0; k < m; k++) sum += (x[i * m + k]! * x[j * m + k]!) / m;
        expect(Math.abs(data[i * p + j]! - sum)).toBeLessThan(1e-14);
      }
    }
  });
});

describe('a spike in a Wishart matrix (Baik, Ben Arous and Péché)', () => {
  it('above 1 + √φ shows as an outlier at ℓ (1 + φ/(ℓ − 1)) with the overlap of the formula', () => {
    const [p, m, variance] = [200, 800, 4];
    const expected = wishartSpikeOutlier(variance, p / m);
    const { eigenvalues, eigenvectors } = symmetricEigen(spikedWishart(p, m, variance, randomFromSeed(4)));
    // Standard deviation of the outlier: ℓ √(2/m) √(1 − φ/(ℓ − 1)²) = 0.197.
    expect(Math.abs(eigenvalues[p - 1]! - expected.eigenvalue)).toBeLessThan(3 * 0.197);
    expect(eigenvectors.data[p - 1]! ** 2).toBeCloseTo(expected.squaredOverlap, 1);
    expect(eigenvalues[p - 2]!).toBeLessThan(marchenkoPasturEdges(p / m).upper + 0.1);
  });

  it('below it does not', () => {
    const [p, m] = [200, 800];
    expect(wishartSpikeOutlier(1.4, p / m)).toEqual({ eigenvalue: 2.25, squaredOverlap: 0 });
    const { eigenvalues, eigenvectors } = symmetricEigen(spikedWishart(p, m, 1.3, randomFromSeed(5)));
    expect(Math.abs(eigenvalues[p - 1]! - 2.25)).toBeLessThan(0.1);
    expect(eigenvectors.data[p - 1]! ** 2).toBeLessThan(0.2);
  });

  it('is continuous at the threshold', () => {
    const above = wishartSpikeOutlier(1.5 + 1e-9, 0.25);
    expect(above.eigenvalue).toBeCloseTo(2.25, 8);
    expect(above.squaredOverlap).toBeCloseTo(0, 7);
  });
});

describe('the law of given moments', () => {
  it('is the one that a drawn matrix has, scale included', () => {
    const [p, m, scale] = [300, 600, 2.5];
    const { data } = wishartEnsemble(p, m, randomFromSeed(6));
    const values = symmetricEigen({ rows: p, columns: p, data: data.map((entry) => scale * entry) }).eigenvalues;
    const mean = values.reduce((sum, value) => sum + value, 0) / p;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / p;
    const law = marchenkoPasturOfMoments(mean, variance)!;
    expect(Math.abs(law.aspect - p / m)).toBeLessThan(0.01);
    expect(Math.abs(values[0]! - law.lower)).toBeLessThan(0.05);
    expect(Math.abs(values[p - 1]! - law.upper)).toBeLessThan(0.2);
    expect(marchenkoPasturOfMoments(-1, 1)).toBeNull();
  });
});
