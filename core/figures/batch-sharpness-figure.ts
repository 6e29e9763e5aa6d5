import { shortThresholdName } from './edge-sentence.ts';
import { type Cell, drawable, type Figure, type Reference, type Specification } from './figure.ts';
import { linearDomain } from './linear-domain.ts';
import { numberText } from './number-text.ts';
import { colours, dash, emptyFrame, type Frame, framed, type Theme } from './theme.ts';

export interface BatchReadings {
  readonly mean: number;
  readonly standardError: number;
  /** At 5, 25, 50, 75 and 95 %. */
  readonly quantiles: readonly number[];
  readonly values: readonly number[];
}

export interface BatchSharpnessFigureInput {
  readonly batchSize: number;
  /** λ_max of the Hessian of each mini-batch. */
  readonly sharpness: BatchReadings;
  /** gᵀHg/‖g‖² of each with its own gradient. */
  readonly alongGradient: BatchReadings;
  /** λ_max of all examples. */
  readonly whole: number;
  /** That of the full-batch optimiser; null where there is none. */
  readonly threshold: { readonly name: string; readonly value: number } | null;
  readonly command: string;
  readonly references?: readonly Reference[];
}

const names = ['λ_max(H_B)', 'gᵀHg/‖g‖²'] as const;
/** The strips have this much of their rows. */
const spread = 0.3;

/** Every mini-batch as a point, with quantiles, mean and the threshold that its sharpness is held against. */
export function batchSharpnessFigure(input: BatchSharpnessFigureInput, theme: Theme = 'light'): Figure {
  const { batchSize, sharpness, alongGradient, whole, threshold } = input;
  const sets = [sharpness, alongGradient];
  const frame: Frame = {
    title: 'Sharpness of mini-batches',
    subtitle: `of ${numberText(batchSize)} examples each: every batch a point`,
    description: 'Sharpness of mini-batches',
    theme,
  };
  const values = sets.flatMap((set) => set.values.map(drawable)).filter((value) => value !== null);
  const highest = Math.max(whole, ...values);
  // A line far away would press the points together.
  const limit = threshold && threshold.value <= 3 * highest ? threshold : null;
  const told = sets
    .map(({ mean, standardError }, i) => `${names[i]}: mean ${numberText(mean, 3)} ± ${numberText(standardError, 2)}`)
    .join('; ');
  const lost = sets.reduce((sum, set) => sum + set.values.length, 0) - values.length;
  return {
    id: 'mini-batch-sharpness',
    title: frame.title,
    caption: [
      'Points: one a mini-batch. Thin line from 5 to 95 %, thick from 25 to 75 %, the gap between is the median; the cross is the mean ± one standard error.',
      threshold && limit === null
        ? `${shortThresholdName(threshold.name)} = ${numberText(threshold.value)} lies outside this figure.`
        : '',
      lost > 0
        ? `${lost} ${lost === 1 ? 'value that is not finite is' : 'values that are not finite are'} left out.`
        : '',
    ]
      .filter(Boolean)
      .join(' '),
    alternative:
      values.length === 0
        ? 'Empty chart: no mini-batch was measured.'
        : `Two strips of points. ${told}. All examples: ${numberText(whole)}.`,
    specification:
      values.length === 0
        ? emptyFrame(frame, 'No mini-batch was measured.')
        : framed(frame, body(input, linearDomain([...values, whole, limit?.value ?? null]), limit, theme)),
    command: input.command,
    references: input.references ?? [],
    data: {
      columns: ['quantity', 'batch', 'value'],
      rows: sets.flatMap((set, i) =>
        set.values.map((value, batch): Cell[] => [names[i] ?? '', batch + 1, drawable(value)]),
      ),
    },
  };
}

/** Points beside each other without chance: the golden section fills a strip evenly. */
const placeOf = (i: number): number => spread * (((i * 0.618034) % 1) - 0.5);

function body(
  { sharpness, alongGradient, whole }: BatchSharpnessFigureInput,
  domain: readonly [number, number],
  limit: BatchSharpnessFigureInput['threshold'],
  theme: Theme,
): Specification {
  const palette = colours[theme];
  const rows = [sharpness, alongGradient].map((set, i) => ({ ...set, row: 1 - i, name: names[i] }));
  const x = { type: 'quantitative', title: 'Curvature', scale: { domain, nice: false } };
  const y = {
    field: 'y',
    type: 'quantitative',
    title: null,
    scale: { domain: [-0.6, 1.6], nice: false },
    axis: { values: [0, 1], labelExpr: `datum.value > 0.5 ? '${names[0]}' : '${names[1]}'`, grid: false },
  };
  const color = {
    field: 'name',
    type: 'nominal',
    legend: null,
    scale: { domain: names, range: [palette.series[0], palette.series[1]] },
  };
  const box = rows.flatMap(({ quantiles, row, name, mean, standardError }) => {
    const [q5, q25, q50, q75, q95] = quantiles.map(drawable);
    return [
      {
        y: row - 0.3,
        name,
        q5,
        q25,
        q50,
        q75,
        q95,
        mean: drawable(mean),
        low: drawable(mean - standardError),
        high: drawable(mean + standardError),
      },
    ];
  });
  const rule = (from: string, to: string, strokeWidth: number) => ({
    mark: { type: 'rule', strokeWidth },
    encoding: { x: { field: from, ...x }, x2: { field: to }, y, color },
  });
  const vertical = (at: number, label: string, colour: string, strokeDash: readonly number[], dy: number) => ({
    data: { values: [{ at, label }] },
    encoding: { x: { field: 'at', ...x } },
    layer: [
      { mark: { type: 'rule', color: colour, strokeDash, strokeWidth: 1.5 } },
      {
        mark: {
          type: 'text',
          align: at > (domain[0] + domain[1]) / 2 ? 'right' : 'left',
          dx: at > (domain[0] + domain[1]) / 2 ? -5 : 5,
          dy,
          fontSize: 12,
          color: colour,
        },
        encoding: { y: { value: 0 }, text: { field: 'label' } },
      },
    ],
  });
  return {
    layer: [
      {
        data: {
          values: rows.flatMap(({ values, row, name }) =>
            values.map((value, i) => ({ v: drawable(value), y: row + placeOf(i) + 0.08, name })),
          ),
        },
        mark: { type: 'point', filled: true, size: 22, opacity: 0.7 },
        encoding: { x: { field: 'v', ...x }, y, color },
      },
      { data: { values: box }, layer: [rule('q5', 'q95', 1.5), rule('q25', 'q75', 7)] },
      {
        data: { values: box },
        mark: { type: 'tick', orient: 'vertical', size: 11, thickness: 3, color: palette.background },
        encoding: { x: { field: 'q50', ...x }, y },
      },
      {
        data: { values: box },
        layer: [
          {
            mark: { type: 'rule', strokeWidth: 1.5, color: palette.text, yOffset: 11 },
            encoding: { x: { field: 'low', ...x }, x2: { field: 'high' }, y },
          },
          {
            mark: {
              type: 'point',
              shape: 'cross',
              filled: true,
              size: 45,
              opacity: 1,
              color: palette.text,
              yOffset: 11,
            },
            encoding: { x: { field: 'mean', ...x }, y },
          },
        ],
      },
      vertical(whole, `all examples: ${numberText(whole)}`, palette.quiet, dash.solid, 24),
      ...(limit
        ? [
            vertical(
              limit.value,
              `${shortThresholdName(limit.name)} = ${numberText(limit.value)}`,
              palette.threshold,
              dash.threshold,
              8,
            ),
          ]
        : []),
    ],
  };
}
