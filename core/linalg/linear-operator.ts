import type { VectorSpace } from './vector-space.ts';

/** A linear map of a vector space into itself as a value: `apply` and what is known of it. One `apply` is one product. */
export interface LinearOperator<V> {
  readonly space: VectorSpace<V>;
  readonly symmetric: boolean;
  readonly positiveSemidefinite: boolean;
  /** A v as a new vector of the caller's; v is left as it was. */
  apply(v: V): Promise<V>;
}
