import { addPartProduct } from '../spaces/float64-gemm.ts';
import { type ArenaRows, arenaRows, freeRows, part, transposedPart, wholeSteps } from './arena-rows.ts';
import { householderKernels } from './householder-kernels.ts';

/** A = Q T Qᵀ with Q = H_{n−1} … H₁ and Hᵢ = I − τᵢ vᵢ vᵢᵀ; vᵢ is in row i of the reduced matrix, its last entry is 1. */
export interface Reduction {
  /** Diagonal of T. */
  readonly alpha: Float64Array;
  /** β[i] couples i and i + 1. */
  readonly beta: Float64Array;
  /** 0 where the row needed no reflection. */
  readonly tau: Float64Array;
}

/** Rows reduced before their reflections reach the rest of the matrix. */
const panelRows = 32;
/** Rows of the trailing update at once: half of each square on the diagonal is computed for nothing. */
const stripRows = 64;

/**
 * Householder reduction to tridiagonal form from the last row upwards, in panels (Dongarra, Sorensen and Hammarling
 * 1989; LAPACK `dsytrd`): within a panel the matrix stands still, A − V Wᵀ − W Vᵀ is applied to single rows and
 * products, and the rank-64 update of what is left is one matrix product. Only the lower triangle is read; it is
 * overwritten by the vectors of the reflections, and a part of the upper one by anything.
 *
 * Cost: (4/3) n³ operations, one half in products with a symmetric matrix (bounded by memory), one in matrix products.
 * Yields after each panel.
 */
export function* reduceToTridiagonal(a: ArenaRows, n: number): Generator<void, Reduction> {
  const alpha = new Float64Array(n);
  const beta = new Float64Array(Math.max(0, n - 1));
  const tau = new Float64Array(n);
  // Rows 2c and 2c + 1 of `left` are v and w of the panel's reflection c; those of `right` are −w and −v.
  const left = arenaRows(2 * panelRows, n);
  const right = arenaRows(2 * panelRows, n);
  const factors = arenaRows(1, 2 * panelRows);
  try {
    for (let end = n; end > 0; end -= panelRows) {
      const start = Math.max(0, end - panelRows);
      left.data.fill(0);
      right.data.fill(0);
      for (let i = end - 1; i >= start; i--) {
        const c = end - 1 - i;
        updateRow(a, left, right, factors, i, 2 * c);
        alpha[i] = a.data[i * a.stride + i]!;
        if (i === 0) break;
        const row = a.data.subarray(i * a.stride, i * a.stride + i);
        tau[i] = reflectRow(row, i, beta);
        if (tau[i] !== 0) extendPanel(a, left, right, factors, i, 2 * c, tau[i]!);
      }
      updateTriangle(a, left, right, start);
      yield;
    }
    return { alpha, beta, tau };
  } finally {
    freeRows(left, right, factors);
  }
}

/** Row i of A − V Wᵀ − W Vᵀ. */
function updateRow(
  a: ArenaRows,
  left: ArenaRows,
  right: ArenaRows,
  factors: ArenaRows,
  i: number,
  count: number,
): void {
  if (count === 0) return;
  for (let r = 0; r < count; r++) factors.data[r] = left.data[r * left.stride + i]!;
  const row = a.at + i * a.stride * 8;
  householderKernels().addRows(right.at, right.stride * 8, count, factors.at, row, wholeSteps(i + 1));
}

/** Leaves v with last entry 1 in the row A[i, 0…i−1], sets β[i−1], and returns τ of the H that takes the row to β eᵢ₋₁. */
function reflectRow(row: Float64Array, i: number, beta: Float64Array): number {
  let tail = 0;
  for (let k = 0; k < i - 1; k++) tail = Math.max(tail, Math.abs(row[k]!));
  const last = row[i - 1]!;
  if (tail === 0) {
    beta[i - 1] = last;
    return 0;
  }
  // v does not change with the length of the row: the scaled one neither overflows nor underflows.
  const scale = Math.max(tail, Math.abs(last));
  const norm = Math.sqrt(scaledSquares(row, scale));
  const pivot = last / scale;
  const target = pivot > 0 ? -norm : norm;
  for (let k = 0; k < i - 1; k++) row[k] = row[k]! / scale / (pivot - target);
  row[i - 1] = 1;
  beta[i - 1] = scale * target;
  return (target - pivot) / target;
}

/**
 * Σ (xₖ/scale)² by blocks: equal entries round alike, and the n u of one long sum would be the defect of I − τ v vᵀ as an
 * orthogonal matrix.
 */
function scaledSquares(x: Float64Array, scale: number): number {
  let sum = 0;
  for (let start = 0; start < x.length; start += 64) {
    const end = Math.min(x.length, start + 64);
    let block = 0;
    for (let k = start; k < end; k++) block += (x[k]! / scale) ** 2;
    sum += block;
  }
  return sum;
}

/** Adds v and w = τ (A v − V Wᵀv − W Vᵀv) − (τ/2)(wᵀv) v to the panel. */
function extendPanel(
  a: ArenaRows,
  left: ArenaRows,
  right: ArenaRows,
  factors: ArenaRows,
  i: number,
  count: number,
  tau: number,
): void {
  const kernels = householderKernels();
  const stride = left.stride * 8;
  const length = wholeSteps(i);
  const at = count * left.stride;
  const v = left.data.subarray(at, at + i);
  const w = left.data.subarray(at + left.stride, at + left.stride + i);
  v.set(a.data.subarray(i * a.stride, i * a.stride + i));
  kernels.symmetricProduct(a.at, a.stride * 8, length, v.byteOffset, w.byteOffset);
  if (count > 0) {
    kernels.rowDots(left.at, stride, count, v.byteOffset, length, factors.at);
    kernels.addRows(right.at, stride, count, factors.at, w.byteOffset, length);
  }
  let overlap = 0;
  for (let k = 0; k < i; k++) overlap += w[k]! * v[k]!;
  const half = (tau * tau * overlap) / 2;
  const minusW = right.data.subarray(at, at + i);
  const minusV = right.data.subarray(at + right.stride, at + right.stride + i);
  for (let k = 0; k < i; k++) {
    w[k] = tau * w[k]! - half * v[k]!;
    minusW[k] = -w[k]!;
    minusV[k] = -v[k]!;
  }
  // The kernels work in whole steps; what they left beyond the length of w belongs to no one.
  left.data.fill(0, at + left.stride + i, at + left.stride + length);
}

/** The leading m × m triangle of A − V Wᵀ − W Vᵀ. */
function updateTriangle(a: ArenaRows, left: ArenaRows, right: ArenaRows, m: number): void {
  for (let i = 0; i < m; i += stripRows) {
    const rows = Math.min(stripRows, m - i);
    addPartProduct(
      part(a, i, rows, 0, i + rows),
      transposedPart(part(left, 0, 2 * panelRows, i, rows)),
      part(right, 0, 2 * panelRows, 0, i + rows),
    );
  }
}
