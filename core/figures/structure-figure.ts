import { type Cell, drawable, drawableOnLog, type Figure, type Reference, type Specification } from './figure.ts';
import { logAxis, logChannel } from './log-axis.ts';
import { numberText } from './number-text.ts';
import { colours, dash, emptyFrame, type Frame, framed, type Theme } from './theme.ts';

export interface StructureFigureInput {
  /** C */
  readonly classes: number;
  /** Of H and of G, largest first. */
  readonly hessian: readonly { readonly value: number; readonly errorEstimate: number }[];
  readonly gaussNewton: readonly { readonly value: number; readonly errorEstimate: number }[];
  /** Of the matrix of the class means of cross-class gradients. */
  readonly g1: { readonly eigenvalues: readonly number[]; readonly floor: number };
  /** λ_k/λ_{k+1} of H at the k where it is largest. */
  readonly gap: { readonly k: number; readonly ratio: number; readonly certain: boolean } | null;
  readonly command: string;
  readonly references?: readonly Reference[];
}

const names = ['H', 'G', 'G1'] as const;

/** Eigenvalues of H and G by rank with those of G1 between them (Papyan 2019): the outliers are the class means. */
export function structureFigure(input: StructureFigureInput, theme: Theme = 'light'): Figure {
  const { classes, hessian, gaussNewton, g1, gap } = input;
  const exact = g1.eigenvalues.map((value) => ({ value, errorEstimate: g1.floor }));
  const sets = [hessian, gaussNewton, exact.filter(({ value }) => value > g1.floor)];
  const points = sets.flatMap((set, i) => pointsOf(set, names[i]!));
  const shown = points.filter(({ y }) => y !== null);
  const axis = logAxis(shown.map(({ y }) => y));
  const frame: Frame = {
    title: 'Outliers and class means',
    subtitle: `eigenvalues by rank; G1 of the means of ${classes} classes`,
    description: 'Eigenvalues of H, G and G1 by rank',
    theme,
  };
  const lost = points.length - shown.length;
  return {
    id: 'class-structure',
    title: frame.title,
    caption: [
      'Largest eigenvalues of the Hessian H and of the Gauss–Newton matrix G, ± estimated error, and those of G1, the part of G that the means of the classes make.',
      gap === null
        ? 'H has no two positive eigenvalues in a row.'
        : `The largest ratio λₖ/λₖ₊₁ of H is ${numberText(gap.ratio, 3)} at k = ${gap.k}${gap.certain ? '' : ', within errors of another'}; there are ${classes} classes.`,
      lost > 0
        ? `${lost} ${lost === 1 ? 'eigenvalue that is not positive has' : 'eigenvalues that are not positive have'} no place on this axis.`
        : '',
    ]
      .filter(Boolean)
      .join(' '),
    alternative:
      axis === null
        ? 'Empty chart: no positive eigenvalue was found.'
        : `Points falling with the rank: H from ${textOf(hessian[0])} to ${textOf(hessian.at(-1))}, G1 from ${textOf(exact[0])} to ${textOf(exact.at(-1))}.${gap === null ? '' : ` The largest gap of H is after rank ${gap.k}.`}`,
    specification:
      axis === null
        ? emptyFrame(frame, 'No positive eigenvalue was found.')
        : framed(frame, body(input, shown, axis, theme)),
    command: input.command,
    references: input.references ?? [],
    data: {
      columns: ['matrix', 'k', 'eigenvalue', 'errorEstimate'],
      rows: sets.flatMap((set, i) =>
        set.map(({ value, errorEstimate }, k): Cell[] => [names[i]!, k + 1, drawable(value), drawable(errorEstimate)]),
      ),
    },
  };
}

const textOf = (one: { readonly value: number } | undefined): string => (one ? numberText(one.value, 3) : 'none');

interface Point {
  readonly k: number;
  readonly y: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly series: string;
}

const pointsOf = (set: StructureFigureInput['hessian'], series: string): Point[] =>
  set.map(({ value, errorEstimate }, i) => {
    const [y, error] = [drawableOnLog(value), drawable(errorEstimate) ?? 0];
    return { k: i + 1, y, low: y && Math.max(y - error, y / 1e3), high: y && y + error, series };
  });

function body(
  { gap }: StructureFigureInput,
  points: readonly Point[],
  axis: NonNullable<ReturnType<typeof logAxis>>,
  theme: Theme,
): Specification {
  const palette = colours[theme];
  const last = Math.max(...points.map(({ k }) => k));
  const x = {
    field: 'k',
    type: 'quantitative',
    title: 'Rank k',
    scale: { domain: [0.4, last + 0.6], nice: false },
    axis: { tickMinStep: 1, format: 'd' },
  };
  const y = { type: 'quantitative', title: 'Eigenvalue λₖ', ...logChannel(axis) };
  const scale = { domain: names, range: palette.series.slice(0, 3) };
  const color = { field: 'series', type: 'nominal', scale };
  const shape = { field: 'series', type: 'nominal', scale: { domain: names, range: ['circle', 'square', 'diamond'] } };
  const [bottom, top] = axis.domain;
  const gapLabel = gap && `λₖ/λₖ₊₁ = ${numberText(gap.ratio, 3)} at k = ${gap.k}${gap.certain ? '' : ' (not certain)'}`;
  return {
    layer: [
      ...(gap
        ? [
            {
              data: { values: [{ k: gap.k + 0.5, label: gapLabel }] },
              encoding: { x },
              layer: [
                { mark: { type: 'rule', color: palette.threshold, strokeDash: dash.threshold, strokeWidth: 1.5 } },
                {
                  mark: {
                    type: 'text',
                    align: gap.k > last / 2 ? 'right' : 'left',
                    dx: gap.k > last / 2 ? -6 : 6,
                    dy: 8,
                    fontSize: 12,
                    color: palette.threshold,
                  },
                  encoding: { y: { value: 0 }, text: { field: 'label' } },
                },
              ],
            },
          ]
        : []),
      {
        data: {
          values: points.map((point) => ({
            ...point,
            low: Math.max(bottom, point.low ?? bottom),
            high: Math.min(top, point.high ?? top),
          })),
        },
        layer: [
          {
            mark: { type: 'rule', strokeWidth: 1.5, clip: true },
            encoding: { x, y: { field: 'low', ...y }, y2: { field: 'high' }, color },
          },
          {
            mark: { type: 'point', filled: false, size: 60, strokeWidth: 1.75, opacity: 1, clip: true },
            encoding: {
              x,
              y: { field: 'y', ...y },
              color: { ...color, legend: { symbolType: 'circle', symbolSize: 80 } },
              shape,
            },
          },
        ],
      },
    ],
  };
}
