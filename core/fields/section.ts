import { type Axes, emptyField, type Field, pointCount } from './grid.ts';
import { cellOf, interpolated, stridesOf } from './interpolate.ts';

/** A field on the axes that are left. */
export interface Section {
  readonly axes: Axes;
  readonly field: Field;
}

/**
 * The layer of a grid at one coordinate of one axis: a line of a plane, a plane of a volume, on the points of the other
 * axes, linear between the two layers beside it. On a layer of the grid it is that layer, bit for bit. What is unknown on
 * a layer that counts, or outside the axis, is unknown in the section. O(points of the section).
 */
export function axisSection(axes: Axes, field: Field, axis: number, coordinate: number): Section {
  const along = axes[axis]!;
  const left = axes.filter((_, k) => k !== axis);
  const section = emptyField(left);
  const cell = cellOf(along, coordinate);
  if (cell < 0) return { axes: left, field: section };
  const stride = stridesOf(axes)[axis]!;
  const share = cell + 1 < along.length ? (coordinate - along[cell]!) / (along[cell + 1]! - along[cell]!) : 0;
  for (let point = 0; point < pointCount(left); point++) {
    const low = point % stride;
    const from = low + (point - low) * along.length + cell * stride;
    const to = from + stride;
    if ((share < 1 && field.computed[from] !== 1) || (share > 0 && field.computed[to] !== 1)) continue;
    section.computed[point] = 1;
    section.values[point] =
      share === 0
        ? field.values[from]!
        : share === 1
          ? field.values[to]!
          : (1 - share) * field.values[from]! + share * field.values[to]!;
  }
  return { axes: left, field: section };
}

/** An oblique section: a raster on the plane origin + s u + t v, with s and t on its two axes. */
export interface PlaneSection extends Section {
  readonly origin: readonly [number, number, number];
  /** Orthonormal; u × v is the normal. */
  readonly u: readonly [number, number, number];
  readonly v: readonly [number, number, number];
  /** The plane within the box of the grid: three to six corners in order, (s, t) one after the other. Empty: it misses. */
  readonly outline: Float64Array;
}

type Vector = readonly [number, number, number];

/**
 * The section of a volume by the plane through a point with a normal, as a raster of trilinear values over the smallest
 * rectangle around the plane's part in the box, `resolution` samples along its longer side. Outside the box, and
 * wherever a corner that counts is unknown, it is unknown. O(samples). Throws RangeError for a normal of no length.
 */
export function planeSection(
  axes: Axes,
  field: Field,
  plane: { readonly point: ArrayLike<number>; readonly normal: ArrayLike<number> },
  resolution: number,
): PlaneSection {
  const [u, v] = basisOf(plane.normal);
  const origin: Vector = [plane.point[0]!, plane.point[1]!, plane.point[2]!];
  const outline = outlineOf(axes, origin, u, v);
  const rasterAxes = rasterAround(outline, resolution);
  const [s, t] = rasterAxes as readonly [Float64Array, Float64Array];
  const points = new Float64Array(3 * s.length * t.length);
  for (let row = 0; row < t.length; row++)
    for (let column = 0; column < s.length; column++)
      for (let k = 0; k < 3; k++) {
        const at = origin[k]! + s[column]! * u[k]! + t[row]! * v[k]!;
        points[3 * (row * s.length + column) + k] = onto(axes[k]!, at);
      }
  return { axes: rasterAxes, field: interpolated(axes, field, points), origin, u, v, outline };
}

/** A point that rounding put outside the box lies on its face. */
function onto(axis: Float64Array, at: number): number {
  const [low, high] = [axis[0]!, axis[axis.length - 1]!];
  const slack = 1e-12 * Math.max(Math.abs(low), Math.abs(high), high - low);
  return at < low && at >= low - slack ? low : at > high && at <= high + slack ? high : at;
}

