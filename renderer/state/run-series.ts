import type { RunRecord } from '../../core/experiment/run-folder.ts';
import type { Status } from '../../core/linalg/result.ts';
import type {
  DensityProbe,
  EigenvalueProbe,
  EventRecord,
  LossProbe,
  NoiseScaleProbe,
  StepRecord,
  TopEigenvaluesProbe,
  TrainingRecord,
} from '../../core/training/records.ts';
import { appendRow, type Columns, columns, dropAfter } from './columns.ts';

type EigenvalueKind = EigenvalueProbe['kind'];

/** What the probe of the top eigenvalues says beside them: of the subspace that they span. */
type SubspaceColumn =
  | 'step'
  | 'count'
  | 'subspaceError'
  | 'overlap'
  | 'overlapError'
  | 'overlapWith'
  | 'gradientShare'
  | 'converged';

/** `status` as a place in `probeStatuses`. */
type EigenvalueColumn = 'step' | 'value' | 'residual' | 'threshold' | 'converged' | 'products' | 'seconds' | 'status';

/** How a measurement can have ended, for columns of numbers. */
export const probeStatuses: readonly Status[] = [
  'converged',
  'invariantSubspace',
  'stagnated',
  'budgetSpent',
  'cancelled',
  'diverged',
  'notSymmetric',
  'notFinite',
];

/**
 * The records of one run as columns, for charts. Filled in place as records come; `version` counts the changes, so a
 * chart knows whether it has drawn the present state. Every group has its own steps, ascending.
 */
export interface RunSeries {
  version: number;
  readonly updates: Columns<'step' | 'loss' | 'gradientNorm' | 'learningRate' | 'time' | 'seconds'>;
  readonly losses: Columns<
    | 'step'
    | 'train'
    | 'trainStandardError'
    | 'trainError'
    | 'test'
    | 'testStandardError'
    | 'testError'
    | 'examples'
    | 'testExamples'
  >;
  readonly eigenvalues: Readonly<Record<EigenvalueKind, Columns<EigenvalueColumn>>>;
  /** By rank: the largest eigenvalue first. */
  topEigenvalues: readonly Columns<EigenvalueColumn>[];
  readonly subspaces: Columns<SubspaceColumn>;
  readonly gradientNorms: Columns<'step' | 'value'>;
  readonly noiseScales: Columns<'step' | 'value' | 'standardError'>;
  densities: DensityProbe[];
  events: (EventRecord | RunRecord)[];
}

const eigenvalueColumns = (): Columns<EigenvalueColumn> =>
  columns('step', 'value', 'residual', 'threshold', 'converged', 'products', 'seconds', 'status');

export function emptySeries(): RunSeries {
  return {
    version: 0,
    updates: columns('step', 'loss', 'gradientNorm', 'learningRate', 'time', 'seconds'),
    losses: columns(
      'step',
      'train',
      'trainStandardError',
      'trainError',
      'test',
      'testStandardError',
      'testError',
      'examples',
      'testExamples',
    ),
    eigenvalues: {
      sharpness: eigenvalueColumns(),
      lowestEigenvalue: eigenvalueColumns(),
      preconditionedSharpness: eigenvalueColumns(),
    },
    topEigenvalues: [],
    subspaces: columns(
      'step',
      'count',
      'subspaceError',
      'overlap',
      'overlapError',
      'overlapWith',
      'gradientShare',
      'converged',
    ),
    gradientNorms: columns('step', 'value'),
    noiseScales: columns('step', 'value', 'standardError'),
    densities: [],
    events: [],
  };
}

/** Drawn columns of a waterfall are at most a few hundred pixels wide. */
const mostDensities = 240;
/** A slider that is drawn for hours makes many; the oldest go. */
const mostEvents = 2048;

