import type { Experiment } from '../../../core/experiment/experiment.ts';
import type { Matrix } from '../../../core/linalg/matrix.ts';
import type {
  Ask,
  BatchKey,
  Evaluation,
  Outputs,
  PointEvaluations,
  PointsAsk,
} from '../../../core/objective/objective.ts';

/** What a thread of a shard is started with. */
export interface ShardThreadData {
  readonly realm: 'ordinary' | 'float64';
}

/** The examples from…to − 1 of an experiment's training set. */
export interface ShardOpening {
  readonly experiment: Experiment;
  readonly baseFolder: string;
  readonly from: number;
  readonly to: number;
  /** One number, other than 0 once the work under way is no longer wanted. */
  readonly stop: SharedArrayBuffer;
}

/** A vector in shared memory, by the number under which the thread was told of it. */
export type Slot = number;

/** One call. Vectors are read from slots and results written into the slot `into`. */
export type Question =
  | ({ readonly ask: 'open' } & ShardOpening)
  | { readonly ask: 'settle'; readonly theta: Slot }
  | { readonly ask: 'evaluate'; readonly theta: Slot; readonly wanted: Ask }
  | { readonly ask: 'gradient'; readonly theta: Slot; readonly batch?: BatchKey; readonly into: Slot }
  | {
      readonly ask: 'losses';
      readonly origin: Slot;
      readonly directions: readonly Slot[];
      readonly coefficients: Matrix;
      readonly batch?: BatchKey;
    }
  | {
      readonly ask: 'evaluations';
      readonly origin: Slot;
      readonly directions: readonly Slot[];
      readonly coefficients: Matrix;
      readonly wanted: PointsAsk;
      readonly batch?: BatchKey;
    }
  | { readonly ask: 'linearize'; readonly theta: Slot; readonly batch?: BatchKey; readonly into: Slot }
  | {
      readonly ask: 'hessianProduct' | 'gaussNewtonProduct';
      readonly at: number;
      readonly v: Slot;
      readonly into: Slot;
    }
  | { readonly ask: 'jacobianProduct'; readonly at: number; readonly v: Slot }
  | { readonly ask: 'jacobianTransposeProduct'; readonly at: number; readonly u: Outputs; readonly into: Slot };

/** A linearization in the thread, by its number, and what it can do. */
export interface ShardLinearization {
  readonly at: number;
  readonly loss: number;
  readonly exact: boolean;
  readonly inexactReason?: string;
  readonly products: readonly ('gaussNewtonProduct' | 'jacobianProduct' | 'jacobianTransposeProduct')[];
}

/** What is answered, where something is beside the vector in `into`. */
export interface Answers {
  readonly open: { readonly examples: number; readonly dim: number; readonly engine: string };
  readonly settle: null;
  readonly evaluate: Evaluation;
  readonly gradient: number;
  readonly losses: Float64Array;
  readonly evaluations: PointEvaluations;
  readonly linearize: ShardLinearization;
  readonly hessianProduct: null;
  readonly gaussNewtonProduct: null;
  readonly jacobianProduct: Outputs;
  readonly jacobianTransposeProduct: null;
}

export type ToShard =
  | { readonly kind: 'question'; readonly id: number; readonly question: Question }
  | { readonly kind: 'slot'; readonly slot: Slot; readonly memory: SharedArrayBuffer }
  /** The linearization is no longer needed. */
  | { readonly kind: 'forget'; readonly at: number }
  /** The experiment is no longer needed; another may be opened. */
  | { readonly kind: 'close' };

export type FromShard =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answers[keyof Answers] }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: ShardFailure };

export type ShardFailure =
  | { readonly kind: 'badInput'; readonly found: string; readonly advice: string }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string };
