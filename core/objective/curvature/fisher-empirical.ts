import type { LinearOperator } from '../../linalg/linear-operator.ts';
import type { VectorSpace } from '../../linalg/vector-space.ts';
import type { Linearization, Outputs } from '../objective.ts';
import { outputOuterProducts } from './output-outer-products.ts';

/**
 * (1/N) Σᵢ gᵢ gᵢᵀ with gᵢ = Jᵢᵀ ∂ℓᵢ/∂f the gradient of the loss of a single example at its true target, penalties of the
 * layers left out. `scale` is 1/N, or 1 where the loss is a sum. Not an estimate of the Fisher matrix: it vanishes where
 * the data are fitted (Kunstner, Balles and Hennig 2019, "Limitations of the empirical Fisher approximation").
 * `gradients` are ∂ℓᵢ/∂fᵢ without the 1/N. Cost: two products.
 */
export function fisherEmpiricalOperator<V>(
  space: VectorSpace<V>,
  linearization: Linearization<V>,
  gradients: Outputs,
  scale: number,
): LinearOperator<V> {
  return outputOuterProducts(space, linearization, [gradients], { scale });
}
