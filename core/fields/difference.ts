import { type Axes, coordinatesOf, type Field, pointCount } from './grid.ts';
import { interpolated } from './interpolate.ts';

/** A field on its grid, with one standard error of each value, or null where values are exact. */
export interface GriddedField {
  readonly axes: Axes;
  readonly field: Field;
  readonly standardError: Float64Array | null;
}

export interface FieldDifference extends GriddedField {
  /** Whether the second field had to be interpolated; where it was, its own sampling error comes on top. */
  readonly resampled: boolean;
}

/**
 * f − g on the grid of f; g is interpolated multilinearly where its grid is another one. Unknown where either is unknown,
 * and where the grid of g does not reach. The standard error is √(s_f² + s_g²), as for independent errors: an upper bound
 * where the same examples make both. An interpolated s_g is Σ weights · s, an upper bound for any correlation. A side
 * without an error counts as exact. O(points). Throws RangeError where the numbers of axes differ.
 */
export function difference(first: GriddedField, second: GriddedField): FieldDifference {
  const { axes } = first;
  if (axes.length !== second.axes.length)
    throw new RangeError(`A field on ${axes.length} axes has no difference from one on ${second.axes.length}.`);
  const same = axes.every((axis, k) => sameAxis(axis, second.axes[k]!));
  const points = same ? null : pointsOf(axes);
  const other = points ? interpolated(second.axes, second.field, points) : second.field;
  const count = pointCount(axes);
  const values = new Float64Array(count).fill(Number.NaN);
  const computed = new Uint8Array(count);
  for (let p = 0; p < count; p++) {
    if (first.field.computed[p] !== 1 || other.computed[p] !== 1) continue;
    computed[p] = 1;
    values[p] = first.field.values[p]! - other.values[p]!;
  }
  const [a, b] = [first.standardError, resampledError(second, points)];
  const standardError = a || b ? Float64Array.from(values, (_, p) => combined(computed[p]!, a?.[p], b?.[p])) : null;
  return { axes, field: { values, computed }, standardError, resampled: !same };
}

const combined = (computed: number, a = 0, b = 0): number => (computed === 1 ? Math.hypot(a, b) : Number.NaN);

const sameAxis = (one: Float64Array, other: Float64Array): boolean =>
  one.length === other.length && one.every((at, i) => at === other[i]);

function resampledError({ axes, field, standardError }: GriddedField, points: Float64Array | null) {
  if (!standardError || !points) return standardError;
  return interpolated(axes, { values: standardError, computed: field.computed }, points).values;
}

function pointsOf(axes: Axes): Float64Array {
  const points = new Float64Array(pointCount(axes) * axes.length);
  for (let p = 0; p * axes.length < points.length; p++) points.set(coordinatesOf(axes, p), p * axes.length);
  return points;
}
