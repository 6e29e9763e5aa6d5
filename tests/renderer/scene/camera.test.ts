import { describe, expect, it } from 'vitest';
import {
  basisOf,
  between,
  type CameraPose,
  dot,
  eyeOf,
  framing,
  orbited,
  panned,
  projector,
  rayThrough,
  viewAngles,
  zoomed,
} from '../../../renderer/scene/camera-pose.ts';
import { pacing } from '../../../renderer/scene/pacing.ts';
import { cornersOf, type Point, sceneBox } from '../../../renderer/scene/scene-box.ts';

const scale = { logarithmic: false, low: 0, high: 1, bottom: 0, top: 1 };
const box = sceneBox([0, 2], [0, 1], [1, 1], scale, false);
const size = { width: 660, height: 420 };
const pose: CameraPose = { azimuth: 0.4, elevation: 0.6, distance: 5, target: [0.1, 0.3, -0.2] };
const limits = { reach: [1, 1, 1] as Point, nearest: 1, farthest: 10 };

describe('camera', () => {
  it('has an orthonormal basis at every angle, also straight from above', () => {
    for (const elevation of [0, 0.5, Math.PI / 2]) {
      const { right, up, back } = basisOf({ azimuth: 1.1, elevation });
      for (const [a, b] of [
        [right, up],
        [up, back],
        [back, right],
      ] as const)
        expect(dot(a, b)).toBeCloseTo(0, 12);
      for (const axis of [right, up, back]) expect(dot(axis, axis)).toBeCloseTo(1, 12);
    }
  });

  it('sees its target in the middle of the picture', () => {
    const at = projector(pose, size)(pose.target);
    expect([at.x, at.y, at.depth]).toEqual([330, 210, 5].map((n) => expect.closeTo(n, 9)));
  });

  it('looks through a pixel at the points that it draws there', () => {
    const point: Point = [0.7, 0.4, -0.6];
    const { x, y, depth } = projector(pose, size)(point);
    const [eye, ray] = [eyeOf(pose), rayThrough(pose, size, x, y)];
    for (let axis = 0; axis < 3; axis++) expect(eye[axis]! + depth * ray[axis]!).toBeCloseTo(point[axis]!, 9);
  });
});

describe('framing', () => {
  const margins = { left: 40, right: 90, top: 20, bottom: 60 };
  const seen = (angles: { azimuth: number; elevation: number }, within: typeof size) => {
    const framed = framing(cornersOf(box), angles, within, margins);
    const points = cornersOf(box).map(projector(framed, within));
    const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
    return [Math.min(...xs), within.width - Math.max(...xs), Math.min(...ys), within.height - Math.max(...ys)] as const;
  };

  it('keeps every corner inside the margins, and touches two opposite ones: it could not be nearer', () => {
    for (const angles of Object.values(viewAngles))
      for (const within of [size, { width: 300, height: 700 }, { width: 1600, height: 300 }]) {
        const [left, right, top, bottom] = seen(angles, within);
        expect(left).toBeGreaterThan(margins.left - 1e-6);
        expect(right).toBeGreaterThan(margins.right - 1e-6);
        expect(top).toBeGreaterThan(margins.top - 1e-6);
        expect(bottom).toBeGreaterThan(margins.bottom - 1e-6);
        const touches = (a: number, b: number) => Math.max(Math.abs(a), Math.abs(b)) < 1e-6;
        expect(
          touches(left - margins.left, right - margins.right) || touches(top - margins.top, bottom - margins.bottom),
        ).toBe(true);
      }
  });
});

describe('turning, moving, zooming', () => {
  it('never takes the camera below the floor or over the top', () => {
    expect(orbited(pose, 0, -9).elevation).toBeGreaterThan(0);
    expect(orbited(pose, 0, 9).elevation).toBeCloseTo(Math.PI / 2, 12);
  });

  it('pans by whole pixels in the plane of the target', () => {
    const before = projector(pose, size)(pose.target);
    const after = projector(panned(pose, size, 30, -12, limits), size)(pose.target);
    expect([after.x - before.x, after.y - before.y]).toEqual([expect.closeTo(30, 9), expect.closeTo(-12, 9)]);
  });

  it('zooms towards the pointer: what is under it in the plane of the target stays', () => {
    const [x, y] = [450, 130];
    const ray = rayThrough(pose, size, x, y);
    const eye = eyeOf(pose);
    const under: Point = [eye[0] + 5 * ray[0], eye[1] + 5 * ray[1], eye[2] + 5 * ray[2]];
    const wide = { ...limits, reach: [9, 9, 9] as Point };
    const at = projector(zoomed(pose, size, 0.7, x, y, wide), size)(under);
    expect([at.x, at.y]).toEqual([expect.closeTo(x, 6), expect.closeTo(y, 6)]);
  });

  it('does not get lost', () => {
    let lost = pose;
    for (let i = 0; i < 100; i++) lost = zoomed(panned(lost, size, 500, 500, limits), size, 1.5, 0, 0, limits);
    expect(lost.distance).toBe(10);
    lost.target.forEach((value, axis) => {
      expect(Math.abs(value)).toBeLessThanOrEqual(limits.reach[axis]!);
    });
    expect(zoomed(pose, size, 1e-9, 0, 0, limits).distance).toBe(1);
  });

  it('ends exactly where it flies to, whatever it came from', () => {
    for (const azimuth of [0.1, -2.9, 7.3])
      expect(between({ ...pose, azimuth, elevation: 0.7 }, pose, 1)).toEqual(pose);
  });

  it('flies the shorter way round', () => {
    const from = { ...pose, azimuth: -3 };
    const to = { ...pose, azimuth: 3 };
    expect(Math.abs(between(from, to, 0.5).azimuth - -3)).toBeLessThan(0.2);
    expect(Math.cos(between(from, to, 1).azimuth)).toBeCloseTo(Math.cos(3), 12);
  });
});

describe('pacing', () => {
  it('gets coarser on slow machines, down to a bound, and a step finer at each new motion', () => {
    const pace = pacing();
    for (let i = 0; i < 6; i++) pace.frame(60);
    expect(pace.scale).toBeCloseTo(0.75 ** 2, 12);
    for (let i = 0; i < 60; i++) pace.frame(60);
    expect(pace.scale).toBe(0.45);
    pace.begin();
    expect(pace.scale).toBeCloseTo(0.6, 12);
  });
  it('stays fine on fast ones', () => {
    const pace = pacing();
    for (let i = 0; i < 60; i++) pace.frame(17);
    expect(pace.scale).toBe(1);
  });
});
