import { BadInput } from '../bad-input.ts';
import type { Status } from '../linalg/result.ts';

/**
 * What training writes down, one record a line of JSON, append-only. Every record with the same `step` speaks of the
 * same θ: the parameters after `step` updates.
 *
 * Encoding: JSON (RFC 8259) with one addition, because JSON has no NaN and no infinities: such a number is written as
 * the string "NaN", "Infinity" or "-Infinity". No text field of a record ever has one of these values, so reading turns
 * them back. Negative zero is written as 0.
 */
export type TrainingRecord = StepRecord | ProbeRecord | EventRecord;

/** One update, θ_step → θ_{step + 1}. */
export interface StepRecord {
  readonly record: 'step';
  readonly step: number;
  readonly epoch: number;
  /** Which batch of the epoch; 0 without batches. */
  readonly batch: number;
  /** Examples of this step's gradient. */
  readonly examples: number;
  /** Of the batch at θ_step, without weight decay. */
  readonly loss: number;
  /** ‖∇L‖ of the batch at θ_step, before clipping and weight decay. */
  readonly gradientNorm: number;
  /** η of this update; of the gradient flow the length of its step. */
  readonly learningRate: number;
  /** Σ η over the updates before this one: the time of the flow that descent follows. */
  readonly time: number;
  readonly seconds: number;
  /** Null while training goes on; else the update was not made and θ stays at θ_step. */
  readonly status: Status | null;
}

/** What every probe says of itself. */
export interface ProbeBase {
  readonly record: 'probe';
  /** Where the measurement was made … */
  readonly step: number;
  /** … and where the cadence asked for it first; later by as much as the budget made it wait. */
  readonly askedAt: number;
  readonly status: Status;
  /** Of the objective that was probed: how many, and whether they are all of it. */
  readonly examples: number;
  readonly subset: boolean;
  readonly products: number;
  readonly gradients: number;
  readonly losses: number;
  readonly seconds: number;
}

/** Loss on one set of examples. */
export interface LossReading {
  readonly loss: number;
  /** Of `loss` as an estimate over the population of the examples. */
  readonly standardError: number;
  /** Share of misclassified examples; null where the targets are not classes. */
  readonly error: number | null;
  readonly examples: number;
}

export interface LossProbe extends ProbeBase {
  readonly kind: 'loss';
  readonly train: LossReading;
  readonly test: LossReading | null;
}

/**
 * λ_max or λ_min of the Hessian, or λ_max of the preconditioned Hessian P^{-1/2} H P^{-1/2} of Adam, from Lanczos.
 */
export interface EigenvalueProbe extends ProbeBase {
  readonly kind: 'sharpness' | 'lowestEigenvalue' | 'preconditionedSharpness';
  readonly value: number;
  /** ‖H v − λ v‖ with ‖v‖ = 1: an eigenvalue lies within it. */
  readonly residual: number;
  /** The stability threshold to compare with, at this step's learning rate; null where there is none. */
  readonly threshold: number | null;
}

/**
 * The k largest eigenvalues of the Hessian and what their eigenvectors U span, from Lanczos. The bounds suppose that no
 * larger eigenvalue was missed.
 */
export interface TopEigenvaluesProbe extends ProbeBase {
  readonly kind: 'eigenvalues';
  /** Largest first. */
  readonly values: readonly number[];
  /** ‖H v − λ v‖ of each: an eigenvalue lies within it. */
  readonly residuals: readonly number[];
  /** Of the sharpness, as in `EigenvalueProbe`. */
  readonly threshold: number | null;
  /** Bound of the sine of the largest angle between U and the exact subspace; 1 says nothing. */
  readonly subspaceError: number;
  /** ‖U₀ᵀU‖²_F / k with U₀ that of the probe before, made at step `overlapWith`; null for the first one. */
  readonly overlap: number | null;
  /** The exact overlap lies within it. */
  readonly overlapError: number | null;
  readonly overlapWith: number | null;
  /** ‖Uᵀg‖² / ‖g‖² of the gradient g of the probed examples; within `subspaceError` of the exact one. */
  readonly gradientShare: number;
}

/** Density of the eigenvalues of the Hessian from stochastic Lanczos quadrature. */
export interface DensityProbe extends ProbeBase {
  readonly kind: 'density';
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Of y, over the starts. */
  readonly standardError: readonly number[];
  /** Standard deviation of the Gaussian that each eigenvalue is drawn as. */
  readonly kernelWidth: number;
  readonly starts: number;
  readonly lanczosSteps: number;
}

export interface GradientNormProbe extends ProbeBase {
  readonly kind: 'gradientNorm';
  readonly value: number;
}

