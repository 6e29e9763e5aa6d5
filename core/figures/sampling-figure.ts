import { type Cell, drawable, drawableOnLog, type Figure, type Reference, type Specification } from './figure.ts';
import { type LogAxis, logAxis, logChannel } from './log-axis.ts';
import { numberText, percentText } from './number-text.ts';
import { colours, dash, emptyFrame, type Frame, framed, type Theme } from './theme.ts';

export interface SamplingLadderPoint {
  readonly size: number;
  readonly repeats: number;
  /** Of the value over random subsets of that size. */
  readonly standardDeviation: number;
  readonly bias: number;
  readonly biasStandardError: number;
}

export interface SamplingFigureInput {
  readonly quantity: 'sharpness' | 'trace';
  /** Of all examples; errors are drawn as shares of it. */
  readonly value: number;
  /** σ of one example's part, with its interval. */
  readonly perExample: number;
  readonly perExampleLow95: number;
  readonly perExampleHigh95: number;
  /** N */
  readonly examples: number;
  readonly ladder: readonly SamplingLadderPoint[];
  /** c of bias(n) = c (1/n − 1/N); null for what has none. */
  readonly bias: { readonly value: number; readonly standardError: number } | null;
  /** Wanted relative error. */
  readonly accuracy: number;
  readonly proposal: { readonly examples: number; readonly low95: number; readonly high95: number };
  readonly command: string;
  readonly references?: readonly Reference[];
}

interface Errors {
  readonly size: number;
  /** √(σ²/n + (c/n)²), as a value of the population; shares of the value, like all here. */
  readonly population: number;
  readonly low: number;
  readonly high: number;
  /** σ/√n √((N − n)/(N − 1)); null from N on. */
  readonly among: number | null;
  /** |c| (1/n − 1/N) */
  readonly bias: number | null;
}

const curvePoints = 120;
/** A proposal that is further away than this many times the examples is told, not drawn. */
const furthest = 1e4;

/** The errors that a subsample of n examples has, as shares of the value. */
export function samplingErrors(input: SamplingFigureInput, size: number): Errors {
  const { value, perExample, perExampleLow95, perExampleHigh95, examples, bias } = input;
  const c = bias?.value ?? 0;
  const whole = (sigma: number) => Math.sqrt(sigma ** 2 / size + (c / size) ** 2) / Math.abs(value);
  const isPart = size < examples;
  return {
    size,
    population: whole(perExample),
    low: whole(perExampleLow95),
    high: whole(perExampleHigh95),
    among: isPart
      ? ((perExample / Math.sqrt(size)) * Math.sqrt((examples - size) / Math.max(1, examples - 1))) / Math.abs(value)
      : null,
    bias: isPart && bias !== null ? (Math.abs(c) * (1 / size - 1 / examples)) / Math.abs(value) : null,
  };
}

/**
 * Error against the size of a subsample, both logarithmic: what the scatter of single examples says, what random subsets
 * showed, and where the wanted error is reached.
 */
export function samplingFigure(input: SamplingFigureInput, theme: Theme = 'light'): Figure {
  const { quantity, value, examples, accuracy, proposal, ladder, bias } = input;
  const isDrawn = isKnown(proposal) && proposal.examples <= furthest * examples;
  const frame: Frame = {
    title: `Sampling error of the ${quantity}`,
    subtitle: 'error of a subsample of n examples, as a share of the value',
    description: `Sampling error of the ${quantity} against the number of examples`,
    theme,
  };
  const points = ladder.map((row) => measured(row, value, bias?.value ?? 0));
  const x = logAxis([
    ...ladder.map(({ size }) => size),
    examples / 16,
    1.3 * examples,
    ...(isDrawn ? [proposal.examples / 1.3, 1.3 * proposal.examples] : []),
  ]);
  const curve = x === null ? [] : sizesOn(x).map((size) => samplingErrors(input, size));
  const y = logAxis(
    [
      ...curve.flatMap(({ low, high }) => [drawableOnLog(low), drawableOnLog(high)]),
      ...points.flatMap(({ deviation, biasShare }) => [deviation, biasShare]),
      accuracy,
    ].map(percent),
  );
  const isEmpty = x === null || y === null || !(Math.abs(value) > 0) || curve.length === 0;
  return {
    id: `sampling-${quantity}`,
    title: frame.title,
    caption: caption(input, points, isDrawn),
    alternative: isEmpty ? 'Empty chart: no scatter of examples was seen.' : alternative(input),
    specification: isEmpty
      ? emptyFrame(frame, 'No scatter of examples was seen.')
      : framed(frame, body(input, { x, y, curve, points, isDrawn }, theme)),
    command: input.command,
    references: input.references ?? [],
    data: {
      columns: ['set', 'examples', 'error', 'low', 'high'],
      rows: [
        ...curve.map(({ size, population, low, high }): Cell[] => [
          'population',
          size,
          drawable(population),
          drawable(low),
          drawable(high),
        ]),
        ...curve.flatMap(({ size, among }): Cell[][] =>
          among === null ? [] : [['scatter predicted', size, drawable(among), null, null]],
        ),
        ...curve.flatMap(({ size, bias: share }): Cell[][] =>
          share === null ? [] : [['bias fitted', size, drawable(share), null, null]],
        ),
        ...points.map(({ size, deviation, deviationError }): Cell[] => [
          'scatter measured',
          size,
          drawable(deviation),
          drawable(deviation - deviationError),
          drawable(deviation + deviationError),
        ]),
        ...points.map(({ size, signedBias, biasError }): Cell[] => [
          'bias measured',
          size,
          drawable(signedBias),
          drawable(signedBias - biasError),
          drawable(signedBias + biasError),
        ]),
      ],
    },
  };
}

