import type { LinearOperator } from '../../linalg/linear-operator.ts';
import type { HostVector } from '../../linalg/vector-space.ts';
import type { Schedule } from '../schedules.ts';

export type OptimizerId =
  | 'gradientDescent'
  | 'sgd'
  | 'momentum'
  | 'nesterov'
  | 'adam'
  | 'adamw'
  | 'gradientFlow'
  | 'newton'
  | 'saddleFreeNewton';

/**
 * Everything that decides a trajectory besides θ₀, the data and the seed: plain data. Fields that an optimiser does not
 * take stand at their neutral value.
 */
export interface TrainingSettings {
  readonly optimizer: OptimizerId;
  /** η; for the gradient flow the largest step of the integrator. */
  readonly learningRate: number;
  readonly schedule: Schedule;
  /** Examples a step; null (or more than there are) = all of them. */
  readonly batchSize: number | null;
  /** w ≥ 0, on every parameter, biases included. */
  readonly weightDecay: number;
  /** `coupled`: w θ is added to the gradient (L2). `decoupled`: θ ← (1 − η w) θ before the step (Loshchilov, Hutter 2019). */
  readonly decay: 'coupled' | 'decoupled';
  /** ‖∇L‖ above it is scaled down to it, before any decay is added; null = never (Pascanu et al. 2013). */
  readonly clipNorm: number | null;
  /** β of Polyak and Nesterov. */
  readonly momentum: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Gradient flow: steps between two measurements of λ_max that set the step 1/λ_max; 0 = the step is always η. */
  readonly sharpnessEvery: number;
  /** μ ≥ 0 beside the curvature that Newton's steps are divided by. */
  readonly damping: number;
  /** `search`: from μ on the damping is raised by decades until the loss of the step's examples does not rise. */
  readonly dampingRule: 'fixed' | 'search';
  /** Newton: eigenvalues below it, relative to the largest in size, count as 0; null = by the precision. */
  readonly relativeCut: number | null;
  /** Newton on large models: dimension of the Krylov space that stands for all of θ. */
  readonly krylov: number;
}

/** What an optimiser remembers between updates: plain data, so that a checkpoint can hold it. */
export interface OptimizerState<V extends HostVector = HostVector> {
  /** Updates since the memory was empty. */
  updates: number;
  readonly scalars: Record<string, number>;
  /** Vectors of the length and precision of θ. */
  readonly buffers: Record<string, V>;
}

/** One update, with everything it may use. */
export interface Update<V extends HostVector> {
  /** Changed in place to the next point. */
  readonly theta: V;
  /** At θ, clipped and with coupled decay; may be overwritten. */
  readonly gradient: V;
  readonly state: OptimizerState<V>;
  readonly learningRate: number;
  readonly settings: TrainingSettings;
  /**
   * H of what is descended (coupled decay included) on the batch, at θ as it was given: for optimisers with
   * `productsPerStep`. Ended by whoever made it.
   */
  readonly hessian?: LinearOperator<V>;
  /** Of what is descended, on the batch: for optimisers with `productsPerStep`. */
  lossAt?(theta: V): Promise<number>;
  /** For integrators with inner stages; with coupled decay. The vector belongs to the caller. */
  gradientAt(theta: V): Promise<V>;
}

/** Above which curvature a quadratic would be left exponentially, for the line in the sharpness plot. */
export interface StabilityThreshold {
  /** Null where no such number exists. */
  readonly value: number | null;
  /** The matrix whose largest eigenvalue it bounds. */
  readonly of: 'hessian' | 'preconditionedHessian';
  /** The formula and, for mini-batches, what it does not say. */
  readonly label: string;
}

export type ParameterName = keyof Omit<TrainingSettings, 'optimizer'>;

export interface Optimizer {
  readonly id: OptimizerId;
  readonly title: string;
  /** The update in plain Unicode, for people. */
  readonly formula: string;
  readonly reference: string;
  /** The settings it takes; the others are refused. */
  readonly parameters: readonly ParameterName[];
  /** Where it departs from the defaults of the parameters. */
  readonly defaults: Partial<TrainingSettings>;
  readonly gradientsPerStep: number;
  /** The most Hessian products of an update, for budgets; an optimiser without it takes no Hessian. */
  productsPerStep?(settings: TrainingSettings, parameters: number): number;
  /** Names of the vectors it remembers; optimisers that share a name mean the same quantity. */
  buffers(settings: TrainingSettings): readonly string[];
  readonly initialScalars: Readonly<Record<string, number>>;
  /** The diagonal P for which the update is momentum descent on P⁻¹ H; null while it is not known. */
  preconditioner?(state: OptimizerState, settings: TrainingSettings): Float64Array | null;
  update<V extends HostVector>(update: Update<V>): void | Promise<void>;
  /** `value` and `label` under these settings at learning rate η on all examples. */
  threshold(settings: TrainingSettings, learningRate: number): StabilityThreshold;
}

/**
 * 1 − η w for decoupled decay, 1 without: the factor d that decoupled decay brings into the recurrences whose roots
 * decide stability.
 */
export function decayFactor(settings: TrainingSettings, learningRate: number): number {
  return settings.decay === 'decoupled' ? 1 - learningRate * settings.weightDecay : 1;
}

/** Coupled decay adds w to every eigenvalue of what is descended, so the Hessian of L alone has that much less room. */
export function coupledShift(settings: TrainingSettings): number {
  return settings.decay === 'coupled' ? settings.weightDecay : 0;
}
