import { describe, expect, it } from 'vitest';
import { matrixOperator } from '../../../../../core/linalg/matrix-operator.ts';
import { hutchinsonTrace } from '../../../../../core/linalg/quadrature/trace/hutchinson.ts';
import { hostFloat32Space } from '../../../../../core/linalg/spaces/float32-space.ts';
import { hostFloat64Space } from '../../../../../core/linalg/spaces/float64-space.ts';
import { randomFromSeed } from '../../../../../core/random/philox.ts';
import { hessianLikeSpectrum, withSpectrum } from '../../../../support/test-matrices.ts';

const spectrum = hessianLikeSpectrum(120);
const trace = spectrum.reduce((a, b) => a + b, 0);
const matrix = withSpectrum(spectrum, 31);
const operator = matrixOperator(hostFloat64Space(120), matrix);

describe('Hutchinson trace', () => {
  it.each(['rademacher', 'normal'] as const)(
    '%s: z-scores over 60 seeds have variance near 1 and mean near 0',
    async (distribution) => {
      const z: number[] = [];
      for (let seed = 0; seed < 60; seed++) {
        const { value } = await hutchinsonTrace(operator, { probes: 30, distribution, rng: randomFromSeed(seed) });
        z.push((value.value - trace) / value.standardError);
      }
      const mean = z.reduce((a, b) => a + b, 0) / 60;
      const variance = z.reduce((a, b) => a + (b - mean) ** 2, 0) / 59;
      expect(variance).toBeGreaterThan(0.5);
      expect(variance).toBeLessThan(2);
      expect(Math.abs(mean)).toBeLessThan(0.6);
    },
  );

  it('has the variance 2 Σ_{i≠j} aᵢⱼ² of ±1 probes', async () => {
    let offDiagonal = 0;
    for (let i = 0; i < 120; i++)
      for (let j = 0; j < 120; j++) if (i !== j) offDiagonal += matrix.data[i * 120 + j]! ** 2;
    const { value } = await hutchinsonTrace(operator, { probes: 2000, rng: randomFromSeed(1) });
    const ratio = (value.standardError ** 2 * 2000) / (2 * offDiagonal);
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.25);
  });

  it('of a diagonal matrix is exact with one ±1 probe, and says that one probe has no standard error', async () => {
    const data = new Float64Array(16);
    for (let i = 0; i < 4; i++) data[i * 5] = i + 1;
    const { value } = await hutchinsonTrace(matrixOperator(hostFloat32Space(4), { rows: 4, columns: 4, data }), {
      probes: 1,
      rng: randomFromSeed(2),
    });
    expect(value.value).toBe(10);
    expect(value.standardError).toBeNaN();
  });

  it('never stops by luck before the minimum of probes, and stops at the wanted standard error', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const { value, status } = await hutchinsonTrace(operator, { relativeTol: 0.05, rng: randomFromSeed(seed) });
      expect(status).toBe('converged');
      expect(value.probes).toBeGreaterThanOrEqual(10);
      expect(value.standardError).toBeLessThanOrEqual(0.05 * Math.abs(value.value));
      const zero = await hutchinsonTrace(operator, { relativeTol: 1e9, rng: randomFromSeed(seed) });
      expect(zero.value.probes).toBe(13); // sure at the first look, at 10, and at the second
    }
  });

  it('says budgetSpent where the standard error was not reached', async () => {
    const { status, stats } = await hutchinsonTrace(operator, {
      relativeTol: 1e-6,
      probes: 25,
      rng: randomFromSeed(3),
    });
    expect(status).toBe('budgetSpent');
    expect(stats.products).toBe(25);
  });

  it('keeps the probes before a NaN and before a cancellation', async () => {
    let products = 0;
    const failing = {
      ...operator,
      apply: async (v: Float64Array) => (++products > 7 ? v.map(() => Number.NaN) : operator.apply(v)),
    };
    const broken = await hutchinsonTrace(failing, { rng: randomFromSeed(4) });
    expect(broken.status).toBe('notFinite');
    expect(broken.value.probes).toBe(7);
    expect(broken.value.value).not.toBeNaN();
    const signal = { aborted: false };
    const cancelled = await hutchinsonTrace(operator, {
      rng: randomFromSeed(4),
      signal,
      onProgress: ({ products: done }) => {
        signal.aborted = done === 3;
      },
    });
    expect(cancelled.status).toBe('cancelled');
    expect(cancelled.stats.products).toBe(3);
  });
});
