import type { Matrix } from '../matrix.ts';

export interface Tridiagonalization {
  /** Diagonal of T. */
  readonly alpha: Float64Array;
  /** β[i] couples i and i + 1. */
  readonly beta: Float64Array;
  /** Orthogonal Q with QᵀAQ = T. Its last row and column are those of the identity. */
  readonly basis: Matrix;
}

/**
 * T = QᵀAQ of a dense symmetric A by Householder reflections from the last row upwards (Martin, Reinsch and Wilkinson
 * 1968, `tred2`). Only the lower triangle of A is read. Cost: (4/3) n³ operations for T and as many for Q, no products.
 *
 * Because the first reflection acts on the other indices only, a bordered matrix keeps its border vector: this is what
 * turns the arrowhead of a restarted Lanczos process back into a tridiagonal matrix.
 */
export function householderTridiagonal(matrix: Matrix): Tridiagonalization {
  const n = matrix.rows;
  const a = matrix.data.slice();
  const alpha = new Float64Array(n);
  const beta = new Float64Array(Math.max(0, n - 1));
  const factors = new Float64Array(n);
  for (let i = n - 1; i >= 1; i--) factors[i] = reflectRow(a, n, i, beta);
  for (let i = 0; i < n; i++) alpha[i] = a[i * n + i]!;
  return { alpha, beta, basis: { rows: n, columns: n, data: accumulate(a, n, factors) } };
}

/** Removes A[i, 0…i−2] by H = I − u uᵀ / h, leaves u in that row, and returns h (0 where nothing had to be done). */
function reflectRow(a: Float64Array, n: number, i: number, beta: Float64Array): number {
  const row = i * n;
  let tail = 0;
  for (let k = 0; k < i - 1; k++) tail = Math.max(tail, Math.abs(a[row + k]!));
  const last = a[row + i - 1]!;
  if (tail === 0) {
    beta[i - 1] = last;
    return 0;
  }
  const scale = Math.max(tail, Math.abs(last));
  let square = 0;
  for (let k = 0; k < i; k++) {
    // H does not change with the length of u: the scaled row neither overflows nor underflows.
    const scaled = a[row + k]! / scale;
    a[row + k] = scaled;
    square += scaled * scaled;
  }
  const norm = Math.sqrt(square);
  const pivot = a[row + i - 1]!;
  const target = pivot > 0 ? -norm : norm;
  beta[i - 1] = scale * target;
  const h = square - pivot * target;
  a[row + i - 1] = pivot - target;
  applyBothSides(a, n, i, h);
  return h;
}

/** A ← H A H on the leading i × i block, lower triangle, with u in row i. */
function applyBothSides(a: Float64Array, n: number, i: number, h: number): void {
  const u = a.subarray(i * n, i * n + i);
  const p = new Float64Array(i);
  for (let j = 0; j < i; j++) {
    const uj = u[j]!;
    let sum = a[j * n + j]! * uj;
    for (let k = 0; k < j; k++) {
      const ajk = a[j * n + k]!;
      sum += ajk * u[k]!;
      p[k] = p[k]! + ajk * uj;
    }
    p[j] = p[j]! + sum;
  }
  let overlap = 0;
  for (let j = 0; j < i; j++) {
    p[j] = p[j]! / h;
    overlap += p[j]! * u[j]!;
  }
  const half = overlap / (2 * h);
  for (let j = 0; j < i; j++) p[j] = p[j]! - half * u[j]!;
  for (let j = 0; j < i; j++) {
    const uj = u[j]!;
    const pj = p[j]!;
    for (let k = 0; k <= j; k++) a[j * n + k] = a[j * n + k]! - uj * p[k]! - pj * u[k]!;
  }
}

/** Q = H_{n−1} … H_1 from the stored vectors, grown from the leading block so that each reflection touches little. */
function accumulate(a: Float64Array, n: number, factors: Float64Array): Float64Array {
  const q = new Float64Array(n * n);
  for (let i = 0; i < n; i++) q[i * n + i] = 1;
  const sums = new Float64Array(n);
  for (let i = 1; i < n; i++) {
    const h = factors[i]!;
    if (h === 0) continue;
    const u = a.subarray(i * n, i * n + i);
    sums.fill(0, 0, i);
    for (let k = 0; k < i; k++) {
      const uk = u[k]!;
      for (let j = 0; j < i; j++) sums[j] = sums[j]! + uk * q[k * n + j]!;
    }
    for (let k = 0; k < i; k++) {
      const uk = u[k]! / h;
      for (let j = 0; j < i; j++) q[k * n + j] = q[k * n + j]! - uk * sums[j]!;
    }
  }
  return q;
}
