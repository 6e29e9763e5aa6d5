import { dot } from '../camera-pose.ts';
import { cornersOf, type Point, type SceneBox } from '../scene-box.ts';
import { boxEnds, boxMiddle, halfDiagonal, placeInBox } from './volume-box.ts';
import type { AxisIndex, KeptSide, ObliquePlane } from './volume-content.ts';

/** Points p of the box with normal · p = distance; a clip keeps normal · p ≤ distance. */
export interface BoxPlane {
  readonly normal: Point;
  readonly distance: number;
}

/** Of the axes, in the coordinates of the box. */
const axisNormals = [
  [1, 0, 0],
  [0, 0, -1],
  [0, 1, 0],
] as const satisfies readonly Point[];

export function axisPlane(box: SceneBox, axis: AxisIndex, at: number, keeps: KeptSide = 'below'): BoxPlane {
  const sign = keeps === 'below' ? 1 : -1;
  const [x, y, z] = axisNormals[axis];
  const normal: Point = [sign * x, sign * y, sign * z];
  const middle = ([0, 1, 2] as const).map((k) => (k === axis ? at : boxEnds(box, k)[0]));
  return { normal, distance: dot(normal, placeInBox(box, middle[0]!, middle[1]!, middle[2]!)) };
}

export function obliquePlane(box: SceneBox, { azimuth, elevation, offset }: ObliquePlane): BoxPlane {
  const [ca, sa, ce, se] = [Math.cos(azimuth), Math.sin(azimuth), Math.cos(elevation), Math.sin(elevation)];
  const normal: Point = [ca * ce, se, -sa * ce];
  return { normal, distance: dot(normal, boxMiddle(box)) + offset * halfDiagonal(box) };
}

/** The oblique plane that faces a viewer at these angles of the camera. */
export const planeFacing = (azimuth: number, elevation: number): Pick<ObliquePlane, 'azimuth' | 'elevation'> => ({
  azimuth: azimuth - Math.PI / 2,
  elevation,
});

export const signedDistance = ({ normal, distance }: BoxPlane, point: Point): number => dot(normal, point) - distance;

/** Pairs of corners of the box, as `cornersOf` lists them. */
const boxEdges = [
  [0, 1],
  [2, 3],
  [4, 5],
  [6, 7],
  [0, 2],
  [1, 3],
  [4, 6],
  [5, 7],
  [0, 4],
  [1, 5],
  [2, 6],
  [3, 7],
] as const;

/** Where a plane cuts the box: a convex polygon of three to six corners, in order around it; none where it misses. */
export function planePolygon(box: SceneBox, plane: BoxPlane): Point[] {
  const corners = cornersOf(box);
  const points: Point[] = [];
  const touch = 1e-9 * halfDiagonal(box);
  const add = (point: Point): void => {
    if (!points.some((other) => Math.hypot(...difference(point, other)) < 10 * touch)) points.push(point);
  };
  for (const [from, to] of boxEdges) {
    const [a, b] = [corners[from]!, corners[to]!];
    const [da, db] = [signedDistance(plane, a), signedDistance(plane, b)];
    // A plane in a side of the box cuts along its edges.
    if (Math.abs(da) <= touch) add(a);
    if (Math.abs(db) <= touch) add(b);
    if ((da < -touch && db > touch) || (da > touch && db < -touch)) {
      const share = da / (da - db);
      add([a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), a[2] + share * (b[2] - a[2])]);
    }
  }
  return points.length < 3 ? [] : around(points, plane.normal);
}

function around(points: readonly Point[], normal: Point): Point[] {
  const middle = [0, 1, 2].map((k) =>
    points.reduce((sum, point) => sum + point[k]! / points.length, 0),
  ) as unknown as Point;
  const [u, v] = planeDirections(normal);
  const angle = (point: Point) => {
    const from = difference(point, middle);
    return Math.atan2(dot(from, v), dot(from, u));
  };
  return [...points].sort((a, b) => angle(a) - angle(b));
}

/** Two directions at right angles in a plane; u × v is its normal. */
export function planeDirections(normal: Point): readonly [Point, Point] {
  const least = normal.map(Math.abs).indexOf(Math.min(...normal.map(Math.abs)));
  const helper: Point = [least === 0 ? 1 : 0, least === 1 ? 1 : 0, least === 2 ? 1 : 0];
  const across = cross(helper, normal);
  const length = Math.hypot(...across);
  const u: Point = [across[0] / length, across[1] / length, across[2] / length];
  return [u, cross(normal, u)];
}

export const cross = (a: Point, b: Point): Point => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

export const difference = (a: Point, b: Point): Point => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

/** The share of the way from → to at which a plane is crossed; null where it is not. */
export function planeCrossing(plane: BoxPlane, from: Point, direction: Point): number | null {
  const slope = dot(plane.normal, direction);
  if (Math.abs(slope) < 1e-12) return null;
  return (plane.distance - dot(plane.normal, from)) / slope;
}
