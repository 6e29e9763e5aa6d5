import { overlapDescriptor } from '../analyses/overlap/descriptor.ts';
import { spectrumDescriptor } from '../analyses/spectrum/descriptor.ts';
import { cumulativeFigure } from '../figures/cumulative-figure.ts';
import { type DensityCurve, densityFigure } from '../figures/density-figure.ts';
import { densityWaterfallFigure } from '../figures/density-waterfall-figure.ts';
import { eigenvalueFigure } from '../figures/eigenvalue-figure.ts';
import type { Figure } from '../figures/figure.ts';
import { largest } from '../figures/largest.ts';
import { logDensityFigure } from '../figures/log-density-figure.ts';
import { meanDensity } from '../figures/mean-density.ts';
import { numberText } from '../figures/number-text.ts';
import { overlapFigure } from '../figures/overlap-figure.ts';
import { rankStatistics } from '../figures/rank-statistics.ts';
import type { Theme } from '../figures/theme.ts';
import type { CurvatureKind } from '../objective/curvature/curvature-kinds.ts';
import { referencesOf } from './figure-references.ts';
import type { OverlapDocument, SpectrumDocument } from './result-documents.ts';

/** Of each matrix within a sentence. */
export const operatorNames: Readonly<Record<CurvatureKind, string>> = {
  hessian: 'Hessian',
  gaussNewton: 'Gauss–Newton matrix',
  fisher: 'Fisher matrix',
  fisherMonteCarlo: 'Fisher matrix of sampled labels',
  fisherEmpirical: 'empirical Fisher matrix',
  residual: 'residual H − G',
  gradientCovariance: 'covariance of the gradients',
  ntk: 'tangent kernel',
  preconditioned: 'preconditioned Hessian',
};

type NamedOperator = Pick<SpectrumDocument, 'operator'>;

export const operatorName = ({ operator }: NamedOperator): string => operatorNames[operator];

/** The matrix and the blocks that it is restricted to: `Hessian of dense_1/kernel`. */
export const matrixName = (document: NamedOperator & Partial<Pick<SpectrumDocument, 'blocks'>>): string =>
  document.blocks?.length ? `${operatorName(document)} of ${document.blocks.join(', ')}` : operatorName(document);

/** Another spectrum that is drawn over one, and what the two are called there. */
export interface ComparedSpectrum {
  readonly document: SpectrumDocument;
  readonly name: string;
  readonly ownName: string;
}

export const densityCurve = ({ density, eigenvalues, bottom, magnitude }: SpectrumDocument): DensityCurve | null => {
  if (density === null) return null;
  const computed = [eigenvalues, bottom ?? [], magnitude ?? []].flatMap((list) => list.map(({ value }) => value));
  return { ...density, eigenvalues: [...new Set(computed)] };
};

/** One after the other: no command draws two spectra over each other, but each is computed by one. */
const allCommands = (documents: readonly SpectrumDocument[]): string =>
  documents.map(({ command }) => command).join(' && npx ');

type Threshold = { readonly name: string; readonly value: number } | null;

/** The threshold of stability speaks of the Hessian of all parameters only. */
const thresholdOf = ({ operator, blocks }: SpectrumDocument, threshold: Threshold): Threshold =>
  operator === 'hessian' && !blocks?.length ? threshold : null;

const commonOf = (document: SpectrumDocument) => ({
  operator: matrixName(document),
  command: document.command,
  references: referencesOf(spectrumDescriptor),
});

/** The ways to draw one density. */
export const densityViews = ['density', 'logarithmic', 'cumulative'] as const;
export type DensityView = (typeof densityViews)[number];

const densityFigures = {
  density: densityFigure,
  logarithmic: logDensityFigure,
  cumulative: cumulativeFigure,
} as const;

/** The density in one of its views, under that of `compared`. Null where the spectrum has none. */
export function spectrumDensityFigure(
  document: SpectrumDocument,
  threshold: Threshold,
  view: DensityView = 'density',
  theme?: Theme,
  compared: ComparedSpectrum | null = null,
): Figure | null {
  const curve = densityCurve(document);
  if (curve === null) return null;
  const common = { ...commonOf(document), threshold: thresholdOf(document, threshold) };
  const other = compared && densityCurve(compared.document);
  if (!compared || !other) return densityFigures[view]({ ...curve, ...common }, theme);
  const both = [document, compared.document];
  const { name, ownName } = compared;
  return densityFigures[view](
    {
      ...curve,
      ...common,
      operator: [...new Set(both.map(matrixName))].join(' and of the '),
      command: allCommands(both),
      compared: { ...other, name, ownName },
    },
    theme,
  );
}

