import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { both, deflate, lower, upper } from '../../../../core/linalg/dense/deflation.ts';
import { distance, largestOf } from './decomposition-error.ts';

/** Values with ties and near-ties, weights with zeros and next to nothing. */
const problems = fc
  .array(
    fc.tuple(fc.integer({ min: -3, max: 3 }), fc.constantFrom(0, 1e-17, 1e-9), fc.constantFrom(0, 1e-18, 1e-3, 1, -1)),
    { minLength: 1, maxLength: 16 },
  )
  .map((rows) => ({
    d: Float64Array.from(rows, ([value, nudge]) => value + nudge),
    z: Float64Array.from(rows, ([, , weight]) => weight),
  }));

const product = (a: number[][], b: number[][]): number[][] =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, x, k) => sum + x * b[k]![j]!, 0)));

describe('deflation', () => {
  it('is a rotation of diag(d) + ρ z zᵀ, up to rounding, that leaves strictly ascending values with weights', () => {
    fc.assert(
      fc.property(problems, fc.constantFrom(0.5, 2, 1e-12), ({ d, z }, rho) => {
        const k = d.length;
        const dense = Array.from(d, (value, i) =>
          Array.from(z, (weight, j) => (i === j ? value : 0) + rho * z[i]! * weight),
        );
        const rotation: number[][] = Array.from(d, (_, i) => Array.from(d, (_, j) => (i === j ? 1 : 0)));
        const order = Array.from(d.keys()).sort((i, j) => d[i]! - d[j]!);
        const half = k >> 1;
        const halves = Uint8Array.from(d, (_, i) => (i < half ? upper : lower));
        const { kept, deflated } = deflate(d, z, rho, order, halves, (row, other, c, s) => {
          const [x, y] = [rotation[row]!, rotation[other]!];
          rotation[row] = x.map((value, j) => c * value + s * y[j]!);
          rotation[other] = y.map((value, j) => c * value - s * x[j]!);
        });
        expect([...kept, ...deflated].sort((i, j) => i - j)).toEqual(Array.from(d.keys()));
        const weight = (i: number) => (kept.includes(i) ? z[i]! : 0);
        const wanted = Array.from(d, (value, i) =>
          Array.from(d, (_, j) => (i === j ? value : 0) + rho * weight(i) * weight(j)),
        );
        const transposed = rotation.map((_, j) => rotation.map((row) => row[j]!));
        const found = product(product(rotation, dense), transposed);
        const size = rho * k + largestOf(d);
        expect(distance(found.flat(), wanted.flat())).toBeLessThan(4e-15 * (k + 2) * size);
        kept.slice(1).forEach((row, i) => {
          expect(d[row]!).toBeGreaterThan(d[kept[i]!]!);
        });
        // What is said to be zero in a half is zero there.
        for (const row of kept) {
          if (halves[row] === upper) expect(largestOf(rotation[row]!.slice(half))).toBe(0);
          if (halves[row] === lower) expect(largestOf(rotation[row]!.slice(0, half))).toBe(0);
        }
        expect(kept.every((row) => [upper, both, lower].includes(halves[row]!))).toBe(true);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('keeps everything of a problem without ties, and nothing where ρ is nothing', () => {
    const run = (rho: number) =>
      deflate(Float64Array.of(1, 2, 3), Float64Array.of(1, 1, 1), rho, [0, 1, 2], new Uint8Array(3), () => {
        throw new Error('Nothing is to be rotated.');
      });
    expect(run(1)).toEqual({ kept: [0, 1, 2], deflated: [] });
    expect(run(1e-17)).toEqual({ kept: [], deflated: [0, 1, 2] });
  });
});
