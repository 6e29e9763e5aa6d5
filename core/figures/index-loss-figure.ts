import { brayDeanLoss, fittedBrayDean } from '../linalg/random-matrices/bray-dean.ts';
import {
  penningtonBahriCriticalEnergy,
  penningtonBahriIndexFraction,
} from '../linalg/random-matrices/pennington-bahri.ts';
import { type Cell, drawable, type Figure, type Reference, type Specification } from './figure.ts';
import { logAxis, logChannel } from './log-axis.ts';
import { numberText, percentText } from './number-text.ts';
import { colours, dash, emptyFrame, type Frame, framed, type Theme } from './theme.ts';

export interface IndexLossPoint {
  readonly number: number;
  /** A name of `kinds`. */
  readonly kind: string;
  readonly loss: number;
  /** Negative eigenvalues. */
  readonly negative: number;
  readonly standardError: number | null;
  readonly gradientNorm: number;
  readonly certified: boolean;
}

/** How the points of a kind are drawn: of what is proved the sign is filled. */
export interface IndexLossKind {
  readonly name: string;
  readonly shape: 'circle' | 'triangle-up' | 'cross' | 'square';
  readonly filled: boolean;
  /** Index into the series colours; null for quiet grey. */
  readonly colour: number | null;
}

export interface IndexLossFigureInput {
  readonly points: readonly IndexLossPoint[];
  readonly kinds: readonly IndexLossKind[];
  /** Number of parameters. */
  readonly dim: number;
  readonly axis: 'fraction' | 'count';
  readonly scale: 'log' | 'linear';
  /** Known in closed form. */
  readonly exact: readonly { readonly name: string; readonly loss: number; readonly negative: number }[];
  /** Draws Bray and Dean's curve, fitted to the points. */
  readonly theory: boolean;
  /** Further curves of theory, dashed. */
  readonly curves?: readonly TheoryCurve[];
  /** What was left out and how the points came about. */
  readonly caption: string;
  readonly command: string;
  readonly references?: readonly Reference[];
}

export interface TheoryCurve {
  readonly name: string;
  readonly points: readonly { readonly fraction: number; readonly loss: number }[];
  /** What was fitted or assumed, a sentence. */
  readonly assumption: string;
}

/** A loss below this share of the largest is drawn at the end of a logarithmic axis. */
const deepest = 1e-9;

const curvePoints = 80;

export interface FittedCurve {
  readonly points: readonly { readonly fraction: number; readonly loss: number }[];
  /** Of the losses about the curve, as a share of their range. */
  readonly residual: number;
}

/**
 * L(α) of Bray and Dean (2007) with both of its numbers fitted by least squares to the points, up to the largest index
 * fraction among them; null where they do not determine it. It agrees with points that are no critical points as well.
 */
export function fittedCurve(
  points: readonly Pick<IndexLossPoint, 'loss' | 'negative'>[],
  dim: number,
): FittedCurve | null {
  const given = points
    .filter(({ loss }) => Number.isFinite(loss))
    .map(({ loss, negative }) => ({ loss, indexFraction: negative / dim }));
  const fitted = fittedBrayDean(given);
  if (fitted === null) return null;
  const most = Math.min(1, 1.1 * Math.max(...given.map(({ indexFraction }) => indexFraction)));
  const losses = given.map(({ loss }) => loss);
  const range = Math.max(...losses) - Math.min(...losses);
  return {
    points: Array.from({ length: curvePoints }, (_, i) => {
      const fraction = (most * i) / (curvePoints - 1);
      return { fraction, loss: brayDeanLoss(fraction, fitted) };
    }),
    residual: range > 0 ? fitted.rootMeanSquare / range : 0,
  };
}

