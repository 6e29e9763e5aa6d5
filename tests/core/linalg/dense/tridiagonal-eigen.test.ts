import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { tridiagonalEigen } from '../../../../core/linalg/dense/tridiagonal-eigen.ts';

function dense(alpha: Float64Array, beta: Float64Array): Matrix {
  const matrix = Matrix.zeros(alpha.length, alpha.length);
  alpha.forEach((a, i) => {
    matrix.set(i, i, a);
    if (i + 1 < alpha.length) {
      matrix.set(i, i + 1, beta[i]!);
      matrix.set(i + 1, i, beta[i]!);
    }
  });
  return matrix;
}

function worst(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let largest = actual.length === expected.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < actual.length; i++) largest = Math.max(largest, Math.abs(actual[i]! - expected[i]!));
  return largest;
}

// The twin runs past its arrays on subnormal entries, so they are drawn as zeros.
const entries = (n: number) =>
  fc
    .float64Array({ minLength: n, maxLength: n, noNaN: true, min: -1e3, max: 1e3 })
    .map((x) => Float64Array.from(x, (v) => (Math.abs(v) < 1e-30 ? 0 : v)));
const matrices = fc.integer({ min: 1, max: 24 }).chain((n) => fc.tuple(entries(n), entries(n)));

describe('tridiagonal eigenproblem', () => {
  it('has the closed form 2 − 2 cos(jπ/(n+1)) for the second difference, n = 300', () => {
    const n = 300;
    const { values, vectors } = tridiagonalEigen(new Float64Array(n).fill(2), new Float64Array(n - 1).fill(-1), 'all');
    const expected = Float64Array.from({ length: n }, (_, j) => 2 - 2 * Math.cos(((j + 1) * Math.PI) / (n + 1)));
    expect(worst(values, expected)).toBeLessThan(1e-14 * n);
    const third = Float64Array.from(
      { length: n },
      (_, k) => Math.sqrt(2 / (n + 1)) * Math.sin(((k + 1) * 3 * Math.PI) / (n + 1)),
    );
    const found = vectors.subarray(2 * n, 3 * n);
    const sign = Math.sign(found[0]!) * Math.sign(third[0]!);
    expect(
      worst(
        found.map((v) => v * sign),
        third,
      ),
    ).toBeLessThan(1e-11);
  });

  it.each([2 ** -830, 2 ** -470, 2 ** 470, 2 ** 830])('has it at any scale: entries of size %d', (scale) => {
    const n = 60;
    const { values, vectors } = tridiagonalEigen(
      new Float64Array(n).fill(2 * scale),
      new Float64Array(n - 1).fill(-scale),
      'first',
    );
    const angles = Float64Array.from({ length: n }, (_, j) => ((j + 1) * Math.PI) / (n + 1));
    const expected = angles.map((angle) => 2 - 2 * Math.cos(angle));
    const first = angles.map((angle) => Math.sqrt(2 / (n + 1)) * Math.sin(angle));
    expect(
      worst(
        values.map((value) => value / scale),
        expected,
      ),
    ).toBeLessThan(1e-14 * n);
    expect(worst(vectors.map(Math.abs), first)).toBeLessThan(1e-13);
  });

  it('agrees with the dense decomposition of ml-matrix and is orthogonal, for any entries', () => {
    fc.assert(
      fc.property(matrices, ([alpha, beta]) => {
        const n = alpha.length;
        const scale = Math.max(1e-300, ...alpha.map(Math.abs), ...beta.map(Math.abs));
        const { values, vectors } = tridiagonalEigen(alpha, beta, 'all');
        const twin = new EigenvalueDecomposition(dense(alpha, beta), { assumeSymmetric: true });
        expect(worst(values, twin.realEigenvalues)).toBeLessThanOrEqual(1e-12 * scale);
        const v = new Matrix(Array.from({ length: n }, (_, i) => Array.from(vectors.subarray(i * n, (i + 1) * n))));
        expect(Matrix.sub(v.mmul(v.transpose()), Matrix.eye(n)).norm('frobenius')).toBeLessThan(1e-12);
        const rebuilt = v
          .transpose()
          .mmul(Matrix.diag(Array.from(values)))
          .mmul(v);
        expect(Matrix.sub(rebuilt, dense(alpha, beta)).norm('frobenius')).toBeLessThanOrEqual(1e-12 * scale);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it('gives the first and the last row alone as in the full eigenvectors', () => {
    fc.assert(
      fc.property(matrices, ([alpha, beta]) => {
        const n = alpha.length;
        const all = tridiagonalEigen(alpha, beta, 'all');
        for (const [rows, at] of [
          ['first', 0],
          ['last', n - 1],
        ] as const) {
          const one = tridiagonalEigen(alpha, beta, rows);
          expect(one.values).toEqual(all.values);
          expect(Array.from(one.vectors)).toEqual(Array.from({ length: n }, (_, i) => all.vectors[i * n + at]!));
        }
      }),
      { numRuns: 60, seed: 2 },
    );
  });

  it.each([
    ['zero matrix', [0, 0, 0], [0, 0], [0, 0, 0]],
    ['zero diagonal', [0, 0], [1], [-1, 1]],
    ['decoupled blocks', [3, 1, 2], [0, 0], [1, 2, 3]],
    ['one entry', [-4], [], [-4]],
    ['tiny couplings', [1, 1, 1], [1e-200, 1e-200], [1, 1, 1]],
    ['graded', [1e-150, 1, 1e150], [0, 0], [1e-150, 1, 1e150]],
  ])('is exact to rounding for: %s', (_, alpha, beta, expected) => {
    const { values } = tridiagonalEigen(Float64Array.from(alpha), Float64Array.from(beta));
    expect(values.length).toBe(expected.length);
    for (const [i, v] of expected.entries()) expect(Math.abs(values[i]! - v)).toBeLessThanOrEqual(1e-15 * Math.abs(v));
  });

  it.each([1, -1])('settles on matrices graded over 30 decades, direction %i', (direction) => {
    const n = 150;
    const size = (i: number) => 10 ** ((direction > 0 ? i - n + 1 : -i) / 5);
    const alpha = Float64Array.from({ length: n }, (_, i) => size(i));
    const beta = Float64Array.from({ length: n - 1 }, (_, i) => 0.3 * size(i));
    const { values } = tridiagonalEigen(alpha, beta);
    const trace = (x: Float64Array) => x.reduce((sum, v) => sum + v, 0);
    const squares = trace(alpha.map((x) => x * x)) + 2 * trace(beta.map((x) => x * x));
    expect(Math.abs(trace(values) - trace(alpha))).toBeLessThan(1e-13);
    expect(Math.abs(trace(values.map((x) => x * x)) - squares)).toBeLessThan(1e-13);
  });

  it('answers NaN for entries that are not finite, and ends', () => {
    const { values } = tridiagonalEigen(Float64Array.of(1, Number.NaN, 2), Float64Array.of(1, 1), 'last');
    expect(Array.from(values)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(tridiagonalEigen(Float64Array.of(1, 2), Float64Array.of(Number.POSITIVE_INFINITY)).values[0]).toBeNaN();
  });

  it('of an empty matrix is empty', () => {
    expect(tridiagonalEigen(new Float64Array(0), new Float64Array(0), 'all').values.length).toBe(0);
  });
});
