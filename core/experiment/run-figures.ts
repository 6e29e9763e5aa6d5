import { spectrumDescriptor } from '../analyses/spectrum/descriptor.ts';
import { type DensityAt, densityWaterfallFigure } from '../figures/density-waterfall-figure.ts';
import type { Figure, Reference } from '../figures/figure.ts';
import { type LossPoint, lossFigure } from '../figures/loss-figure.ts';
import { type QuantityFigureInput, type QuantityPoint, quantityFigure } from '../figures/quantity-figure.ts';
import { type SharpnessPoint, sharpnessFigure } from '../figures/sharpness-figure.ts';
import type { Theme } from '../figures/theme.ts';
import type { EigenvalueProbe, LossProbe, StepRecord, TrainingRecord } from '../training/records.ts';
import { referencesOf } from './figure-references.ts';
import type { RunRecord } from './run-folder.ts';

const edgeReference: Reference = {
  text: 'J. Cohen, S. Kaur, Y. Li, J. Z. Kolter, A. Talwalkar (2021): Gradient descent on neural networks typically occurs at the edge of stability.',
  bibtex:
    '@inproceedings{cohen2021gradient, author={Cohen, Jeremy and Kaur, Simran and Li, Yuanzhi and Kolter, J. Zico and Talwalkar, Ameet}, title={Gradient descent on neural networks typically occurs at the edge of stability}, booktitle={International Conference on Learning Representations}, year={2021}}',
};

export type Records = readonly (TrainingRecord | RunRecord)[];

export const stepsOf = (records: Records): StepRecord[] => records.filter((record) => record.record === 'step');
export const lossProbesOf = (records: Records): LossProbe[] =>
  records.filter((record): record is LossProbe => record.record === 'probe' && record.kind === 'loss');
export const eigenvalueProbesOf = (records: Records, kind: EigenvalueProbe['kind']): EigenvalueProbe[] =>
  records.filter((record): record is EigenvalueProbe => record.record === 'probe' && record.kind === kind);

/** η of the update nearest to a step; null where none was made. */
export function learningRateAt(records: Records, step: number): number | null {
  let nearest: StepRecord | null = null;
  for (const record of stepsOf(records))
    if (nearest === null || Math.abs(record.step - step) < Math.abs(nearest.step - step)) nearest = record;
  return nearest?.learningRate ?? null;
}

const eigenvaluePoints = (records: Records, kind: EigenvalueProbe['kind']): SharpnessPoint[] =>
  eigenvalueProbesOf(records, kind).map(({ step, value, threshold, residual, status }) => ({
    step,
    value,
    threshold,
    residual,
    converged: status === 'converged' || status === 'invariantSubspace',
  }));

export const sharpnessPoints = (records: Records): SharpnessPoint[] => eigenvaluePoints(records, 'sharpness');

/** What the figures of a run are drawn from: its records, or the columns that a page has made of them. */
export interface RunPoints {
  /** Losses of the updates: of the batch of each step. */
  readonly train: readonly LossPoint[];
  readonly test: readonly LossPoint[];
  readonly eigenvalues: Readonly<Record<EigenvalueProbe['kind'], readonly SharpnessPoint[]>>;
  readonly densities: readonly DensityAt[];
  /** Shares of rightly classified examples, with their standard errors; empty where the targets are not classes. */
  readonly accuracies: { readonly train: readonly QuantityPoint[]; readonly test: readonly QuantityPoint[] };
  /** ‖∇L‖ of the batch of each update. */
  readonly gradientNorms: readonly QuantityPoint[];
  readonly learningRates: readonly QuantityPoint[];
}

/** Of a share of `examples` independent draws. */
export const shareStandardError = (share: number, examples: number): number =>
  Math.sqrt(Math.max(0, share * (1 - share)) / examples);

const accuracyPoints = (records: Records, set: 'train' | 'test'): QuantityPoint[] =>
  lossProbesOf(records).flatMap(({ step, [set]: reading }) =>
    reading && reading.error !== null
      ? [{ step, value: 1 - reading.error, uncertainty: shareStandardError(reading.error, reading.examples) }]
      : [],
  );

export function pointsOfRecords(records: Records): RunPoints {
  return {
    train: stepsOf(records).map(({ step, loss }) => ({ step, loss })),
    test: lossProbesOf(records).flatMap(({ step, test }) => (test ? [{ step, loss: test.loss }] : [])),
    eigenvalues: {
      sharpness: eigenvaluePoints(records, 'sharpness'),
      lowestEigenvalue: eigenvaluePoints(records, 'lowestEigenvalue'),
      preconditionedSharpness: eigenvaluePoints(records, 'preconditionedSharpness'),
    },
    densities: records.filter((record) => record.record === 'probe' && record.kind === 'density'),
    accuracies: { train: accuracyPoints(records, 'train'), test: accuracyPoints(records, 'test') },
    gradientNorms: stepsOf(records).map(({ step, gradientNorm }) => ({ step, value: gradientNorm, uncertainty: null })),
    learningRates: stepsOf(records).map(({ step, learningRate }) => ({ step, value: learningRate, uncertainty: null })),
  };
}