/** The mean density of several spectra with their range: of seeds, of which the first is the one that is studied. */
export function meanDensityFigure(
  documents: readonly SpectrumDocument[],
  threshold: Threshold,
  view: Exclude<DensityView, 'logarithmic'>,
  theme?: Theme,
): Figure | null {
  const drawn = documents.filter(({ density }) => density !== null);
  const [first] = drawn;
  const mean = meanDensity(drawn.flatMap((document) => densityCurve(document) ?? []));
  if (first === undefined || mean === null) return null;
  return densityFigures[view](
    {
      ...mean,
      ...commonOf(first),
      operator: [...new Set(drawn.map(matrixName))].join(' and of the '),
      threshold: thresholdOf(first, threshold),
      command: allCommands(drawn),
    },
    theme,
  );
}

/** The densities of one matrix at several steps; null where fewer than two have one. */
export function spectraOverTrainingFigure(
  documents: readonly SpectrumDocument[],
  threshold: Threshold,
  theme?: Theme,
): Figure | null {
  const measured = documents.filter(({ density, step }) => density !== null && step !== null);
  const [first] = measured;
  if (first === undefined || measured.length < 2) return null;
  const limit = thresholdOf(first, threshold);
  return densityWaterfallFigure(
    {
      densities: measured.map(({ step, density }) => ({
        step: step ?? 0,
        x: Array.from(density?.x ?? []),
        y: Array.from(density?.y ?? []),
      })),
      threshold: limit && {
        name: limit.name,
        points: measured.map(({ step }) => ({ step: step ?? 0, threshold: limit.value })),
      },
      ...commonOf(first),
      command: allCommands(measured),
    },
    theme,
  );
}

/** The leading eigenvalues in their order; null where none were asked for. */
export function leadingEigenvalueFigure(
  document: SpectrumDocument,
  threshold: Threshold,
  theme?: Theme,
  compared: ComparedSpectrum | null = null,
): Figure | null {
  if (document.eigenvalues.length === 0) return null;
  const { eigenvalues } = document;
  return eigenvalueFigure(
    {
      eigenvalues,
      threshold: thresholdOf(document, threshold),
      ...commonOf(document),
      ...(compared && compared.document.eigenvalues.length > 0
        ? {
            command: allCommands([document, compared.document]),
            compared: {
              eigenvalues: compared.document.eigenvalues,
              name: compared.name,
              ownName: compared.ownName,
            },
          }
        : {}),
    },
    theme,
  );
}

/** The means of the leading eigenvalues of several spectra, ± their standard deviation. */
export function meanEigenvalueFigure(
  documents: readonly SpectrumDocument[],
  threshold: Threshold,
  theme?: Theme,
): Figure | null {
  const [first] = documents;
  const ranks = rankStatistics(documents.map(({ eigenvalues }) => eigenvalues.map(({ value }) => value)));
  if (first === undefined || ranks.length === 0) return null;
  return eigenvalueFigure(
    {
      eigenvalues: ranks.map(({ mean, deviation }) => ({
        value: mean,
        errorEstimate: deviation,
        residual: Number.NaN,
      })),
      meanOf: documents.length,
      threshold: thresholdOf(first, threshold),
      ...commonOf(first),
      command: allCommands(documents),
    },
    theme,
  );
}

/** `threshold` is that of the optimiser in use, for the Hessian only. The density is drawn under that of `compared`. */
export function spectrumFigures(
  document: SpectrumDocument,
  threshold: Threshold,
  theme?: Theme,
  compared: ComparedSpectrum | null = null,
): Figure[] {
  const other = compared?.document.density ? compared : null;
  return [
    spectrumDensityFigure(document, threshold, 'density', theme, other),
    leadingEigenvalueFigure(document, threshold, theme, null),
  ].filter((figure) => figure !== null);
}

const overlapTitles: Readonly<Record<OverlapDocument['kind'], readonly [title: string, axis: string]>> = {
  steps: ['Overlap of top subspaces between steps', 'Step'],
  halves: ['Overlap of top subspaces between halves of the data', 'Examples'],
  layers: ['Overlap of top subspaces between layers', 'Layer'],
};

/** How far top subspaces coincide, with how far each entry may be from that of the true subspaces. */
export function subspaceOverlapFigure(document: OverlapDocument, theme?: Theme): Figure {
  const { kind, k, labels, overlap, errorBound, random, command } = document;
  const [title, axis] = overlapTitles[kind];
  const worst = largest(errorBound.data, 0);
  const figure = overlapFigure(
    {
      title,
      quantity: `‖UᵢᵀUⱼ‖²/k of the ${k} leading eigenvectors of the ${operatorName(document)}`,
      rowTitle: axis,
      columnTitle: axis,
      rowLabels: labels,
      columnLabels: labels,
      overlap: overlap.data,
      byChance: random,
      caption: `Mean squared cosine of the principal angles between the spaces of the ${k} leading eigenvectors. Each is within ${numberText(Math.min(1, worst), 2)} of that of the true spaces, with the gaps as they were seen.`,
      command,
      references: referencesOf(overlapDescriptor),
    },
    theme,
  );
  return { ...figure, id: `overlap-${kind}` };
}
