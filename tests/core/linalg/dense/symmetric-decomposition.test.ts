import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix as MlMatrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { symmetricEigen, symmetricEigenvalues } from '../../../../core/linalg/dense/dense-symmetric.ts';
import type { Matrix } from '../../../../core/linalg/matrix.ts';
import { gaussianOrthogonalEnsemble } from '../../../../core/linalg/random-matrices/gaussian-orthogonal-ensemble.ts';
import { hostArena } from '../../../../core/linalg/spaces/host-arena.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { withSpectrum } from '../../../support/test-matrices.ts';
import {
  columnsOf,
  decompositionError,
  distance,
  largestOf,
  symmetricMatrix,
  tridiagonalMatrix,
} from './decomposition-error.ts';

const list = (n: number, entry: (i: number) => number) => Array.from({ length: n }, (_, i) => entry(i));
const ascending = (values: number[]) => [...values].sort((a, b) => a - b);
const repeated = (values: number[], times: number) => values.flatMap((value) => list(times, () => value));

/** A matrix, and its spectrum in ascending order where it is known without computing. */
interface Row {
  readonly name: string;
  readonly matrix: Matrix;
  readonly spectrum?: number[];
}

const planted = (name: string, values: number[], seed: number): Row => ({
  name,
  matrix: withSpectrum(values, seed),
  spectrum: ascending(values),
});

const table: readonly Row[] = [
  { name: 'order 1', matrix: symmetricMatrix(1, () => -3), spectrum: [-3] },
  { name: 'order 2', matrix: symmetricMatrix(2, (i, j) => (i === j ? 2 : 1)), spectrum: [1, 3] },
  { name: 'order 2, zero diagonal', matrix: symmetricMatrix(2, (i, j) => (i === j ? 0 : -5)), spectrum: [-5, 5] },
  { name: 'zero, order 70', matrix: symmetricMatrix(70, () => 0), spectrum: list(70, () => 0) },
  { name: 'all ones, order 100', matrix: symmetricMatrix(100, () => 1), spectrum: [...list(99, () => 0), 100] },
  {
    name: 'diagonal in falling order',
    matrix: symmetricMatrix(90, (i, j) => (i === j ? 90 - i : 0)),
    spectrum: list(90, (i) => i + 1),
  },
  {
    name: 'second difference',
    matrix: tridiagonalMatrix(
      list(150, () => 2),
      list(149, () => -1),
    ),
    spectrum: list(150, (j) => 2 - 2 * Math.cos(((j + 1) * Math.PI) / 151)),
  },
  {
    // Eigenvalues of the second difference in the plane are sums: many are double.
    name: 'second difference in the plane',
    matrix: symmetricMatrix(144, (i, j) => {
      if (i === j) return 4;
      return (i - j === 1 && i % 12 !== 0) || i - j === 12 ? -1 : 0;
    }),
    spectrum: ascending(
      list(144, (k) => {
        const value = (index: number) => 2 - 2 * Math.cos(((index + 1) * Math.PI) / 13);
        return value(k % 12) + value(Math.floor(k / 12));
      }),
    ),
  },
  {
    name: 'Wilkinson W⁺, order 101',
    matrix: tridiagonalMatrix(
      list(101, (i) => Math.abs(i - 50)),
      list(100, () => 1),
    ),
  },
  { name: 'Hilbert, order 60', matrix: symmetricMatrix(60, (i, j) => 1 / (i + j + 1)) },
  { name: 'arrowhead', matrix: symmetricMatrix(80, (i, j) => (i === j ? i : i === 79 ? 1 : 0)) },
  { name: 'cosines', matrix: symmetricMatrix(120, (i, j) => Math.cos(i * j)) },
  { name: 'GOE, order 200', matrix: gaussianOrthogonalEnsemble(200, randomFromSeed(1)) },
  planted('one value, a hundred copies', repeated([2], 100), 2),
  planted('three values, forty copies each', repeated([-1, 0, 5], 40), 3),
  planted(
    'clusters of 1e-10',
    list(120, (i) => (i % 6) + 1e-10 * Math.floor(i / 6)),
    4,
  ),
  planted(
    'clusters of rounding',
    list(120, (i) => (i % 4) + 2e-16 * Math.floor(i / 4)),
    5,
  ),
  planted('rank 5 of 100', [...list(95, () => 0), -3, -1, 1, 2, 7], 6),
  planted(
    'graded over 60 decades',
    list(90, (i) => (i % 2 ? -1 : 1) * 10 ** (-i / 1.5)),
    7,
  ),
  {
    name: 'graded rows and columns',
    matrix: symmetricMatrix(90, (i, j) => 10 ** (-(i + j) / 6) * Math.cos(i * j)),
  },
  {
    name: 'graded the other way',
    matrix: symmetricMatrix(90, (i, j) => 10 ** (-(178 - i - j) / 6) * Math.cos(i * j)),
  },
  { name: 'blocks that do not meet', matrix: symmetricMatrix(80, (i, j) => (i % 2 === j % 2 ? Math.sin(i + j) : 0)) },
  { name: 'entries of 1e150', matrix: symmetricMatrix(70, (i, j) => 1e150 * Math.cos(i * j)) },
  { name: 'entries of 1e300', matrix: symmetricMatrix(70, (i, j) => 1e300 * Math.cos(i * j)) },
  { name: 'entries of 1e-150', matrix: symmetricMatrix(70, (i, j) => 1e-150 * Math.cos(i * j)) },
  { name: 'entries of 1e-290', matrix: symmetricMatrix(70, (i, j) => 1e-290 * Math.cos(i * j)) },
  {
    name: 'entries of 1e150 beside entries of 1e-150',
    matrix: symmetricMatrix(70, (i, j) => ((i + j) % 3 === 0 ? 1e150 : 1e-150) * Math.cos(i * j)),
  },
];

