import { shortThresholdName } from './edge-sentence.ts';
import { drawable, type Readout, type Specification } from './figure.ts';
import { numberText } from './number-text.ts';
import { colours, dash, type Frame, framed } from './theme.ts';

/** One curve as it is drawn: `at` on the axis of the picture, which need not be λ itself. */
export interface PlottedCurve {
  readonly name: string;
  readonly points: readonly PlottedPoint[];
  /** Drawn as ticks at the upper edge: taken out exactly. */
  readonly above: readonly number[];
  /** Drawn as ticks at the lower edge. */
  readonly below: readonly number[];
}

export interface PlottedPoint {
  readonly at: number | null;
  /** λ, for those who read it off. */
  readonly value: number | null;
  readonly y: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface DensityPlot {
  readonly curves: readonly PlottedCurve[];
  /** Title, scale and axis of the two channels. */
  readonly x: Specification;
  readonly y: Specification;
  /** What is not positive is drawn on it where the axis is logarithmic; null on a linear axis. */
  readonly floor: number | null;
  /** Where it stands on the axis of the picture. */
  readonly threshold: { readonly at: number; readonly name: string; readonly value: number } | null;
  /** In the legend, where a single curve is drawn. */
  readonly aboveName: string;
  readonly belowName: string;
}

const tickHeight = 14;

/** Bands, lines, ticks at both edges, and a named threshold. */
export function densityPlot(plot: DensityPlot, frame: Frame): Specification {
  const { curves, floor, threshold } = plot;
  const palette = colours[frame.theme];
  const isAlone = curves.length === 1;
  const colourAt = (i: number) => palette.series[i] ?? palette.series[0];
  const legend = [
    ...curves.map(({ name }, i) => ({ label: name, colour: colourAt(i) })),
    ...(isAlone && curves.some(({ above }) => above.length > 0)
      ? [{ label: plot.aboveName, colour: palette.series[3] }]
      : []),
    ...(isAlone && curves.some(({ below }) => below.length > 0)
      ? [{ label: plot.belowName, colour: palette.series[1] }]
      : []),
  ];
  const color = {
    field: 'series',
    type: 'nominal',
    scale: { domain: legend.map(({ label }) => label), range: legend.map(({ colour }) => colour) },
  };
  const x = { field: 'x', type: 'quantitative', ...plot.x };
  const y = { type: 'quantitative', ...plot.y };
  const rows = curves.map((curve) => drawnRows(curve, floor));
  const layersOf = (i: number): Specification[] => {
    // The figure's own data are those of the first curve.
    const data = i === 0 ? {} : { data: { values: rows[i] } };
    return [
      {
        ...data,
        mark: { type: 'area', opacity: 0.25, clip: true, color: colourAt(i) },
        encoding: { x, y: { field: 'low', ...y }, y2: { field: 'high' } },
      },
      { ...data, mark: { type: 'line', clip: true }, encoding: { x, y: { field: 'y', ...y }, color } },
    ];
  };
  // Ticks of several spectra stand above each other, each in the colour of its curve.
  const ticks = (values: readonly number[], name: string, from: string, to: string): Specification[] =>
    values.length === 0
      ? []
      : [
          {
            data: { values: values.map((value) => ({ x: value, series: name })) },
            mark: { type: 'rule', strokeWidth: 1.5, clip: true },
            encoding: { x, y: { value: { expr: from } }, y2: { value: { expr: to } }, color },
          },
        ];
  const ticksOf = ({ above, below, name }: PlottedCurve, i: number): Specification[] => [
    ...ticks(
      below,
      isAlone ? plot.belowName : name,
      i === 0 ? 'height' : `height - ${tickHeight * i}`,
      `height - ${tickHeight * (i + 1)}`,
    ),
    ...ticks(above, isAlone ? plot.aboveName : name, `${tickHeight * i}`, `${tickHeight * (i + 1)}`),
  ];
  return framed(frame, {
    data: { values: rows[0] },
    layer: [
      ...(threshold === null ? [] : [thresholdLayer(threshold, x, palette.threshold)]),
      ...curves.flatMap((_, i) => layersOf(i)),
      ...curves.flatMap(ticksOf),
    ],
  });
}

function thresholdLayer(threshold: NonNullable<DensityPlot['threshold']>, x: Specification, colour: string) {
  const label = `${shortThresholdName(threshold.name)} = ${numberText(threshold.value)}`;
  return {
    data: { values: [{ x: threshold.at, label }] },
    encoding: { x },
    layer: [
      { mark: { type: 'rule', color: colour, strokeDash: dash.threshold, strokeWidth: 1.5 } },
      {
        mark: {
          type: 'text',
          align: 'right',
          dx: -6,
          fontSize: 12,
          color: colour,
          y: { expr: `${2 * tickHeight + 6}` },
        },
        encoding: { text: { field: 'label' } },
      },
    ],
  };
}

const drawnRows = ({ points, name }: PlottedCurve, floor: number | null) =>
  points.map(({ at, y, low, high }) => ({
    x: at,
    y: raised(y, floor),
    low: raised(low, floor),
    high: raised(high, floor),
    series: name,
  }));

/** What a logarithmic axis with a floor must have room for. */
export const drawnHeights = (curves: readonly PlottedCurve[], floor: number): (number | null)[] => [
  floor,
  ...curves.flatMap(({ points }) => points.flatMap(({ y, high }) => [raised(y, floor), raised(high, floor)])),
];

const raised = (value: number | null, floor: number | null): number | null =>
  value === null || floor === null ? value : Math.max(floor, value);

/** What a cursor over the plot reads: of each curve its value and band. */
export const plotReadout = (curves: readonly PlottedCurve[], axis: Readout['axis']): Readout => ({
  axis,
  lines: curves.map(({ name, points }) => {
    const kept = points.filter(({ at, y }) => at !== null && y !== null);
    return {
      name,
      at: kept.map(({ at }) => at!),
      x: kept.map(({ value }) => value!),
      y: kept.map(({ y }) => y!),
      low: kept.map(({ low }) => low),
      high: kept.map(({ high }) => high),
    };
  }),
});

/** Numbers that can be drawn; the band of 95 % where there is one. */
export function plottedPoints(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  band: (i: number) => readonly [number, number],
  place: (value: number) => number = (value) => value,
): PlottedPoint[] {
  return Array.from(x, (value, i) => {
    const [low, high] = band(i);
    return {
      at: drawable(place(value)),
      value: drawable(value),
      y: drawable(y[i]),
      low: drawable(low),
      high: drawable(high),
    };
  });
}
