import type { VectorSpace } from './vector-space.ts';

/** A linear map of a vector space into itself as a value: `apply` and what is known of it. One `apply` is one product. */
export interface LinearOperator<V> {
  readonly space: VectorSpace<V>;
  readonly symmetric: boolean;
  readonly positiveSemidefinite: boolean;
  /** A v as a new vector of the caller's; v is left as it was. */
  apply(v: V): Promise<V>;
  /**
   * A e_from … A e_{to−1} one after another, dim numbers each, where that takes less time than as many products: equal
   * to these up to rounding, to the last bit the same however the columns are cut into calls. As many products.
   */
  columns?(from: number, to: number): Promise<Float64Array>;
}
