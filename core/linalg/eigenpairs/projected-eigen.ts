import { householderTridiagonal } from '../dense/householder-tridiagonal.ts';
import { tridiagonalEigen } from '../dense/tridiagonal-eigen.ts';
import type { Matrix } from '../matrix.ts';

export interface ProjectedEigen {
  /** Ascending. */
  readonly values: Float64Array;
  /** Eigenvector i is `vectors[i * n … (i + 1) * n)`, unit length. */
  readonly vectors: Float64Array;
}

/**
 * All eigenvalues and eigenvectors of a small dense symmetric matrix: Householder reduction, implicit QL, and the
 * rotation back. Only the lower triangle is read. Cost: about 8 n³ operations.
 */
export function projectedEigen(matrix: Matrix): ProjectedEigen {
  const n = matrix.rows;
  const { alpha, beta, basis } = householderTridiagonal(matrix);
  const { values, vectors: inner } = tridiagonalEigen(alpha, beta, 'all');
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const z = inner.subarray(i * n, (i + 1) * n);
    for (let r = 0; r < n; r++) {
      let sum = 0;
      const row = r * n;
      for (let j = 0; j < n; j++) sum += basis.data[row + j]! * z[j]!;
      vectors[i * n + r] = sum;
    }
  }
  return { values, vectors };
}
