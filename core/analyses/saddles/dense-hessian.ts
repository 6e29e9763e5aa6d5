import { denseMatrix, interruptibleSymmetricEigen } from '../../linalg/dense/dense-symmetric.ts';
import type { SymmetricEigen } from '../../linalg/dense/symmetric-decomposition.ts';
import type { Matrix } from '../../linalg/matrix.ts';
import { machineEpsilon } from '../../linalg/precision.ts';
import type { Status } from '../../linalg/result.ts';
import { hessianOperator } from '../../objective/curvature/hessian.ts';
import type { Objective } from '../../objective/objective.ts';

/** What interrupts a judgement, and lets others have their turn. */
export interface Interruption {
  readonly signal?: { readonly aborted: boolean } | undefined;
  readonly breathe?: (() => Promise<void>) | undefined;
}

/** L, ∇L and H = V Λ Vᵀ at one point. */
export interface DenseHessian extends SymmetricEigen {
  readonly loss: number;
  readonly gradient: Float64Array;
  /** H, symmetrised. */
  readonly matrix: Matrix;
  /** |λ|_max */
  readonly scale: number;
  /**
   * An eigenvalue of H lies within it of every λᵢ, one to one: residual of the decomposition, plus p ε |λ|_max for the
   * rounding of products in the precision of the space, plus what they leave unsymmetric.
   */
  readonly errorBound: number;
}

/** At a point, the value; otherwise why there is none. */
export type DenseOutcome =
  | { readonly status: 'converged'; readonly value: DenseHessian }
  | { readonly status: Exclude<Status, 'converged'>; readonly loss: number; readonly gradient: Float64Array };

/**
 * The gradient and the whole Hessian with its decomposition. Cost: one gradient, p products and about 7 p³ operations.
 * Status: `converged`, `notFinite`, `cancelled`.
 */
export async function denseHessianAt<V>(
  objective: Objective<V>,
  theta: V,
  { signal, breathe }: Interruption,
): Promise<DenseOutcome> {
  const { space } = objective;
  const linearization = await objective.linearize(theta);
  try {
    const { loss } = linearization;
    const gradient = await space.toHost(linearization.gradient);
    const ended = (status: Exclude<Status, 'converged'>): DenseOutcome => ({ status, loss, gradient });
    if (!Number.isFinite(loss) || !gradient.every(Number.isFinite)) return ended('notFinite');
    const dense = await denseMatrix(hessianOperator(space, linearization), { signal });
    if (dense.status !== 'converged') return ended(dense.status);
    const { matrix, asymmetry } = dense.value;
    const eigen = await interruptibleSymmetricEigen(matrix, { signal, breathe });
    if (eigen === null) return ended('cancelled');
    const n = matrix.rows;
    const scale = Math.max(Math.abs(eigen.eigenvalues[0] ?? 0), Math.abs(eigen.eigenvalues[n - 1] ?? 0));
    const errorBound = eigen.residual + (asymmetry + n * machineEpsilon(space.precision)) * scale;
    return { status: 'converged', value: { ...eigen, loss, gradient, matrix, scale, errorBound } };
  } finally {
    linearization.dispose();
  }
}

/** Vᵀ x. */
export function inEigenbasis({ eigenvectors }: Pick<SymmetricEigen, 'eigenvectors'>, x: Float64Array): Float64Array {
  const { rows, columns, data } = eigenvectors;
  const out = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    const at = x[i]!;
    if (at !== 0) for (let j = 0; j < columns; j++) out[j]! += data[i * columns + j]! * at;
  }
  return out;
}

/** V c. */
export function fromEigenbasis({ eigenvectors }: Pick<SymmetricEigen, 'eigenvectors'>, c: Float64Array): Float64Array {
  const { rows, columns, data } = eigenvectors;
  return Float64Array.from({ length: rows }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += data[i * columns + j]! * c[j]!;
    return sum;
  });
}

/** −H⁺ g with the eigenvalues up to `cut` · |λ|_max left out: the Newton step of minimum length. */
export function pseudoInverseStep(hessian: DenseHessian, gradient: Float64Array, cut: number): Float64Array {
  const { eigenvalues, scale } = hessian;
  const c = inEigenbasis(hessian, gradient);
  for (let i = 0; i < c.length; i++) {
    const value = eigenvalues[i]!;
    c[i] = Math.abs(value) > cut * scale ? -c[i]! / value : 0;
  }
  return fromEigenbasis(hessian, c);
}
