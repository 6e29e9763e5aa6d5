import type { Linearization, Objective } from './objective.ts';

/** Costs so far. A call on a batch counts like one on all examples. */
export interface Counts {
  products: number;
  gradients: number;
  losses: number;
}

export interface CountedObjective<V> extends Objective<V> {
  /** Live: the same object changes as work is done. */
  readonly counts: Counts;
  reset(): void;
}

/**
 * The same objective, with every evaluation counted where it is spent: `evaluate` one loss, `losses` one a row,
 * `gradient` and `linearize` one gradient, each product of a linearization one product. `withData` adds to the same
 * counts. `dispose` ends the objective inside.
 */
export function counted<V>(objective: Objective<V>): CountedObjective<V> {
  return countInto(objective, { products: 0, gradients: 0, losses: 0 });
}

function countInto<V>(objective: Objective<V>, counts: Counts): CountedObjective<V> {
  const { space, layout, graph, convention, engine, examples, batches } = objective;
  return {
    space,
    layout,
    ...(graph && { graph }),
    convention,
    engine,
    examples,
    batches,
    counts,
    reset() {
      counts.products = 0;
      counts.gradients = 0;
      counts.losses = 0;
    },
    evaluate(theta, ask) {
      counts.losses += 1;
      return objective.evaluate(theta, ask);
    },
    gradient(theta, batch) {
      counts.gradients += 1;
      return objective.gradient(theta, batch);
    },
    losses(origin, directions, coefficients, batch) {
      counts.losses += coefficients.rows;
      return objective.losses(origin, directions, coefficients, batch);
    },
    async linearize(theta, batch) {
      counts.gradients += 1;
      return countProducts(await objective.linearize(theta, batch), counts);
    },
    ...(objective.withData && {
      withData: (data) => countInto(objective.withData!(data), counts),
    }),
    dispose: () => objective.dispose(),
  };
}

function countProducts<V>(inner: Linearization<V>, counts: Counts): Linearization<V> {
  const { loss, gradient, exact, inexactReason } = inner;
  const one = <T>(product: T): T => {
    counts.products += 1;
    return product;
  };
  return {
    loss,
    gradient,
    exact,
    ...(inexactReason !== undefined && { inexactReason }),
    hessianProduct: (v) => one(inner).hessianProduct(v),
    ...(inner.gaussNewtonProduct && { gaussNewtonProduct: (v: V) => one(inner).gaussNewtonProduct!(v) }),
    ...(inner.jacobianProduct && { jacobianProduct: (v: V) => one(inner).jacobianProduct!(v) }),
    ...(inner.jacobianTransposeProduct && {
      jacobianTransposeProduct: (u) => one(inner).jacobianTransposeProduct!(u),
    }),
    dispose: () => inner.dispose(),
  };
}
