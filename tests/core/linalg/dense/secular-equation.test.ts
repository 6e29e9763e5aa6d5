import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { recomputedWeights, secularRoots, secularVector } from '../../../../core/linalg/dense/secular-equation.ts';
import { distance, largestOf } from './decomposition-error.ts';

interface Problem {
  readonly d: Float64Array;
  readonly z: Float64Array;
  readonly rho: number;
}

/** Gaps and weights over ten decades, as they remain after deflation. */
const problems: fc.Arbitrary<Problem> = fc
  .tuple(
    fc.array(fc.tuple(fc.double({ min: -10, max: 0, noNaN: true }), fc.double({ min: -10, max: 0, noNaN: true })), {
      minLength: 1,
      maxLength: 30,
    }),
    fc.double({ min: -3, max: 3, noNaN: true }),
    fc.double({ min: -5, max: 5, noNaN: true }),
  )
  .map(([decades, rhoDecade, start]) => {
    let value = start;
    const d = Float64Array.from(decades, ([gap]) => {
      value += 10 ** gap;
      return value;
    });
    const z = Float64Array.from(decades, ([, weight], i) => (i % 3 === 1 ? -1 : 1) * 10 ** weight);
    return { d, z, rho: 10 ** rhoDecade };
  });

const sizeOf = ({ d, z, rho }: Problem): number => largestOf(d) + rho * z.reduce((sum, x) => sum + x * x, 0);

describe('secular equation', () => {
  it('has one root strictly between neighbouring poles, and the last within ρ‖z‖² of the last pole', () => {
    fc.assert(
      fc.property(problems, ({ d, z, rho }) => {
        const { origin, offset } = secularRoots(d, z, rho);
        const total = rho * z.reduce((sum, x) => sum + x * x, 0);
        offset.forEach((mu, j) => {
          // The differences to the poles are what eigenvectors are made of: they, not the rounded root, must have signs.
          const above = d[j]! - d[origin[j]!]! - mu;
          expect(above).toBeLessThan(0);
          if (j + 1 < d.length) expect(d[j + 1]! - d[origin[j]!]! - mu).toBeGreaterThan(0);
          else expect(-above).toBeLessThanOrEqual(total * (1 + 1e-15));
        });
      }),
      { numRuns: 400, seed: 1 },
    );
  });

  it('gives the eigenvalues that ml-matrix finds for diag(d) + ρ z zᵀ', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { d, z, rho } = problem;
        const { origin, offset } = secularRoots(d, z, rho);
        const values = offset.map((mu, j) => d[origin[j]!]! + mu);
        const dense = new Matrix(
          Array.from(d, (value, i) => Array.from(d, (_, j) => (i === j ? value : 0) + rho * z[i]! * z[j]!)),
        );
        const twin = new EigenvalueDecomposition(dense, { assumeSymmetric: true }).realEigenvalues;
        expect(distance(values, twin)).toBeLessThanOrEqual(1e-14 * d.length * sizeOf(problem));
      }),
      { numRuns: 200, seed: 2 },
    );
  });

  it('gives orthogonal eigenvectors with small residuals, whatever the gaps', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { d, z, rho } = problem;
        const k = d.length;
        const roots = secularRoots(d, z, rho);
        const weights = recomputedWeights(d, z, roots);
        const vectors = Array.from({ length: k }, (_, j) => {
          const vector = new Float64Array(k);
          secularVector(d, weights, roots, j, vector);
          return vector;
        });
        vectors.forEach((v, j) => {
          for (let i = 0; i <= j; i++) {
            const overlap = vectors[i]!.reduce((sum, x, l) => sum + x * v[l]!, 0);
            expect(Math.abs(overlap - (i === j ? 1 : 0))).toBeLessThan(1e-14 * (k + 10));
          }
          const along = rho * v.reduce((sum, x, l) => sum + x * z[l]!, 0);
          const value = d[roots.origin[j]!]! + roots.offset[j]!;
          const residual = Math.hypot(...v.map((x, i) => (d[i]! - value) * x + along * z[i]!));
          expect(residual).toBeLessThan(1e-14 * (k + 10) * sizeOf(problem));
        });
      }),
      { numRuns: 200, seed: 3 },
    );
  });

  it('has the closed form of two poles, and of one', () => {
    // (1 − λ)(3 − λ) with z = (1, 1), ρ = 2: [[3, 2], [2, 5]].
    const two = secularRoots(Float64Array.of(1, 3), Float64Array.of(1, 1), 2);
    const values = two.offset.map((mu, j) => [1, 3][two.origin[j]!]! + mu);
    expect(distance(values, [4 - Math.sqrt(5), 4 + Math.sqrt(5)])).toBeLessThan(2e-15);
    const one = secularRoots(Float64Array.of(-1), Float64Array.of(3), 0.5);
    expect(one.offset[0]).toBe(4.5);
  });

  it('keeps the relative distance of a root from a pole with a tiny weight', () => {
    // To first order λ − d₁ = ρ z₁² / (1 + ρ Σ zᵢ²/(dᵢ − d₁)), here 1e-26 / (1 − 1/1 + 1/2) with an error of 1e-26 of that.
    const { origin, offset } = secularRoots(Float64Array.of(-1, 0, 2), Float64Array.of(1, 1e-13, 1), 1);
    const [j, mu] = [1, offset[1]!];
    expect(origin[j]).toBe(1);
    expect(Math.abs(mu / 2e-26 - 1)).toBeLessThan(1e-14);
  });
});
