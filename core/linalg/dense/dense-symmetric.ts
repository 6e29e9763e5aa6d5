import { BadInput } from '../../bad-input.ts';
import type { LinearOperator } from '../linear-operator.ts';
import type { Matrix } from '../matrix.ts';
import type { Result, Status } from '../result.ts';
import {
  type SymmetricEigen,
  symmetricDecomposition,
  symmetricDecompositionValues,
} from './symmetric-decomposition.ts';

export type { SymmetricEigen };

/** Largest order with eigenvectors (0.15 s at 600, 14 s at 3000 on one core) and without (0.05 s and 7 s). */
export const denseEigenvectorLimit = 3000;
export const denseEigenvalueLimit = 3000;

export interface DenseOptions {
  readonly signal?: { readonly aborted: boolean } | undefined;
  readonly onProgress?: ((progress: { readonly products: number; readonly limit: number }) => void) | undefined;
  /** Settles after the event loop has turned; awaited now and then during the decomposition, so that `signal` is seen. */
  readonly breathe?: (() => Promise<void>) | undefined;
}

export interface DenseValue {
  /** (A + Aᵀ)/2 of the products A e₁ … A e_p. */
  readonly matrix: Matrix;
  /** max |A − Aᵀ| / max |A|: what the symmetrisation hid. */
  readonly asymmetry: number;
}

/** Columns that are asked for together at most, and the time that they shall take: the signal is seen in between. */
const mostColumns = 64;
const columnsMs = 40;

/**
 * A as a dense matrix from its columns A eⱼ, of which the operator gives several at once where it can. Cost: p products.
 * Status: `converged`, `notFinite`, `cancelled`.
 */
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
  let atOnce = 1;
  while (products < p) {
    if (options.signal?.aborted) {
      status = 'cancelled';
      break;
    }
    const asked = performance.now();
    const first = products;
    products = Math.min(p, first + atOnce);
    await columnsInto(data, operator, first, products);
    if (!allFinite(data, first * p, products * p)) {
      status = 'notFinite';
      break;
    }
    if (operator.columns) {
      const affordable = Math.floor((columnsMs * (products - first)) / (performance.now() - asked));
      atOnce = Math.max(1, Math.min(8 * atOnce, affordable, mostColumns));
    }
    options.onProgress?.({ products, limit: p });
  }
  const asymmetry = symmetrize(data, p);
  const seconds = (performance.now() - began) / 1000;
  const value = { matrix: { rows: p, columns: p, data }, asymmetry };
  return { value, status, stats: { products, gradients: 0, losses: 0, seconds } };
}

/** Writes A e_first … A e_{end−1} one after another. */
async function columnsInto<V>(
  data: Float64Array,
  operator: LinearOperator<V>,
  first: number,
  end: number,
): Promise<void> {
  const p = operator.space.dim;
  if (operator.columns) data.set(await operator.columns(first, end), first * p);
  else for (let j = first; j < end; j++) data.set(await unitProduct(operator, j), j * p);
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

function allFinite(data: Float64Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (!Number.isFinite(data[i]!)) return false;
  return true;
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
 * All eigenvalues and eigenvectors of a dense symmetric matrix, up to order 3000: the independent twin of every Krylov
 * method here. ‖A vᵢ − λᵢ vᵢ‖ and ‖VᵀV − I‖ are of the order of rounding, some 1e-15 of the norm; the first is computed
 * and stated. The lower triangle is read, for the residual all of it. BadInput for entries that are not finite.
 *
 * Cost: at most (20/3) n³ operations, nearly all in matrix products.
 */
export function symmetricEigen(matrix: Matrix): SymmetricEigen {
  requireOrder(matrix.rows, denseEigenvectorLimit, 'The matrix');
  requireFinite(matrix);
  return atOnce(symmetricDecomposition(matrix));
}

/** All eigenvalues, ascending, without vectors, up to order 3000. Cost: (4/3) n³ operations. */
export function symmetricEigenvalues(matrix: Matrix): Float64Array {
  requireOrder(matrix.rows, denseEigenvalueLimit, 'The matrix');
  requireFinite(matrix);
  return atOnce(symmetricDecompositionValues(matrix));
}

function atOnce<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** Milliseconds between two turns of the event loop. */
const breathMs = 20;

/** `symmetricEigen` with turns of the event loop between its blocks; null where the signal ended it. */
export async function interruptibleSymmetricEigen(
  matrix: Matrix,
  { signal, breathe }: Pick<DenseOptions, 'signal' | 'breathe'>,
): Promise<SymmetricEigen | null> {
  requireOrder(matrix.rows, denseEigenvectorLimit, 'The matrix');
  requireFinite(matrix);
  const work = symmetricDecomposition(matrix);
  let lastTurn = performance.now();
  try {
    for (;;) {
      if (signal?.aborted) return null;
      const step = work.next();
      if (step.done) return step.value;
      if (breathe && performance.now() - lastTurn > breathMs) {
        await breathe();
        lastTurn = performance.now();
      }
    }
  } finally {
    // Ends the work where it stands: its memory goes back to the arena.
    work.return(undefined as never);
  }
}

export interface ExactSpectrum {
  /** All p eigenvalues, ascending; none where the work was cancelled. */
  readonly eigenvalues: Float64Array;
  /** max ‖A vᵢ − λᵢ vᵢ‖; null where there are no eigenvalues. */
  readonly residual: number | null;
  readonly asymmetry: number;
}

/**
 * The whole spectrum of an operator from its dense matrix: the slow exact twin of `lanczos`,
 * `stochasticLanczosDensity` and `hutchinsonTrace`. Cost: p products and at most 7 p³ operations; p at most 3000
 * (`BadInput` above). Status: `converged`, `notFinite`, `cancelled`.
 */
export async function exactSpectrum<V>(
  operator: LinearOperator<V>,
  options: DenseOptions = {},
): Promise<Result<ExactSpectrum>> {
  const began = performance.now();
  const dense = await denseMatrix(operator, options);
  const { matrix, asymmetry } = dense.value;
  const finished = dense.status === 'converged';
  const found = finished ? await interruptibleSymmetricEigen(matrix, options) : null;
  return {
    value: { eigenvalues: found?.eigenvalues ?? new Float64Array(0), residual: found?.residual ?? null, asymmetry },
    status: finished && !found ? 'cancelled' : dense.status,
    stats: { ...dense.stats, seconds: (performance.now() - began) / 1000 },
  };
}

function requireOrder(n: number, limit: number, what: string): void {
  if (n <= limit) return;
  throw new BadInput(
    `${what} has order ${n}, above the limit ${limit} of the dense decomposition.`,
    'Use the Lanczos method, which needs products only, or a smaller model.',
  );
}

function requireFinite({ data }: Matrix): void {
  if (!allFinite(data, 0, data.length)) {
    throw new BadInput('The matrix has entries that are not finite.', 'Check the parameters and the data for NaN.');
  }
}
