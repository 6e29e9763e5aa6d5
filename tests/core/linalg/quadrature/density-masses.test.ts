import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { densityMassBelow, densityMasses } from '../../../../core/linalg/quadrature/density-masses.ts';
import { densityOfQuadratures } from '../../../../core/linalg/quadrature/spectral-density.ts';
import { probeQuadrature, type SpectralQuadrature } from '../../../../core/linalg/quadrature/spectral-quadrature.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { massSpectra, rotated } from './rotated-spectra.ts';

const seeds = 40;

async function quadraturesOf(
  operator: Parameters<typeof probeQuadrature<Float64Array>>[0],
  probes: number,
  steps: number,
  seed: number,
): Promise<SpectralQuadrature[]> {
  const quadratures: SpectralQuadrature[] = [];
  for (let probe = 0; probe < probes; probe++) {
    quadratures.push((await probeQuadrature(operator, probe, { steps, rng: randomFromSeed(seed) })).quadrature!);
  }
  return quadratures;
}

describe('masses below −δ, near zero and above δ', () => {
  it.each(massSpectra)('contain the truth in at least 36 of 40 seeds: $name', async ({ values, delta }) => {
    const { operator } = rotated(values, 6);
    const dim = values.length;
    const truth = {
      below: values.filter((value) => value < -delta).length,
      near: values.filter((value) => Math.abs(value) <= delta).length,
      above: values.filter((value) => value > delta).length,
    };
    for (const probes of [1, 6]) {
      const inside = { below: 0, near: 0, above: 0 };
      let cumulative = 0;
      for (let seed = 0; seed < seeds; seed++) {
        const quadratures = await quadraturesOf(operator, probes, 24, 1000 + seed);
        const masses = densityMasses({ quadratures, dim, deflated: [] }, delta);
        for (const part of ['below', 'near', 'above'] as const) {
          const { low95, high95, count } = masses[part];
          expect(low95).toBeGreaterThanOrEqual(0);
          expect(high95).toBeLessThanOrEqual(1);
          expect(count.high95).toBeCloseTo(high95 * dim, 9);
          if (count.low95 <= truth[part] + 1e-9 && truth[part] - 1e-9 <= count.high95) inside[part]++;
        }
        if (probes === 1) continue;
        const { x, cumulativeLower, cumulativeUpper } = densityOfQuadratures(quadratures, {
          dim,
          steps: 24,
          gridPoints: 50,
        });
        const half = (x[1]! - x[0]!) / 2;
        x.forEach((at, i) => {
          const share = values.filter((value) => value <= at + half).length / dim;
          if (cumulativeLower[i]! <= share + 1e-9 && share - 1e-9 <= cumulativeUpper[i]!) cumulative++;
        });
      }
      expect(inside.below).toBeGreaterThanOrEqual(36);
      expect(inside.near).toBeGreaterThanOrEqual(36);
      expect(inside.above).toBeGreaterThanOrEqual(36);
      if (probes > 1) expect(cumulative / (50 * seeds)).toBeGreaterThan(0.93);
    }
  });

  it('add to 1, their bounds as well, whatever the threshold', async () => {
    const { values } = massSpectra[4]!;
    const quadratures = await quadraturesOf(rotated(values, 6).operator, 3, 20, 5);
    const sample = { quadratures, dim: values.length, deflated: [] };
    fc.assert(
      fc.property(fc.double({ min: 0, max: 3, noNaN: true }), (delta) => {
        const { below, near, above } = densityMasses(sample, delta);
        expect(Math.abs(below.value + near.value + above.value - 1)).toBeLessThan(1e-12);
        for (const { value, resolution, low95, high95 } of [below, near, above]) {
          expect(low95).toBeLessThanOrEqual(value + 1e-12);
          expect(high95).toBeGreaterThanOrEqual(value - 1e-12);
          expect(resolution).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('count deflated eigenvalues exactly', async () => {
    const { values } = massSpectra[0]!;
    const { operator, eigenvector } = rotated(values, 6);
    const removed = [0, 1, 2, 3, 149];
    const deflated = { values: removed.map((i) => values[i]!), vectors: removed.map(eigenvector) };
    const { quadrature } = await probeQuadrature(operator, 0, { steps: 30, deflated, rng: randomFromSeed(3) });
    const sample = { quadratures: [quadrature!], dim: 150, deflated: deflated.values };
    const { below } = densityMasses(sample, 0.3);
    expect(below.count.value).toBeCloseTo(4, 9);
    expect(below.count.high95 - below.count.low95).toBeLessThan(1e-6);
    expect(densityMassBelow(sample, -1.05).count.low95).toBeCloseTo(3, 6);
    const all = { quadratures: [], dim: 3, deflated: [-1, 0, 2] };
    expect(densityMasses(all, 0.5).near.count).toMatchObject({ value: 1, low95: 1, high95: 1, standardError: 0 });
  });

  it('from one probe have an interval but no standard error', async () => {
    const { values, delta } = massSpectra[2]!;
    const quadratures = await quadraturesOf(rotated(values, 6).operator, 1, 10, 5);
    const { near } = densityMasses({ quadratures, dim: 150, deflated: [] }, delta);
    expect(near.standardError).toBeNaN();
    expect(near.high95 - near.low95).toBeLessThan(0.3);
    expect(() => densityMasses({ quadratures, dim: 150, deflated: [] }, -1)).toThrow('Give a number of 0 or more');
  });
});
