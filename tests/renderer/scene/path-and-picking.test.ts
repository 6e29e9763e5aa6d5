import { describe, expect, it } from 'vitest';
import { type CameraPose, eyeOf, projector, rayThrough } from '../../../renderer/scene/camera-pose.ts';
import { drawnSegments } from '../../../renderer/scene/contour-lines.ts';
import {
  checkpointAt,
  joinedPath,
  nearestCheckpoint,
  nearestShadow,
  pathSegments,
  stalkSegments,
} from '../../../renderer/scene/path-points.ts';
import { pickedPoint, surfaceHit } from '../../../renderer/scene/picking.ts';
import { alphaAt, pointOf, yOf } from '../../../renderer/scene/scene-box.ts';
import { sceneModel } from '../../../renderer/scene/scene-model.ts';
import { sampled, surfaceOf } from './shapes.ts';

const given = (steps: number[], trueLoss: number[]) => ({
  steps,
  coordinates: [Float64Array.from(steps, (step) => step / 100 - 0.5), Float64Array.from(steps, () => 0.25)],
  distance: Float64Array.from(steps, () => 0.1),
  length: Float64Array.from(steps, () => 1),
  trueLoss: Float64Array.from(trueLoss),
  projectedLoss: Float64Array.from(trueLoss),
});

describe('path', () => {
  const { box } = surfaceOf(sampled((a, b) => a * a + b * b, 21, 21));

  it('goes on with the checkpoints made since the plane was computed, each once', () => {
    const path = joinedPath(given([0, 50], [1, 0.5]), given([50, 60, 70], [9, 0.4, 0.3]))!;
    expect(path.steps).toEqual([0, 50, 60, 70]);
    expect(path.trueLoss).toEqual([1, 0.5, 0.4, 0.3]);
    expect(joinedPath(null, null)).toBeNull();
  });

  it('is drawn at its true losses, with a gap where one is unknown', () => {
    const path = joinedPath(given([0, 20, 40, 60], [1, 0.5, Number.NaN, 0.2]), null)!;
    const segments = pathSegments(path, box);
    expect(segments.length).toBe(6);
    expect(segments.filter((_, i) => i % 3 === 1)).toEqual([yOf(box, 1), yOf(box, 0.5)]);
  });

  it('has stalks from the true loss to the loss of the slice', () => {
    const path = joinedPath(given([0], [1.5]), null)!;
    const [x0, top, z0, x1, foot, z1] = stalkSegments(path, box, () => 0.3125);
    expect([top, foot]).toEqual([yOf(box, 1.5), yOf(box, 0.3125)]);
    expect([x0, z0]).toEqual([x1, z1]);
  });

  it('has the last checkpoint at or before a step under the cursor', () => {
    const path = joinedPath(given([10, 20, 40], [1, 1, 1]), null)!;
    expect([null, 5, 10, 39, 40, 99].map((step) => checkpointAt(path, step))).toEqual([2, 0, 0, 1, 2, 2]);
  });

  it('is found by a pixel, and by a point of the plane', () => {
    const path = joinedPath(given([0, 20, 40, 60], [1, 0.5, 0.4, 0.2]), null)!;
    const pose: CameraPose = { azimuth: -0.5, elevation: 0.6, distance: 5, target: [0, 0.3, 0] };
    const project = projector(pose, { width: 600, height: 400 });
    const at = project(pointOf(box, path.alpha[2]!, path.beta[2]!, 0.4));
    expect(nearestCheckpoint(path, box, project, at.x + 1, at.y)).toEqual({ index: 2, pixels: expect.closeTo(1, 9) });
    expect(nearestShadow(path, [2, 2], path.alpha[1]! + 0.01, 0.3)).toBe(1);
  });
});