/** B = tr Σ / ‖G‖² with Σ the covariance of the gradients of single examples. McCandlish et al. (2018). */
export interface NoiseScaleProbe extends ProbeBase {
  readonly kind: 'noiseScale';
  /** In examples; NaN where ‖G‖² cannot be told from zero. */
  readonly value: number;
  readonly standardError: number;
  /** Unbiased estimates of tr Σ and ‖G‖². */
  readonly trace: number;
  readonly squaredGradient: number;
  readonly batches: number;
  readonly batchSize: number;
}

export type ProbeRecord =
  | LossProbe
  | EigenvalueProbe
  | TopEigenvaluesProbe
  | DensityProbe
  | GradientNormProbe
  | NoiseScaleProbe;

export type ProbeKind = ProbeRecord['kind'];

export type ProbeRecordOf<K extends ProbeKind> = K extends EigenvalueProbe['kind']
  ? EigenvalueProbe
  : Extract<ProbeRecord, { readonly kind: K }>;

/** What somebody or a condition did to the run. */
export type EventRecord =
  | { readonly record: 'event'; readonly event: 'paused' | 'resumed' | 'stopped'; readonly step: number }
  | {
      readonly record: 'event';
      readonly event: 'learningRate';
      /** The first update with the new value. */
      readonly step: number;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly record: 'event';
      readonly event: 'probeBudget';
      /** The first point at which it decides what is measured. */
      readonly step: number;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly record: 'event';
      readonly event: 'stopCondition';
      readonly step: number;
      readonly quantity: string;
      readonly value: number;
      readonly limit: number;
    };

const unwritable = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/** One line without its end. */
export function encodeRecord(record: TrainingRecord): string {
  return JSON.stringify(record, (_, value) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
}

/** Back from one line; a line that is no record is BadInput. */
export function decodeRecord(line: string): TrainingRecord {
  let record: unknown;
  try {
    record = JSON.parse(line, (_, value) => (typeof value === 'string' ? (unwritable.get(value) ?? value) : value));
  } catch {
    throw notARecord();
  }
  if (hasForm(record)) return record as TrainingRecord;
  throw notARecord();
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const areNumbers = (fields: Fields, names: readonly string[]): boolean =>
  names.every((name) => typeof fields[name] === 'number');
const areNumberLists = (fields: Fields, names: readonly string[]): boolean =>
  names.every((name) => {
    const list = fields[name];
    return Array.isArray(list) && list.every((value) => typeof value === 'number');
  });

const isReading = (value: unknown): boolean =>
  isFields(value) && areNumbers(value, ['loss', 'standardError', 'examples']);

const isNumberOrNull = (value: unknown): boolean => value === null || typeof value === 'number';

const topEigenvaluesForm = (probe: Fields): boolean =>
  areNumberLists(probe, ['values', 'residuals']) &&
  (probe.values as unknown[]).length === (probe.residuals as unknown[]).length &&
  areNumbers(probe, ['subspaceError', 'gradientShare']) &&
  ['threshold', 'overlap', 'overlapError', 'overlapWith'].every((name) => isNumberOrNull(probe[name]));

const eigenvalueForm = (probe: Fields): boolean =>
  areNumbers(probe, ['value', 'residual']) && isNumberOrNull(probe.threshold);

/** What readers of a probe rely upon. */
const probeForms: Readonly<Record<ProbeKind, (probe: Fields) => boolean>> = {
  loss: ({ train, test }) => isReading(train) && (test === null || isReading(test)),
  sharpness: eigenvalueForm,
  lowestEigenvalue: eigenvalueForm,
  preconditionedSharpness: eigenvalueForm,
  eigenvalues: topEigenvaluesForm,
  density: (probe) => areNumberLists(probe, ['x', 'y', 'standardError']),
  gradientNorm: (probe) => areNumbers(probe, ['value']),
  noiseScale: (probe) => areNumbers(probe, ['value', 'standardError']),
};

/** Files are changed by hand and by accident: a line without its numbers is no record. */
function hasForm(record: unknown): boolean {
  if (!isFields(record) || !Number.isInteger(record.step)) return false;
  switch (record.record) {
    case 'step':
      return areNumbers(record, ['loss', 'gradientNorm', 'learningRate', 'time', 'seconds']);
    case 'probe': {
      const { kind } = record;
      const form = typeof kind === 'string' && Object.hasOwn(probeForms, kind) ? probeForms[kind as ProbeKind] : null;
      return form?.(record) ?? false;
    }
    case 'event':
      return typeof record.event === 'string';
    default:
      return false;
  }
}

function notARecord(): BadInput {
  return new BadInput(
    'A line of the metrics is not a record of training.',
    'A cut last line is left by a killed run: drop it and resume from the last checkpoint.',
  );
}
