import type { Axes, Field } from '../../fields/grid.ts';
import { strides } from './grid-order.ts';

/**
 * Of the points that halving the spacing would add (`candidates`, at `stride`), those around which the surface is
 * curved: where along some axis the second difference at the present spacing, |f₋ − 2f + f₊|/8, the error of linear
 * interpolation half-way, is more than `tolerance` times the range of the finite values at that
 * spacing. What was left out before is interpolated; values that are not finite count as curved, so that the borders of
 * holes are refined. Only values at that spacing are looked at: finer ones, which a grid that is taken up again has, change
 * nothing. Cost: a few passes over the points.
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
  const lattice = { axes, steps: stepsOf(axes), spacing };
  const values = interpolated(axes, field, spacing);
  const curved = curvedMarks(lattice, values, tolerance * rangeOf(lattice, field));
  const place = new Int32Array(axes.length);
  return candidates.filter((point) => {
    placeInto(axes, point, place);
    return cornersOf(lattice, place).some((corner) => curved[corner] === 1);
  });
}

/** The points of a grid whose places are multiples of a spacing along every axis. */
interface Lattice {
  readonly axes: Axes;
  /** How far apart neighbours along each axis lie in a field. */
  readonly steps: readonly number[];
  readonly spacing: number;
}

const stepsOf = (axes: Axes): number[] =>
  axes.map((_, k) => axes.slice(0, k).reduce((product, { length }) => product * length, 1));

function placeInto(axes: Axes, point: number, place: Int32Array): void {
  let rest = point;
  for (let k = 0; k < axes.length; k++) {
    place[k] = rest % axes[k]!.length;
    rest = Math.floor(rest / axes[k]!.length);
  }
}

/** Calls with every point of a lattice and its place, which is overwritten. */
function eachPoint({ axes, steps, spacing }: Lattice, visit: (point: number, place: Int32Array) => void): void {
  const counts = axes.map(({ length }) => Math.ceil(length / spacing));
  const total = counts.reduce((product, count) => product * count, 1);
  const place = new Int32Array(axes.length);
  for (let number = 0; number < total; number++) {
    let [rest, point] = [number, 0];
    for (let k = 0; k < counts.length; k++) {
      place[k] = (rest % counts[k]!) * spacing;
      point += place[k]! * steps[k]!;
      rest = Math.floor(rest / counts[k]!);
    }
    visit(point, place);
  }
}

function rangeOf(lattice: Lattice, { values, computed }: Field): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  eachPoint(lattice, (point) => {
    if (computed[point] !== 1 || !Number.isFinite(values[point])) return;
    low = Math.min(low, values[point]!);
    high = Math.max(high, values[point]!);
  });
  return high > low ? high - low : 0;
}

/** 1 at the points of the lattice where some second difference is more than the limit, or cannot be told. */
function curvedMarks(lattice: Lattice, values: Float64Array, limit: number): Uint8Array {
  const { axes, steps, spacing } = lattice;
  const marks = new Uint8Array(values.length);
  eachPoint(lattice, (point, place) => {
    const isCurved = axes.some(({ length }, k) => {
      const middle = middleOfThree(place[k]!, length, spacing);
      if (middle === null) return true;
      const at = point + (middle - place[k]!) * steps[k]!;
      const reach = spacing * steps[k]!;
      return !(Math.abs(values[at - reach]! - 2 * values[at]! + values[at + reach]!) / 8 <= limit);
    });
    if (isCurved) marks[point] = 1;
  });
  return marks;
}

/** Three points in a row around a place, or next to the border; null where an axis has no three at this spacing. */
function middleOfThree(at: number, length: number, spacing: number): number | null {
  const last = Math.floor((length - 1) / spacing) * spacing;
  return last < 2 * spacing ? null : Math.min(Math.max(at, spacing), last - spacing);
}

/** The points of the lattice around a place. */
function cornersOf({ axes, steps, spacing }: Lattice, place: Int32Array): number[] {
  let corners = [0];
  for (let k = 0; k < axes.length; k++) {
    const low = place[k]! - (place[k]! % spacing);
    const high = low + spacing;
    const isBetween = low !== place[k] && high < axes[k]!.length;
    corners = corners.flatMap((corner) =>
      isBetween ? [corner + low * steps[k]!, corner + high * steps[k]!] : [corner + low * steps[k]!],
    );
  }
  return corners;
}

/** Values on the lattice of a spacing; what was left out is the mean of the next coarser corners, level by level. */
function interpolated(axes: Axes, { values, computed }: Field, spacing: number): Float64Array {
  const all = values.slice();
  const steps = stepsOf(axes);
  for (const stride of strides(axes).filter((one) => one >= spacing)) {
    const coarser = { axes, steps, spacing: 2 * stride };
    eachPoint({ axes, steps, spacing: stride }, (point, place) => {
      if (computed[point] === 1) return;
      const corners = cornersOf(coarser, place);
      all[point] = corners.reduce((sum, corner) => sum + all[corner]!, 0) / corners.length;
    });
  }
  return all;
}
