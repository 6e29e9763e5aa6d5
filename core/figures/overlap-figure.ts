import { drawable, type Figure, type Reference } from './figure.ts';
import { labelExpression } from './log-axis.ts';
import { numberText } from './number-text.ts';
import { colours, emptyFrame, type Frame, framed, type Theme, viridis } from './theme.ts';

export interface OverlapFigureInput {
  readonly title: string;
  /** What one cell is: `‖UᵢᵀUⱼ‖²/k: mean squared cosine of the principal angles`. */
  readonly quantity: string;
  /** Of rows and of columns: steps, layers, halves of the data, ranks of two runs. */
  readonly rowTitle: string;
  readonly columnTitle: string;
  readonly rowLabels: readonly string[];
  readonly columnLabels: readonly string[];
  /** Row-major, from 0 to 1; NaN where it is not known. */
  readonly overlap: ArrayLike<number>;
  /** What directions without any relation would have, for the caption; null where it is not known. */
  readonly byChance?: number | null;
  readonly caption: string;
  readonly command: string;
  readonly references?: readonly Reference[];
}

/** Cells are labelled with their values up to so many of them. */
const mostLabelled = 144;

/** How far two sets of directions coincide, as a heat map with its values: 1 the same space, 0 orthogonal. */
export function overlapFigure(input: OverlapFigureInput, theme: Theme = 'light'): Figure {
  const { rowLabels, columnLabels, overlap, byChance = null } = input;
  const frame: Frame = {
    title: input.title,
    subtitle: input.quantity,
    description: input.title,
    theme,
  };
  const cells = rowLabels.flatMap((row, i) =>
    columnLabels.map((column, j) => ({
      row,
      column,
      i,
      j,
      z: drawable(overlap[i * columnLabels.length + j]),
    })),
  );
  const known = cells.filter(({ z }) => z !== null);
  return {
    id: 'overlap',
    title: input.title,
    caption: [
      input.caption,
      '1 is the same space, 0 orthogonal ones.',
      byChance === null ? '' : `Random directions would have ${numberText(byChance, 2)}.`,
      known.length < cells.length ? `${cells.length - known.length} cells are not known and left empty.` : '',
    ]
      .filter(Boolean)
      .join(' '),
    alternative: known.length === 0 ? 'Empty map: no overlap has been computed yet.' : seen(input, known),
    specification:
      known.length === 0
        ? emptyFrame(frame, 'No overlap has been computed yet.')
        : framed(frame, heatMap(input, cells, theme)),
    command: input.command,
    references: input.references ?? [],
    data: {
      columns: ['row', 'column', 'overlap'],
      rows: cells.map(({ row, column, z }) => [row, column, z]),
    },
  };
}

interface Cell {
  readonly row: string;
  readonly column: string;
  readonly i: number;
  readonly j: number;
  readonly z: number | null;
}

function heatMap(
  { rowLabels, columnLabels, rowTitle, columnTitle }: OverlapFigureInput,
  cells: readonly Cell[],
  theme: Theme,
) {
  // By their places: two runs may be called the same.
  const axis = (labels: readonly string[], title: string) => ({
    type: 'ordinal',
    title,
    scale: { domain: labels.map((_, i) => i), paddingInner: 0, paddingOuter: 0 },
    axis: {
      labelExpr: labelExpression([...labels.keys()], labels),
      labelAngle: 0,
      labelOverlap: true,
      labelLimit: 120,
      ticks: false,
      domain: false,
      grid: false,
    },
  });
  const x = { field: 'j', ...axis(columnLabels, columnTitle) };
  const y = { field: 'i', ...axis(rowLabels, rowTitle) };
  const known = cells.filter(({ z }) => z !== null);
  return {
    layer: [
      {
        data: { values: known },
        mark: { type: 'rect', stroke: colours[theme].background, strokeWidth: 1 },
        encoding: {
          x,
          y,
          color: {
            field: 'z',
            type: 'quantitative',
            scale: { domain: [0, 1], range: viridis, interpolate: 'rgb' },
            legend: {
              title: 'Overlap',
              orient: 'right',
              direction: 'vertical',
              type: 'gradient',
              gradientLength: 140,
              gradientThickness: 14,
              titlePadding: 10,
              values: [0, 0.5, 1],
            },
          },
        },
      },
      ...(known.length > mostLabelled
        ? []
        : [
            {
              data: {
                values: known.map(({ i, j, z }) => ({ i, j, label: (z ?? 0).toFixed(2), dark: (z ?? 0) > 0.45 })),
              },
              mark: { type: 'text', fontSize: 12 },
              encoding: {
                x,
                y,
                text: { field: 'label' },
                // On the colours of data, so the same in both themes.
                color: {
                  field: 'dark',
                  type: 'nominal',
                  scale: { domain: [true, false], range: ['#000000', '#ffffff'] },
                  legend: null,
                },
              },
            },
          ]),
    ],
    resolve: { scale: { color: 'independent' } },
  };
}

/** The largest and the smallest off the diagonal of a square map, and of any other all. */
function seen({ rowLabels, columnLabels }: OverlapFigureInput, known: readonly Cell[]): string {
  const isSquare = rowLabels.length === columnLabels.length && rowLabels.every((label, i) => label === columnLabels[i]);
  const compared = isSquare && rowLabels.length > 1 ? known.filter(({ i, j }) => i < j) : known;
  const sorted = [...compared].sort((a, b) => (b.z ?? 0) - (a.z ?? 0));
  const [most, least] = [sorted[0], sorted.at(-1)];
  const told = (cell: Cell | undefined) =>
    cell ? `${numberText(cell.z ?? 0, 3)} of ${cell.row} and ${cell.column}` : '';
  return `Map of ${rowLabels.length} by ${columnLabels.length} overlaps. The largest is ${told(most)}, the smallest ${told(least)}.`;
}
