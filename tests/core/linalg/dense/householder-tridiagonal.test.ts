import fc from 'fast-check';
import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { householderTridiagonal } from '../../../../core/linalg/dense/householder-tridiagonal.ts';

const symmetric = fc.integer({ min: 1, max: 14 }).chain((n) =>
  fc
    .array(fc.oneof(fc.constant(0), fc.double({ min: -10, max: 10, noNaN: true })), {
      minLength: n * n,
      maxLength: n * n,
    })
    .map((entries) => {
      const a = new Matrix(Array.from({ length: n }, (_, i) => entries.slice(i * n, (i + 1) * n)));
      return Matrix.add(a, a.transpose());
    }),
);

describe('Householder tridiagonalisation', () => {
  it('gives Q orthogonal with QᵀAQ = T, and leaves the last index alone', () => {
    fc.assert(
      fc.property(symmetric, (a) => {
        const n = a.rows;
        const { alpha, beta, basis } = householderTridiagonal({
          rows: n,
          columns: n,
          data: Float64Array.from(a.to1DArray()),
        });
        const q = Matrix.from1DArray(n, n, Array.from(basis.data));
        const t = Matrix.diag(Array.from(alpha));
        beta.forEach((b, i) => {
          t.set(i, i + 1, b);
          t.set(i + 1, i, b);
        });
        expect(Matrix.sub(q.transpose().mmul(q), Matrix.eye(n)).norm('frobenius')).toBeLessThan(1e-13);
        expect(Matrix.sub(q.transpose().mmul(a).mmul(q), t).norm('frobenius')).toBeLessThan(1e-12);
        expect(q.get(n - 1, n - 1)).toBe(1);
      }),
      { numRuns: 200, seed: 3 },
    );
  });
});
