import { EigenvalueDecomposition, Matrix as MlMatrix } from 'ml-matrix';
import { BadInput } from '../../bad-input.ts';
import type { LinearOperator } from '../linear-operator.ts';
import type { Matrix } from '../matrix.ts';
import type { Result, Status } from '../result.ts';
import { householderTridiagonal } from './householder-tridiagonal.ts';
import { tridiagonalEigen } from './tridiagonal-eigen.ts';

/** Largest order with eigenvectors (about 3.5 s on one core) and largest without (some 10 s). */
export const denseEigenvectorLimit = 600;
export const denseEigenvalueLimit = 2000;

export interface SymmetricEigen {
  /** Ascending. */
  readonly eigenvalues: Float64Array;
  /** Eigenvector i in column i, unit length. */
  readonly eigenvectors: Matrix;
  /** max over i of ‖A vᵢ − λᵢ vᵢ‖. */
  readonly residual: number;
}

export interface DenseOptions {
  readonly signal?: { readonly aborted: boolean } | undefined;
  readonly onProgress?: ((progress: { readonly products: number; readonly limit: number }) => void) | undefined;
}

export interface DenseValue {
  /** (A + Aᵀ)/2 of the products A e₁ … A e_p. */
  readonly matrix: Matrix;
  /** max |A − Aᵀ| / max |A|: what the symmetrisation hid. */
  readonly asymmetry: number;
}

/** A as a dense matrix from its columns A eⱼ. Cost: p products. Status: `converged`, `notFinite`, `cancelled`. */
export async function denseMatrix<V>(
  operator: LinearOperator<V>,
  options: DenseOptions = {},
): Promise<Result<DenseValue>> {
  const began = performance.now();
  const { space } = operator;
  const p = space.dim;
  requireOrder(p, denseEigenvalueLimit, 'The matrix of this operator');
  const data = new Float64Array(p * p);
  let status: Status = 'converged';
  let products = 0;
  for (let j = 0; j < p; j++) {
    if (options.signal?.aborted) {
      status = 'cancelled';
      break;
    }
    const column = await unitProduct(operator, j);
    products++;
    if (!column.every(Number.isFinite)) {
      status = 'notFinite';
      break;
    }
    data.set(column, j * p);
    options.onProgress?.({ products, limit: p });
  }
  const asymmetry = symmetrize(data, p);
  const seconds = (performance.now() - began) / 1000;
  const value = { matrix: { rows: p, columns: p, data }, asymmetry };
  return { value, status, stats: { products, gradients: 0, losses: 0, seconds } };
}

async function unitProduct<V>({ space, apply }: LinearOperator<V>, j: number): Promise<Float64Array> {
  const host = new Float64Array(space.dim);
  host[j] = 1;
  const unit = space.fromHost(host);
  const product = await apply(unit);
  const column = await space.toHost(product);
  space.release(unit, product);
  return column;
}

function symmetrize(data: Float64Array, p: number): number {
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < p; i++) {
    for (let j = 0; j <= i; j++) {
      const lower = data[i * p + j]!;
      const upper = data[j * p + i]!;
      largest = Math.max(largest, Math.abs(lower), Math.abs(upper));
      difference = Math.max(difference, Math.abs(lower - upper));
      data[i * p + j] = data[j * p + i] = (lower + upper) / 2;
    }
  }
  return largest > 0 ? difference / largest : 0;
}

/**
 * All eigenvalues and eigenvectors of a dense symmetric matrix by the decomposition of ml-matrix, up to order 600:
 * the independent twin of every Krylov method here.
 */
export function symmetricEigen(matrix: Matrix): SymmetricEigen {
  const n = matrix.rows;
  requireOrder(n, denseEigenvectorLimit, 'The matrix');
  if (n === 0) {
    return { eigenvalues: new Float64Array(0), eigenvectors: { rows: 0, columns: 0, data: matrix.data }, residual: 0 };
  }
  requireFinite(matrix);
  const rows = flushed(matrix);
  const decomposition = new EigenvalueDecomposition(rows, { assumeSymmetric: true });
  const eigenvalues = Float64Array.from(decomposition.realEigenvalues);
  const vectors = decomposition.eigenvectorMatrix;
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) data.set(vectors.getRow(i), i * n);
  const product = rows.mmul(vectors);
  let residual = 0;
  for (let j = 0; j < n; j++) {
    let square = 0;
    for (let i = 0; i < n; i++) square += (product.get(i, j) - eigenvalues[j]! * vectors.get(i, j)) ** 2;
    residual = Math.max(residual, Math.sqrt(square));
  }
  return { eigenvalues, eigenvectors: { rows: n, columns: n, data }, residual };
}

/** ml-matrix runs past its arrays where subnormal numbers meet ordinary ones: entries far below rounding become 0. */
function flushed({ rows: n, data }: Matrix): MlMatrix {
  let largest = 0;
  for (const entry of data) largest = Math.max(largest, Math.abs(entry));
  const least = 1e-30 * largest;
  return new MlMatrix(
    Array.from({ length: n }, (_, i) =>
      Array.from(data.subarray(i * n, (i + 1) * n), (entry) => (Math.abs(entry) < least ? 0 : entry)),
    ),
  );
}

/** All eigenvalues, ascending, without vectors, up to order 2000: Householder reduction, then implicit QL. */
export function symmetricEigenvalues(matrix: Matrix): Float64Array {
  requireOrder(matrix.rows, denseEigenvalueLimit, 'The matrix');
  requireFinite(matrix);
  const { alpha, beta } = householderTridiagonal(matrix);
  return tridiagonalEigen(alpha, beta).values;
}

export interface ExactSpectrum {
  /** All p eigenvalues, ascending. */
  readonly eigenvalues: Float64Array;
  /** max ‖A vᵢ − λᵢ vᵢ‖; null above order 600, where no vectors are computed. */
  readonly residual: number | null;
  readonly asymmetry: number;
}

/**
 * The whole spectrum of an operator from its dense matrix: the slow exact twin of `lanczos`,
 * `stochasticLanczosDensity` and `hutchinsonTrace`. Cost: p products and about 10 p³ operations; p at most 2000.
 */
export async function exactSpectrum<V>(
  operator: LinearOperator<V>,
  options: DenseOptions = {},
): Promise<Result<ExactSpectrum>> {
  const began = performance.now();
  const dense = await denseMatrix(operator, options);
  const { matrix, asymmetry } = dense.value;
  const result = (eigenvalues: Float64Array, residual: number | null): Result<ExactSpectrum> => ({
    value: { eigenvalues, residual, asymmetry },
    status: dense.status,
    stats: { ...dense.stats, seconds: (performance.now() - began) / 1000 },
  });
  if (dense.status !== 'converged') return result(new Float64Array(0), null);
  if (matrix.rows > denseEigenvectorLimit) return result(symmetricEigenvalues(matrix), null);
  const { eigenvalues, residual } = symmetricEigen(matrix);
  return result(eigenvalues, residual);
}

function requireOrder(n: number, limit: number, what: string): void {
  if (n <= limit) return;
  throw new BadInput(
    `${what} has order ${n}, above the limit ${limit} of the dense decomposition.`,
    'Use the Lanczos method, which needs products only, or a smaller model.',
  );
}

function requireFinite({ data }: Matrix): void {
  if (!data.every(Number.isFinite)) {
    throw new BadInput('The matrix has entries that are not finite.', 'Check the parameters and the data for NaN.');
  }
}
