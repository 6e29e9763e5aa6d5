import type { ClosedFormSettings } from '../models/closed-form/closed-form-settings.ts';
import type { ModelSpecification } from '../models/model-specification.ts';
import type { LossName } from '../objective/loss-convention.ts';
import type { ProbeKind } from '../training/records.ts';
import type { StopCondition } from '../training/stop-conditions.ts';

/** Where examples come from: a bundled set by its name (and its parameters, such as noise), or files. */
export type DataSource =
  | { readonly bundled: string; readonly parameters: Readonly<Record<string, number>> }
  | {
      readonly file: string;
      /** File of the labels, for IDX and .npy. */
      readonly labels: string | null;
      /** CSV: the column of the targets. */
      readonly labelColumn: string | null;
      readonly delimiter: ',' | ';' | 'tab' | null;
      readonly cifar: 'cifar-10' | 'cifar-100' | null;
      readonly targets: 'classes' | 'values' | null;
      readonly classes: number | null;
    };

/** Which of the training examples are used: the first n, or n drawn with the experiment's seed. */
export type Subset = { readonly first: number } | { readonly random: number };

/** Steps between two probes of a kind; 0 switches the kind off. */
export type ProbeCadence = Readonly<Record<ProbeKind, number>>;

/**
 * An experiment with every default written out: what is trained, on what, how, and what is watched meanwhile. Its
 * canonical JSON, hashed, is its identity.
 */
export interface Experiment {
  readonly format: 1;
  readonly name: string;
  readonly seed: number;
  readonly data: {
    /** Null for a closed form, which is a function of θ alone. */
    readonly train: DataSource | null;
    readonly test: DataSource | null;
    readonly subset: Subset | null;
  };
  readonly model: ModelSpecification & {
    readonly weights: string | null;
    readonly layout: 'tensorflow' | 'pytorch';
    readonly initializer: string;
    /**
     * What batch normalisation and dropout do in the loss that is descended: `training` uses statistics of the batch and
     * masks; `inference` running statistics, set afresh at the point that is looked at, and no masks.
     */
    readonly mode: 'training' | 'inference';
    /** A function of θ alone in the place of layers, data and loss. */
    readonly closedForm?: ClosedFormSettings;
  };
  readonly loss: LossName | 'closedForm';
  readonly reduction: 'mean' | 'sum';
  readonly optimizer: { readonly kind: string; readonly settings: Readonly<Record<string, unknown>> };
  readonly steps: number;
  readonly checkpoints: { readonly every: number };
  readonly probes: {
    /** Largest share of probe time ÷ (probe + training time). */
    readonly budget: number;
    /** A fixed part of the examples is probed; null = all of them. */
    readonly examples: number | null;
    /** Wanted ‖Hv − λv‖ / |λ| of the eigenvalues. */
    readonly residualTol: number;
    /** How many of the largest eigenvalues are followed together. */
    readonly eigenvalueCount: number;
    readonly densityStarts: number;
    readonly densitySteps: number;
    readonly every: ProbeCadence;
  };
  readonly stopWhen: readonly StopCondition[];
  readonly engine: 'auto' | 'tensorflow' | 'webgpu' | 'wasm' | 'cpu';
  readonly precision: 'float32' | 'float64';
}

/** The losses an experiment may name, each with its exact formula (N examples, C outputs, f the outputs). */
export const lossHelp: Readonly<Record<LossName, string>> = {
  softmaxCrossEntropy: '(1/N) Σᵢ −log softmax(fᵢ)[yᵢ]; labels are classes',
  meanSquaredError: '(1/(N C)) Σᵢ ‖fᵢ − yᵢ‖²; classes become one-hot targets',
  halfSquaredError: '(1/N) Σᵢ ½ ‖fᵢ − yᵢ‖²; classes become one-hot targets',
};

/** JSON with sorted keys and no white space: equal experiments have equal text, whatever order they were written in. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
