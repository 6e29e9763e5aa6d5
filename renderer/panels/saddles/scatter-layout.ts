import type { ExactCriticalPoint, SearchedPoint } from '../../../core/analyses/saddles/saddle.ts';
import { evenLevels } from '../../../core/figures/contours.ts';
import { drawnOnLog, type FittedCurve } from '../../../core/figures/index-loss-figure.ts';
import { logAxis } from '../../../core/figures/log-axis.ts';
import { numberText } from '../../../core/figures/number-text.ts';
import type { SearchView } from '../../state/searches.ts';

export interface ScatterSize {
  readonly width: number;
  readonly height: number;
}

export interface Tick {
  /** Pixels. */
  readonly at: number;
  readonly text: string;
}

/** A point of the search in its place. */
export interface PlacedPoint {
  readonly point: SearchedPoint;
  readonly x: number;
  readonly y: number;
  /** How often it was found. */
  readonly found: number;
}

export interface ScatterLayout {
  readonly plot: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly points: readonly PlacedPoint[];
  readonly exact: readonly { readonly point: ExactCriticalPoint; readonly x: number; readonly y: number }[];
  /** As SVG writes paths; empty without a curve. */
  readonly curve: string;
  /** Losses too small for the logarithmic axis, drawn at its end. */
  readonly below: number;
}

const inset = 10;
const margins = { left: 62, right: 18, top: 22, bottom: 46 } as const;

export interface ScatterInput {
  readonly points: readonly SearchedPoint[];
  readonly exact: readonly ExactCriticalPoint[];
  readonly curve: FittedCurve | null;
  readonly dim: number;
  readonly view: Pick<SearchView, 'axis' | 'scale'>;
  readonly counts: ReadonlyMap<number, number>;
}

/** Where everything stands in a picture of this size; null where nothing has an index and a loss. */
export function scatterLayout(input: ScatterInput, { width, height }: ScatterSize): ScatterLayout | null {
  const { dim, view, counts } = input;
  const known = input.points.flatMap((point) =>
    point.index !== null && Number.isFinite(point.loss) ? [{ point, negative: point.index.negative }] : [],
  );
  if (known.length + input.exact.length === 0) return null;
  const plot = { left: margins.left, right: width - margins.right, top: margins.top, bottom: height - margins.bottom };
  const share = (negative: number) => (view.axis === 'fraction' ? (100 * negative) / dim : negative);
  const highest = Math.max(
    ...known.map(({ negative }) => share(negative)),
    ...input.exact.map(({ negative }) => share(negative)),
  );
  const across = axisFromZero(highest, view.axis === 'count');
  // Signs at 0 stand beside the numbers of the losses, not on them.
  const x = (value: number) => plot.left + inset + (value / across.end) * (plot.right - plot.left - inset);
  const losses = [...known.map(({ point }) => point.loss), ...input.exact.map(({ loss }) => loss)];
  const up = lossAxis(losses, view.scale);
  const y = (loss: number) => plot.bottom - up.share(loss) * (plot.bottom - plot.top);
  const suffix = view.axis === 'fraction' ? ' %' : '';
  return {
    plot,
    xTicks: across.ticks.map((tick) => ({ at: x(tick), text: `${numberText(tick, 3)}${suffix}` })),
    yTicks: up.ticks.map(({ loss, text }) => ({ at: y(loss), text })),
    points: known.map(({ point, negative }) => ({
      point,
      x: x(share(negative)),
      y: y(point.loss),
      found: counts.get(point.number) ?? 1,
    })),
    exact: input.exact.map((point) => ({ point, x: x(share(point.negative)), y: y(point.loss) })),
    curve: curvePath(input.curve, (fraction) => x(share(fraction * dim)), y, plot, view.scale),
    below: up.below,
  };
}

/** From 0 to a little beyond the largest value; `whole`: of counts. */
function axisFromZero(highest: number, whole: boolean): { readonly end: number; readonly ticks: readonly number[] } {
  const { step, levels } = evenLevels(0, highest > 0 ? highest : 1, 7);
  const end = highest + 0.05 * (highest > 0 ? highest : 1);
  const ticks = [0, ...levels.filter((level) => level > 0), step * (Math.floor(highest / step) + 1)];
  return { end, ticks: [...new Set(ticks)].filter((tick) => tick <= end && (!whole || Number.isInteger(tick))) };
}

