import type { Random } from '../../random/random.ts';

/** What every iterative method for eigenpairs of a symmetric operator is asked. */
export interface EigenpairsOptions<V> {
  /** How many of the largest eigenvalues. Default 1, or 0 where `magnitude` is asked. */
  readonly top?: number | undefined;
  /** How many of the most negative eigenvalues. Default 0. */
  readonly bottom?: number | undefined;
  /** How many of the largest |λ|, whichever their sign. Default 0. May be asked together with the others. */
  readonly magnitude?: number | undefined;
  readonly rng: Random;
  /** Warm start: vectors near the wanted ones, such as those of an earlier step. They stay the caller's. */
  readonly start?: readonly V[] | undefined;
  /** Wanted ‖A y − θ y‖ / |θ| of every wanted pair. Default 1e-3 when neither tolerance is given; both may be. */
  readonly residualTol?: number | undefined;
  /** Wanted |λ − θ| / |θ| by the estimate min(r, r²/gap), with the gap seen in the Ritz values: fewer products. */
  readonly eigenvalueTol?: number | undefined;
  /** Limit of products, those for the true residuals included. Default 1000. */
  readonly maxProducts?: number | undefined;
  /** Limit of seconds; the product under way is finished. Default none. */
  readonly maxSeconds?: number | undefined;
  /** Limit of basis vectors in memory; beyond it the basis is thickly restarted. Default 300. */
  readonly maxBasis?: number | undefined;
  /** Return the vectors; they are then the caller's to release. Default false. */
  readonly eigenvectors?: boolean | undefined;
  /** Asymmetry of the products, relative to ‖A‖, that ends the work. Default 1e-6 in float64, 1e-4 in float32. */
  readonly symmetryTol?: number | undefined;
  readonly signal?: { readonly aborted: boolean } | undefined;
  readonly onProgress?: ((progress: EigenpairsProgress) => void) | undefined;
}

/** What block methods are asked besides. */
export interface BlockOptions<V> extends EigenpairsOptions<V> {
  /** Start vectors; copies of a multiple eigenvalue are seen up to this number. Default 4, or as many as `start` has. */
  readonly blockSize?: number | undefined;
}

export interface EigenpairsProgress {
  readonly products: number;
  readonly limit: number;
  /** Current Ritz values, largest first. */
  readonly top: readonly number[];
  /** Current Ritz values, most negative first. */
  readonly bottom: readonly number[];
  /** Current Ritz values, largest |θ| first. */
  readonly magnitude: readonly number[];
}

/**
 * How a residual is known. `computed`: ‖A y − θ y‖ from a product with this y. `bounded`: what the recurrence gives plus a
 * bound of its deviation from the truth, at 95 %, from one product with a random combination. `estimated`: what the
 * recurrence gives, which no product has checked.
 */
export type ResidualEvidence = 'computed' | 'bounded' | 'estimated';

export interface RitzPair<V> {
  readonly value: number;
  /** ‖A y − θ y‖ for the unit vector y. */
  readonly residual: number;
  readonly evidence: ResidualEvidence;
  /** True where no product has checked the residual: `evidence` is `estimated`. */
  readonly residualIsEstimate: boolean;
  /** The residual plus the floor of the precision: an eigenvalue lies within it (where the residual was computed). */
  readonly errorBound: number;
  /**
   * min(r, r²/gap) plus the floor, with the gap seen in the Ritz values: the usual size of the error, and wrong where an
   * eigenvalue nearby has not been seen. Ranks are those among the values found.
   */
  readonly errorEstimate: number;
  readonly vector: V | null;
}

export type EigenpairList = 'top' | 'bottom' | 'magnitude';

/** Eigenvalues that cannot be told apart, as one subspace: single vectors in it mean nothing. */
export interface InvariantSubspace {
  readonly list: EigenpairList;
  /** Places in that list, ascending. */
  readonly indices: readonly number[];
  readonly count: number;
  /** Mean of the values. */
  readonly value: number;
  /** Largest minus smallest value. */
  readonly spread: number;
  /** Bound of ‖A Q − Q (QᵀAQ)‖_F, Q the vectors: √Σ rᵢ². */
  readonly residual: number;
  /** Whether no further copy can be outside: false where the method could not have seen one. */
  readonly complete: boolean;
}

export interface EigenpairsValue<V> {
  /** Largest first. */
  readonly top: readonly RitzPair<V>[];
  /** Most negative first. */
  readonly bottom: readonly RitzPair<V>[];
  /** Largest |θ| first. */
  readonly magnitude: readonly RitzPair<V>[];
  /** The pairs of each list, those that cannot be told apart together: every pair is in one. */
  readonly subspaces: readonly InvariantSubspace[];
}
