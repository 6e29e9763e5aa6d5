import { describe, expect, it } from 'vitest';
import { hutchinsonDiagonal } from '../../../../core/linalg/quadrature/hutchinson-diagonal.ts';
import { hutchinsonTrace } from '../../../../core/linalg/quadrature/trace/hutchinson.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { hessianLikeSpectrum } from '../../../support/test-matrices.ts';
import { rotated, sumOf } from './rotated-spectra.ts';

const dim = 90;
const values = hessianLikeSpectrum(dim);
const { operator } = rotated(values, 4);
const ranges = [
  { offset: 0, size: 10 },
  { offset: 10, size: 60 },
  { offset: 70, size: 20 },
];

async function exactDiagonal(): Promise<Float64Array> {
  const diagonal = new Float64Array(dim);
  for (let i = 0; i < dim; i++) {
    const unit = new Float64Array(dim);
    unit[i] = 1;
    diagonal[i] = (await operator.apply(unit))[i]!;
  }
  return diagonal;
}

describe('Hutchinson diagonal', () => {
  it('contains the trace of each block in at least 36 of 40 seeds, and coordinates in 95 of 100', async () => {
    const truth = await exactDiagonal();
    const inside = [0, 0, 0];
    let coordinates = 0;
    for (let seed = 0; seed < 40; seed++) {
      const { value } = await hutchinsonDiagonal(operator, { probes: 20, ranges, rng: randomFromSeed(seed) });
      value.ranges.forEach(({ offset, size, low95, high95 }, i) => {
        const exact = sumOf(truth.subarray(offset, offset + size));
        if (low95 <= exact && exact <= high95) inside[i]!++;
      });
      value.diagonal.forEach((entry, i) => {
        if (Math.abs(entry - truth[i]!) <= 2.093 * value.standardError[i]!) coordinates++;
      });
    }
    for (const count of inside) expect(count).toBeGreaterThanOrEqual(36);
    expect(coordinates / (40 * dim)).toBeGreaterThan(0.92);
    expect(coordinates / (40 * dim)).toBeLessThan(0.98);
  });

  it('adds up: the blocks to the trace, the samples to zᵀAz', async () => {
    const { value, stats } = await hutchinsonDiagonal(operator, { probes: 6, ranges, rng: randomFromSeed(1) });
    expect(stats.products).toBe(6);
    expect(sumOf(value.ranges.map((range) => range.value))).toBeCloseTo(value.trace.value, 10);
    expect(sumOf(value.diagonal)).toBeCloseTo(value.trace.value, 10);
    const plain = await hutchinsonTrace(operator, { probes: 6, rng: randomFromSeed(2) });
    expect(Math.abs(value.trace.value - plain.value.value)).toBeGreaterThan(0);
    expect(value.trace.degreesOfFreedom).toBe(5);
  });

  it('is exact for a diagonal matrix with one probe, which has no standard error', async () => {
    const entries = Float64Array.from({ length: dim }, (_, i) => i - 3);
    const diagonal = { ...operator, apply: async (v: Float64Array) => v.map((entry, i) => entry * entries[i]!) };
    const { value } = await hutchinsonDiagonal(diagonal, { probes: 1, ranges, rng: randomFromSeed(1) });
    expect([...value.diagonal]).toEqual([...entries]);
    expect(value.standardError.every(Number.isNaN)).toBe(true);
    expect(value.ranges[0]).toMatchObject({ low95: -Infinity, high95: Infinity });
  });

  it('keeps the probes before a NaN and refuses ranges outside', async () => {
    let products = 0;
    const failing = {
      ...operator,
      apply: async (v: Float64Array) => (++products > 4 ? v.map(() => Number.NaN) : operator.apply(v)),
    };
    const { value, status } = await hutchinsonDiagonal(failing, { rng: randomFromSeed(1) });
    expect(status).toBe('notFinite');
    expect(value.probes).toBe(4);
    expect(value.diagonal.every(Number.isFinite)).toBe(true);
    const rng = randomFromSeed(1);
    await expect(hutchinsonDiagonal(operator, { rng, ranges: [{ offset: 80, size: 11 }] })).rejects.toThrow(
      'within 90',
    );
    await expect(hutchinsonDiagonal(operator, { rng, probes: 0 })).rejects.toThrow('1 or more');
  });
});
