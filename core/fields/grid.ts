/**
 * Points of a rectilinear grid of one to three axes, in one order everywhere: point (i, j, k) is entry i + n₀(j + n₁k),
 * the first axis varies fastest. On a plane that is a matrix with a row for each β and a column for each α.
 */
export type Axes = readonly Float64Array[];

/** One number a point. NaN and infinities are data; what was not computed is told by the mask alone. */
export interface Field {
  readonly values: Float64Array;
  /** 1 where the value was computed. */
  readonly computed: Uint8Array;
}

export const pointCount = (axes: Axes): number => axes.reduce((count, { length }) => count * length, 1);

/** The place of a point along each axis. */
export function placeOf(axes: Axes, point: number): number[] {
  let rest = point;
  return axes.map(({ length }) => {
    const at = rest % length;
    rest = Math.floor(rest / length);
    return at;
  });
}

/** The coordinates of a point. */
export const coordinatesOf = (axes: Axes, point: number): number[] =>
  placeOf(axes, point).map((at, k) => axes[k]![at]!);

/** The point at a place along each axis. */
export const pointAt = (axes: Axes, place: readonly number[]): number =>
  axes.reduceRight((point, { length }, k) => point * length + place[k]!, 0);

/** Nothing of it is computed yet. */
export function emptyField(axes: Axes): Field {
  const count = pointCount(axes);
  return { values: new Float64Array(count).fill(Number.NaN), computed: new Uint8Array(count) };
}
