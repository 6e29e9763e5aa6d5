import { flatMargins, solidMargins } from './axis-labels.ts';
import {
  anglesAlong,
  between,
  type CameraPose,
  framing,
  orbited,
  type PictureSize,
  type PoseLimits,
  panned,
  type ViewName,
  viewAngles,
  zoomed,
} from './camera-pose.ts';
import { cornersOf, type Point, type SceneBox } from './scene-box.ts';

/** What the camera looks at, and the picture that it makes of it. */
export interface Looked {
  readonly box: SceneBox | null;
  readonly flat: boolean;
  readonly size: PictureSize;
  /** The two ends of the path. */
  way(): readonly [Point, Point] | null;
}

/** Where a scene is seen from: a named view, which stays framed whatever changes, or what the user has made of it. */
export interface SceneCamera {
  readonly pose: CameraPose;
  orbit(azimuth: number, elevation: number): void;
  pan(dx: number, dy: number): void;
  zoom(factor: number, at: readonly [x: number, y: number] | null): void;
  /** Flies there, or is there at once. */
  view(name: ViewName, flies: boolean): void;
  /** After what is looked at has changed. `isOther`: a map became a landscape, or a landscape a map. */
  refit(isOther: boolean): void;
  /** Goes on with a flight; whether there is one. */
  fly(now: number): boolean;
  /** Is there at once, and stays whatever changes. */
  place(pose: CameraPose): void;
}

const flightMs = 280;

export function sceneCamera(looked: () => Looked): SceneCamera {
  let pose: CameraPose = { ...viewAngles.home, distance: 6, target: [0, 0, 0] };
  let held: ViewName | null = 'home';
  let flight: { readonly from: CameraPose; readonly to: CameraPose; readonly began: number } | null = null;

  const limits = (): PoseLimits => {
    const { width, depth, height } = looked().box ?? { width: 2, depth: 2, height: 1 };
    return { reach: [width / 2, Math.max(0.4, height), depth / 2], nearest: 0.6, farthest: 14 };
  };
  const framed = (name: ViewName): CameraPose => {
    const { box, flat, size, way } = looked();
    const ends = name === 'path' ? way() : null;
    const along = ends && anglesAlong(...ends);
    const angles = along ?? viewAngles[flat && name === 'home' ? 'top' : name];
    if (box === null || size.width === 0) return { ...pose, ...angles };
    return framing(cornersOf(box), angles, size, flat ? flatMargins : solidMargins);
  };
  const free = (next: CameraPose): void => {
    pose = next;
    held = null;
    flight = null;
  };
  return {
    get pose() {
      return pose;
    },
    place: free,
    orbit: (azimuth, elevation) => free(orbited(pose, azimuth, elevation)),
    pan: (dx, dy) => free(panned(pose, looked().size, dx, dy, limits())),
    zoom(factor, at) {
      const { size } = looked();
      free(zoomed(pose, size, factor, at?.[0] ?? size.width / 2, at?.[1] ?? size.height / 2, limits()));
    },
    view(name, flies) {
      held = name;
      const to = framed(name);
      flight = flies ? { from: pose, to, began: performance.now() } : null;
      if (!flies) pose = to;
    },
    refit(isOther) {
      if (isOther) held = 'home';
      if (held === null) return;
      pose = framed(held);
      flight = null;
    },
    fly(now) {
      if (flight === null) return false;
      const share = Math.min(1, Math.max(0, (now - flight.began) / flightMs));
      pose = between(flight.from, flight.to, 1 - (1 - share) ** 3);
      if (share === 1) flight = null;
      return flight !== null;
    },
  };
}