describe('picking', () => {
  const { surface, box } = surfaceOf(sampled((a, b) => 2 + a - b, 9, 9));

  it('finds the point of a plane that a ray meets', () => {
    // From straight above at α = 0.3, β = −0.4.
    const [x, , z] = pointOf(box, 0.3, -0.4, 0);
    const picked = pickedPoint(surface, box, [x, 5, z], [0, -1, 0])!;
    expect(picked.alpha).toBeCloseTo(0.3, 6);
    expect(picked.beta).toBeCloseTo(-0.4, 6);
    expect(surfaceHit(surface, [x, 5, z], [0, -1, 0])).toBeCloseTo(5 - yOf(box, 2.7), 6);
  });

  it('finds the point that is drawn at a pixel, from any side', () => {
    const size = { width: 600, height: 400 };
    for (const azimuth of [-0.6, 0, 1.3, 3]) {
      const pose: CameraPose = { azimuth, elevation: 0.9, distance: 5, target: [0, 0.3, 0] };
      const { x, y } = projector(pose, size)(pointOf(box, -0.35, 0.15, 2 - 0.5));
      const picked = pickedPoint(surface, box, eyeOf(pose), rayThrough(pose, size, x, y))!;
      expect([picked.alpha, picked.beta]).toEqual([expect.closeTo(-0.35, 5), expect.closeTo(0.15, 5)]);
    }
  });

  it('misses holes and what is behind the eye', () => {
    const holed = surfaceOf(sampled((a, b) => (Math.hypot(a, b) < 0.3 ? Number.NaN : 1 + a), 21, 21));
    expect(surfaceHit(holed.surface, [0, 5, 0], [0, -1, 0])).toBeNull();
    expect(surfaceHit(surface, [0, 5, 0], [0, 1, 0])).toBeNull();
  });
});

describe('a model of a scene', () => {
  const content = {
    grid: sampled((a, b) => 0.1 + a * a + b * b, 33, 33),
    norms: [1, 1] as const,
    titles: ['α', 'β'] as const,
    path: joinedPath(given([0, 50, 100], [3, 1, 0.2]), null),
    height: 'log' as const,
    flat: false,
  };

  it('uses its buffers again for a grid of the same size', () => {
    const first = sceneModel(content, null)!;
    expect(sceneModel({ ...content, height: 'linear' }, first)!.surface).toBe(first.surface);
    const larger = sceneModel({ ...content, grid: sampled(() => 1, 34, 33) }, first)!;
    expect(larger.surface).not.toBe(first.surface);
  });

  it('has a box as high as the path above the surface', () => {
    const { box } = sceneModel(content, null)!;
    expect(box.scale.top).toBeCloseTo(Math.log10(3), 12);
    expect(yOf(box, box.scale.top)).toBeCloseTo(box.height, 12);
  });

  it('draws contours at equal steps', () => {
    const model = sceneModel(content, null)!;
    const [dark, light] = model.contours.map(drawnSegments) as [number[], number[]];
    const levels = [...new Set([...dark, ...light].filter((_, i) => i % 3 === 1))].sort((a, b) => a - b);
    const gaps = levels.slice(1).map((level, i) => level - levels[i]!);
    const step = yOf(model.box, model.step) - yOf(model.box, 0);
    for (const gap of gaps) expect(gap).toBeCloseTo(step, 6);
  });

  it('is flat as a map, with its contours at the same places', () => {
    const [solid, flat] = [sceneModel(content, null)!, sceneModel({ ...content, flat: true }, null)!];
    expect(flat.surface.positions.filter((_, i) => i % 3 === 1).every((y) => y === 0)).toBe(true);
    const places = (points: readonly number[]) => points.filter((_, i) => i % 3 !== 1);
    expect(places(drawnSegments(flat.contours[0]))).toEqual(places(drawnSegments(solid.contours[0])));
    expect(flat.box.height).toBe(0);
    expect(alphaAt(flat.box, flat.path[0]!)).toBeCloseTo(-0.5, 12);
  });

  it('is null before the first loss', () => {
    expect(
      sceneModel(
        {
          ...content,
          grid: sampled(
            () => 1,
            9,
            9,
            () => false,
          ),
          path: null,
        },
        null,
      ),
    ).toBeNull();
  });
});
