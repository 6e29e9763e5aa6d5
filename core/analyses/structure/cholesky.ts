import type { Matrix } from '../../linalg/matrix.ts';

/**
 * The solution of (A + σI) x = b by the Cholesky factor L Lᵀ (A symmetric; only the lower triangle is read). Null where
 * A + σI is not positive definite in float64. Cost: n³/3 operations and one copy of A.
 */
export function solvePositiveDefinite(a: Matrix, sigma: number, b: Float64Array): Float64Array | null {
  const n = a.rows;
  const factor = a.data.slice();
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let j = 0; j <= i; j++) {
      const other = j * n;
      let sum = factor[row + j]! + (i === j ? sigma : 0);
      for (let k = 0; k < j; k++) sum -= factor[row + k]! * factor[other + k]!;
      if (i !== j) factor[row + j] = sum / factor[other + j]!;
      else if (sum > 0) factor[row + i] = Math.sqrt(sum);
      else return null;
    }
  }
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    let sum = x[i]!;
    for (let k = 0; k < i; k++) sum -= factor[i * n + k]! * x[k]!;
    x[i] = sum / factor[i * n + i]!;
  }
  // Backwards by rows of L, which lie in memory one after another.
  for (let i = n - 1; i >= 0; i--) {
    const value = x[i]! / factor[i * n + i]!;
    x[i] = value;
    for (let k = 0; k < i; k++) x[k]! -= factor[i * n + k]! * value;
  }
  return x;
}
