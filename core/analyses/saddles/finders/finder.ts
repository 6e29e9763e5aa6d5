import type { Result } from '../../../linalg/result.ts';
import type { Objective } from '../../../objective/objective.ts';
import type { Random } from '../../../random/random.ts';

export type FinderId =
  | 'gradient-norm'
  | 'levenberg-marquardt'
  | 'newton-mr'
  | 'newton-tr'
  | 'saddle-free'
  | 'newton-pinv';

/** Why a search stopped where it did. */
export type StoppingReason =
  /** ‖∇L‖² is below the tolerance. */
  | 'gradientTolerance'
  /** ‖H∇L‖ has vanished beside ‖∇L‖: ½‖∇L‖² is stationary. */
  | 'stationary'
  /** No step lowers ‖∇L‖² (or L) any more within the precision. */
  | 'noProgress'
  | 'iterations'
  | 'products'
  /** θ or L left every bound. */
  | 'diverged'
  | 'notFinite'
  | 'cancelled';

export interface FinderOptions {
  /** Stops where ‖∇L‖² is at most this. */
  readonly tolerance: number;
  readonly maxIterations: number;
  /** Hessian products; Infinity for no limit. */
  readonly maxProducts: number;
  /** Up to this many parameters a finder may form the dense Hessian (a product a parameter). */
  readonly denseLimit: number;
  readonly rng: Random;
  readonly signal?: { readonly aborted: boolean } | undefined;
  /** After every iteration; may be slow and is waited for, so that a thread can breathe. */
  readonly onIteration?: ((at: FinderIteration) => void | Promise<void>) | undefined;
}

export interface FinderIteration {
  readonly iteration: number;
  readonly gradientNormSquared: number;
  readonly products: number;
}

export interface FoundPoint<V> {
  /** Belongs to the caller. The best point of the search in the measure that the finder lowers. */
  readonly theta: V;
  readonly loss: number;
  readonly gradientNormSquared: number;
  readonly iterations: number;
  /** ‖∇L‖² after every iteration, the start first. */
  readonly history: readonly number[];
  readonly reason: StoppingReason;
}

/**
 * Looks for a point with ∇L = 0 from a start, which stays as it was. Status: `converged` for `gradientTolerance`,
 * `stagnated` for `stationary` and `noProgress`, `budgetSpent` for the limits, else the one of the same name.
 */
export type Finder = <V>(objective: Objective<V>, start: V, options: FinderOptions) => Promise<Result<FoundPoint<V>>>;
