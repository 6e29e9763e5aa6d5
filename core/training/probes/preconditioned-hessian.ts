import type { LinearOperator } from '../../linalg/linear-operator.ts';
import type { HostVector } from '../../linalg/vector-space.ts';

/**
 * P^{-1/2} H P^{-1/2} for a positive diagonal P: symmetric, with the eigenvalues of P⁻¹ H. The matrix whose largest
 * eigenvalue decides the stability of Adam (Cohen et al. 2022). Cost of a product: one product with H.
 */
export function preconditionedHessian<V extends HostVector>(
  hessian: LinearOperator<V>,
  diagonal: Float64Array,
): LinearOperator<V> {
  const { space } = hessian;
  const inverseRoot = diagonal.map((p) => 1 / Math.sqrt(p));
  const scaleByRoot = (v: V): V => {
    for (let i = 0; i < v.length; i++) v[i]! *= inverseRoot[i]!;
    return v;
  };
  return {
    space,
    symmetric: hessian.symmetric,
    positiveSemidefinite: hessian.positiveSemidefinite,
    async apply(v) {
      const scaled = scaleByRoot(space.copy(v));
      const product = await hessian.apply(scaled);
      space.release(scaled);
      return scaleByRoot(product);
    },
  };
}
