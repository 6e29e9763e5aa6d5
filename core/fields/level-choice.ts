import type { Axes, Field } from './grid.ts';
import { neighboursOf } from './neighbours.ts';

export interface LevelChoice {
  /** Rising; fewer than asked for where the field has fewer different values. */
  readonly levels: readonly number[];
  readonly spacing: 'logarithmic' | 'quantile';
  /** The highest level up to which the surface around the lowest point stays clear of border and unknown cells. */
  readonly closedBelow: number;
}

/** Over this ratio of values equal shares of the volume would crowd the levels into its top. */
const logarithmicBeyond = 100;

/**
 * Levels that show something: between the extremes of the inner points, those with known finite neighbours on every side
 * (a level that only cells at the border reach shows the window, not the field).
 * - `quantile`: level m of n holds the share (m/(n+1))^d of the inner points below it, d the number of axes, so that
 *   surfaces of a bowl lie at equal distances from each other.
 * - `logarithmic`, where all inner values are positive and span more than a hundredfold: equal ratios.
 *
 * Levels are rounded to three digits where that keeps them apart. O(n log n).
 */
export function levelChoice(axes: Axes, field: Field, count: number): LevelChoice {
  const { inner, closedBelow } = innerValues(axes, field);
  const [low, high] = [inner[0], inner[inner.length - 1]];
  if (low === undefined || high === undefined || !(high > low)) return { levels: [], spacing: 'quantile', closedBelow };
  const logarithmic = low > 0 && high / low > logarithmicBeyond;
  const dimension = axes.filter(({ length }) => length > 1).length;
  const raw = Array.from({ length: Math.max(0, count) }, (_, m) => {
    const share = (m + 1) / (count + 1);
    return logarithmic ? low * (high / low) ** share : quantile(inner, share ** dimension);
  });
  const within = (levels: readonly number[]) => [...new Set(levels.filter((level) => level > low && level < high))];
  const rounded = within(raw.map((level) => Number(level.toPrecision(3))));
  const exact = within(raw);
  const levels = (rounded.length < exact.length ? exact : rounded).sort((a, b) => a - b);
  return { levels, spacing: logarithmic ? 'logarithmic' : 'quantile', closedBelow };
}

/** The values of inner points, rising, and the lowest value of the others. */
function innerValues(axes: Axes, { values, computed }: Field): { inner: Float64Array; closedBelow: number } {
  const neighbours = neighboursOf(axes, 'all');
  const list = new Int32Array(neighbours.most);
  const known = (point: number) => computed[point] === 1 && Number.isFinite(values[point]!);
  const inner: number[] = [];
  let closedBelow = Number.POSITIVE_INFINITY;
  for (let point = 0; point < values.length; point++) {
    if (!known(point)) continue;
    const count = neighbours.into(list, point);
    let inside = count === neighbours.most;
    for (let n = 0; n < count && inside; n++) inside = known(list[n]!);
    if (inside) inner.push(values[point]!);
    else closedBelow = Math.min(closedBelow, values[point]!);
  }
  return { inner: Float64Array.from(inner).sort(), closedBelow };
}

function quantile(rising: Float64Array, share: number): number {
  const place = share * (rising.length - 1);
  const at = Math.floor(place);
  const next = rising[Math.min(at + 1, rising.length - 1)]!;
  return rising[at]! + (place - at) * (next - rising[at]!);
}
