import type { Barrier } from '../fields/barrier.ts';
import { evenLevels } from './contours.ts';
import type { SliceQuantity } from './field-colours.ts';
import { drawable, drawableOnLog, type Specification } from './figure.ts';
import { largest, smallest } from './largest.ts';
import { labelExpression, logAxis, logChannel } from './log-axis.ts';
import { numberText } from './number-text.ts';
import { cellState } from './plane-layers.ts';
import type { SliceAxis, Uncertainty } from './slice-input.ts';
import { colours, dash, type Theme } from './theme.ts';

/** One quantity along a line, of one run or set of examples. */
export interface SliceLine {
  /** `train`, `test`, `run 2` */
  readonly name: string;
  readonly values: ArrayLike<number>;
  /** 1 where the value was computed. */
  readonly computed: ArrayLike<number>;
  readonly uncertainty: Uncertainty | null;
}

/** Lines of one quantity share a plot; another quantity has a plot of its own below, never a second axis. */
export interface LinePlot {
  readonly quantity: SliceQuantity;
  readonly lines: readonly SliceLine[];
}

export interface LinePlace {
  readonly alpha: SliceAxis;
  /** Of the lower axis; null where the plot below has it. */
  readonly title: string | null;
  /** With the upper axis. */
  readonly lengths: boolean;
  readonly yTitle: string;
  readonly theme: Theme;
}

/** A logarithmic axis pays from this ratio on. */
const decade = 10;

/** Bands, chords, lines with gaps, single points, infinities at the edges, barrier. */
export function lineLayers(
  { quantity, lines }: LinePlot,
  barriers: readonly (Barrier | null)[],
  { alpha, title, lengths, yTitle, theme }: LinePlace,
): Specification {
  const palette = colours[theme];
  const known = lines.flatMap(({ values, computed }) =>
    Array.from(values).filter((value, i) => computed[i] === 1 && Number.isFinite(value)),
  );
  const positive = known.every((value) => value > 0);
  const wide = largest(known) / smallest(known) >= decade;
  const logarithmic = positive && (quantity.scale === 'log' || (quantity.scale === 'automatic' && wide));
  const place = logarithmic ? drawableOnLog : drawable;
  const colour = (i: number) => palette.series[i % palette.series.length]!;
  const bands = lines.map((line) => bandOf(line, alpha, place));
  const heights = bands.flatMap((points) => points.flatMap(({ y, low, high }) => [y, low, high]));
  const axis = logarithmic ? logAxis(heights) : null;
  const [floor, roof] = axis?.domain ?? roomy(heights);
  const at = Array.from(alpha.values);
  const margin = 0.02 * (largest(at) - smallest(at)) || 0.5;
  const domain = [smallest(at) - margin, largest(at) + margin];
  const x = { field: 'x', type: 'quantitative', title: null, scale: { domain, nice: false }, axis: null };
  const y = {
    type: 'quantitative',
    title: yTitle,
    ...(axis ? logChannel(axis) : { scale: { domain: [floor, roof], nice: false, zero: false } }),
  };
  const names = lines.map(({ name }) => name);
  const color =
    lines.length > 1
      ? { field: 'name', type: 'nominal', scale: { domain: names, range: names.map((_, i) => colour(i)) } }
      : { value: colour(0) };
  const states = lines.flatMap((line) => statesOf(line, alpha));
  const marks = (kind: 'infinite' | 'minus infinity' | 'not a number', shape: string, edge: number) => {
    const values = states.filter(({ state }) => state === kind);
    return values.length === 0
      ? []
      : [
          {
            data: { values },
            mark: { type: 'point', shape, size: 70, filled: kind !== 'not a number', opacity: 1, strokeWidth: 1.75 },
            encoding: { x, y: { datum: edge, ...y }, color },
          },
        ];
  };
  const first = barriers.find((one) => one !== null && one.height > 0 && Number.isFinite(one.height));
  const middle = first ? place(chordAt(first, first.alpha) + first.height / 2) : null;
  return {
    layer: [
      {
        data: { values: domain.map((end) => ({ x: end })) },
        mark: { type: 'point', opacity: 0 },
        encoding: {
          x: { ...x, title, axis: { grid: false, ...(title === null ? { labels: false } : {}) } },
          // Vega-Lite 6.4 writes the height of a plot in a column twice where two of its layers have no vertical place.
          y: { datum: floor, ...y },
        },
      },
      ...(lengths ? [lengthAxis(x, { datum: floor, ...y }, domain as [number, number], alpha.norm)] : []),
      ...bands.map((points, i) => ({
        data: { values: points },
        mark: { type: 'area', opacity: 0.2, clip: true, color: colour(i) },
        encoding: { x, y: { field: 'low', ...y }, y2: { field: 'high' } },
      })),
      ...barriers.flatMap((barrier, i) => chordLayer(barrier, at, { x, y }, place, colour(i))),
      {
        data: { values: bands.flat() },
        mark: { type: 'line', clip: true, strokeWidth: 2 },
        encoding: { x, y: { field: 'y', ...y }, color },
      },
      {
        data: { values: bands.flatMap(single) },
        mark: { type: 'point', filled: true, size: 28, opacity: 1, clip: true },
        encoding: { x, y: { field: 'y', ...y }, color },
      },
      ...marks('infinite', 'triangle-up', roof),
      ...marks('minus infinity', 'triangle-down', floor),
      ...marks('not a number', 'M-1,-1L1,1M-1,1L1,-1', floor),
      ...barriers.flatMap((barrier, i) =>
        barrierLayers(barrier, { x, y }, place, colour(i), {
          domain: domain as [number, number],
          height: middle,
          offset: 16 * i,
          background: palette.background,
        }),
      ),
    ],
    resolve: { axis: { x: 'independent' } },
  };
}

