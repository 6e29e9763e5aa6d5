import { BadInput } from '../../bad-input.ts';
import type { LinearOperator } from '../../linalg/linear-operator.ts';
import type { VectorSpace } from '../../linalg/vector-space.ts';
import type { Linearization } from '../objective.ts';

/**
 * G = (1/n) Σ JᵢᵀAᵢJᵢ at the point of the linearization (Schraudolph 2002); positive semidefinite where the loss is
 * convex in the outputs, as all losses here are. Penalties of the layers have no part in it. Cost: one product.
 */
export function gaussNewtonOperator<V>(space: VectorSpace<V>, linearization: Linearization<V>): LinearOperator<V> {
  if (linearization.gaussNewtonProduct === undefined) {
    throw new BadInput('This model has no Gauss–Newton product.', 'Ask for the Hessian instead.');
  }
  return {
    space,
    symmetric: true,
    positiveSemidefinite: true,
    apply: (v) => linearization.gaussNewtonProduct!(v),
  };
}
