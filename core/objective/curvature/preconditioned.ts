import type { LinearOperator } from '../../linalg/linear-operator.ts';
import { diagonallyScaledOperator } from '../../linalg/operators/diagonally-scaled.ts';

/**
 * P^{-1/2} H P^{-1/2} for a positive diagonal P: symmetric, with the eigenvalues of P⁻¹ H. With Adam's
 * P = (1 − β₁ᵗ)(√û + ε) the matrix whose largest eigenvalue decides its stability (Cohen et al. 2022). Cost of a product:
 * one product with H. P is not checked.
 */
export function preconditionedOperator<V>(hessian: LinearOperator<V>, preconditioner: Float64Array): LinearOperator<V> {
  return diagonallyScaledOperator(
    hessian,
    preconditioner.map((p) => 1 / Math.sqrt(p)),
  );
}
