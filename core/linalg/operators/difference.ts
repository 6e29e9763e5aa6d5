import type { LinearOperator } from '../linear-operator.ts';

/** A − B on the space of A. Cost of a product: one product with each. */
export function differenceOperator<V>(a: LinearOperator<V>, b: LinearOperator<V>): LinearOperator<V> {
  const { space } = a;
  if (b.space.dim !== space.dim) {
    throw new RangeError(`Operators of dimensions ${space.dim} and ${b.space.dim} have no difference.`);
  }
  return {
    space,
    symmetric: a.symmetric && b.symmetric,
    positiveSemidefinite: false,
    async apply(v) {
      const product = await a.apply(v);
      try {
        const other = await b.apply(v);
        const difference = space.addScaled(product, -1, other);
        space.release(other);
        return difference;
      } catch (problem) {
        space.release(product);
        throw problem;
      }
    },
  };
}
