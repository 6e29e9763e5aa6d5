import { denseMatrix, interruptibleSymmetricEigen } from '../../../linalg/dense/dense-symmetric.ts';
import { projectedEigen } from '../../../linalg/eigenpairs/projected-eigen.ts';
import type { Matrix } from '../../../linalg/matrix.ts';
import { hessianOperator } from '../../../objective/curvature/hessian.ts';
import type { StoppingReason } from './finder.ts';
import { krylovProcess } from './krylov-process.ts';
import type { Search, Standing } from './search-loop.ts';

/** H and ∇L in orthonormal directions in which H is diagonal. */
export interface EigenFrame<V> {
  /** λᵢ: of H itself (dense), or Ritz values. */
  readonly values: Float64Array;
  /** ⟨vᵢ, ∇L⟩ */
  readonly slopes: Float64Array;
  /** max |λᵢ| */
  readonly scale: number;
  /** Σ cᵢ vᵢ */
  expand(c: Float64Array): V;
  release(): void;
}

/** All of H by its dense eigendecomposition. Cost: p products and at most 7 p³ operations. */
export async function denseFrame<V>(
  { space, options, productsLeft }: Search<V>,
  { linearization, gradient }: Standing<V>,
): Promise<EigenFrame<V> | StoppingReason> {
  if (productsLeft() < space.dim) return 'products';
  const { signal } = options;
  const dense = await denseMatrix(hessianOperator(space, linearization), { signal });
  if (dense.status !== 'converged') return dense.status === 'cancelled' ? 'cancelled' : 'notFinite';
  const eigen = await interruptibleSymmetricEigen(dense.value.matrix, { signal });
  if (eigen === null) return 'cancelled';
  const { eigenvalues, eigenvectors } = eigen;
  return {
    values: eigenvalues,
    slopes: transposedTimes(eigenvectors, await space.toHost(gradient)),
    scale: largestMagnitude(eigenvalues),
    expand: (c) => space.fromHost(times(eigenvectors, c)),
    release() {},
  };
}

/**
 * H in the Krylov space of ∇L: Ritz values and vectors of Lanczos started at ∇L, which lies in the space (Dauphin et al.
 * 2014). Cost: at most `size` products.
 */
export async function ritzFrame<V>(
  search: Search<V>,
  at: Standing<V>,
  size: number,
): Promise<EigenFrame<V> | StoppingReason> {
  const { space } = search;
  const process = await krylovProcess(search, at, size);
  if (typeof process === 'string') return process;
  const { basis, alpha, beta, length } = process;
  const k = basis.length;
  const { values, vectors } = projectedEigen(tridiagonal(alpha, beta));
  return {
    values,
    slopes: Float64Array.from({ length: k }, (_, i) => length * vectors[i * k]!),
    scale: largestMagnitude(values),
    expand: (c) => space.combine(basis, rowsTimes(vectors, c)),
    release: process.release,
  };
}

function tridiagonal(alpha: readonly number[], beta: readonly number[]): Matrix {
  const k = alpha.length;
  const data = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    data[i * k + i] = alpha[i]!;
    if (i > 0) data[i * k + i - 1] = data[(i - 1) * k + i] = beta[i - 1]!;
  }
  return { rows: k, columns: k, data };
}

export function largestMagnitude(values: Float64Array): number {
  return values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}

/** Vᵀx */
function transposedTimes({ rows, columns, data }: Matrix, x: Float64Array): Float64Array {
  const product = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    const xi = x[i]!;
    for (let j = 0; j < columns; j++) product[j] = product[j]! + data[i * columns + j]! * xi;
  }
  return product;
}

/** V c */
function times({ rows, columns, data }: Matrix, c: Float64Array): Float64Array {
  const product = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += data[i * columns + j]! * c[j]!;
    product[i] = sum;
  }
  return product;
}

/** Σ cᵢ rowᵢ of a square matrix whose rows are vectors. */
export function rowsTimes(rows: Float64Array, c: Float64Array): Float64Array {
  const n = c.length;
  const sum = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) sum[j] = sum[j]! + c[i]! * rows[i * n + j]!;
  return sum;
}
