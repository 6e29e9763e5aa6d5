import type { Matrix } from '../matrix.ts';
import { addPartProduct } from '../spaces/float64-gemm.ts';
import { type ArenaRows, arenaRows, freeRows, part, wholeSteps } from './arena-rows.ts';
import { reduceToTridiagonal } from './blocked-tridiagonal.ts';
import { divideAndConquer, type TridiagonalPairs } from './divide-and-conquer.ts';
import { applyReflections } from './householder-blocks.ts';
import { tridiagonalEigen } from './tridiagonal-eigen.ts';

export interface SymmetricEigen {
  /** Ascending. */
  readonly eigenvalues: Float64Array;
  /** Eigenvector i in column i, unit length. */
  readonly eigenvectors: Matrix;
  /** max over i of ‖A vᵢ − λᵢ vᵢ‖, computed from A, V and Λ as they are returned. */
  readonly residual: number;
}

/** Rows of V A at once. */
const stripRows = 256;
/** Rows and columns of a square that is transposed within the first cache. */
const tileRows = 32;

/**
 * A = V Λ Vᵀ of a symmetric A with finite entries, of which the lower triangle is read: blocked Householder reduction,
 * divide and conquer, blocked back-transformation; then the residual from A itself. A is scaled by a power of two first.
 *
 * Cost: at most (20/3) n³ operations, nearly all in matrix products, and 3 n² numbers in the arena meanwhile. Yields
 * between blocks of some tens of milliseconds, so that a caller may look at its signal; ending the generator early gives
 * the memory back.
 */
export function* symmetricDecomposition(matrix: Matrix): Generator<void, SymmetricEigen> {
  const n = matrix.rows;
  const exponent = sizeExponent(matrix.data);
  const held: ArenaRows[] = [];
  const hold = (rows: number): ArenaRows => {
    const block = arenaRows(rows, n);
    held.push(block);
    return block;
  };
  try {
    const a = hold(wholeSteps(n));
    loadScaled(a, matrix, exponent);
    const { alpha, beta, tau } = yield* reduceToTridiagonal(a, n);
    const vectors = hold(n);
    const spare = hold(n);
    const pairs = yield* divideAndConquer(alpha, beta, vectors, spare);
    yield* applyReflections(a, tau, vectors, n);
    loadScaled(a, matrix, exponent);
    const residual = yield* largestResidual(a, vectors, spare, pairs.values, n);
    return {
      eigenvalues: Float64Array.from(pairs.order, (row) => timesPower(pairs.values[row]!, exponent)),
      eigenvectors: { rows: n, columns: n, data: byColumns(vectors, pairs, n) },
      residual: timesPower(residual, exponent),
    };
  } finally {
    freeRows(...held);
  }
}

/**
 * The eigenvalues alone, ascending: the same reduction, then implicit QL. Cost: (4/3) n³ operations, half of them bounded
 * by memory, and n² numbers in the arena. Yields after each panel.
 */
export function* symmetricDecompositionValues(matrix: Matrix): Generator<void, Float64Array> {
  const n = matrix.rows;
  const exponent = sizeExponent(matrix.data);
  const a = arenaRows(wholeSteps(n), n);
  try {
    loadScaled(a, matrix, exponent);
    const { alpha, beta } = yield* reduceToTridiagonal(a, n);
    return tridiagonalEigen(alpha, beta).values.map((value) => timesPower(value, exponent));
  } finally {
    freeRows(a);
  }
}

/** e with max |Aᵢⱼ| near 2^e: squares and sums of the scaled entries neither overflow nor vanish. 0 for the zero matrix. */
function sizeExponent(data: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < data.length; i++) largest = Math.max(largest, Math.abs(data[i]!));
  // 2^±1000 is a number, and so is its inverse.
  return largest === 0 ? 0 : Math.max(-1000, Math.min(1000, Math.floor(Math.log2(largest))));
}

const timesPower = (x: number, exponent: number): number => x * 2 ** exponent;

function loadScaled(a: ArenaRows, { rows: n, data }: Matrix, exponent: number): void {
  const factor = 2 ** -exponent;
  for (let i = 0; i < n; i++) {
    const row = a.data.subarray(i * a.stride, i * a.stride + n);
    row.set(data.subarray(i * n, (i + 1) * n));
    if (exponent !== 0) for (let j = 0; j < n; j++) row[j] = row[j]! * factor;
  }
}

function* largestResidual(
  a: ArenaRows,
  vectors: ArenaRows,
  spare: ArenaRows,
  values: Float64Array,
  n: number,
): Generator<void, number> {
  let largest = 0;
  for (let start = 0; start < n; start += stripRows) {
    const rows = Math.min(stripRows, n - start);
    spare.data.fill(0, 0, rows * spare.stride);
    addPartProduct(part(spare, 0, rows, 0, n), part(vectors, start, rows, 0, n), part(a, 0, n, 0, n));
    for (let i = 0; i < rows; i++) {
      const product = spare.data.subarray(i * spare.stride, i * spare.stride + n);
      const vector = vectors.data.subarray((start + i) * vectors.stride, (start + i) * vectors.stride + n);
      const value = values[start + i]!;
      let square = 0;
      for (let k = 0; k < n; k++) square += (product[k]! - value * vector[k]!) ** 2;
      // Not `<`: a residual that is no number shall be seen.
      if (!(Math.sqrt(square) <= largest)) largest = Math.sqrt(square);
    }
    yield;
  }
  return largest;
}

/** Rows in any order to columns in the order wanted. */
function byColumns({ data, stride }: ArenaRows, { order }: TridiagonalPairs, n: number): Float64Array {
  const columns = new Float64Array(n * n);
  for (let j = 0; j < n; j += tileRows) {
    const end = Math.min(n, j + tileRows);
    for (let k = 0; k < n; k += tileRows) {
      const last = Math.min(n, k + tileRows);
      for (let column = j; column < end; column++) {
        const from = order[column]! * stride;
        for (let i = k; i < last; i++) columns[i * n + column] = data[from + i]!;
      }
    }
  }
  return columns;
}
