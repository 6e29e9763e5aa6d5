import type { Dataset } from '../../../core/data/dataset.ts';
import type { Matrix } from '../../../core/linalg/matrix.ts';
import type { HostVector } from '../../../core/linalg/vector-space.ts';
import type { GpuDescription } from '../../../core/models/tensorflow/webgpu/gpu.ts';
import type { LayerGraph } from '../../../core/objective/layer-graph.ts';
import type { LossConvention } from '../../../core/objective/loss-convention.ts';
import type {
  Ask,
  BatchKey,
  Evaluation,
  Outputs,
  PointEvaluations,
  PointsAsk,
} from '../../../core/objective/objective.ts';
import type { ParameterLayout } from '../../../core/objective/parameter-layout.ts';
import type { ModelOfExperiment } from '../tensor-model.ts';

/** Examples as they travel: numbers themselves, or a name under which the asking side has rows for whoever asks back. */
export type SentData = Dataset | (Omit<Dataset, 'inputs'> & { readonly rows: number });

/** One call. Vectors travel with it; models, objectives and linearizations stay with the GPU and have numbers. */
export type GpuQuestion =
  /** What it computes on; null where there is no adapter. */
  | { readonly ask: 'adapter' }
  | {
      readonly ask: 'open';
      readonly model: ModelOfExperiment;
      readonly data: SentData;
      /** The root of the experiment's streams: the model is drawn as any thread would draw it. */
      readonly seed: number;
    }
  /** Of a model: its objective on a test set. Of an objective: the same one on other examples. */
  | { readonly ask: 'test' | 'withData'; readonly of: number; readonly data: SentData }
  | { readonly ask: 'settle'; readonly of: number; readonly theta: HostVector }
  | { readonly ask: 'evaluate'; readonly of: number; readonly theta: HostVector; readonly wanted: Ask }
  | {
      readonly ask: 'gradient' | 'linearize';
      readonly of: number;
      readonly theta: HostVector;
      readonly batch?: BatchKey;
    }
  | {
      readonly ask: 'losses';
      readonly of: number;
      readonly origin: HostVector;
      readonly directions: readonly HostVector[];
      readonly coefficients: Matrix;
      readonly batch?: BatchKey;
    }
  | {
      readonly ask: 'evaluations';
      readonly of: number;
      readonly origin: HostVector;
      readonly directions: readonly HostVector[];
      readonly coefficients: Matrix;
      readonly wanted: PointsAsk;
      readonly batch?: BatchKey;
    }
  | {
      readonly ask: 'hessianProduct' | 'gaussNewtonProduct' | 'jacobianProduct';
      readonly at: number;
      readonly v: HostVector;
    }
  | { readonly ask: 'jacobianTransposeProduct'; readonly at: number; readonly u: Outputs };

/** The number of an objective and what is told of it once. */
export interface GpuObjective {
  readonly objective: number;
  readonly layout: ParameterLayout;
  readonly graph: LayerGraph | null;
  readonly convention: LossConvention;
  readonly engine: string;
}

export interface GpuModel extends GpuObjective {
  readonly model: number;
  readonly initialTheta: Float64Array;
  readonly tfjs: string | null;
}

/** A linearization by its number, and what it can do. */
export interface GpuLinearization {
  readonly at: number;
  readonly loss: number;
  readonly gradient: HostVector;
  readonly exact: boolean;
  readonly inexactReason?: string;
  readonly products: readonly ('gaussNewtonProduct' | 'jacobianProduct' | 'jacobianTransposeProduct')[];
}

export interface GpuAnswers {
  readonly adapter: GpuDescription | null;
  readonly open: GpuModel;
  readonly test: GpuObjective;
  readonly withData: GpuObjective;
  readonly settle: null;
  readonly evaluate: Evaluation;
  readonly gradient: { readonly loss: number; readonly gradient: HostVector };
  readonly linearize: GpuLinearization;
  readonly losses: Float64Array;
  readonly evaluations: PointEvaluations;
  readonly hessianProduct: HostVector;
  readonly gaussNewtonProduct: HostVector;
  readonly jacobianProduct: Outputs;
  readonly jacobianTransposeProduct: HostVector;
}

export type ToGpu =
  | { readonly kind: 'question'; readonly id: number; readonly question: GpuQuestion }
  /** The answer is no longer wanted: the work ends between two of its pieces. */
  | { readonly kind: 'stop'; readonly id: number }
  /** What has this number is no longer needed. */
  | { readonly kind: 'forget'; readonly what: 'model' | 'objective' | 'linearization'; readonly number: number }
  | { readonly kind: 'rows'; readonly id: number; readonly rows: HostVector }
  | { readonly kind: 'noRows'; readonly id: number; readonly failure: GpuFailure }
  /** Nothing is needed any more. */
  | { readonly kind: 'end' };

export type FromGpu =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: GpuAnswers[keyof GpuAnswers] }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: GpuFailure }
  /** The examples from…to − 1 of the rows with that number are needed. */
  | { readonly kind: 'read'; readonly id: number; readonly rows: number; readonly from: number; readonly to: number };

export type GpuFailure =
  | { readonly kind: 'badInput'; readonly found: string; readonly advice: string }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string };