/** u along the axis that the normal is farthest from, as far as the plane allows. */
function basisOf(normal: ArrayLike<number>): [Vector, Vector] {
  const norm = Math.hypot(normal[0]!, normal[1]!, normal[2]!);
  if (!(norm > 0 && norm < Number.POSITIVE_INFINITY)) throw new RangeError('The normal of a section has no length.');
  const n = [normal[0]! / norm, normal[1]! / norm, normal[2]! / norm] as const;
  const sizes = n.map(Math.abs);
  const k = sizes.indexOf(Math.min(...sizes));
  const rest = Math.sqrt(1 - n[k]! * n[k]!);
  const u = [0, 1, 2].map((i) => ((i === k ? 1 : 0) - n[k]! * n[i]!) / rest) as unknown as Vector;
  const v: Vector = [n[1] * u[2] - n[2] * u[1], n[2] * u[0] - n[0] * u[2], n[0] * u[1] - n[1] * u[0]];
  return [u, v];
}

/** A large square of the plane, clipped by the six faces of the box. Sutherland and Hodgman (1974). */
function outlineOf(axes: Axes, origin: Vector, u: Vector, v: Vector): Float64Array {
  const ends = axes.map((axis) => [axis[0]!, axis[axis.length - 1]!] as const);
  const reach =
    2 * Math.hypot(...ends.map(([low, high], k) => Math.max(Math.abs(low - origin[k]!), Math.abs(high - origin[k]!))));
  let corners: [number, number][] = [
    [-reach, -reach],
    [reach, -reach],
    [reach, reach],
    [-reach, reach],
  ];
  ends.forEach(([low, high], k) => {
    for (const [end, sign] of [
      [low, 1],
      [high, -1],
    ] as const) {
      const inside = ([s, t]: readonly [number, number]) => sign * (origin[k]! + s * u[k]! + t * v[k]! - end);
      corners = corners.flatMap((corner, i) => {
        const next = corners[(i + 1) % corners.length]!;
        const [here, there] = [inside(corner), inside(next)];
        const kept: [number, number][] = here >= 0 ? [corner] : [];
        if (here >= 0 === there >= 0) return kept;
        const share = here / (here - there);
        return [...kept, [corner[0] + share * (next[0] - corner[0]), corner[1] + share * (next[1] - corner[1])]];
      });
    }
  });
  return Float64Array.from(corners.flat());
}

function rasterAround(outline: Float64Array, resolution: number): Axes {
  if (outline.length < 6) return [new Float64Array(0), new Float64Array(0)];
  const sides = [0, 1].map((k) => {
    const along = outline.filter((_, i) => i % 2 === k);
    return [along.reduce((a, b) => Math.min(a, b)), along.reduce((a, b) => Math.max(a, b))] as const;
  });
  const longest = Math.max(...sides.map(([low, high]) => high - low));
  return sides.map(([low, high]) => {
    const count = Math.max(2, Math.ceil((resolution * (high - low)) / (longest || 1)));
    return Float64Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
  });
}

/** A field along the straight line between two points of a plane or a volume. */
export interface LineSection extends Section {
  /** Coordinates, one sample after the other. */
  readonly points: Float64Array;
}

/** `samples` values at equal distances from `from` to `to`; the one axis of the section is the distance from `from`. */
export function lineSection(
  axes: Axes,
  field: Field,
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  samples: number,
): LineSection {
  const dimension = axes.length;
  const length = Math.hypot(...axes.map((_, k) => to[k]! - from[k]!));
  const points = new Float64Array(samples * dimension);
  const distance = new Float64Array(samples);
  for (let n = 0; n < samples; n++) {
    const share = samples > 1 ? n / (samples - 1) : 0;
    distance[n] = share * length;
    // Exactly `to` at its end, which rounding would put beside it.
    for (let k = 0; k < dimension; k++)
      points[n * dimension + k] = share === 1 ? to[k]! : from[k]! + share * (to[k]! - from[k]!);
  }
  return { axes: [distance], field: interpolated(axes, field, points), points };
}