export function addRecords(series: RunSeries, records: readonly (TrainingRecord | RunRecord)[]): void {
  for (const record of records) {
    if (record.record === 'step') addUpdate(series, record);
    else if (record.record === 'probe') {
      if (record.kind === 'loss') addLoss(series, record);
      else if (record.kind === 'density') addDensity(series, record);
      else if (record.kind === 'gradientNorm') appendRow(series.gradientNorms, [record.step, record.value]);
      else if (record.kind === 'noiseScale') addNoiseScale(series, record);
      else if (record.kind === 'eigenvalues') addTopEigenvalues(series, record);
      else addEigenvalue(series, record);
    } else {
      // A resumed run makes the updates after its state again.
      if (record.record === 'run' && record.event === 'resumed') dropRecordsAfter(series, record.step);
      series.events.push(record);
      if (series.events.length > mostEvents) series.events = series.events.slice(-mostEvents / 2);
    }
  }
  series.version++;
}

/** What a killed run had reported of steps that its resumption makes again. */
export function dropRecordsAfter(series: RunSeries, step: number): void {
  dropAfter(series.updates, step - 1);
  const { losses, eigenvalues, topEigenvalues, subspaces, gradientNorms, noiseScales } = series;
  dropAfter(losses, step);
  for (const group of [...Object.values(eigenvalues), ...topEigenvalues]) dropAfter(group, step);
  dropAfter(subspaces, step);
  dropAfter(gradientNorms, step);
  dropAfter(noiseScales, step);
  series.densities = series.densities.filter((density) => density.step <= step);
  series.events = series.events.filter((event) => event.record === 'run' || event.step <= step);
  series.version++;
}

function addUpdate(
  { updates }: RunSeries,
  { step, loss, gradientNorm, learningRate, time, seconds }: StepRecord,
): void {
  appendRow(updates, [step, loss, gradientNorm, learningRate, time, seconds]);
}

function addLoss({ losses }: RunSeries, { step, train, test }: LossProbe): void {
  appendRow(losses, [
    step,
    train.loss,
    train.standardError,
    train.error ?? Number.NaN,
    test?.loss ?? Number.NaN,
    test?.standardError ?? Number.NaN,
    test?.error ?? Number.NaN,
    train.examples,
    test?.examples ?? Number.NaN,
  ]);
}

const isConverged = (status: Status): 0 | 1 => (status === 'converged' || status === 'invariantSubspace' ? 1 : 0);

function addEigenvalue({ eigenvalues }: RunSeries, probe: EigenvalueProbe): void {
  const { kind, step, value, residual, threshold, status, products, seconds } = probe;
  const [converged, code] = [isConverged(status), probeStatuses.indexOf(status)];
  appendRow(eigenvalues[kind], [step, value, residual, threshold ?? Number.NaN, converged, products, seconds, code]);
}

function addTopEigenvalues(series: RunSeries, probe: TopEigenvaluesProbe): void {
  const { step, values, residuals, threshold, status, products, seconds } = probe;
  const [converged, code] = [isConverged(status), probeStatuses.indexOf(status)];
  const missing = values.length - series.topEigenvalues.length;
  if (missing > 0)
    series.topEigenvalues = [...series.topEigenvalues, ...Array.from({ length: missing }, eigenvalueColumns)];
  values.forEach((value, rank) => {
    const columns = series.topEigenvalues[rank];
    const row = [
      step,
      value,
      residuals[rank] ?? Number.NaN,
      threshold ?? Number.NaN,
      converged,
      products,
      seconds,
      code,
    ];
    if (columns) appendRow(columns, row);
  });
  const { subspaceError, overlap, overlapError, overlapWith, gradientShare } = probe;
  appendRow(series.subspaces, [
    step,
    values.length,
    subspaceError,
    overlap ?? Number.NaN,
    overlapError ?? Number.NaN,
    overlapWith ?? Number.NaN,
    gradientShare,
    converged,
  ]);
}

function addNoiseScale({ noiseScales }: RunSeries, { step, value, standardError }: NoiseScaleProbe): void {
  appendRow(noiseScales, [step, value, standardError]);
}

function addDensity(series: RunSeries, density: DensityProbe): void {
  // A resumed run measures again where it begins.
  if ((series.densities.at(-1)?.step ?? -1) >= density.step)
    series.densities = series.densities.filter(({ step }) => step < density.step);
  series.densities.push(density);
  // Every other one goes, never the last: the waterfall keeps its span.
  if (series.densities.length > mostDensities)
    series.densities = series.densities.filter((_, i, all) => i % 2 === 0 || i === all.length - 1);
}