interface LossAxis {
  /** From 0 at the bottom to 1 at the top. */
  share(loss: number): number;
  readonly ticks: readonly { readonly loss: number; readonly text: string }[];
  readonly below: number;
}

function lossAxis(losses: readonly number[], scale: SearchView['scale']): LossAxis {
  const drawn = drawnOnLog(losses);
  const axis = scale === 'log' ? logAxis(losses.map(drawn)) : null;
  if (axis !== null) {
    const [low, high] = axis.domain.map(Math.log10) as [number, number];
    const below = losses.filter((loss) => drawn(loss) !== loss).length;
    const ticks = axis.ticks.map((loss, i) => ({ loss, text: axis.labels[i]! }));
    return { share: (loss) => (Math.log10(drawn(loss)) - low) / (high - low), ticks, below };
  }
  const [least, most] = [Math.min(...losses), Math.max(...losses)];
  const margin = 0.06 * (most - least || Math.abs(most) || 1);
  const [low, high] = [least >= 0 && least < 0.3 * most ? 0 : least - margin, most + margin];
  const { levels } = evenLevels(low, high, 6);
  return {
    share: (loss) => (loss - low) / (high - low),
    ticks: levels.map((loss) => ({ loss, text: numberText(loss, 4) })),
    below: 0,
  };
}

function curvePath(
  curve: FittedCurve | null,
  x: (fraction: number) => number,
  y: (loss: number) => number,
  plot: ScatterLayout['plot'],
  scale: SearchView['scale'],
): string {
  let path = '';
  for (const { fraction, loss } of curve?.points ?? []) {
    if (scale === 'log' && loss <= 0) continue;
    const [px, py] = [x(fraction), y(loss)];
    if (px > plot.right || py < plot.top || py > plot.bottom) continue;
    path += `${path === '' ? 'M' : 'L'}${px.toFixed(1)} ${py.toFixed(1)}`;
  }
  return path;
}

/** The point nearest to a pixel, within reach; null where none is. Of several in one place the first. */
export function nearestPoint(points: readonly PlacedPoint[], x: number, y: number, reach = 16): PlacedPoint | null {
  let best: PlacedPoint | null = null;
  let least = reach;
  for (const placed of points) {
    const pixels = Math.hypot(placed.x - x, placed.y - y);
    if (pixels < least) [best, least] = [placed, pixels];
  }
  return best;
}

/** The next point by loss, then by index, from the selected one; the first where none is selected. */
export function neighbour(points: readonly PlacedPoint[], selected: number | null, by: number): SearchedPoint | null {
  const ordered = points.map(({ point }) => point).sort((a, b) => a.loss - b.loss || a.number - b.number);
  const at = ordered.findIndex(({ number }) => number === selected);
  if (at < 0) return ordered[by > 0 ? 0 : ordered.length - 1] ?? null;
  return ordered[Math.min(ordered.length - 1, Math.max(0, at + by))] ?? null;
}

/** Larger where it was found more often: its area grows with the logarithm of how often. */
export const sizeOf = (found: number): number => Math.sqrt(1 + 0.6 * Math.log2(Math.max(1, found)));

export interface LabelPlace {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'end';
}

/** Where the label of a point hides the fewest others. */
export function labelPlace(
  { x, y }: Pick<PlacedPoint, 'x' | 'y'>,
  points: readonly PlacedPoint[],
  plot: ScatterLayout['plot'],
  [width, height]: readonly [number, number] = [150, 34],
): LabelPlace {
  const places: LabelPlace[] = [
    { x: x + 16, y: y - 30, anchor: 'start' },
    { x: x - 16, y: y - 30, anchor: 'end' },
    { x: x + 16, y: y + 34, anchor: 'start' },
    { x: x - 16, y: y + 34, anchor: 'end' },
    { x: x + 30, y: y - 70, anchor: 'start' },
    { x: x + 30, y: y + 76, anchor: 'start' },
  ];
  const cost = (place: LabelPlace): number => {
    const [left, top] = [place.anchor === 'start' ? place.x : place.x - width, place.y - 14];
    const outside = left < plot.left || left + width > plot.right || top < plot.top || top + height > plot.bottom;
    const covered = points.filter(
      (one) => one.x > left - 6 && one.x < left + width && one.y > top && one.y < top + height,
    );
    return (outside ? 1000 : 0) + covered.length;
  };
  return places.reduce((best, place) => (cost(place) < cost(best) ? place : best));
}
