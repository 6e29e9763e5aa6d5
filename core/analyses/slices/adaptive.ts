import { type Axes, type Field, placeOf, pointAt } from '../../fields/grid.ts';

/**
 * Of the points that halving the spacing would add (`candidates`, at `stride`), those around which the surface is
 * curved: where along some axis the second difference at the present spacing, |f₋ − 2f + f₊|/8, the error of linear
 * interpolation half-way, is more than `tolerance` times the range of the finite values at that spacing. What was left out before is
 * interpolated; values that are not finite count as curved, so that the borders of holes are refined. Only
 * values at that spacing are looked at: finer ones, which a grid that is taken up again has, change nothing.
 *
 * A feature that no point of the coarsest level touches is not seen; what was left out stays marked as not computed.
 */
export function curvedPoints(
  axes: Axes,
  field: Field,
  candidates: Int32Array,
  stride: number,
  tolerance: number,
): Int32Array {
  const spacing = 2 * stride;
  const limit = tolerance * rangeOf(axes, field, spacing);
  const valueAt = interpolated(axes, field);
  const curved = new Map<number, boolean>();
  const isCurved = (place: readonly number[]): boolean => {
    const point = pointAt(axes, place);
    const known = curved.get(point);
    if (known !== undefined) return known;
    const now = axes.some(({ length }, k) => {
      const middle = middleOfThree(place[k]!, length, spacing);
      if (middle === null) return true;
      const at = (position: number) => valueAt([...place.slice(0, k), position, ...place.slice(k + 1)], spacing);
      const error = Math.abs(at(middle - spacing) - 2 * at(middle) + at(middle + spacing)) / 8;
      return !(error <= limit);
    });
    curved.set(point, now);
    return now;
  };
  return candidates.filter((point) => cornersOf(axes, placeOf(axes, point), spacing).some(isCurved));
}

function rangeOf(axes: Axes, { values, computed }: Field, spacing: number): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    if (computed[i] !== 1 || !Number.isFinite(values[i])) continue;
    if (!placeOf(axes, i).every((at) => at % spacing === 0)) continue;
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  return high > low ? high - low : 0;
}

/** Three points in a row around a place, or next to the border; null where an axis has no three at this spacing. */
function middleOfThree(at: number, length: number, spacing: number): number | null {
  const last = Math.floor((length - 1) / spacing) * spacing;
  return last < 2 * spacing ? null : Math.min(Math.max(at, spacing), last - spacing);
}

/** The points of the grid of a spacing around a place. */
function cornersOf(axes: Axes, place: readonly number[], spacing: number): number[][] {
  return place.reduce<number[][]>(
    (corners, at, k) => {
      const low = at - (at % spacing);
      const ends = low === at || low + spacing >= axes[k]!.length ? [low] : [low, low + spacing];
      return corners.flatMap((corner) => ends.map((end) => [...corner, end]));
    },
    [[]],
  );
}

/** The value at a place of the grid of a spacing; where it was left out, the mean of the corners around it. */
function interpolated(axes: Axes, { values, computed }: Field) {
  const coarsest = Math.max(...axes.map(({ length }) => length));
  const valueAt = (place: readonly number[], spacing: number): number => {
    const point = pointAt(axes, place);
    if (computed[point] === 1) return values[point]!;
    if (spacing > coarsest) return Number.NaN;
    const corners = cornersOf(axes, place, 2 * spacing);
    return corners.reduce((sum, corner) => sum + valueAt(corner, 2 * spacing), 0) / corners.length;
  };
  return valueAt;
}