/** α(ε, φ) of Pennington and Bahri (2017), with the energy of the model taken for the loss: nothing is fitted. */
export function penningtonBahriCurve(aspect: number, highest: number): TheoryCurve {
  const critical = penningtonBahriCriticalEnergy(aspect);
  const from = Math.max(0, critical);
  const points = Array.from({ length: highest > from ? curvePoints : 0 }, (_, i) => {
    const energy = from + (highest - from) * (i / (curvePoints - 1)) ** 2;
    return { fraction: penningtonBahriIndexFraction({ energy, aspect }, 400), loss: energy };
  });
  return {
    name: `Pennington–Bahri, φ = ${numberText(aspect, 3)}`,
    points,
    assumption: `Pennington and Bahri (2017) at φ = ${numberText(aspect, 3)} parameters a residual, with the critical energy ${numberText(critical, 3)}: nothing is fitted, and its energy scale is the model's own. A comparison of shapes, not a fit.`,
  };
}

/** Where a loss is drawn on a logarithmic axis: those that are zero beside the others stand at its end. */
export function drawnOnLog(losses: readonly number[]): (loss: number) => number {
  const largest = Math.max(...losses.filter(Number.isFinite), 0);
  return (loss) => Math.max(loss, deepest * largest);
}

/** The index of the points a search has found against their loss: each kind by sign and colour, what is proved filled. */
export function indexLossFigure(input: IndexLossFigureInput, theme: Theme = 'light'): Figure {
  const { axis, dim, exact } = input;
  const points = input.points.filter(({ loss }) => Number.isFinite(loss));
  const frame: Frame = {
    title: axis === 'fraction' ? 'Share of negative eigenvalues and loss' : 'Number of negative eigenvalues and loss',
    subtitle: 'each point where a search has ended; filled: proved in float64',
    description: 'Index against loss of the points where searches for critical points have ended',
    theme,
    height: 380,
    legendColumns: 3,
  };
  const curve = input.theory ? fittedCurve(points, dim) : null;
  return {
    id: 'index-loss',
    title: frame.title,
    caption: [
      input.caption,
      exact.length > 0
        ? `Rings: the ${exact.length} kinds of critical points that are known in closed form; an empty ring was not found.`
        : '',
      curveSentence(curve, points.length),
      ...(input.curves ?? []).map(({ assumption }) => assumption),
    ]
      .filter(Boolean)
      .join(' '),
    alternative: points.length === 0 ? 'Empty chart: no point has an index yet.' : alternative(input, points),
    specification:
      points.length === 0
        ? emptyFrame(frame, 'No point has an index yet.')
        : framed(frame, body(input, points, curve, theme)),
    command: input.command,
    references: input.references ?? [],
    data: {
      columns: ['set', 'point', 'loss', 'negative', 'fraction', 'standardError', 'gradientNorm'],
      rows: [
        ...points.map((point): Cell[] => [
          point.kind,
          point.number,
          point.loss,
          point.negative,
          point.negative / dim,
          drawable(point.standardError),
          point.gradientNorm,
        ]),
        ...exact.map(({ name, loss, negative }): Cell[] => [
          `exact ${name}`,
          null,
          loss,
          negative,
          negative / dim,
          0,
          0,
        ]),
        ...(curve?.points ?? []).map(({ fraction, loss }): Cell[] => [
          'Bray–Dean',
          null,
          loss,
          fraction * dim,
          fraction,
          null,
          null,
        ]),
        ...(input.curves ?? []).flatMap(({ name, points: own }) =>
          own.map(({ fraction, loss }): Cell[] => [name, null, loss, fraction * dim, fraction, null, null]),
        ),
      ],
    },
  };
}

const curveSentence = (curve: FittedCurve | null, count: number): string =>
  curve === null
    ? ''
    : `Dashed: the mean loss at an index in a Gaussian random field (Bray and Dean 2007), its two numbers fitted to the ${count} points drawn; they lie ${percentText(curve.residual)} of their range about it. Points that are no critical points follow it too: it is no evidence.`;

function alternative({ dim, exact }: IndexLossFigureInput, points: readonly IndexLossPoint[]): string {
  const [low, high] = [points.map(({ negative }) => negative), points.map(({ loss }) => loss)].map((values) => [
    Math.min(...values),
    Math.max(...values),
  ]) as [[number, number], [number, number]];
  const certified = points.filter((point) => point.certified).length;
  const known = exact.length > 0 ? ` ${exact.length} critical points are known in closed form.` : '';
  return `${points.length} points, ${certified} of them certified, with ${low[0]} to ${low[1]} negative eigenvalues of ${dim} and losses from ${numberText(high[0], 3)} to ${numberText(high[1], 3)}.${known}`;
}

