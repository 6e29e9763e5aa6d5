import type { Distribution, Random } from '../random/random.ts';

/** A vector in the memory of this process. */
export type HostVector = Float64Array | Float32Array;

/**
 * Where vectors of parameter length live, and the few operations that Krylov methods need of them. Methods are written
 * once over this contract; vectors never leave their home except through `toHost`.
 *
 * Ownership: every vector that a method returns belongs to the caller, who ends with `release`. `addScaled`, `scale` and
 * the `onto` of `combine` *consume* the vector that is changed: use the returned one from then on (host spaces change it
 * in place, tensor spaces replace it).
 */
export interface VectorSpace<V> {
  readonly dim: number;
  readonly precision: 'float64' | 'float32';
  zeros(): V;
  copy(x: V): V;
  release(...xs: V[]): void;
  fromHost(x: HostVector): V;
  toHost(x: V): Promise<Float64Array>;
  random(rng: Random, distribution: Distribution): V;
  /** y + a x; consumes y. */
  addScaled(y: V, a: number, x: V): V;
  /** a x; consumes x. */
  scale(x: V, a: number): V;
  /** All ⟨basisᵢ, x⟩, summed in float64 or in short float32 blocks added in float64. */
  dots(basis: readonly V[], x: V): Promise<Float64Array>;
  /** onto + Σ cᵢ basisᵢ; consumes onto (a zero vector when it is not given). */
  combine(basis: readonly V[], c: Float64Array, onto?: V): V;
}