/** A twentieth of what is seen above and below. */
function roomy(heights: readonly (number | null)[]): readonly [number, number] {
  const [low, high] = [smallest(heights), largest(heights)];
  const room = 0.05 * (high - low) || 0.5;
  return low <= high ? [low - room, high + room] : [0, 1];
}

interface BandPoint {
  readonly x: number;
  readonly y: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly name: string;
}

/** Null where nothing was computed or it is not finite: a gap. */
function bandOf(
  { name, values, computed, uncertainty }: SliceLine,
  { values: at }: SliceAxis,
  place: (value: number | null | undefined) => number | null,
): BandPoint[] {
  return Array.from(at, (x, i) => {
    const value = computed[i] === 1 ? drawable(values[i]) : null;
    const error = value === null ? null : drawable(uncertainty?.values[i]);
    const y = place(value);
    // A band that reaches below zero ends at the lower edge of a logarithmic axis.
    const low = error === null || value === null ? null : (place(value - error) ?? y! * 1e-3);
    return { x, y, low, high: error === null || value === null ? null : place(value + error), name };
  });
}

/** Points without a neighbour, which no line shows. */
const single = (points: readonly BandPoint[]): BandPoint[] =>
  points.filter(({ y }, i) => y !== null && (points[i - 1]?.y ?? null) === null && (points[i + 1]?.y ?? null) === null);

const statesOf = ({ name, values, computed }: SliceLine, { values: at }: SliceAxis) =>
  Array.from(at, (x, i) => ({ x, name, state: cellState(values[i]!, computed[i]!) }));

/** Above the plot, in units of parameter space, at round numbers of its own. */
function lengthAxis(x: object, y: object, [from, to]: readonly [number, number], norm: number) {
  const { levels } = evenLevels(from * norm, to * norm, 6);
  const ticks = levels.map((length) => length / norm);
  return {
    data: { values: [{ x: from }, { x: to }] },
    mark: { type: 'point', opacity: 0 },
    encoding: {
      x: {
        ...x,
        title: 'distance ‖α d‖, signed',
        axis: {
          orient: 'top',
          grid: false,
          values: ticks,
          // Vega draws every other of more values than the count it is told.
          tickCount: 20,
          labelExpr: labelled(ticks, levels),
        },
      },
      y,
    },
  };
}

const labelled = (ticks: readonly number[], lengths: readonly number[]): string =>
  labelExpression(
    ticks,
    lengths.map((length) => numberText(length, 6)),
  );

interface Channels {
  readonly x: object;
  readonly y: object;
}

const chordAt = ({ zero, one }: Barrier, at: number): number => (1 - at) * zero + at * one;

/** What the line would be without a barrier: straight between its ends, curved on a logarithmic axis. */
function chordLayer(
  barrier: Barrier | null,
  at: readonly number[],
  { x, y }: Channels,
  place: (value: number) => number | null,
  color: string,
): object[] {
  if (barrier === null) return [];
  const values = at.filter((a) => a > -1e-9 && a < 1 + 1e-9).map((a) => ({ x: a, y: place(chordAt(barrier, a)) }));
  return [
    {
      data: { values },
      mark: { type: 'line', strokeDash: dash.theory, strokeWidth: 1.25, color, clip: true },
      encoding: { x, y: { field: 'y', ...y } },
    },
  ];
}

interface BarrierLabel {
  readonly domain: readonly [number, number];
  /** All labels stand below each other from here: those of two lines must not meet. */
  readonly height: number | null;
  readonly offset: number;
  readonly background: string;
}

/** From the chord to the highest point above it. */
function barrierLayers(
  barrier: Barrier | null,
  { x, y }: Channels,
  place: (value: number) => number | null,
  color: string,
  { domain: [from, to], height, offset, background }: BarrierLabel,
): object[] {
  if (barrier === null || !(barrier.height > 0) || !Number.isFinite(barrier.height)) return [];
  const low = chordAt(barrier, barrier.alpha);
  const label = `barrier ${barrier.complete ? '' : '≥ '}${numberText(barrier.height, 3)}`;
  const data = {
    values: [
      {
        x: barrier.alpha,
        low: place(low),
        high: place(low + barrier.height),
        middle: height,
        label,
      },
    ],
  };
  const left = (barrier.alpha - from) / (to - from) > 0.7;
  return [
    {
      data,
      mark: { type: 'rule', color, strokeWidth: 1.5 },
      encoding: { x, y: { field: 'low', ...y }, y2: { field: 'high' } },
    },
    ...[{ color: background, stroke: background, strokeWidth: 5, strokeJoin: 'round' }, { color }].map((ink) => ({
      data,
      mark: { type: 'text', fontSize: 12, align: left ? 'right' : 'left', dx: left ? -6 : 6, dy: offset, ...ink },
      encoding: { x, y: { field: 'middle', ...y }, text: { field: 'label' } },
    })),
  ];
}