/** ml-matrix of A/scale, where small entries are zeros: it runs past its arrays on subnormal ones. */
function twinValues({ rows: n, data }: Matrix, scale: number): number[] {
  const scaled = Array.from(data, (entry) => (Math.abs(entry / scale) < 1e-30 ? 0 : entry / scale));
  const matrix = MlMatrix.from1DArray(n, n, scaled);
  return new EigenvalueDecomposition(matrix, { assumeSymmetric: true }).realEigenvalues.map((value) => value * scale);
}

describe.each(table)('symmetric decomposition of: $name', ({ matrix, spectrum }) => {
  const scale = largestOf(matrix.data) || 1;
  const found = symmetricEigen(matrix);
  const size = largestOf(found.eigenvalues) || 1;

  it('has residuals below 1e-14 ‖A‖, states the largest, and orthogonal vectors', () => {
    const { residual, orthogonality } = decompositionError(matrix, found, scale);
    expect(residual).toBeLessThanOrEqual(1e-14 * size);
    expect(Math.abs(residual - found.residual)).toBeLessThanOrEqual(3e-15 * size);
    expect(orthogonality).toBeLessThan(1e-13);
  });

  it('has the eigenvalues that are known, or those of ml-matrix, in ascending order', () => {
    const wanted = spectrum ?? twinValues(matrix, scale);
    expect(distance(found.eigenvalues, wanted)).toBeLessThanOrEqual(3e-14 * size);
    expect(distance(symmetricEigenvalues(matrix), wanted)).toBeLessThanOrEqual(3e-14 * size);
    expect(Array.from(found.eigenvalues)).toEqual(ascending(Array.from(found.eigenvalues)));
  });
});

describe('symmetric decomposition', () => {
  it('finds the planted eigenvectors', () => {
    const values = list(150, (i) => i - 40);
    const matrix = withSpectrum(values, 8);
    const twin = new EigenvalueDecomposition(MlMatrix.from1DArray(150, 150, Array.from(matrix.data)), {
      assumeSymmetric: true,
    });
    columnsOf(symmetricEigen(matrix).eigenvectors).forEach((vector, j) => {
      const other = twin.eigenvectorMatrix.getColumn(j);
      const overlap = vector.reduce((sum, x, i) => sum + x * other[i]!, 0);
      expect(Math.abs(Math.abs(overlap) - 1)).toBeLessThan(1e-13);
    });
  });

  it('holds its limits for any small matrix with entries over 300 decades', () => {
    const entry = fc.oneof(
      fc.constant(0),
      fc.integer({ min: -2, max: 2 }),
      fc
        .tuple(fc.double({ min: -150, max: 150, noNaN: true }), fc.boolean())
        .map(([decade, negative]) => (negative ? -1 : 1) * 10 ** decade),
    );
    const matrices = fc
      .integer({ min: 1, max: 40 })
      .chain((n) => fc.array(entry, { minLength: n * n, maxLength: n * n }).map((entries) => ({ n, entries })));
    fc.assert(
      fc.property(matrices, ({ n, entries }) => {
        const matrix = symmetricMatrix(n, (i, j) => entries[i * n + j]!);
        const scale = largestOf(matrix.data) || 1;
        const found = symmetricEigen(matrix);
        const { residual, orthogonality } = decompositionError(matrix, found, scale);
        expect(residual).toBeLessThanOrEqual(1e-13 * scale);
        expect(orthogonality).toBeLessThan(1e-12);
        expect(distance(symmetricEigenvalues(matrix), found.eigenvalues)).toBeLessThanOrEqual(1e-13 * scale);
      }),
      { numRuns: 100, seed: 9 },
    );
  });

  it('reads the lower triangle, and leaves the matrix as it was', () => {
    const matrix = symmetricMatrix(50, (i, j) => Math.cos(i * j));
    const before = matrix.data.slice();
    const { eigenvalues } = symmetricEigen(matrix);
    expect(matrix.data).toEqual(before);
    const spoiled = matrix.data.map((entry, at) => (at % 50 > Math.floor(at / 50) ? 99 : entry));
    const lower = { rows: 50, columns: 50, data: spoiled };
    expect(symmetricEigen(lower).eigenvalues).toEqual(eigenvalues);
    expect(symmetricEigen(lower).residual).toBeGreaterThan(99);
  });

  it('gives its memory back', () => {
    symmetricEigen(symmetricMatrix(90, (i, j) => i + j));
    const before = hostArena().bytesInUse;
    symmetricEigen(symmetricMatrix(90, (i, j) => i - j));
    symmetricEigenvalues(symmetricMatrix(90, (i, j) => i - j));
    expect(hostArena().bytesInUse).toBe(before);
  });

  it('of order 800 with equal entries in each row, whose roundings all go one way, has orthogonal vectors', () => {
    const matrix = symmetricMatrix(800, (i, j) => (i === j ? 1 : -0.5) * 0.9 ** i);
    const { orthogonality } = decompositionError(matrix, symmetricEigen(matrix));
    expect(orthogonality).toBeLessThan(1.5e-13);
  });

  it('of order 1000 holds 1e-12 ‖A‖, planted values over six decades with a null space', () => {
    const n = 1000;
    const values = list(n, (i) => (i < 300 ? 0 : (i % 3 === 0 ? -0.1 : 1) * 10 ** ((i - n) / 120)));
    const matrix = withSpectrum(values, 10);
    const found = symmetricEigen(matrix);
    const { residual, orthogonality } = decompositionError(matrix, found);
    expect(residual).toBeLessThan(1e-12);
    expect(orthogonality).toBeLessThan(1e-12);
    expect(distance(found.eigenvalues, ascending(values))).toBeLessThan(1e-13);
  });
});