const percent = (share: number | null): number | null => (share === null ? null : 100 * share);

/** Whole numbers of examples, evenly on the axis. */
function sizesOn({ domain: [low, high] }: LogAxis): number[] {
  const at = Array.from({ length: curvePoints }, (_, i) => low * (high / low) ** (i / (curvePoints - 1)));
  return at.map((size) => Math.max(1, size));
}

interface Measured {
  readonly size: number;
  readonly deviation: number;
  /** s/√(2(r − 1)), for a normal law. */
  readonly deviationError: number;
  readonly signedBias: number;
  /** On a logarithmic axis only a bias of the fitted sign has a place. */
  readonly biasShare: number | null;
  readonly biasError: number;
}

function measured(row: SamplingLadderPoint, value: number, c: number): Measured {
  const whole = Math.abs(value);
  const deviation = row.standardDeviation / whole;
  return {
    size: row.size,
    deviation,
    deviationError: deviation / Math.sqrt(2 * Math.max(1, row.repeats - 1)),
    signedBias: row.bias / whole,
    biasShare: drawableOnLog((Math.sign(c) * row.bias) / whole),
    biasError: row.biasStandardError / whole,
  };
}

interface Drawn {
  readonly x: LogAxis;
  readonly y: LogAxis;
  readonly curve: readonly Errors[];
  readonly points: readonly Measured[];
  readonly isDrawn: boolean;
}

function body(input: SamplingFigureInput, { x, y, curve, points, isDrawn }: Drawn, theme: Theme): Specification {
  const palette = colours[theme];
  const { quantity, examples, accuracy, proposal, bias } = input;
  const names = ['error for the population', `scatter among these ${numberText(examples)}`, ...(bias ? ['bias'] : [])];
  const range = [palette.series[0], palette.series[2], palette.series[3]].slice(0, names.length);
  const color = { field: 'series', type: 'nominal', scale: { domain: names, range } };
  const strokeDash = {
    field: 'series',
    type: 'nominal',
    scale: { domain: names, range: [dash.solid, dash.theory, dash.theory].slice(0, names.length) },
  };
  const channelX = { field: 'size', type: 'quantitative', title: 'Examples n of the subsample', ...logChannel(x) };
  const channelY = { type: 'quantitative', title: `Error, % of the ${quantity}`, ...logChannel(y) };
  const [bottom, top] = y.domain;
  const line = (series: string | undefined, at: (one: Errors) => number | null) =>
    curve
      .map((one) => ({ size: one.size, y: percent(drawableOnLog(at(one))), series }))
      .filter((one) => one.y !== null);
  const bars = (series: string | undefined, rows: readonly { size: number; at: number | null; error: number }[]) =>
    rows.flatMap(({ size, at, error }) =>
      at === null || !(at > 0)
        ? []
        : [
            {
              size,
              y: 100 * at,
              low: Math.max(bottom, 100 * (at - error)),
              high: Math.min(top, 100 * (at + error)),
              series,
            },
          ],
    );
  const dots = [
    ...bars(
      names[1],
      points.map(({ size, deviation, deviationError }) => ({ size, at: deviation, error: deviationError })),
    ),
    ...(bias
      ? bars(
          names[2],
          points.map(({ size, biasShare, biasError }) => ({ size, at: biasShare, error: biasError })),
        )
      : []),
  ];
  const wanted = 100 * accuracy;
  return {
    encoding: { x: channelX },
    layer: [
      {
        data: {
          values: curve.map(({ size, low, high }) => ({
            size,
            low: Math.max(bottom, 100 * low),
            high: Math.min(top, 100 * high),
          })),
        },
        mark: { type: 'area', opacity: 0.2, clip: true, color: palette.series[0] },
        encoding: { y: { field: 'low', ...channelY }, y2: { field: 'high' } },
      },
      {
        data: {
          values: [
            ...line(names[0], ({ population }) => population),
            ...line(names[1], ({ among }) => among),
            ...(bias ? line(names[2], ({ bias: share }) => share) : []),
          ],
        },
        mark: { type: 'line', clip: true },
        encoding: { y: { field: 'y', ...channelY }, color, strokeDash },
      },
      {
        data: { values: dots },
        mark: { type: 'rule', strokeWidth: 1.5, clip: true },
        encoding: { y: { field: 'low', ...channelY }, y2: { field: 'high' }, color },
      },
      {
        data: { values: dots },
        mark: { type: 'point', filled: true, size: 55, opacity: 1, clip: true },
        encoding: { y: { field: 'y', ...channelY }, color },
      },
      ...(wanted >= bottom && wanted <= top
        ? [
            {
              data: {
                values: [{ size: x.domain[0], to: x.domain[1], y: wanted, label: `wanted: ${percentText(accuracy)}` }],
              },
              encoding: { y: { field: 'y', ...channelY } },
              layer: [
                {
                  mark: { type: 'rule', color: palette.threshold, strokeDash: dash.threshold, strokeWidth: 1.5 },
                  encoding: { x2: { field: 'to' } },
                },
                {
                  mark: { type: 'text', align: 'left', dx: 6, dy: 10, fontSize: 12, color: palette.threshold },
                  encoding: { text: { field: 'label' } },
                },
              ],
            },
          ]
        : []),
      ...(isDrawn
        ? [
            {
              data: { values: [{ size: proposal.examples, label: `${numberText(proposal.examples)} examples` }] },
              layer: [
                { mark: { type: 'rule', color: palette.threshold, strokeWidth: 1.5 } },
                {
                  mark: {
                    type: 'text',
                    align: proposal.examples > Math.sqrt(x.domain[0] * x.domain[1]) ? 'right' : 'left',
                    dx: proposal.examples > Math.sqrt(x.domain[0] * x.domain[1]) ? -6 : 6,
                    dy: 8,
                    fontSize: 12,
                    color: palette.threshold,
                  },
                  encoding: { y: { value: 0 }, text: { field: 'label' } },
                },
              ],
            },
            {
              data: {
                values: [
                  {
                    size: Math.max(x.domain[0], proposal.low95),
                    to: Math.min(x.domain[1], proposal.high95),
                    y: wanted,
                  },
                ],
              },
              mark: { type: 'rule', color: palette.threshold, strokeWidth: 5, opacity: 0.55, clip: true },
              encoding: { x2: { field: 'to' }, y: { field: 'y', ...channelY } },
            },
          ]
        : []),
    ],
  };
}

