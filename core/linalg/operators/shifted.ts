import type { LinearOperator } from '../linear-operator.ts';

/**
 * A − σI: the spectrum moved by −σ, its vectors as they are. Cost of a product: one product with A. Called positive
 * semidefinite where that follows: A is, and σ ≤ 0.
 */
export function shiftedOperator<V>(a: LinearOperator<V>, sigma: number): LinearOperator<V> {
  return {
    space: a.space,
    symmetric: a.symmetric,
    positiveSemidefinite: a.positiveSemidefinite && sigma <= 0,
    apply: async (v) => a.space.addScaled(await a.apply(v), -sigma, v),
  };
}
