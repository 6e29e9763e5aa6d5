import { describe, expect, it } from 'vitest';
import { basisOf, dot } from '../../../../renderer/scene/camera-pose.ts';
import type { Point } from '../../../../renderer/scene/scene-box.ts';
import {
  axisPlane,
  cross,
  difference,
  obliquePlane,
  planeDirections,
  planeFacing,
  planePolygon,
  signedDistance,
} from '../../../../renderer/scene/volume/box-planes.ts';
import {
  boxMiddle,
  coordinatesInBox,
  halfDiagonal,
  placeInBox,
  volumeBox,
} from '../../../../renderer/scene/volume/volume-box.ts';

const axes = [Float64Array.of(-3, 0, 3), Float64Array.of(-1, 2), Float64Array.of(0, 1, 4)];
const box = volumeBox(axes, [1, 1, 1]);

const area = (polygon: readonly Point[]): number => {
  let sum: Point = [0, 0, 0];
  for (let i = 1; i + 1 < polygon.length; i++) {
    const turn = cross(difference(polygon[i]!, polygon[0]!), difference(polygon[i + 1]!, polygon[0]!));
    sum = [sum[0] + turn[0] / 2, sum[1] + turn[1] / 2, sum[2] + turn[2] / 2];
  }
  return Math.hypot(...sum);
};

describe('the box of a volume', () => {
  it('puts α to the right, γ upwards and β away, and gives coordinates back', () => {
    const [a, b] = [placeInBox(box, -3, -1, 0), placeInBox(box, 3, 2, 4)];
    expect(b[0]).toBeGreaterThan(a[0]);
    expect(b[1]).toBeGreaterThan(a[1]);
    expect(b[2]).toBeLessThan(a[2]);
    for (const at of [
      [-3, -1, 0],
      [1.25, 0.5, 3.5],
    ] as const)
      coordinatesInBox(box, placeInBox(box, at[0], at[1], at[2])).forEach((value, k) => {
        expect(value).toBeCloseTo(at[k]!, 12);
      });
  });

  it('has sides in proportion to real lengths: units times what a unit is long', () => {
    const real = volumeBox(axes, [1, 1.6, 1.2]);
    expect(real.depth / real.width).toBeCloseTo((3 * 1.6) / 6, 12);
    expect(real.height / real.width).toBeCloseTo((4 * 1.2) / 6, 12);
  });
});

describe('a plane through the box', () => {
  it('at right angles to an axis cuts a rectangle of the two other sides', () => {
    expect(area(planePolygon(box, axisPlane(box, 0, 1.5)))).toBeCloseTo(box.depth * box.height, 9);
    expect(area(planePolygon(box, axisPlane(box, 1, 0)))).toBeCloseTo(box.width * box.height, 9);
    expect(area(planePolygon(box, axisPlane(box, 2, 4)))).toBeCloseTo(box.width * box.depth, 9);
  });

  it('holds the points of its coordinate, and keeps the side that it is told to', () => {
    const point = placeInBox(box, 1.5, 0.7, 2.2);
    expect(signedDistance(axisPlane(box, 0, 1.5), point)).toBeCloseTo(0, 12);
    expect(signedDistance(axisPlane(box, 1, 1.1, 'below'), point)).toBeLessThan(0);
    expect(signedDistance(axisPlane(box, 1, 1.1, 'above'), point)).toBeGreaterThan(0);
  });

  it('across the space diagonal of a cube is a regular hexagon', () => {
    const cube = volumeBox([Float64Array.of(0, 1), Float64Array.of(0, 1), Float64Array.of(0, 1)], [1, 1, 1]);
    const plane = obliquePlane(cube, { azimuth: Math.PI / 4, elevation: Math.atan(Math.SQRT1_2), offset: 0 });
    const polygon = planePolygon(cube, plane);
    expect(polygon).toHaveLength(6);
    // 3√3/4 · s² · … of the edge s/√2: (3√3/2)(s²/2).
    expect(area(polygon)).toBeCloseTo(((3 * Math.sqrt(3)) / 4) * cube.width ** 2, 9);
  });

  it('beyond a corner cuts nothing', () => {
    const plane = obliquePlane(box, { azimuth: Math.PI / 4, elevation: 0.4, offset: 1.2 });
    expect(planePolygon(box, plane)).toEqual([]);
  });

  it('moves by half the diagonal an offset of one', () => {
    const plane = obliquePlane(box, { azimuth: 0.3, elevation: -0.2, offset: 0.25 });
    expect(signedDistance(plane, boxMiddle(box))).toBeCloseTo(-0.25 * halfDiagonal(box), 12);
    expect(Math.hypot(...plane.normal)).toBeCloseTo(1, 12);
  });

  it('that faces the viewer has the direction of the camera as its normal', () => {
    for (const [azimuth, elevation] of [
      [0, 0.2],
      [-0.6, 0.58],
      [2.4, 1.1],
    ] as const) {
      const { normal } = obliquePlane(box, { ...planeFacing(azimuth, elevation), offset: 0 });
      expect(dot(normal, basisOf({ azimuth, elevation }).back)).toBeCloseTo(1, 12);
    }
  });

  it('has two directions at right angles, u × v its normal', () => {
    const normal: Point = [0.36, 0.48, 0.8];
    const [u, v] = planeDirections(normal);
    expect(dot(u, v)).toBeCloseTo(0, 12);
    cross(u, v).forEach((value, k) => {
      expect(value).toBeCloseTo(normal[k]!, 12);
    });
  });
});
