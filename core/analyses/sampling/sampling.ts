import type { VectorSpace } from '../../linalg/vector-space.ts';
import type { LossConvention } from '../../objective/loss-convention.ts';

/** A curvature of all examples, and how much single examples scatter around it. */
export interface ScatteredCurvature {
  readonly value: number;
  /** ‖H v − λ v‖ for the eigenvalue; the standard error over the probes for the trace. */
  readonly uncertainty: number;
  /**
   * σ: standard deviation of one example's part, vᵀHᵢv or tr Hᵢ, from the scatter of batches; a subsample of n examples
   * has the standard error σ/√n.
   */
  readonly perExample: number;
  readonly perExampleLow95: number;
  readonly perExampleHigh95: number;
  /** σ/√N: of the value of all examples as an estimate for the population that they were drawn from. */
  readonly standardError: number;
}

/** λ_max of random subsets of one size. */
export interface LadderRow {
  readonly size: number;
  readonly repeats: number;
  readonly mean: number;
  readonly standardDeviation: number;
  /** σ/√n √((N − n)/(N − 1)): what the scatter of single examples says the deviation should be. */
  readonly predictedDeviation: number;
  /** Mean less the value of all examples, with its standard error: the largest eigenvalue of a sample is too large. */
  readonly bias: number;
  readonly biasStandardError: number;
}

/** Examples needed for a wanted relative error, bias included. */
export interface ProposedSize {
  readonly quantity: 'sharpness' | 'trace';
  /** Wanted root mean square error over the value. */
  readonly accuracy: number;
  /** For the value of the population; null where these examples are too few to tell. */
  readonly examples: number;
  readonly low95: number;
  readonly high95: number;
  /** Of the examples at hand, for the value of all of them. */
  readonly ofThese: number;
}

/** The distribution of a quantity over mini-batches. */
export interface BatchDistribution {
  readonly mean: number;
  readonly standardError: number;
  readonly standardDeviation: number;
  /** At 5, 25, 50, 75 and 95 %. */
  readonly quantiles: readonly [number, number, number, number, number];
  readonly values: readonly number[];
}

export interface BatchSharpness {
  readonly batchSize: number;
  readonly batches: number;
  /** λ_max of the Hessian of each batch. */
  readonly sharpness: BatchDistribution;
  /** g_Bᵀ H_B g_B / ‖g_B‖² with the batch's own gradient (Andreyev and Beneventano 2024). */
  readonly alongGradient: BatchDistribution;
}

export interface Sampling {
  readonly examples: number;
  readonly sharpness: ScatteredCurvature;
  readonly trace: ScatteredCurvature;
  readonly ladder: readonly LadderRow[];
  /** c in bias(n) = c (1/n − 1/N), fitted to the ladder, with its standard error. */
  readonly biasConstant: { readonly value: number; readonly standardError: number };
  readonly proposals: readonly ProposedSize[];
  readonly batchSharpness: BatchSharpness | null;
  readonly dim: number;
  readonly convention: LossConvention;
  readonly engine: string;
  readonly precision: VectorSpace<unknown>['precision'];
}
