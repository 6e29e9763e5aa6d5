import type { LinearOperator } from '../../linalg/linear-operator.ts';
import type { VectorSpace } from '../../linalg/vector-space.ts';
import type { Linearization } from '../objective.ts';
import { gaussNewtonOperator } from './gauss-newton.ts';

/**
 * The exact Fisher matrix (1/N) Σᵢ Jᵢᵀ Cov_{y∼p(·|fᵢ)}[∂ℓ/∂f] Jᵢ of the likelihood p(y|f) ∝ exp(−ℓ(f, y)), the sum without
 * 1/N where the loss is a sum. Computed as the Gauss–Newton matrix, which it equals for all losses here (Martens 2014,
 * "New insights and perspectives on the natural gradient method"), because Cov[∂ℓ/∂f] = ∂²ℓ/∂f²:
 *
 * - softmax cross-entropy: y ∼ softmax(f), ∂ℓ/∂f = p − e_y, with the covariance diag(p) − ppᵀ;
 * - half squared error: y ∼ N(f, I), ∂ℓ/∂f = f − y, with the covariance I;
 * - mean squared error (1/C)‖f − y‖²: exp(−ℓ) is the normal density of variance C/2 in each output, ∂ℓ/∂f = (2/C)(f − y),
 *   with the covariance (4/C²)(C/2) I = (2/C) I.
 *
 * Penalties of the layers have no part in it. Cost: one product.
 */
export function fisherOperator<V>(space: VectorSpace<V>, linearization: Linearization<V>): LinearOperator<V> {
  return gaussNewtonOperator(space, linearization);
}
