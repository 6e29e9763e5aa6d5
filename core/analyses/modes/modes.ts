import type { Matrix } from '../../linalg/matrix.ts';
import type { VectorSpace } from '../../linalg/vector-space.ts';
import type { LossConvention } from '../../objective/loss-convention.ts';

/** A network x ↦ W_N … W₁ x that is to become S = U diag(s) Vᵀ; θ holds W₁ᵀ … W_Nᵀ as inputs × units kernels. */
export interface LinearNetwork {
  readonly singularValues: readonly number[];
  /** Inputs, hidden widths, outputs. */
  readonly widths: readonly number[];
  /** Orthogonal, outputs × outputs and inputs × inputs; null for the identity. */
  readonly u: Matrix | null;
  readonly v: Matrix | null;
}

/** Which exact solution is drawn; `none` where the run follows no gradient flow. */
export type TheoryForm = 'balanced' | 'unbalanced' | 'deep' | 'none';

export interface LearntMode {
  /** From 1, in the order of the experiment. */
  readonly mode: number;
  readonly singularValue: number;
  /** uᵢᵀ W vᵢ at every checkpoint. */
  readonly strengths: Float64Array;
  /** The exact solution from the first strength on, at the same checkpoints; null where there is none for this mode. */
  readonly theory: Float64Array | null;
  /** What the solution starts from besides the strength: κ of two matrices (`modeStarts`), 0 for more. */
  readonly imbalance: number;
  /**
   * At the first checkpoint: the smallest cosine, over the hidden layers, between what comes from vᵢ and what leads to uᵢ; 1
   * where the mode runs through the network by itself.
   */
  readonly alignment: number;
  /** At the first checkpoint: 1 − (smallest / largest gain of a layer)²; 0 where all matrices give the same. */
  readonly unevenness: number;
  /** Steps until u = s/2, between two checkpoints read linearly; null where it was not crossed. `spacing` between them. */
  readonly halfTime: { readonly value: number; readonly spacing: number } | null;
  /** Steps on the clock of the run; null without a theory, or where the mode starts above s/2. */
  readonly theoryHalfTime: number | null;
  /** Largest |u − theory| / s over the checkpoints, and the step of it. */
  readonly deviation: { readonly value: number; readonly step: number } | null;
}

/** Strengths of the modes of a linear network along a run, beside the exact solution of the flow. */
export interface Modes {
  readonly form: TheoryForm;
  /** The equation that is solved, in Unicode. */
  readonly formula: string;
  /** Sentences: where this run is not what the solution supposes. */
  readonly notices: readonly string[];
  /** s₁ times the mean time of a step: where it is not small, descent leaves the flow in proportion to it. Null without time. */
  readonly stepLength: number | null;
  readonly matrices: number;
  readonly widths: readonly number[];
  readonly steps: Float64Array;
  /** Time of the flow at each of them, in units of the learning rate summed; NaN where the run has none. */
  readonly times: Float64Array;
  /** ½ ‖W − S‖². */
  readonly loss: Float64Array;
  /** ‖off-diagonal part of UᵀWV‖_F / s₁. */
  readonly offDiagonal: Float64Array;
  /** Largest ‖W_{l+1}ᵀW_{l+1} − W_lW_lᵀ‖_F over the sum of the two norms: 0 balanced; conserved in the flow but for the norms. */
  readonly imbalance: Float64Array;
  /** Largest ‖D(t) − D(first)‖_F / (sum of the norms) of the conserved D = W_{l+1}ᵀW_{l+1} − W_lW_lᵀ: the error of finite steps. */
  readonly drift: Float64Array;
  readonly modes: readonly LearntMode[];
  /** The theory at evenly taken steps, for drawing: values by mode; null where it has none. */
  readonly curves: { readonly steps: Float64Array; readonly values: readonly (Float64Array | null)[] };
  readonly dim: number;
  readonly convention: LossConvention;
  readonly engine: string;
  readonly precision: VectorSpace<unknown>['precision'];
}
