import { BadInput } from '../../bad-input.ts';
import type { Linearization, Outputs } from '../objective.ts';

/** J v and Jᵀ u of a linearization, one product each. */
export interface JacobianProducts<V> {
  forward(v: V): Promise<Outputs>;
  transpose(u: Outputs): Promise<V>;
}

/** BadInput where the model has no outputs to differentiate: a function of θ alone. */
export function jacobianProducts<V>(linearization: Linearization<V>): JacobianProducts<V> {
  const { jacobianProduct, jacobianTransposeProduct } = linearization;
  if (jacobianProduct === undefined || jacobianTransposeProduct === undefined) {
    throw new BadInput('This model has no products with the Jacobian of its outputs.', 'Ask for the Hessian instead.');
  }
  return {
    forward: (v) => linearization.jacobianProduct!(v),
    transpose: (u) => linearization.jacobianTransposeProduct!(u),
  };
}
