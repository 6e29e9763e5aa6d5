import type { AnalysisDescriptor } from '../../../core/analyses/analysis-descriptor.ts';
import { sliceDescriptor } from '../../../core/analyses/slices/descriptor.ts';
import { spectrumDescriptor } from '../../../core/analyses/spectrum/descriptor.ts';
import type { RunRecord } from '../../../core/experiment/run-folder.ts';
import { densityFigure } from '../../../core/figures/density-figure.ts';
import { densityWaterfallFigure } from '../../../core/figures/density-waterfall-figure.ts';
import { eigenvalueFigure } from '../../../core/figures/eigenvalue-figure.ts';
import type { Figure, Reference } from '../../../core/figures/figure.ts';
import { lossFigure } from '../../../core/figures/loss-figure.ts';
import { type SharpnessPoint, sharpnessFigure } from '../../../core/figures/sharpness-figure.ts';
import { sliceFigure } from '../../../core/figures/slice-figure.ts';
import type { EigenvalueProbe, LossProbe, StepRecord, TrainingRecord } from '../../../core/training/records.ts';
import type { SliceDocument } from '../documents/slice-document.ts';
import { operatorName, type SpectrumDocument } from '../documents/spectrum-document.ts';

/** The references of an analysis as figures carry them. */
const referencesOf = ({ references }: AnalysisDescriptor): Reference[] =>
  references.map(({ authors, year, title, bibtex }) => ({ text: `${authors} (${year}): ${title}.`, bibtex }));

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

export const sharpnessPoints = (records: Records): SharpnessPoint[] =>
  eigenvalueProbesOf(records, 'sharpness').map(({ step, value, threshold, residual, status }) => ({
    step,
    value,
    threshold,
    residual,
    converged: status === 'converged' || status === 'invariantSubspace',
  }));

export interface RunFigureSources {
  readonly records: Records;
  readonly fullBatch: boolean;
  readonly formula: string;
  readonly thresholdName: string;
  /** The command that trains and draws again. */
  readonly command: string;
}

export function runLossFigure({ records, fullBatch, formula, command }: RunFigureSources): Figure {
  const train = stepsOf(records).map(({ step, loss }) => ({ step, loss }));
  const test = lossProbesOf(records).flatMap(({ step, test: reading }) =>
    reading ? [{ step, loss: reading.loss }] : [],
  );
  return lossFigure({ train, test, fullBatch, formula, command });
}

export function runSharpnessFigure({ records, thresholdName, command }: RunFigureSources): Figure | null {
  const points = sharpnessPoints(records);
  if (points.length === 0) return null;
  const lowest = eigenvalueProbesOf(records, 'lowestEigenvalue').map(({ step, value, residual }) => ({
    step,
    value,
    residual,
  }));
  return sharpnessFigure({ points, lowest, thresholdName, operator: 'Hessian', command, references: [edgeReference] });
}

/** What Adam's threshold speaks of: the sharpness of the Hessian between the roots of its preconditioner. */
export function runPreconditionedFigure({ records, thresholdName, command }: RunFigureSources): Figure | null {
  const probes = eigenvalueProbesOf(records, 'preconditionedSharpness');
  if (probes.length === 0) return null;
  const points = probes.map(({ step, value, threshold, residual, status }) => ({
    step,
    value,
    threshold,
    residual,
    converged: status === 'converged',
  }));
  const figure = sharpnessFigure({
    points,
    lowest: [],
    thresholdName,
    operator: 'preconditioned Hessian',
    command,
    references: [edgeReference],
  });
  return { ...figure, id: 'preconditioned-sharpness', title: 'Preconditioned sharpness over training' };
}

/** The density over training, where more than one was measured. */
export function runDensityFigure({ records, thresholdName, command }: RunFigureSources): Figure | null {
  const densities = records.filter((record) => record.record === 'probe' && record.kind === 'density');
  if (densities.length < 2) return null;
  const limits = eigenvalueProbesOf(records, 'sharpness').flatMap(({ step, threshold }) =>
    threshold === null ? [] : [{ step, threshold }],
  );
  return densityWaterfallFigure({
    densities: densities.map(({ step, x, y }) => ({ step, x, y })),
    threshold: limits.length > 0 ? { name: thresholdName, points: limits } : null,
    operator: 'Hessian',
    command,
    references: referencesOf(spectrumDescriptor),
  });
}

/** `threshold` is that of the optimiser in use, for the Hessian only. */
export function spectrumFigures(
  document: SpectrumDocument,
  threshold: { readonly name: string; readonly value: number } | null,
): Figure[] {
  const { eigenvalues, density, command } = document;
  const common = { operator: operatorName(document), command, references: referencesOf(spectrumDescriptor) };
  const figures: Figure[] = [];
  if (density)
    figures.push(densityFigure({ ...density, eigenvalues: eigenvalues.map(({ value }) => value), ...common }));
  if (eigenvalues.length > 0)
    figures.push(
      eigenvalueFigure({ eigenvalues, threshold: document.operator === 'hessian' ? threshold : null, ...common }),
    );
  return figures;
}

/** `document` may come from a file without its directions. */
export function slicePlaneFigure(document: Omit<SliceDocument, 'vectors'>): Figure {
  const axis = (values: ArrayLike<number>, k: 0 | 1) => ({ values, ...document.directions[k] });
  const figure = sliceFigure({
    alpha: axis(document.alpha, 0),
    beta: axis(document.beta, 1),
    loss: document.loss.data,
    computed: document.computed,
    path: document.trajectory,
    warnings: document.warnings,
    formula: document.convention.formula,
    command: document.command,
    references: referencesOf(sliceDescriptor),
  });
  return { ...figure, id: `${figure.id}-${document.plane}` };
}
