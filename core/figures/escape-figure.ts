import { type Cell, drawable, drawableOnLog, type Figure, type Reference, type Specification } from './figure.ts';
import { largest, smallest } from './largest.ts';
import { logAxis, logChannel } from './log-axis.ts';
import { certifiedText, numberText, subscript } from './number-text.ts';
import { colours, dash, emptyFrame, type Frame, framed, type Theme } from './theme.ts';

export interface EscapeLine {
  /** From 0, the most negative. */
  readonly direction: number;
  readonly sign: 1 | -1;
  readonly eigenvalue: number;
  readonly losses: ArrayLike<number>;
  readonly steps: ArrayLike<number>;
  readonly distances: ArrayLike<number>;
  readonly end: {
    readonly kind: 'minimum' | 'saddle' | 'moving';
    readonly gradientNormSquared: number;
    readonly lowest: { readonly value: number; readonly residual: number } | null;
  };
}

export interface EscapeFigureInput {
  readonly paths: readonly EscapeLine[];
  /** Of the point that is left. */
  readonly loss: number;
  /** ‖θ − θ₀‖, or the steps made. */
  readonly along: 'distance' | 'step';
  /** Of the whole, for people. */
  readonly sentence: string;
  readonly command: string;
  readonly references?: readonly Reference[];
}

const endNames = { minimum: 'minimum', saddle: 'another saddle', moving: 'still moving' } as const;
const endShapes = { minimum: 'circle', saddle: 'diamond', moving: 'triangle-right' } as const;
const ends = ['minimum', 'saddle', 'moving'] as const;

/** `v₁ +, λ = −0.083`: the name of a path in its legend. */
export const escapeName = ({ direction, sign, eigenvalue }: EscapeLine): string =>
  `v${subscript(direction + 1)} ${sign > 0 ? '+' : '−'}, λ = ${numberText(eigenvalue, 3)}`;

/** The loss along descents that leave a saddle: a colour a direction, solid for + and dashed for −, a sign at each end. */
export function escapeFigure(input: EscapeFigureInput, theme: Theme = 'light'): Figure {
  const { paths, loss, along } = input;
  const losses = paths.flatMap((path) => Array.from(path.losses));
  // A logarithmic axis for losses that differ by more than a decade, unless they fall to zero: it would show nothing else.
  const [low, high] = [smallest([...losses, loss]), largest([...losses, loss])];
  const axis = high / low > 20 && low > 1e-6 * high ? logAxis([...losses, loss]) : null;
  const frame: Frame = {
    title: 'Loss along the escapes',
    subtitle: `descents along ± the most negative directions of a point with L = ${numberText(loss, 5)}`,
    description: 'Loss along descents that leave a saddle point',
    theme,
    height: 340,
    legendColumns: 2,
  };
  return {
    id: `escape-by-${along}`,
    title: frame.title,
    caption: [
      input.sentence,
      ...paths.map((path) => `${escapeName(path)}: ${endSentence(path)}`),
      paths.length > 0 ? 'Gradient descent with steps of at most 1/|λ|_max, which never raises the loss.' : '',
    ]
      .filter(Boolean)
      .join(' '),
    alternative:
      paths.length === 0
        ? `Empty chart: ${input.sentence}`
        : `${paths.length} falling lines from ${numberText(loss, 3)}: ${paths.map((path) => `${escapeName(path)} ends at ${numberText(path.losses[path.losses.length - 1]!, 3)}, ${endNames[path.end.kind]}`).join('; ')}.`,
    specification:
      paths.length === 0
        ? emptyFrame(frame, 'No direction leaves this point downhill.')
        : framed(frame, body(input, axis, theme)),
    command: input.command,
    references: input.references ?? [],
    data: {
      columns: ['direction', 'sign', 'eigenvalue', 'step', 'distance', 'loss'],
      rows: paths.flatMap(({ direction, sign, eigenvalue, steps, distances, losses: own }) =>
        Array.from(own, (at, i): Cell[] => [
          direction + 1,
          sign,
          drawable(eigenvalue),
          steps[i]!,
          drawable(distances[i]),
          drawable(at),
        ]),
      ),
    },
  };
}