function body(
  { kinds, axis, scale, dim, exact, curves = [] }: IndexLossFigureInput,
  points: readonly IndexLossPoint[],
  curve: FittedCurve | null,
  theme: Theme,
): Specification {
  const palette = colours[theme];
  const count = (name: string) => points.filter(({ kind }) => kind === name).length;
  const label = (name: string) => `${count(name)} ${name}`;
  const known = `${exact.length} known exactly`;
  const present: readonly IndexLossKind[] = [
    ...kinds.filter(({ name }) => count(name) > 0).map((kind) => ({ ...kind, name: label(kind.name) })),
    ...(exact.length > 0 ? [{ name: known, shape: 'circle' as const, filled: false, colour: null }] : []),
  ];
  const domain = present.map(({ name }) => name);
  const inks = present.map(({ colour }) => (colour === null ? palette.faint : palette.series[colour]!));
  const legend = { symbolType: null, symbolSize: 70, symbolStrokeWidth: 1.5 };
  const kindChannel = (range: readonly string[]) => ({
    field: 'kind',
    type: 'nominal',
    scale: { domain, range },
    legend,
  });
  const looks = {
    shape: kindChannel(present.map(({ shape }) => shape)),
    stroke: kindChannel(inks),
    fill: kindChannel(present.map(({ filled }, i) => (filled ? inks[i]! : 'transparent'))),
  };
  const theories = [...(curve ? [{ name: 'Bray–Dean, fitted', points: curve.points }] : []), ...curves];
  const theoryNames = theories.map(({ name }) => name);
  const at = (fraction: number) => (axis === 'fraction' ? 100 * fraction : fraction * dim);
  const losses = [...points, ...exact].map(({ loss }) => loss);
  const drawn = drawnOnLog(losses);
  const axisOfLosses = scale === 'log' ? logAxis(losses.map(drawn)) : null;
  const place = (loss: number) => (axisOfLosses ? drawn(loss) : loss);
  const x = {
    type: 'quantitative',
    title: axis === 'fraction' ? `Index fraction, negative eigenvalues / ${dim} (%)` : 'Index, negative eigenvalues',
    scale: { zero: true, nice: true },
  };
  const y = {
    type: 'quantitative',
    title: 'Loss L',
    ...(axisOfLosses ? logChannel(axisOfLosses) : { scale: { zero: false, nice: true } }),
  };
  const signs = { x: { field: 'x', ...x }, y: { field: 'y', ...y } };
  return {
    layer: [
      ...(theories.length > 0
        ? [
            {
              data: {
                values: theories.flatMap(({ name, points: own }) =>
                  own
                    .filter(({ loss }) => axisOfLosses === null || loss > 0)
                    .map(({ fraction, loss }) => ({ x: at(fraction), y: loss, curve: name })),
                ),
              },
              mark: { type: 'line', color: palette.quiet, clip: true },
              encoding: {
                ...signs,
                strokeDash: {
                  field: 'curve',
                  type: 'nominal',
                  scale: {
                    domain: theoryNames,
                    range: [dash.theory, [2, 3], [8, 3, 2, 3]].slice(0, theoryNames.length),
                  },
                  legend: { orient: 'bottom', symbolStrokeColor: palette.quiet },
                },
              },
            },
          ]
        : []),
      ...(exact.length > 0
        ? [
            {
              data: {
                values: exact.map(({ loss, negative }) => ({ kind: known, x: at(negative / dim), y: place(loss) })),
              },
              mark: { type: 'point', size: 190, strokeWidth: 1, opacity: 1 },
              encoding: { ...signs, ...looks },
            },
          ]
        : []),
      {
        data: {
          values: points.map(({ kind, loss, negative }) => ({
            kind: label(kind),
            x: at(negative / dim),
            y: place(loss),
          })),
        },
        mark: { type: 'point', size: 56, strokeWidth: 1.5, opacity: 1 },
        encoding: { ...signs, ...looks },
      },
    ],
  };
}
