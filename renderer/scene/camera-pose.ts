import type { Point } from './scene-box.ts';

/** Where the scene is seen from: angles in radians, azimuth 0 in front (α to the right), elevation 0 level with the target. */
export interface CameraPose {
  readonly azimuth: number;
  readonly elevation: number;
  readonly distance: number;
  readonly target: Point;
}

/** Degrees between the lower and the upper border of the picture. */
export const fieldOfView = 26;
const halfHeight = Math.tan((fieldOfView * Math.PI) / 360);

/** `alpha`, `beta`: looking along that axis as it ascends; `path`: from the start of the path towards its end. */
export type ViewName = 'home' | 'top' | 'front' | 'side' | 'alpha' | 'beta' | 'path';

const degree = Math.PI / 180;
/** Never below the floor. */
const [lowest, highest] = [3 * degree, 90 * degree];

export const viewAngles: Readonly<Record<ViewName, { readonly azimuth: number; readonly elevation: number }>> = {
  home: { azimuth: -33 * degree, elevation: 33 * degree },
  top: { azimuth: 0, elevation: highest },
  front: { azimuth: 0, elevation: 12 * degree },
  side: { azimuth: 90 * degree, elevation: 12 * degree },
  alpha: { azimuth: -90 * degree, elevation: 12 * degree },
  beta: { azimuth: 0, elevation: 12 * degree },
  // Where there is no path; otherwise `anglesAlong` says it.
  path: { azimuth: -33 * degree, elevation: 20 * degree },
};

/** The angles of a camera that looks the way from one point to another, from a little above; null without a way. */
export function anglesAlong(from: Point, to: Point): Pick<CameraPose, 'azimuth' | 'elevation'> | null {
  const [x, z] = [to[0] - from[0], to[2] - from[2]];
  return Math.hypot(x, z) > 1e-9 ? { azimuth: Math.atan2(-x, -z), elevation: viewAngles.path.elevation } : null;
}

/** A pose that was kept as JSON; null for anything else. */
export function poseFrom(kept: unknown): CameraPose | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const { azimuth, elevation, distance, target } = kept as Readonly<Record<string, unknown>>;
  if (!Array.isArray(target) || target.length !== 3) return null;
  const numbers = [azimuth, elevation, distance, ...target] as const;
  if (!numbers.every((one): one is number => typeof one === 'number' && Number.isFinite(one))) return null;
  const [a, e, d, x, y, z] = numbers as [number, number, number, number, number, number];
  if (d <= 0) return null;
  return { azimuth: a, elevation: bounded(e, lowest, highest), distance: d, target: [x, y, z] };
}

export interface CameraBasis {
  readonly right: Point;
  readonly up: Point;
  /** From the target to the camera. */
  readonly back: Point;
}

export function basisOf({ azimuth, elevation }: Pick<CameraPose, 'azimuth' | 'elevation'>): CameraBasis {
  const [sa, ca, se, ce] = [Math.sin(azimuth), Math.cos(azimuth), Math.sin(elevation), Math.cos(elevation)];
  return { right: [ca, 0, -sa], up: [-sa * se, ce, -ca * se], back: [sa * ce, se, ca * ce] };
}

export const dot = (a: Point, b: Point): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const along = (from: Point, direction: Point, by: number): Point => [
  from[0] + by * direction[0],
  from[1] + by * direction[1],
  from[2] + by * direction[2],
];

export const eyeOf = (pose: CameraPose): Point => along(pose.target, basisOf(pose).back, pose.distance);

/** Space left free at the borders of the picture, in pixels. */
export interface Margins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * The nearest pose at these angles from which all points are inside the margins. With p = (x, y, z) of a point along
 * right, up and back, its picture is x / (d − z): each border asks d ≥ ±(x − s)/t + z, linear in the distance d and the
 * shift s of the target, so that the least d is exact.
 */
export function framing(
  points: readonly Point[],
  angles: Pick<CameraPose, 'azimuth' | 'elevation'>,
  { width, height }: PictureSize,
  margins: Margins,
): CameraPose {
  const { right, up, back } = basisOf(angles);
  const unit = (2 * halfHeight) / height;
  // Slopes of the four borders, from the middle of the picture.
  const [l, r] = [width / 2 - margins.left, width / 2 - margins.right].map((px) => Math.max(20, px) * unit);
  const [t, b] = [height / 2 - margins.top, height / 2 - margins.bottom].map((px) => Math.max(20, px) * unit);
  const most = (value: (p: Point) => number) => Math.max(...points.map(value));
  const shift = (direction: Point, low: number, high: number) => {
    const above = most((p) => dot(p, direction) + high * dot(p, back));
    const below = most((p) => -dot(p, direction) + low * dot(p, back));
    return { above, below, distance: (above + below) / (low + high) };
  };
  const [across, upward] = [shift(right, l!, r!), shift(up, b!, t!)];
  const distance = Math.max(across.distance, upward.distance);
  // Between the two bounds that the distance leaves: in the middle of the free picture.
  const middle = ({ above, below }: typeof across, low: number, high: number) =>
    (above - high * distance + (low * distance - below)) / 2;
  const inPlane = along(along([0, 0, 0], right, middle(across, l!, r!)), up, middle(upward, b!, t!));
  // Turned about the middle of the points, not about the floor under it.
  const towards = (most((p) => dot(p, back)) - most((p) => -dot(p, back))) / 2;
  return { ...angles, distance: distance - towards, target: along(inPlane, back, towards) };
}

