import { describe, expect, it } from 'vitest';
import { effectiveDimension } from '../../../../core/linalg/quadrature/effective-dimension.ts';
import { logDeterminant } from '../../../../core/linalg/quadrature/log-determinant.ts';
import { probeQuadrature } from '../../../../core/linalg/quadrature/spectral-quadrature.ts';
import type { SpectralSample } from '../../../../core/linalg/quadrature/spectral-sample.ts';
import { spectralSum } from '../../../../core/linalg/quadrature/spectral-sum.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { hessianLikeSpectrum } from '../../../support/test-matrices.ts';
import { type Rotated, rotated, sumOf } from './rotated-spectra.ts';

async function sampleOf(
  { operator, eigenvalues, eigenvector }: Rotated,
  probes: number,
  steps: number,
  seed: number,
  removed: readonly number[] = [],
): Promise<SpectralSample> {
  const deflated = { values: removed.map((i) => eigenvalues[i]!), vectors: removed.map(eigenvector) };
  const quadratures = [];
  for (let probe = 0; probe < probes; probe++) {
    const { quadrature } = await probeQuadrature(operator, probe, { steps, deflated, rng: randomFromSeed(seed) });
    quadratures.push(quadrature!);
  }
  return { quadratures, dim: eigenvalues.length, deflated: deflated.values };
}

const dim = 120;
const positive = rotated(
  Array.from({ length: dim }, (_, i) => 10 * 0.9 ** i),
  3,
);
const indefinite = rotated(hessianLikeSpectrum(dim), 3);
const logDet = (values: Float64Array, shift: number) => sumOf(values.map((value) => Math.log(value + shift)));
const effective = (values: Float64Array, shift: number) => sumOf(values.map((v) => (v > 0 ? v / (v + shift) : 0)));

describe('ln det(A + σI) and effective dimension', () => {
  it.each([
    { name: 'positive, with the start of the spectrum', matrix: positive, shift: 0.05, spectrumStart: 0 },
    { name: 'positive, without it', matrix: positive, shift: 0.05, spectrumStart: undefined },
    { name: 'indefinite', matrix: indefinite, shift: 0.2, spectrumStart: undefined },
  ])('contain the truth in at least 36 of 40 seeds: $name', async ({ matrix, shift, spectrumStart }) => {
    let [determinant, dimension] = [0, 0];
    for (let seed = 0; seed < 40; seed++) {
      const sample = await sampleOf(matrix, 8, 25, 500 + seed);
      const first = logDeterminant(sample, shift, { spectrumStart });
      const second = effectiveDimension(sample, shift, { spectrumStart });
      const [logTruth, dimensionTruth] = [logDet(matrix.eigenvalues, shift), effective(matrix.eigenvalues, shift)];
      if (first.low95 <= logTruth && logTruth <= first.high95) determinant++;
      if (second.low95 <= dimensionTruth && dimensionTruth <= second.high95) dimension++;
    }
    expect(determinant).toBeGreaterThanOrEqual(36);
    expect(dimension).toBeGreaterThanOrEqual(36);
  });

  it('with few steps the bounds of the quadrature hold its error, which the spread of the probes does not show', async () => {
    for (const steps of [3, 5, 8]) {
      const few = await sampleOf(positive, 6, steps, 7);
      const many = await sampleOf(positive, 6, 60, 7);
      for (const sum of [logDeterminant, effectiveDimension]) {
        const bounded = sum(few, 0.05, { spectrumStart: 0 });
        const exact = sum(many, 0.05);
        expect(Math.abs(bounded.value - exact.value)).toBeLessThan(bounded.resolution + 1e-6);
        expect(bounded.resolution).toBeGreaterThan(0);
      }
    }
    expect(spectralSum(await sampleOf(positive, 2, 5, 7), Math.exp).resolution).toBeNaN();
  });

  it('rising bounds hold for the kink at 0 of an indefinite spectrum', async () => {
    const sample = await sampleOf(indefinite, 6, 12, 7);
    const exact = effectiveDimension(await sampleOf(indefinite, 6, 119, 7), 0.01);
    const bounded = effectiveDimension(sample, 0.01);
    expect(Math.abs(bounded.value - exact.value)).toBeLessThan(2 * bounded.resolution);
    expect(bounded.resolution).toBeGreaterThan(0);
  });

  it('take deflated pairs exactly, and all pairs without a probe', async () => {
    const removed = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    let [plain, less] = [0, 0];
    for (let seed = 0; seed < 10; seed++) {
      plain += effectiveDimension(await sampleOf(positive, 6, 25, seed), 1, { spectrumStart: 0 }).standardError;
      less += effectiveDimension(await sampleOf(positive, 6, 25, seed, removed), 1, { spectrumStart: 0 }).standardError;
    }
    expect(less).toBeLessThan(0.8 * plain);
    const all = { quadratures: [], dim: 3, deflated: [-0.5, 1, 3] };
    expect(logDeterminant(all, 1)).toMatchObject({ value: Math.log(0.5 * 2 * 4), standardError: 0 });
    expect(effectiveDimension(all, 1)).toMatchObject({ value: 0.5 + 0.75, low95: 1.25, high95: 1.25 });
  });

  it('refuse a shift that does not make the matrix positive', async () => {
    const sample = await sampleOf(indefinite, 2, 25, 1);
    expect(() => logDeterminant(sample, 0.01)).toThrow('not above 0');
    expect(() => logDeterminant(sample, 0.2, { spectrumStart: -0.3 })).toThrow('not above 0');
    expect(() => effectiveDimension(sample, 0)).toThrow('above 0');
  });
});
