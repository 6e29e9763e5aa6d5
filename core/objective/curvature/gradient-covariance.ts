import type { LinearOperator } from '../../linalg/linear-operator.ts';
import type { VectorSpace } from '../../linalg/vector-space.ts';
import type { Linearization, Outputs } from '../objective.ts';
import { outputOuterProducts } from './output-outer-products.ts';

/**
 * C = (1/N) Σᵢ gᵢ gᵢᵀ − ḡ ḡᵀ, the covariance over the examples of the gradients gᵢ of their ℓᵢ, always divided by N
 * whether the loss is a mean or a sum. A mini-batch of B examples, drawn with replacement, has a gradient of covariance
 * C/B. Penalties of the layers move ḡ and every gᵢ alike and so have no part in it. `gradients` are ∂ℓᵢ/∂fᵢ without the
 * 1/N. Cost: two products.
 */
export function gradientCovarianceOperator<V>(
  space: VectorSpace<V>,
  linearization: Linearization<V>,
  gradients: Outputs,
): LinearOperator<V> {
  return outputOuterProducts(space, linearization, [gradients], { scale: 1 / gradients.rows, centred: true });
}