/** Where nothing bounds σ from above, a size would be a guess. */
export const isKnown = ({ high95 }: SamplingFigureInput['proposal']): boolean => Number.isFinite(high95);

/** `For 5 % of the sharpness: 540 examples (95 %: 420 … 730).` */
export function proposalSentence(
  quantity: SamplingFigureInput['quantity'],
  accuracy: number,
  { examples, low95, high95 }: SamplingFigureInput['proposal'],
): string {
  const wanted = `For ${percentText(accuracy)} of the ${quantity}`;
  if (!isKnown({ examples, low95, high95 })) return `${wanted}: the batches and probes are too few to tell how many.`;
  return `${wanted}: ${numberText(examples, 6)} ${examples === 1 ? 'example' : 'examples'} (95 %: ${numberText(low95, 6)} … ${numberText(high95, 6)}).`;
}

function caption(input: SamplingFigureInput, points: readonly Measured[], isDrawn: boolean): string {
  const { quantity, accuracy, proposal, bias, examples, perExample, perExampleLow95, perExampleHigh95 } = input;
  const hidden = bias === null ? 0 : points.filter(({ biasShare }) => biasShare === null).length;
  return [
    `Solid: √(σ²/n + (c/n)²), the root mean square error as a value of the population; its band is that of σ = ${numberText(perExample, 3)} of one example (95 %: ${numberText(perExampleLow95, 3)} … ${numberText(perExampleHigh95, 3)}).`,
    `Dashed: scatter σ/√n √((N − n)/(N − 1)) that subsets of these N = ${numberText(examples)} should have.`,
    points.length > 0 ? 'Points: what random subsets had, ± one standard error.' : '',
    bias === null
      ? ''
      : `Bias |c| (1/n − 1/N) with c = ${numberText(bias.value, 3)} ± ${numberText(bias.standardError, 2)}.`,
    hidden > 0
      ? `${hidden} measured ${hidden === 1 ? 'bias has' : 'biases have'} the other sign and no place on this axis.`
      : '',
    proposalSentence(quantity, accuracy, proposal),
    isDrawn || !isKnown(proposal) ? '' : 'That size lies outside this figure.',
  ]
    .filter(Boolean)
    .join(' ');
}

function alternative(input: SamplingFigureInput): string {
  const { examples, quantity, accuracy, proposal } = input;
  const { population } = samplingErrors(input, examples);
  return `Falling curves of the error against the size of a subsample: with all ${numberText(examples)} examples ${percentText(population)} of the ${quantity}. ${proposalSentence(quantity, accuracy, proposal)}`;
}
