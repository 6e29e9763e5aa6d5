import type { LinearOperator } from '../../linalg/linear-operator.ts';
import { differenceOperator } from '../../linalg/operators/difference.ts';
import type { VectorSpace } from '../../linalg/vector-space.ts';
import type { Linearization } from '../objective.ts';
import { gaussNewtonOperator } from './gauss-newton.ts';
import { hessianOperator } from './hessian.ts';

/**
 * H − G = (1/N) Σᵢ Σ_c (∂ℓᵢ/∂f_c) ∇²f_ic, plus the Hessian of the layers' penalties where there are any: the curvature of
 * the network itself, which vanishes where the residuals do. Cost: two products; both terms round at the size of H, so
 * that a residual far below it has that much fewer digits.
 */
export function residualOperator<V>(space: VectorSpace<V>, linearization: Linearization<V>): LinearOperator<V> {
  return differenceOperator(hessianOperator(space, linearization), gaussNewtonOperator(space, linearization));
}
