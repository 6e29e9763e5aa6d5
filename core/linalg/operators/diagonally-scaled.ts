import type { LinearOperator } from '../linear-operator.ts';
import type { HostVector, VectorSpace } from '../vector-space.ts';

/**
 * D A D for a diagonal D, which keeps symmetry and sign. With D = P^{-1/2} it is similar to P⁻¹A: the form in which a
 * preconditioned operator is symmetric. Cost of a product: one product with A; vectors that do not live on the host are
 * scaled there and sent back.
 */
export function diagonallyScaledOperator<V>(a: LinearOperator<V>, diagonal: Float64Array): LinearOperator<V> {
  const { space } = a;
  if (diagonal.length !== space.dim) {
    throw new RangeError(`A diagonal of ${diagonal.length} entries for an operator of dimension ${space.dim}.`);
  }
  return {
    space,
    symmetric: a.symmetric,
    positiveSemidefinite: a.positiveSemidefinite,
    async apply(v) {
      const scaled = await scaledBy(space, diagonal, space.copy(v));
      try {
        return await scaledBy(space, diagonal, await a.apply(scaled));
      } finally {
        space.release(scaled);
      }
    },
  };
}

/** D x; consumes x. */
async function scaledBy<V>(space: VectorSpace<V>, diagonal: Float64Array, x: V): Promise<V> {
  if (ArrayBuffer.isView(x)) {
    const entries = x as unknown as HostVector;
    for (let i = 0; i < entries.length; i++) entries[i]! *= diagonal[i]!;
    return x;
  }
  const entries = await space.toHost(x);
  space.release(x);
  return space.fromHost(entries.map((entry, i) => entry * diagonal[i]!));
}
