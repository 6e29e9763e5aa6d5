import type { Stats, Status } from '../../linalg/result.ts';
import type { LossConvention } from '../../objective/loss-convention.ts';
import type { FinderId, StoppingReason } from './finders/finder.ts';

/**
 * What is said of a point where a search has ended:
 *
 * - `critical`: ‖∇L‖² is below the tolerance, in the precision that is stated;
 * - `gradientFlat`: ∇L is not zero and lies to r > 0.9 in the flat directions of H (|λ| ≤ 1e-4 |λ|_max), so that Newton's
 *   step hardly lowers it. Whether ‖∇L‖² is stationary there, H∇L = 0, is not checked by it: `reason` says `stationary` where
 *   the search has found it;
 * - `atInfinity`: ‖∇L‖² falls only because θ runs away, as far as Newton's step and the slope farther out show;
 * - `notConverged`: anything else.
 */
export type Verdict = 'critical' | 'gradientFlat' | 'notConverged' | 'atInfinity';

export const verdicts: readonly Verdict[] = ['critical', 'gradientFlat', 'notConverged', 'atInfinity'];

/** Where one search begins. */
export interface SearchStart {
  /** From 0; decides its random numbers, so that a start is the same whoever takes it and whenever. */
  readonly number: number;
  readonly kind: 'checkpoint' | 'point' | 'random';
  /** Of a checkpoint. */
  readonly step: number | null;
  /** Largest entry of the uniform noise that was added; 0 for none. */
  readonly noise: number;
  /** Of a random point: standard deviation of its entries. */
  readonly scale: number | null;
}

/**
 * How many eigenvalues of H are below −tolerance, within it, above it. The three add up to the number of parameters; those of
 * a quadrature are estimates and no whole numbers.
 */
export interface IndexCounts {
  readonly negative: number;
  readonly null: number;
  readonly positive: number;
  /**
   * τ |λ|_max: τ = 1e-7 in float64, 1e-4 in float32, 1e-3 by quadrature; where it is larger the error of the eigenvalues, or
   * what they may change on the way to the critical point that is meant.
   */
  readonly tolerance: number;
  readonly method: 'dense' | 'quadrature';
  /** Of `negative`: of the probes, and of the quadrature at −tolerance; null for counts of dense matrices, which are exact up to the tolerance. */
  readonly standardError: number | null;
}

/** An extreme eigenvalue and how well it is known. */
export interface CertifiedExtreme {
  readonly value: number;
  /** An eigenvalue lies within it of `value`. */
  readonly errorBound: number;
}

/**
 * Newton–Kantorovich in float64 (Kantorovich 1948; Ortega 1968): with β = ‖H⁻¹∇L‖, κ = 1/min|λ| and a Lipschitz constant ℓ
 * of H in a ball about θ, h = β κ ℓ ≤ ½ proves one critical point within `radius`. Directions along which a symmetry moves
 * θ without changing L are taken out first.
 */
export interface CriticalPointProof {
  readonly newtonStep: number;
  readonly lipschitz: number;
  /** β κ ℓ */
  readonly h: number;
  /** A true critical point lies within it; null where h > ½, or where the symmetry directions may vanish within it. */
  readonly radius: number | null;
  /** No eigenvalue outside the symmetry directions can cross zero within the radius. */
  readonly indexIsExact: boolean;
  /** Directions of symmetries that were taken out. */
  readonly symmetryDirections: number;
}

/** Null eigenvalues and the symmetries that make them. */
export interface ZeroModes {
  readonly count: number;
  /** Of them lie in the span of the tangents of known symmetries. */
  readonly explained: number;
  readonly by: readonly { readonly symmetry: string; readonly directions: number }[];
}

/** What a point itself decides, whoever found it. */
export interface JudgedPoint {
  readonly loss: number;
  readonly gradientNormSquared: number;
  /** r = ‖(1 − Π_range H) ∇L‖ / ‖∇L‖; null where ‖∇L‖ is at the floor of the precision, so that it means nothing. */
  readonly residual: number | null;
  readonly verdict: Verdict;
  /** A proof of a true critical point nearby, and an index that no eigenvalue bound crosses. */
  readonly certified: boolean;
  readonly proof: CriticalPointProof | null;
  readonly index: IndexCounts | null;
  /** min |λ|. */
  readonly smallest: CertifiedExtreme | null;
  readonly lowest: CertifiedExtreme | null;
  readonly highest: CertifiedExtreme | null;
  /** All of them, ascending, where the matrix was dense. */
  readonly eigenvalues: readonly number[] | null;
  readonly zeroModes: ZeroModes | null;
  /** Of everything above. */
  readonly precision: 'float64' | 'float32';
  /** ‖θ‖ */
  readonly norm: number;
  /** ‖θ − θ before polishing‖; 0 where nothing was polished. */
  readonly polishedBy: number;
}

/** A point where a search has ended, and how it got there. */
export interface SearchedPoint extends JudgedPoint {
  /** That of its start. */
  readonly number: number;
  readonly start: SearchStart;
  /** ‖θ − θ_start‖, after polishing */
  readonly moved: number;
  readonly reason: StoppingReason;
  readonly status: Status;
  readonly iterations: number;
  /** ‖∇L‖² by iteration, the start first; thinned to 200 numbers. */
  readonly history: readonly number[];
  /** The first critical point with the same loss and index counts; null for the first itself and where too little is known. */
  readonly sameAs: number | null;
  readonly stats: Stats;
}

/** A critical point that is known in closed form: what a search can find. */
export interface ExactCriticalPoint {
  /** Which modes are learnt, from 1. */
  readonly modes: readonly number[];
  readonly loss: number;
  readonly negative: number;
  readonly null: number;
  readonly positive: number;
}

/** Answer of a search for critical points. */
export interface SaddleSearch {
  readonly finder: FinderId;
  readonly from: 'trajectory' | 'random' | 'point';
  readonly starts: number;
  /** By number. Those that are missing were not reached. */
  readonly points: readonly SearchedPoint[];
  /** θ of every point, in the same order; not in the JSON document but in the file beside it. */
  readonly thetas: readonly Float64Array[];
  /** ‖∇L‖² below it is critical. */
  readonly tolerance: number;
  readonly dim: number;
  readonly examples: number;
  readonly convention: LossConvention;
  /** Of the search; each point states the precision of its certificate. */
  readonly engine: string;
  readonly precision: 'float64' | 'float32';
  /** Where all critical points are known in closed form. */
  readonly exact: readonly ExactCriticalPoint[] | null;
  /** What makes the numbers mean less than they seem: kinks, batch statistics, a subset … */
  readonly warnings: readonly string[];
}
