import type { ResidentMatrix } from '../../linalg/spaces/float64-gemm.ts';
import type { LossName } from '../../objective/loss-convention.ts';
import type { OutputTargets } from '../../objective/output-losses.ts';
import type { MlpDescription } from './mlp-description.ts';
import type { LayerState, Weights } from './mlp-passes.ts';

/** The examples of one linearization: inputs with the all-zero columns left out, and their targets. */
export interface MlpBatch {
  readonly x: ResidentMatrix;
  readonly kept: Int32Array | null;
  readonly targets: OutputTargets;
  /** What multiplies Σℓᵢ: 1/N for the mean, 1 for the sum. */
  readonly scale: number;
}

/** Everything that the products at one point share. */
export interface MlpPoint {
  readonly model: MlpDescription;
  readonly loss: LossName;
  readonly batch: MlpBatch;
  readonly weights: Weights;
  readonly states: readonly LayerState[];
  readonly deltas: readonly ResidentMatrix[];
  readonly probabilities: ResidentMatrix | null;
}
