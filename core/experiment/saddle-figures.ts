import { saddlesDescriptor } from '../analyses/saddles/descriptor.ts';
import type { SearchedPoint, Verdict } from '../analyses/saddles/saddle.ts';
import type { Figure, Reference } from '../figures/figure.ts';
import { type IndexLossKind, indexLossFigure, penningtonBahriCurve } from '../figures/index-loss-figure.ts';
import { pointSpectrumFigure } from '../figures/point-spectrum-figure.ts';
import type { Theme } from '../figures/theme.ts';
import type { SaddlesDocument } from './result-documents.ts';

/** Figures of searches for critical points, from their documents. */

const references = (): Reference[] =>
  saddlesDescriptor.references.map(({ authors, year, title, bibtex }) => ({
    text: `${authors} (${year}): ${title}.`,
    bibtex,
  }));

/** What is said of a point, in words and signs: the same in figures, lists and the window. */
export const pointKindSigns: Readonly<Record<Verdict | 'certified', IndexLossKind>> = {
  certified: { name: 'certified', shape: 'circle', filled: true, colour: 2 },
  critical: { name: 'critical', shape: 'circle', filled: false, colour: 4 },
  gradientFlat: { name: 'gradient-flat', shape: 'triangle-up', filled: false, colour: null },
  notConverged: { name: 'not converged', shape: 'cross', filled: false, colour: null },
  atInfinity: { name: 'at infinity', shape: 'square', filled: false, colour: 1 },
};

export interface IndexLossChoice {
  readonly axis: 'fraction' | 'count';
  readonly scale: 'log' | 'linear';
  readonly exact: boolean;
  readonly theory: boolean;
}

/** Of a search as far as it is: `command` and `exact` where its document is not there yet are empty. */
export interface IndexLossSource {
  readonly points: readonly SearchedPoint[];
  readonly dim: number;
  readonly exact: SaddlesDocument['exact'];
  readonly command: string;
  readonly caption: string;
  /** Parameters over residuals: draws Pennington and Bahri's curve, with the loss taken for their energy. */
  readonly aspect?: number | null;
}

export function searchIndexFigure(source: IndexLossSource, choice: IndexLossChoice, theme?: Theme): Figure {
  const points = source.points.flatMap(({ number, loss, index, certified, verdict, gradientNormSquared }) =>
    index === null
      ? []
      : [
          {
            number,
            kind: pointKindSigns[certified ? 'certified' : verdict].name,
            loss,
            negative: index.negative,
            standardError: index.standardError,
            gradientNorm: Math.sqrt(gradientNormSquared),
            certified,
          },
        ],
  );
  const exact = choice.exact ? (source.exact ?? []) : [];
  return indexLossFigure(
    {
      points,
      kinds: Object.values(pointKindSigns),
      dim: source.dim,
      axis: choice.axis,
      scale: choice.scale,
      exact: exact.map(({ modes, loss, negative }) => ({ name: modesText(modes), loss, negative })),
      theory: choice.theory,
      curves: source.aspect ? [penningtonBahriCurve(source.aspect, Math.max(...points.map(({ loss }) => loss)))] : [],
      caption: source.caption,
      command: source.command,
      references: references(),
    },
    theme,
  );
}

/** `{1, 3}`; `{}` for the origin, where no mode is learnt. */
export const modesText = (modes: readonly number[]): string => `{${modes.join(', ')}}`;

/** Null where not all eigenvalues of the point are known. */
export function searchedPointSpectrum(
  { number, eigenvalues, index }: Pick<SearchedPoint, 'number' | 'eigenvalues' | 'index'>,
  command: string,
  theme?: Theme,
): Figure | null {
  if (eigenvalues === null || index === null) return null;
  const { negative, positive, tolerance } = index;
  return pointSpectrumFigure(
    {
      name: `point ${number}`,
      eigenvalues,
      negative,
      null: index.null,
      positive,
      tolerance,
      command,
      references: references(),
    },
    theme,
  );
}
