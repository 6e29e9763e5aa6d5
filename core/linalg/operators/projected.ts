import type { LinearOperator } from '../linear-operator.ts';

/**
 * (I − QQᵀ) A (I − QQᵀ) for orthonormal directions q₁ … q_k, the columns of Q: zero on their span, A compressed to what is
 * orthogonal to them. If they are eigenvectors of A, the other eigenpairs stay and theirs become zero: deflation. Cost of
 * a product: one product with A and 4k vector operations. The directions stay the caller's and must outlive the operator.
 *
 * They are taken as orthonormal and not checked: a deviation δ of QᵀQ from I leaves δ of them in the result.
 */
export function projectedOperator<V>(a: LinearOperator<V>, directions: readonly V[]): LinearOperator<V> {
  const { space } = a;
  /** (I − QQᵀ) x; consumes x. */
  async function project(x: V): Promise<V> {
    if (directions.length === 0) return x;
    const along = await space.dots(directions, x);
    return space.combine(
      directions,
      along.map((c) => -c),
      x,
    );
  }
  return {
    space,
    symmetric: a.symmetric,
    positiveSemidefinite: a.positiveSemidefinite,
    async apply(v) {
      const inside = await project(space.copy(v));
      try {
        return await project(await a.apply(inside));
      } finally {
        space.release(inside);
      }
    },
  };
}
