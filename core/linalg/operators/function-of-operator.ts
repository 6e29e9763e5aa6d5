import type { SpectralWeights } from '../dense/absolute-inverse.ts';
import { type DenseOptions, denseMatrix, symmetricEigen } from '../dense/dense-symmetric.ts';
import { tridiagonalEigen } from '../dense/tridiagonal-eigen.ts';
import { advanceLanczosProcess, releaseLanczosProcess, startLanczosProcess } from '../eigenpairs/lanczos-process.ts';
import { projectedEigen } from '../eigenpairs/projected-eigen.ts';
import type { LinearOperator } from '../linear-operator.ts';
import type { Matrix } from '../matrix.ts';
import type { Result, Status } from '../result.ts';

export interface FunctionTimes<V> {
  /** f(A) x, the caller's; NaN in every entry where the status is `notFinite`, null where it is `cancelled`. */
  readonly vector: V | null;
  /** The eigenvalues, or Ritz values, that f was taken of, ascending. */
  readonly eigenvalues: Float64Array;
}

/** Up to this order plain rotations are faster than blocks. */
const smallOrder = 32;

/**
 * f(A) x = V f(Λ) Vᵀ x for a symmetric operator by its dense matrix, exact to rounding. Cost: dim products and at most
 * 7 dim³ operations. Status: `converged`, `notFinite`, `cancelled`.
 */
export async function denseFunctionTimes<V>(
  operator: LinearOperator<V>,
  x: V,
  weights: SpectralWeights,
  options: DenseOptions = {},
): Promise<Result<FunctionTimes<V>>> {
  const { space } = operator;
  const { value, status, stats } = await denseMatrix(operator, options);
  if (status !== 'converged') return { value: nothing(operator, status), status, stats };
  const { product, eigenvalues } = matrixFunctionTimes(value.matrix, await space.toHost(x), weights);
  return { value: { vector: space.fromHost(product), eigenvalues }, status, stats };
}

/** V f(Λ) Vᵀ x for a symmetric matrix of finite entries. */
export function matrixFunctionTimes(matrix: Matrix, x: Float64Array, weights: SpectralWeights) {
  const n = matrix.rows;
  const small = n <= smallOrder ? projectedEigen(matrix) : null;
  const large = small === null ? symmetricEigen(matrix) : null;
  const eigenvalues = small?.values ?? large!.eigenvalues;
  // Entry j of eigenvector i.
  const entry: (i: number, j: number) => number = small
    ? (i, j) => small.vectors[i * n + j]!
    : (i, j) => large!.eigenvectors.data[j * n + i]!;
  const f = weights(eigenvalues);
  const product = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let along = 0;
    for (let j = 0; j < n; j++) along += entry(i, j) * x[j]!;
    along *= f[i]!;
    if (along !== 0) for (let j = 0; j < n; j++) product[j]! += along * entry(i, j);
  }
  return { product, eigenvalues };
}

/**
 * f(A) x ≈ ‖x‖ V f(T) e₁ with V the Lanczos basis that starts at x and T = VᵀAV, fully reorthogonalised: exact at k = dim
 * or once the space closes, and for polynomials f below degree k (Saad 1992). For 1/(|λ| + μ) this is the Krylov form
 * of saddle-free Newton (Dauphin et al. 2014); it converges slowly while eigenvalues of both signs are spread.
 *
 * Cost: at most k products, k vectors. Status: `budgetSpent` after k products, `invariantSubspace` where the space
 * closed before (then exact), `notFinite`, `cancelled`. Of x = 0 the answer is 0.
 */
export async function krylovFunctionTimes<V>(
  operator: LinearOperator<V>,
  x: V,
  k: number,
  weights: SpectralWeights,
  signal?: { readonly aborted: boolean },
): Promise<Result<FunctionTimes<V>>> {
  const began = performance.now();
  const { space } = operator;
  const length = Math.sqrt((await space.dots([x], x))[0]!);
  const result = (value: FunctionTimes<V>, status: Status, products: number): Result<FunctionTimes<V>> => ({
    value,
    status,
    stats: { products, gradients: 0, losses: 0, seconds: (performance.now() - began) / 1000 },
  });
  if (length === 0) return result({ vector: space.zeros(), eigenvalues: new Float64Array(0) }, 'converged', 0);
  const process = await startLanczosProcess(operator, space.copy(x));
  if (process === null) return result(nothing(operator, 'notFinite'), 'notFinite', 0);
  try {
    let status: Status = 'budgetSpent';
    while (process.products < k && status === 'budgetSpent') {
      if (signal?.aborted) status = 'cancelled';
      else {
        const step = await advanceLanczosProcess(process);
        if (step === 'closed') status = 'invariantSubspace';
        if (step === 'notFinite') status = 'notFinite';
      }
    }
    if (status === 'notFinite' || status === 'cancelled')
      return result(nothing(operator, status), status, process.products);
    const m = process.basis.length;
    const { values, vectors } = tridiagonalEigen(
      Float64Array.from(process.alpha),
      Float64Array.from(process.beta),
      'all',
    );
    const f = weights(values);
    const c = new Float64Array(m);
    for (let i = 0; i < m; i++) {
      const along = length * f[i]! * vectors[i * m]!;
      for (let j = 0; j < m; j++) c[j]! += along * vectors[i * m + j]!;
    }
    return result({ vector: space.combine(process.basis, c), eigenvalues: values }, status, process.products);
  } finally {
    releaseLanczosProcess(process);
  }
}

function nothing<V>({ space }: LinearOperator<V>, status: Status): FunctionTimes<V> {
  const eigenvalues = new Float64Array(0);
  if (status === 'cancelled') return { vector: null, eigenvalues };
  return { vector: space.fromHost(new Float64Array(space.dim).fill(Number.NaN)), eigenvalues };
}
