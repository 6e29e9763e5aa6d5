import { aroundCalls } from './around.ts';
import type { Objective } from './objective.ts';

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
  const counts: Counts = { products: 0, gradients: 0, losses: 0 };
  const wrapped = aroundCalls(objective, (cost, call) => {
    counts.products += cost.products;
    counts.gradients += cost.gradients;
    counts.losses += cost.losses;
    return call();
  });
  const reset = () => {
    Object.assign(counts, { products: 0, gradients: 0, losses: 0 });
  };
  return { ...wrapped, counts, reset };
}