export interface RunFigureSources {
  readonly points: RunPoints;
  readonly fullBatch: boolean;
  readonly formula: string;
  readonly thresholdName: string;
  /** The command that trains and draws again. */
  readonly command: string;
  readonly theme?: Theme;
}

export function runLossFigure({
  points: { train, test },
  fullBatch,
  formula,
  command,
  theme,
}: RunFigureSources): Figure {
  return lossFigure({ train, test, fullBatch, formula, command }, theme);
}

export function runSharpnessFigure({ points, thresholdName, command, theme }: RunFigureSources): Figure | null {
  const { sharpness, lowestEigenvalue } = points.eigenvalues;
  if (sharpness.length === 0) return null;
  return sharpnessFigure(
    {
      points: sharpness,
      lowest: lowestEigenvalue,
      thresholdName,
      operator: 'Hessian',
      command,
      references: [edgeReference],
    },
    theme,
  );
}

/** What Adam's threshold speaks of: the sharpness of the Hessian between the roots of its preconditioner. */
export function runPreconditionedFigure({ points, thresholdName, command, theme }: RunFigureSources): Figure | null {
  const { preconditionedSharpness } = points.eigenvalues;
  if (preconditionedSharpness.length === 0) return null;
  const figure = sharpnessFigure(
    {
      points: preconditionedSharpness,
      lowest: [],
      thresholdName,
      operator: 'preconditioned Hessian',
      command,
      references: [edgeReference],
    },
    theme,
  );
  return { ...figure, id: 'preconditioned-sharpness', title: 'Preconditioned sharpness over training' };
}

/** The density over training, where more than one was measured. */
export function runDensityFigure({ points, thresholdName, command, theme }: RunFigureSources): Figure | null {
  if (points.densities.length < 2) return null;
  const limits = points.eigenvalues.sharpness.filter(({ threshold }) => threshold !== null);
  return densityWaterfallFigure(
    {
      densities: points.densities,
      threshold: limits.length > 0 ? { name: thresholdName, points: limits } : null,
      operator: 'Hessian',
      command,
      references: referencesOf(spectrumDescriptor),
    },
    theme,
  );
}

type QuantitySources = Omit<QuantityFigureInput, 'command'>;

export const accuracySources = ({ accuracies: { train, test } }: RunPoints): QuantitySources => ({
  id: 'accuracy',
  title: 'Accuracy',
  subtitle: 'share of examples that are classified rightly',
  quantity: 'Accuracy',
  scale: 'free',
  lines: [
    { name: 'train', points: train },
    { name: 'test', points: test },
  ],
  caption:
    'Share of rightly classified examples. The band is ± the standard error √(a (1 − a)/n) of a share a of n examples.',
});

export const gradientNormSources = ({ gradientNorms }: RunPoints): QuantitySources => ({
  id: 'gradient-norm',
  title: 'Gradient norm',
  subtitle: 'length of the gradient ‖∇L‖ of the batch of each step',
  quantity: '‖∇L‖',
  scale: 'log',
  lines: [{ name: '‖∇L‖', points: gradientNorms }],
  caption: 'Length of the gradient at the parameters before each update, before clipping and weight decay.',
});

export const learningRateSources = ({ learningRates }: RunPoints): QuantitySources => ({
  id: 'learning-rate',
  title: 'Learning rate',
  subtitle: 'η of each update',
  quantity: 'η',
  scale: 'linear',
  lines: [{ name: 'η', points: learningRates }],
  caption: 'Learning rate of each update, as the schedule and the hand have set it.',
});

export const lowestEigenvalueSources = ({ eigenvalues: { lowestEigenvalue } }: RunPoints): QuantitySources => ({
  id: 'lowest-eigenvalue',
  title: 'Lowest eigenvalue',
  subtitle: 'most negative eigenvalue λ of the Hessian',
  quantity: 'Eigenvalue λ',
  scale: 'linear',
  lines: [
    {
      name: 'λ smallest',
      points: lowestEigenvalue.map(({ step, value, residual }) => ({ step, value, uncertainty: residual })),
    },
  ],
  caption: 'Most negative eigenvalue of the Hessian by Lanczos. The band is ± the residual ‖Hv − λv‖.',
  references: referencesOf(spectrumDescriptor),
});

/** The figure of one quantity of a run. */
export const runQuantityFigure = (sources: QuantitySources, command: string, theme?: Theme): Figure =>
  quantityFigure({ ...sources, command }, theme);
