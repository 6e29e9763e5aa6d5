import { escapeDescriptor } from '../analyses/escape/descriptor.ts';
import { saddlesDescriptor } from '../analyses/saddles/descriptor.ts';
import type { SearchedPoint } from '../analyses/saddles/saddle.ts';
import { eigenvalueHistogramFigure } from '../figures/eigenvalue-histogram-figure.ts';
import { escapeFigure } from '../figures/escape-figure.ts';
import type { Figure } from '../figures/figure.ts';
import { gradientHistoryFigure } from '../figures/gradient-history-figure.ts';
import type { Theme } from '../figures/theme.ts';
import { referencesOf } from './figure-references.ts';
import type { EscapeDocument, SaddlesDocument } from './result-documents.ts';
import { pointKindSigns, searchedPointSpectrum, searchIndexFigure } from './saddle-figures.ts';

/** The figures of a whole search and of its escapes, by name. */

/** A search without θ of its points, as it is stored as text and shown. */
export type SearchText = Omit<SaddlesDocument, 'thetas'>;

export const searchFigureTitles = {
  'index-loss': 'Index against loss',
  'eigenvalue-histograms': 'Eigenvalues at levels of the loss',
  'gradient-histories': 'Gradient norm over the searches',
  'point-spectrum': 'Eigenvalues of one point in order',
} as const;

export type SearchFigureId = keyof typeof searchFigureTitles;

const kindOf = ({ certified, verdict }: SearchedPoint): string =>
  pointKindSigns[certified ? 'certified' : verdict].name;

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** `Of 60 searches 8 end at certified critical points …`: what is known of the points, the proofs first. */
export function certifiedSentence({
  points,
  starts,
  tolerance,
}: Pick<SearchText, 'points' | 'starts' | 'tolerance'>): string {
  const of = (wanted: (point: SearchedPoint) => boolean) => points.filter(wanted).length;
  const certified = of((point) => point.certified);
  const critical = of((point) => !point.certified && point.verdict === 'critical');
  const others = (['gradientFlat', 'atInfinity', 'notConverged'] as const)
    .map((verdict) => ({
      name: pointKindSigns[verdict].name,
      count: of((point) => point.verdict === verdict && !point.certified),
    }))
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${count} ${name}`);
  const missing = starts - points.length;
  const distinct = of((point) => point.certified && point.sameAs === null);
  return [
    points.length === 0
      ? 'No search has ended yet.'
      : certified === 0
        ? `None of ${counted(points.length, 'point')} is certified: no proof says that a true critical point lies nearby.`
        : `${certified} of ${counted(points.length, 'point')} ${certified === 1 ? 'is' : 'are'} certified${distinct < certified ? `, ${distinct} of them distinct` : ''}: a true critical point lies within a proved radius, and no eigenvalue crosses zero there.`,
    critical > 0
      ? `${critical} more ${critical === 1 ? 'has' : 'have'} ‖∇L‖² below ${tolerance.toExponential().replace('-', '−')} without a proof.`
      : '',
    others.length > 0 ? `The others are no critical points as far as is known: ${others.join(', ')}.` : '',
    missing > 0 ? `${counted(missing, 'start was', 'starts were')} not reached.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** Of the points with all eigenvalues: those of the lowest, the middle and the highest loss; the best proved where some are. */
export function levelsOf(points: readonly SearchedPoint[]): readonly SearchedPoint[] {
  const known = points.filter(({ eigenvalues, loss }) => eigenvalues !== null && Number.isFinite(loss));
  const proved = known.filter(({ certified }) => certified);
  const critical = known.filter(({ verdict }) => verdict === 'critical');
  const distinct = (list: readonly SearchedPoint[]) => list.filter(({ sameAs }) => sameAs === null);
  const chosen = [distinct(proved), distinct(critical), known].find((list) => list.length >= 3) ?? known;
  const sorted = [...chosen].sort((a, b) => a.loss - b.loss);
  const places = [0, Math.floor((sorted.length - 1) / 2), sorted.length - 1];
  return [...new Set(places)].flatMap((place) => sorted[place] ?? []);
}

export interface SearchFigureOptions {
  /** Whose spectrum is drawn; by itself that of the lowest loss. */
  readonly point?: number | null;
  /** Bray and Dean's curve over index and loss, fitted. */
  readonly theory?: boolean;
  /** Parameters over residuals, for the curve of Pennington and Bahri: of losses that are half a mean squared residual. */
  readonly aspect?: number | null;
}

/** Null where the search has nothing for it. */
export function searchFigure(
  document: SearchText,
  id: SearchFigureId,
  theme?: Theme,
  { point = null, theory = false, aspect = null }: SearchFigureOptions = {},
): Figure | null {
  const { points, dim, exact, command, tolerance } = document;
  const common = { command, references: referencesOf(saddlesDescriptor) };
  switch (id) {
    case 'index-loss':
      return searchIndexFigure(
        { points, dim, exact, command, aspect, caption: certifiedSentence(document) },
        { axis: 'fraction', scale: spreads(points) ? 'log' : 'linear', exact: exact !== null, theory },
        theme,
      );
    case 'eigenvalue-histograms': {
      const levels = levelsOf(points).map((one) => ({
        name: `point ${one.number}`,
        loss: one.loss,
        verdict: kindOf(one),
        eigenvalues: one.eigenvalues ?? [],
        tolerance: one.index?.tolerance ?? 0,
      }));
      return levels.length === 0 ? null : eigenvalueHistogramFigure({ levels, edges: true, ...common }, theme);
    }
    case 'gradient-histories':
      return points.length === 0
        ? null
        : gradientHistoryFigure(
            {
              histories: points.map(({ number, history, iterations, residual }) => ({
                ...{ number, iterations, residual },
                values: history,
              })),
              tolerance,
              ...common,
            },
            theme,
          );
    case 'point-spectrum': {
      const chosen = points.find(({ number }) => number === point) ?? levelsOf(points)[0];
      return chosen ? searchedPointSpectrum(chosen, command, theme) : null;
    }
  }
}

/** Losses that are all positive and spread over more than a factor of twenty want a logarithmic axis. */
function spreads(points: readonly SearchedPoint[]): boolean {
  const losses = points.filter(({ index }) => index !== null).map(({ loss }) => loss);
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  return low > 1e-9 * high && high > 20 * low;
}

/** What a report shows of a search. */
export const searchFigures = (document: SearchText, theme?: Theme): Figure[] =>
  (['index-loss', 'eigenvalue-histograms', 'gradient-histories'] as const)
    .map((id) => searchFigure(document, id, theme))
    .filter((figure) => figure !== null);

/** The loss along the escapes of a point, by distance or by step. */
export const escapeLossFigure = (
  { paths, loss, sentence, command }: Omit<EscapeDocument, 'ends'>,
  along: 'distance' | 'step' = 'distance',
  theme?: Theme,
): Figure => escapeFigure({ paths, loss, sentence, along, command, references: referencesOf(escapeDescriptor) }, theme);
