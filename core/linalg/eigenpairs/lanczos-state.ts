import type { HostVector } from '../vector-space.ts';
import type { Wanted } from './wanted.ts';

/**
 * All that a Lanczos search needs to go on, as plain data: the continued search gives bit for bit what the uninterrupted
 * one gives. Vectors are in the precision of the space, (products + kept pairs) × dim numbers at most `maxBasis`.
 */
export interface LanczosState {
  readonly dim: number;
  readonly precision: 'float64' | 'float32';
  readonly wanted: Wanted;
  readonly verifyMultiplicity: boolean;
  /** Key of the random stream: later starts are split from it. */
  readonly randomKey: readonly [number, number];
  readonly products: number;
  readonly scale: number;
  readonly asymmetry: number;
  readonly restarts: number;
  readonly furtherStarts: number;
  readonly firstRunProducts: number;
  /** Products before the run under way, and the basis size of its next test of convergence. */
  readonly runStart: number;
  readonly nextCheck: number;
  /** The run under way; null between two runs. */
  readonly process: LanczosProcessState | null;
  readonly found: readonly FoundPairState[];
  readonly closedBases: readonly HostVector[];
  /** What later runs stay orthogonal to, in order: i for the vector of pair i, −1−j for vector j of `closedBases`. */
  readonly locked: readonly number[];
}

export interface LanczosProcessState {
  readonly basis: readonly HostVector[];
  readonly next: HostVector | null;
  readonly alpha: readonly number[];
  readonly beta: readonly number[];
  readonly products: number;
  readonly scale: number;
  readonly asymmetry: number;
}

export interface FoundPairState {
  readonly value: number;
  readonly estimate: number;
  readonly deviation: number | null;
  readonly gap: number;
  readonly run: number;
  readonly vector: HostVector | null;
}
