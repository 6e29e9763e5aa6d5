import type { LinearOperator } from '../../linalg/linear-operator.ts';
import type { VectorSpace } from '../../linalg/vector-space.ts';
import type { Linearization } from '../objective.ts';

/** H = ∇²L at the point of the linearization. Cost: one product. */
export function hessianOperator<V>(space: VectorSpace<V>, linearization: Linearization<V>): LinearOperator<V> {
  return {
    space,
    symmetric: true,
    positiveSemidefinite: false,
    apply: (v) => linearization.hessianProduct(v),
    ...(linearization.hessianColumns && { columns: (from, to) => linearization.hessianColumns!(from, to) }),
  };
}