/** Where a point of the scene is in the picture, pixels from the upper left; `depth` in front of the camera. */
export interface Projected {
  readonly x: number;
  readonly y: number;
  readonly depth: number;
}

export function projector(pose: CameraPose, { width, height }: PictureSize): (point: Point) => Projected {
  const { right, up, back } = basisOf(pose);
  const eye = eyeOf(pose);
  const pixels = height / (2 * halfHeight);
  return (point) => {
    const own: Point = [point[0] - eye[0], point[1] - eye[1], point[2] - eye[2]];
    const depth = -dot(own, back);
    return {
      x: width / 2 + (pixels * dot(own, right)) / depth,
      y: height / 2 - (pixels * dot(own, up)) / depth,
      depth,
    };
  };
}

/** The direction in which the pixel (x, y) looks, not normalised: one unit of depth. */
export function rayThrough(pose: CameraPose, { width, height }: PictureSize, x: number, y: number): Point {
  const { right, up, back } = basisOf(pose);
  const unit = (2 * halfHeight) / height;
  const across = along([-back[0], -back[1], -back[2]], right, (x - width / 2) * unit);
  return along(across, up, (height / 2 - y) * unit);
}

export function orbited(pose: CameraPose, azimuth: number, elevation: number): CameraPose {
  return {
    ...pose,
    azimuth: pose.azimuth + azimuth,
    elevation: Math.min(highest, Math.max(lowest, pose.elevation + elevation)),
  };
}

/** How far the target may go and the camera may be: one never gets lost. */
export interface PoseLimits {
  readonly reach: Point;
  readonly nearest: number;
  readonly farthest: number;
}

const bounded = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

function withinLimits(pose: CameraPose, { reach, nearest, farthest }: PoseLimits): CameraPose {
  const [x, y, z] = pose.target;
  return {
    ...pose,
    distance: bounded(pose.distance, nearest, farthest),
    target: [bounded(x, -reach[0], reach[0]), bounded(y, -0.2 * reach[1], reach[1]), bounded(z, -reach[2], reach[2])],
  };
}

/** Moves the scene by pixels, as if it hung on the pointer in the plane of the target. */
export function panned(
  pose: CameraPose,
  { height }: PictureSize,
  dx: number,
  dy: number,
  limits: PoseLimits,
): CameraPose {
  const { right, up } = basisOf(pose);
  const unit = (2 * halfHeight * pose.distance) / height;
  return withinLimits({ ...pose, target: along(along(pose.target, right, -dx * unit), up, dy * unit) }, limits);
}

/** Nearer by `factor` < 1 or farther; what is under the pixel (x, y) in the plane of the target stays there. */
export function zoomed(
  pose: CameraPose,
  size: PictureSize,
  factor: number,
  x: number,
  y: number,
  limits: PoseLimits,
): CameraPose {
  const distance = bounded(pose.distance * factor, limits.nearest, limits.farthest);
  const { right, up } = basisOf(pose);
  const unit = (2 * halfHeight * (pose.distance - distance)) / size.height;
  const target = along(along(pose.target, right, (x - size.width / 2) * unit), up, (size.height / 2 - y) * unit);
  return withinLimits({ ...pose, distance, target }, limits);
}

/** Between two poses, the shorter way round; `share` 0 to 1. */
export function between(from: CameraPose, to: CameraPose, share: number): CameraPose {
  // Sums round: the same view has to be the same picture to the last pixel.
  if (share >= 1) return to;
  const turn = 2 * Math.PI;
  const way = ((((to.azimuth - from.azimuth + Math.PI) % turn) + turn) % turn) - Math.PI;
  const mix = (a: number, b: number) => a + share * (b - a);
  return {
    azimuth: from.azimuth + share * way,
    elevation: mix(from.elevation, to.elevation),
    distance: mix(from.distance, to.distance),
    target: [mix(from.target[0], to.target[0]), mix(from.target[1], to.target[1]), mix(from.target[2], to.target[2])],
  };
}