function endSentence({ losses, end: { kind, lowest, gradientNormSquared } }: EscapeLine): string {
  const text = lowest && certifiedText(lowest.value, lowest.residual);
  const curvature = text ? `, λ_min = ${text.value}${text.uncertainty === null ? '' : ` ± ${text.uncertainty}`}` : '';
  return `${endNames[kind]}, L = ${numberText(losses[losses.length - 1]!, 5)}, ‖∇L‖² = ${numberText(gradientNormSquared, 2)}${curvature}.`;
}

function body(
  { paths, loss, along }: EscapeFigureInput,
  axis: ReturnType<typeof logAxis>,
  theme: Theme,
): Specification {
  const palette = colours[theme];
  const names = paths.map(escapeName);
  const place = axis === null ? drawable : drawableOnLog;
  const at = ({ steps, distances }: EscapeLine, i: number) => drawable((along === 'step' ? steps : distances)[i]);
  const channel = (range: readonly unknown[]) => ({
    field: 'path',
    type: 'nominal',
    scale: { domain: names, range },
  });
  const x = {
    field: 'x',
    type: 'quantitative',
    title: along === 'step' ? 'Step of the descent' : 'Distance from the saddle ‖θ − θ₀‖',
    ...(along === 'step' ? { axis: { tickMinStep: 1, format: ',d' } } : {}),
  };
  const y = {
    field: 'y',
    type: 'quantitative',
    title: 'Loss L',
    ...(axis === null ? { scale: { zero: false, nice: true } } : logChannel(axis)),
  };
  const present = ends.filter((kind) => paths.some(({ end }) => end.kind === kind));
  const endLabel = (kind: (typeof ends)[number]) =>
    `${paths.filter(({ end }) => end.kind === kind).length} at ${kind === 'moving' ? 'no end: still moving' : kind === 'minimum' ? 'a minimum' : 'another saddle'}`;
  const marks = present.map(endLabel);
  const legend = { orient: 'bottom', symbolType: null, symbolSize: 80, symbolStrokeWidth: 1.8 };
  return {
    layer: [
      {
        data: {
          values: paths.flatMap((path, k) =>
            Array.from(path.losses, (value, i) => ({ x: at(path, i), y: place(value), path: names[k], order: i })),
          ),
        },
        mark: { type: 'line', clip: true },
        encoding: {
          x,
          y,
          order: { field: 'order' },
          color: channel(paths.map(({ direction }) => palette.series[direction % palette.series.length])),
          strokeDash: channel(paths.map(({ sign }) => (sign > 0 ? dash.solid : dash.theory))),
        },
      },
      {
        data: { values: [{ x: 0, y: place(loss), label: 'saddle' }] },
        encoding: { x, y },
        layer: [
          { mark: { type: 'point', shape: 'diamond', size: 110, filled: true, color: palette.text, opacity: 1 } },
          {
            mark: { type: 'text', align: 'left', dx: 8, dy: -11, fontSize: 12, color: palette.text },
            encoding: { text: { field: 'label' } },
          },
        ],
      },
      {
        data: {
          values: paths.map((path) => ({
            x: at(path, path.losses.length - 1),
            y: place(path.losses[path.losses.length - 1]),
            end: endLabel(path.end.kind),
          })),
        },
        mark: { type: 'point', size: 90, opacity: 1, strokeWidth: 1.8, fill: palette.background },
        encoding: {
          x,
          y,
          shape: {
            field: 'end',
            type: 'nominal',
            scale: { domain: marks, range: present.map((kind) => endShapes[kind]) },
            legend,
          },
          stroke: {
            field: 'end',
            type: 'nominal',
            scale: { domain: marks, range: present.map(() => palette.text) },
            legend,
          },
        },
      },
    ],
  };
}
