/** Distributions of the entries of a random vector; `sphere` is normal scaled to unit Euclidean length. */
export type Distribution = 'normal' | 'rademacher' | 'uniform' | 'sphere';

/** Everything needed to continue a stream exactly where it was: JSON-safe. */
export interface RandomState {
  readonly generator: 'philox4x32-10';
  readonly key: readonly [number, number];
  readonly counter: readonly [number, number, number, number];
  /** Words of the current block already used (0…4) and the pending normal of a Box–Muller pair, if any. */
  readonly used: number;
  readonly spareNormal: number | null;
}

/**
 * One stream of a seeded, splittable generator. Training, probes, initialisation and every analysis hold streams of
 * their own (`root.split('probes')`), so that looking never changes what is looked at.
 */
export interface Random {
  /** An independent stream that depends on this stream's key and the name only, not on how much has been drawn. */
  split(name: string): Random;
  /** Uniform in [0, 1) with 53 random bits. */
  uniform(): number;
  normal(): number;
  /** −1 or +1. */
  rademacher(): number;
  /** Uniform integer in [0, below), without modulo bias; below ≤ 2³². */
  integer(below: number): number;
  /** A uniformly random permutation of 0…n−1 (Fisher–Yates). */
  permutation(n: number): Int32Array;
  /** Fills and returns `out` with independent draws. `uniform` is on [−1, 1). */
  fill<T extends Float64Array | Float32Array>(out: T, distribution: Distribution): T;
  state(): RandomState;
}
