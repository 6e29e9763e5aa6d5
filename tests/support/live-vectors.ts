import type { LinearOperator } from '../../core/linalg/linear-operator.ts';
import type { VectorSpace } from '../../core/linalg/vector-space.ts';

/** The same space, counting the vectors that are alive: made and not yet released or consumed. */
export function withLiveVectors<V extends object>(space: VectorSpace<V>): { space: VectorSpace<V>; live: Set<V> } {
  const live = new Set<V>();
  const born = (x: V) => {
    live.add(x);
    return x;
  };
  const consumed = (before: V, after: V) => {
    live.delete(before);
    return born(after);
  };
  return {
    live,
    space: {
      dim: space.dim,
      precision: space.precision,
      zeros: () => born(space.zeros()),
      copy: (x) => born(space.copy(x)),
      fromHost: (x) => born(space.fromHost(x)),
      toHost: (x) => space.toHost(x),
      random: (rng, distribution) => born(space.random(rng, distribution)),
      dots: (basis, x) => space.dots(basis, x),
      addScaled: (y, a, x) => consumed(y, space.addScaled(y, a, x)),
      scale: (x, a) => consumed(x, space.scale(x, a)),
      combine: (basis, c, onto) =>
        onto === undefined ? born(space.combine(basis, c)) : consumed(onto, space.combine(basis, c, onto)),
      release(...xs) {
        for (const x of xs) if (!live.delete(x)) throw new Error('A vector is released twice or belongs elsewhere.');
        space.release(...xs);
      },
    },
  };
}

/** The operator with its product number `at` (from 1) replaced. */
export function withFaultAt<V>(operator: LinearOperator<V>, at: number, fault: (product: V) => V): LinearOperator<V> {
  let products = 0;
  return {
    ...operator,
    async apply(v) {
      const product = await operator.apply(v);
      products++;
      return products === at ? fault(product) : product;
    },
  };
}
