import type { SpectralWeights } from '../dense/absolute-inverse.ts';
import { type DenseOptions, denseMatrix, symmetricEigen } from '../dense/dense-symmetric.ts';
import { tridiagonalEigen } from '../dense/tridiagonal-eigen.ts';
import { advanceLanczosProcess, releaseLanczosProcess, startLanczosProcess } from '../eigenpairs/lanczos-process.ts';
import { projectedEigen } from '../eigenpairs/projected-eigen.ts';
import type { LinearOperator } from '../linear-operator.ts';
import type { Matrix } from '../matrix.ts';
import type { Result, Status } from '../result.ts';

/** All that f(A) x needs, for one vector x and any f. */
export interface SpectralParts<V> {
  /** The eigenvalues, or Ritz values, ascending. */
  readonly eigenvalues: Float64Array;
  /** f(A) x, the caller's. Cost: no products. */
  times(weights: SpectralWeights): V;
  dispose(): void;
}

/** Up to this order plain rotations are faster than blocks. */
const smallOrder = 32;

/**
 * f(A) x = V f(Λ) Vᵀ x for a symmetric operator by its dense matrix, exact to rounding. Cost: dim products and at most
 * 7 dim³ operations. Status: `converged`; `notFinite` and `cancelled` without a value.
 */
export async function denseParts<V>(
  operator: LinearOperator<V>,
  x: V,
  options: DenseOptions = {},
): Promise<Result<SpectralParts<V> | null>> {
  const { space } = operator;
  const { value, status, stats } = await denseMatrix(operator, options);
  if (status !== 'converged') return { value: null, status, stats };
  const { eigenvalues, eigenvector } = eigenvectorsOf(value.matrix);
  const host = await space.toHost(x);
  const n = space.dim;
  const along = Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += eigenvector(i, j) * host[j]!;
    return sum;
  });
  const times = (weights: SpectralWeights): V => {
    const f = weights(eigenvalues);
    const product = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const share = f[i]! * along[i]!;
      if (share !== 0) for (let j = 0; j < n; j++) product[j]! += share * eigenvector(i, j);
    }
    return space.fromHost(product);
  };
  return { value: { eigenvalues, times, dispose: () => {} }, status, stats };
}

function eigenvectorsOf(matrix: Matrix): {
  readonly eigenvalues: Float64Array;
  /** Entry j of eigenvector i. */
  eigenvector(i: number, j: number): number;
} {
  const n = matrix.rows;
  if (n <= smallOrder) {
    const { values, vectors } = projectedEigen(matrix);
    return { eigenvalues: values, eigenvector: (i, j) => vectors[i * n + j]! };
  }
  const { eigenvalues, eigenvectors } = symmetricEigen(matrix);
  return { eigenvalues, eigenvector: (i, j) => eigenvectors.data[j * n + i]! };
}

/**
 * f(A) x ≈ ‖x‖ V f(T) e₁ with V the Lanczos basis that starts at x and T = VᵀAV, fully reorthogonalised: exact at k = dim
 * or once the space closes, and for polynomials f below degree k (Saad 1992). For 1/(|λ| + μ) this is the Krylov form
 * of saddle-free Newton (Dauphin et al. 2014); it converges slowly while eigenvalues of both signs are spread.
 *
 * Cost: at most k products, k vectors until `dispose`. Status: `budgetSpent` after k products, `invariantSubspace` where
 * the space closed before (then exact); `notFinite` and `cancelled` without a value. Of x = 0 the answer is 0.
 */
export async function krylovParts<V>(
  operator: LinearOperator<V>,
  x: V,
  k: number,
  signal?: { readonly aborted: boolean },
): Promise<Result<SpectralParts<V> | null>> {
  const began = performance.now();
  const { space } = operator;
  const result = (value: SpectralParts<V> | null, status: Status, products: number) => ({
    value,
    status,
    stats: { products, gradients: 0, losses: 0, seconds: (performance.now() - began) / 1000 },
  });
  const length = Math.sqrt((await space.dots([x], x))[0]!);
  if (length === 0) {
    const nothing = { eigenvalues: new Float64Array(0), times: () => space.zeros(), dispose: () => {} };
    return result(nothing, 'invariantSubspace', 0);
  }
  const process = await startLanczosProcess(operator, space.copy(x));
  if (process === null) return result(null, 'notFinite', 0);
  let status: Status = 'budgetSpent';
  while (process.products < k && status === 'budgetSpent') {
    const step = signal?.aborted ? 'cancelled' : await advanceLanczosProcess(process);
    if (step === 'closed') status = 'invariantSubspace';
    else if (step !== 'advanced') status = step;
  }
  if (status === 'notFinite' || status === 'cancelled') {
    releaseLanczosProcess(process);
    return result(null, status, process.products);
  }
  const m = process.basis.length;
  const { values, vectors } = tridiagonalEigen(
    Float64Array.from(process.alpha),
    Float64Array.from(process.beta),
    'all',
  );
  const times = (weights: SpectralWeights): V => {
    const f = weights(values);
    const c = new Float64Array(m);
    for (let i = 0; i < m; i++) {
      const share = length * f[i]! * vectors[i * m]!;
      for (let j = 0; j < m; j++) c[j]! += share * vectors[i * m + j]!;
    }
    return space.combine(process.basis, c);
  };
  return result(
    { eigenvalues: values, times, dispose: () => releaseLanczosProcess(process) },
    status,
    process.products,
  );
}
