import { type Cell, drawable, drawableOnLog, type Figure, type Reference, type Specification } from './figure.ts';
import { logAxis, logChannel } from './log-axis.ts';
import { numberText } from './number-text.ts';
import { colours, dash, emptyFrame, type Frame, framed, type Theme } from './theme.ts';
import { thinLine } from './thin-line.ts';

export interface GradientHistory {
  readonly number: number;
  /** ‖∇L‖² from the start to the end, evenly over the iterations. */
  readonly values: readonly number[];
  readonly iterations: number;
  /** r at the end; null where ‖∇L‖ is at the floor of the precision. */
  readonly residual: number | null;
}

export interface GradientHistoryInput {
  readonly histories: readonly GradientHistory[];
  /** ‖∇L‖² below it is critical. */
  readonly tolerance: number;
  readonly command: string;
  readonly references?: readonly Reference[];
}

/** r above it: ∇L lies in the kernel of H but for a tenth of its square. */
const flatAbove = 0.9;

export const residualClasses = [
  'no r: ‖∇L‖ at its floor',
  'r ≤ 0.5',
  '0.5 < r ≤ 0.9',
  'r > 0.9, gradient-flat',
] as const;
export type ResidualClass = (typeof residualClasses)[number];

export const residualClass = (r: number | null): ResidualClass =>
  residualClasses[r === null ? 0 : r > flatAbove ? 3 : r > 0.5 ? 2 : 1];

/** ‖∇L‖² against the iteration of every search, coloured by the relative residual r where it ended. */
export function gradientHistoryFigure(input: GradientHistoryInput, theme: Theme = 'light'): Figure {
  const { tolerance } = input;
  const histories = input.histories.filter(({ values }) => values.some((value) => drawableOnLog(value) !== null));
  const axis = logAxis([...histories.flatMap(({ values }) => values.map(drawableOnLog)), tolerance]);
  const frame: Frame = {
    title: 'Squared gradient norm over the searches',
    subtitle: 'one line a search; colour and dash: r = ‖(1 − Π_range H)∇L‖ / ‖∇L‖ where it ended',
    description: 'Squared gradient norm against the iteration of each search',
    theme,
    height: 360,
    legendColumns: 2,
  };
  const counts = countsOf(histories);
  const ended = histories.filter(({ values }) => (values.at(-1) ?? Number.NaN) <= tolerance).length;
  return {
    id: 'gradient-histories',
    title: frame.title,
    caption: `‖∇L‖² of ${histories.length} searches, of which ${ended} ${ended === 1 ? 'ends' : 'end'} at or below the tolerance ${numberText(tolerance)}. A search that levels off above it with r > 0.9 has ended where the gradient lies in the flat directions of the Hessian: the point is no critical point.`,
    alternative:
      histories.length === 0
        ? 'Empty chart: no search has ended yet.'
        : `${histories.length} falling lines; ${counts.map(({ name, count }) => `${count} with ${name}`).join(', ')}.`,
    specification:
      axis === null || histories.length === 0
        ? emptyFrame(frame, 'No search has ended yet.')
        : framed(frame, body(histories, tolerance, axis, theme)),
    command: input.command,
    references: input.references ?? [],
    data: {
      columns: ['point', 'iteration', 'gradientNormSquared', 'residual'],
      rows: histories.flatMap((history) =>
        history.values.map((value, i): Cell[] => [
          history.number,
          iterationOf(history, i),
          drawable(value),
          drawable(history.residual),
        ]),
      ),
    },
  };
}

const iterationOf = ({ values, iterations }: GradientHistory, i: number): number =>
  values.length > 1 ? Math.round((i * Math.max(iterations, values.length - 1)) / (values.length - 1)) : 0;

const countsOf = (histories: readonly GradientHistory[]) =>
  residualClasses
    .map((name) => ({ name, count: histories.filter(({ residual }) => residualClass(residual) === name).length }))
    .filter(({ count }) => count > 0);

function body(
  histories: readonly GradientHistory[],
  tolerance: number,
  axis: NonNullable<ReturnType<typeof logAxis>>,
  theme: Theme,
): Specification {
  const { series, threshold } = colours[theme];
  const inks = [series[2], series[0], series[4], series[3]];
  const dashes = [dash.solid, [8, 2], dash.theory, [2, 2]];
  const counts = countsOf(histories);
  const places = counts.map(({ name }) => residualClasses.indexOf(name));
  const labels = counts.map(({ name, count }) => `${count}: ${name}`);
  const labelOf = new Map(counts.map(({ name }, i) => [name, labels[i]!]));
  const channel = (range: readonly unknown[]) => ({
    field: 'class',
    type: 'nominal',
    scale: { domain: labels, range: places.map((place) => range[place]) },
  });
  const y = { type: 'quantitative', title: '‖∇L‖²', ...logChannel(axis) };
  const values = histories.flatMap((history) =>
    thinLine(
      history.values.map((value, i) => ({ x: iterationOf(history, i), y: drawableOnLog(value) })),
      400,
    ).map((point) => ({ ...point, search: history.number, class: labelOf.get(residualClass(history.residual)) })),
  );
  return {
    data: { values },
    layer: [
      {
        mark: { type: 'line', strokeWidth: 1.2, opacity: 0.8, clip: true },
        encoding: {
          x: { field: 'x', type: 'quantitative', title: 'Iteration', axis: { tickMinStep: 1, format: ',d' } },
          y: { field: 'y', ...y },
          detail: { field: 'search', type: 'nominal' },
          color: channel(inks),
          strokeDash: channel(dashes),
        },
      },
      {
        data: { values: [{ y: tolerance, label: `tolerance ${numberText(tolerance)}` }] },
        encoding: { y: { field: 'y', ...y } },
        layer: [
          { mark: { type: 'rule', color: threshold, strokeDash: dash.threshold, strokeWidth: 1.5 } },
          {
            mark: {
              type: 'text',
              align: 'right',
              dx: -4,
              dy: -8,
              fontSize: 12,
              color: threshold,
              x: { expr: 'width' },
            },
            encoding: { text: { field: 'label' } },
          },
        ],
      },
    ],
  };
}
