import type { AnyDataset } from '../data/dataset.ts';
import type { Matrix } from '../linalg/matrix.ts';
import type { HostVector, VectorSpace } from '../linalg/vector-space.ts';
import type { LayerGraph } from './layer-graph.ts';
import type { LossConvention } from './loss-convention.ts';
import type { ParameterLayout } from './parameter-layout.ts';

/** Which examples, by index into the objective's own set (repeats allowed). Without a key: all of them. */
export type BatchKey = Int32Array;

/** Outputs of the model: one row an example, one column an output (logits for classification). */
export type Outputs = Matrix;

export interface Ask {
  readonly batch?: BatchKey;
  readonly perExample?: boolean;
  readonly outputs?: boolean;
  readonly outputGradients?: boolean;
}

/** The loss at one point. */
export interface Evaluation {
  /** In the objective's convention, penalties of the layers included. */
  readonly loss: number;
  /** Standard error of `loss` as an estimate over the population that the examples were drawn from: s/√n (times n for a sum). */
  readonly standardError: number;
  /** Fraction of misclassified examples; null where the targets are not classes. */
  readonly error: number | null;
  /** ℓ_i, so that loss = mean or sum of them (convention) + penalty. Present when asked for. */
  readonly perExample?: Float64Array;
  readonly outputs?: Outputs;
  /** ∂ℓᵢ/∂fᵢ, a row an example, without the 1/N of the mean: with them Jᵀ of a row is the gradient of that example's ℓᵢ. */
  readonly outputGradients?: Outputs;
}

export interface ValueAndGradient<V> {
  readonly loss: number;
  /** Belongs to the caller. */
  readonly gradient: V;
}

/** What is wanted of every point beside its loss. */
export interface PointsAsk {
  /** Fraction of misclassified examples. */
  readonly errors?: boolean;
  /** The mean ℓ over the examples of each class. */
  readonly classLosses?: boolean;
  /** Standard errors of the losses over the examples. */
  readonly standardErrors?: boolean;
}

/** Many points at once: one entry, or one row, a point. What was not asked for or has no meaning is null. */
export interface PointEvaluations {
  readonly losses: Float64Array;
  readonly standardErrors: Float64Array | null;
  readonly errors: Float64Array | null;
  /** Points × classes; NaN for classes without examples. */
  readonly classLosses: Matrix | null;
  /** Of class losses: how many of the examples each class has. */
  readonly classCounts?: Int32Array;
}

/** Upper bounds that hold in exact arithmetic, and of what rounding makes of the derivatives at θ itself. */
export interface DerivativeBounds {
  /** ℓ with ‖H(a) − H(b)‖ ≤ ℓ ‖a − b‖ for all a and b in the ball. */
  readonly hessianLipschitz: number;
  /** Of ‖∇L as computed − ∇L‖. */
  readonly gradientRounding: number;
  /** Of ‖H by p products − H‖. */
  readonly hessianRounding: number;
}

/**
 * L(θ) on one fixed set of examples: the narrow waist of the program. Below it models, data and tensor engines; above it
 * analyses that never see a layer.
 */
export interface Objective<V> {
  readonly space: VectorSpace<V>;
  readonly layout: ParameterLayout;
  readonly graph?: LayerGraph;
  readonly convention: LossConvention;
  /** What computes, for the record: for example `wasm`, `cpu`, `closed form`. */
  readonly engine: string;
  readonly examples: number;
  /** A partition of the examples; one batch with all of them unless the objective is mini-batched. */
  readonly batches: readonly BatchKey[];
  evaluate(theta: V, ask?: Ask): Promise<Evaluation>;
  /** Cost: one gradient. Cheaper than `linearize` where no products follow. */
  gradient(theta: V, batch?: BatchKey): Promise<ValueAndGradient<V>>;
  /**
   * L(origin + Σ_j C[i,j] directions_j) for every row i of the coefficients (points × directions): a line, a plane or a
   * volume at once. Cost: one loss a row.
   */
  losses(origin: V, directions: readonly V[], coefficients: Matrix, batch?: BatchKey): Promise<Float64Array>;
  /**
   * The same points with more of each, in one pass: where an objective can do better than `evaluate` at every point
   * (`pointEvaluations` does that for the others). Cost: one loss a row.
   */
  evaluations?(
    origin: V,
    directions: readonly V[],
    coefficients: Matrix,
    ask: PointsAsk,
    batch?: BatchKey,
  ): Promise<PointEvaluations>;
  /** Once a point … Cost: one gradient. */
  linearize(theta: V, batch?: BatchKey): Promise<Linearization<V>>;
  /**
   * What can be proved of ∇L and H in the ball of this radius about θ. Only of functions that the known symmetries of the
   * graph leave exactly as they are. Null where there is no bound, as with kinks. Cost: none of the units.
   */
  derivativeBounds?(theta: V, radius: number): DerivativeBounds | null;
  /** The same function on other examples (test set, subset); shares the model, owns its data. */
  withData?(data: AnyDataset): Objective<V>;
  dispose(): void;
}

/** … then many products at that point. */
export interface Linearization<V> {
  readonly loss: number;
  /** Belongs to the linearization; copy it to keep it. */
  readonly gradient: V;
  /** False where differences had to be used; then `inexactReason` says why. */
  readonly exact: boolean;
  readonly inexactReason?: string;
  /** H v, a new vector of the caller's. Cost: one product. */
  hessianProduct(v: V): Promise<V>;
  /**
   * H e_from … H e_{to−1} one after another, dim numbers each, where that takes less time than as many products; equal
   * to these up to rounding, and to the last bit the same however the columns are cut into calls. Cost: as many products.
   */
  hessianColumns?(from: number, to: number): Promise<Float64Array>;
  /**
   * H_bb v for the diagonal block of H that belongs to some blocks of θ, by name; v and the result are these blocks one
   * after another, in the order of the layout. Cost: less than a product, by what the other blocks would take.
   */
  blockHessianProduct?(blocks: readonly string[], v: HostVector): Promise<HostVector>;
  /** G v = (1/n) Σ JᵢᵀAᵢJᵢ v with A the Hessian of the loss in the outputs. */
  gaussNewtonProduct?(v: V): Promise<V>;
  /** J v: one row an example. */
  jacobianProduct?(v: V): Promise<Outputs>;
  /** Jᵀ u = Σᵢ Jᵢᵀ uᵢ, without the 1/n of the loss. */
  jacobianTransposeProduct?(u: Outputs): Promise<V>;
  dispose(): void;
}
