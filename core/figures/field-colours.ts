import { colourScaleTicks } from './colour-scale.ts';
import { evenLevels } from './contours.ts';
import { drawable } from './figure.ts';
import { largest, smallest } from './largest.ts';
import { labelExpression } from './log-axis.ts';
import { numberText } from './number-text.ts';
import { viridis } from './theme.ts';
import { wrapped } from './wrapped-text.ts';

/** A quantity on a slice, and how colours or heights follow it. */
export interface SliceQuantity {
  /** Its column in tables: `loss`, `gradient_norm`. */
  readonly id: string;
  /** `Loss`, `Gradient norm` */
  readonly title: string;
  /** `L`, `‖∇L‖`; may be empty. */
  readonly symbol: string;
  /** `nats`; null where it has none. */
  readonly unit: string | null;
  /**
   * `automatic`: logarithmic where every value is positive. `log` becomes linear where one is not, and the caption says
   * so. `diverging`: blue below zero, red above, of equal strength at equal distance, and zero neutral.
   */
  readonly scale: 'automatic' | 'linear' | 'log' | 'diverging';
}

/** Values beyond are drawn in the colour of the end. */
export interface Clip {
  readonly low?: number;
  readonly high?: number;
}

export interface ColourScale {
  readonly kind: 'linear' | 'log' | 'diverging';
  /** Of heights: of the decimal logarithm on a logarithmic scale. */
  readonly domain: readonly [number, number];
  readonly range: readonly string[];
  /** Heights of the clip, where values really lie beyond it. */
  readonly clipLow: number | null;
  readonly clipHigh: number | null;
  /** Where a value lies on the scale, not clipped; null for what has no place on it. */
  height(value: number): number | null;
}

/** ColorBrewer's RdBu (Harrower and Brewer 2003), blue first; equal lightness at equal distance from the neutral middle. */
export const diverging: readonly string[] = [
  '#053061',
  '#2166ac',
  '#4393c3',
  '#92c5de',
  '#d1e5f0',
  '#f7f7f7',
  '#fddbc7',
  '#f4a582',
  '#d6604d',
  '#b2182b',
  '#67001f',
];

/** The colour scale of values; null stands for what is not drawn. */
export function colourScaleOf(
  values: readonly (number | null)[],
  wanted: SliceQuantity['scale'],
  clip: Clip | null = null,
): ColourScale {
  const finite = values.map(drawable).filter((value) => value !== null);
  const positive = finite.length > 0 && finite.every((value) => value > 0);
  const kind = wanted === 'diverging' ? 'diverging' : wanted !== 'linear' && positive ? 'log' : 'linear';
  const height = (value: number) => (kind === 'log' ? drawable(value > 0 ? Math.log10(value) : null) : drawable(value));
  const heights = finite.map(height);
  const [low, high] = [smallest(heights), largest(heights)];
  const end = (bound: number | undefined) => (bound === undefined ? null : height(bound));
  const [floor, roof] = [end(clip?.low), end(clip?.high)];
  const clipLow = floor !== null && floor > low ? floor : null;
  const clipHigh = roof !== null && roof < high ? roof : null;
  const domain = widened(clipLow ?? low, clipHigh ?? high);
  const reach = Math.max(Math.abs(domain[0]), Math.abs(domain[1])) || 0.5;
  return {
    kind,
    domain: kind === 'diverging' ? [-reach, reach] : domain,
    range: kind === 'diverging' ? diverging : viridis,
    clipLow,
    clipHigh,
    height,
  };
}

function widened(low: number, high: number): readonly [number, number] {
  if (low < high) return [low, high];
  return low <= high ? [low - 0.5, high + 0.5] : [-0.5, 0.5];
}

const contourCount = 9;

/** Round levels across the scale, about nine. */
export const contourLevels = ({ domain: [low, high] }: ColourScale) => evenLevels(low, high, contourCount);

/** `contours every 0.5 decades`; empty where there are none. */
export function contourText(step: number, { kind }: ColourScale): string {
  if (step === 0) return '';
  const size = `contours every ${numberText(step, 2)}`;
  return kind === 'log' ? `${size} ${step === 1 ? 'decade' : 'decades'}` : size;
}

/** `Loss L (nats)` */
export const quantityTitle = ({ title, symbol, unit }: SliceQuantity): string =>
  [title, symbol, unit && `(${unit})`].filter(Boolean).join(' ');

/** Letters of a line over the colour bar. */
const barTitle = 14;

/** The colour channel of heights, with its bar on the right, `bar` long; without one for 0. */
export function colourChannel(quantity: SliceQuantity, scale: ColourScale, bar: number) {
  const [low, high] = scale.domain;
  const value = (height: number) => numberText(scale.kind === 'log' ? 10 ** height : height, 3);
  const ends = [
    ...(scale.clipLow === null ? [] : [{ at: low, label: `≤ ${value(low)}` }]),
    ...(scale.clipHigh === null ? [] : [{ at: high, label: `≥ ${value(high)}` }]),
  ];
  const room = 0.06 * (high - low);
  const between = colourScaleTicks(low, high, scale.kind === 'log').filter(({ at }) =>
    ends.every((end) => Math.abs(end.at - at) > room),
  );
  const ticks = [...between, ...ends].sort((a, b) => a.at - b.at);
  const places = ticks.map(({ at }) => at);
  return {
    field: 'z',
    type: 'quantitative',
    scale: { type: 'linear', domain: [low, high], range: scale.range, interpolate: 'rgb', clamp: true },
    legend:
      bar > 0
        ? {
            title: wrapped(quantityTitle(quantity), barTitle),
            orient: 'right',
            direction: 'vertical',
            type: 'gradient',
            gradientLength: bar,
            gradientThickness: 14,
            titlePadding: 10,
            titleLimit: 300,
            values: places,
            labelExpr: labelExpression(
              places,
              ticks.map(({ label }) => label),
            ),
          }
        : null,
  };
}
