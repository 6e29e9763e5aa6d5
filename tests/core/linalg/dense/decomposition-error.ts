import type { SymmetricEigen } from '../../../../core/linalg/dense/dense-symmetric.ts';
import type { Matrix } from '../../../../core/linalg/matrix.ts';

/** By plain loops, so that nothing of the solver judges itself. */
export interface DecompositionError {
  /** max ‖A vᵢ − λᵢ vᵢ‖. */
  readonly residual: number;
  /** max |vᵢ·vⱼ − δᵢⱼ|, and ‖VᵀV − I‖ in the Frobenius norm, which bounds the spectral one. */
  readonly overlap: number;
  readonly orthogonality: number;
}

/** The columns of the matrix as rows. */
export function columnsOf({ rows, columns, data }: Matrix): Float64Array[] {
  return Array.from({ length: columns }, (_, j) =>
    Float64Array.from({ length: rows }, (_, i) => data[i * columns + j]!),
  );
}

function dot(a: Float64Array, b: Float64Array): number {
  let [even, odd] = [0, 0];
  for (let k = 0; k + 1 < a.length; k += 2) {
    even += a[k]! * b[k]!;
    odd += a[k + 1]! * b[k + 1]!;
  }
  return a.length % 2 === 1 ? even + odd + a[a.length - 1]! * b[a.length - 1]! : even + odd;
}

/** Residuals of A/scale: squares of large entries would overflow, of small ones vanish. */
export function decompositionError(
  matrix: Matrix,
  { eigenvalues, eigenvectors }: SymmetricEigen,
  scale = 1,
): DecompositionError {
  const n = matrix.rows;
  const vectors = columnsOf(eigenvectors);
  const rows = Array.from({ length: n }, (_, i) =>
    matrix.data.subarray(i * n, (i + 1) * n).map((entry) => entry / scale),
  );
  let [residual, overlap, squares] = [0, 0, 0];
  vectors.forEach((v, j) => {
    let square = 0;
    rows.forEach((row, i) => {
      square += (dot(row, v) - (eigenvalues[j]! / scale) * v[i]!) ** 2;
    });
    // `Math.max` keeps a NaN.
    residual = Math.max(residual, Math.sqrt(square) * scale);
    for (let k = 0; k <= j; k++) {
      const error = dot(v, vectors[k]!) - (j === k ? 1 : 0);
      overlap = Math.max(overlap, Math.abs(error));
      squares += (j === k ? 1 : 2) * error * error;
    }
  });
  return { residual, overlap, orthogonality: Math.sqrt(squares) };
}

/** The largest magnitude of a list. */
export const largestOf = (values: ArrayLike<number>): number => {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!));
  return largest;
};

/** The largest difference of two lists; infinite where their lengths differ. */
export const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  a.length === b.length
    ? largestOf(Array.from({ length: a.length }, (_, i) => a[i]! - b[i]!))
    : Number.POSITIVE_INFINITY;

/** The symmetric matrix with this lower triangle. */
export function symmetricMatrix(n: number, entry: (i: number, j: number) => number): Matrix {
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) data[i * n + j] = data[j * n + i] = entry(i, j);
  return { rows: n, columns: n, data };
}

/** The matrix with these diagonals. */
export const tridiagonalMatrix = (alpha: ArrayLike<number>, beta: ArrayLike<number>): Matrix =>
  symmetricMatrix(alpha.length, (i, j) => (i === j ? alpha[i]! : i === j + 1 ? beta[j]! : 0));
