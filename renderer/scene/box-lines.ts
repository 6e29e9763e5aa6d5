import { type FacingEdges, facingEdges, heightTicks, linearTicks } from './axis-labels.ts';
import type { CameraPose } from './camera-pose.ts';
import { type SceneBox, xOf, yOf, zOf } from './scene-box.ts';

export interface BoxLines {
  /** Outline of the floor, the height axis, and a short line at every number. */
  readonly edges: readonly number[];
  /** The two walls behind the surface: their upright edges, and heights with a number. */
  readonly walls: readonly number[];
}

const tickLength = 0.028;

/** The box as pairs of points, for a viewer at a pose. */
export function boxLines(box: SceneBox, pose: Pick<CameraPose, 'azimuth' | 'elevation'>): BoxLines {
  const facing = facingEdges(pose);
  return {
    edges: [...outline(box), ...floorTicks(box, facing), ...heightAxis(box, facing)],
    walls: walls(box, facing),
  };
}

function outline({ width, depth }: SceneBox): number[] {
  const [x, z] = [width / 2, depth / 2];
  const corners = [
    [-x, 0, -z],
    [x, 0, -z],
    [x, 0, z],
    [-x, 0, z],
  ] as const;
  return corners.flatMap((corner, i) => [...corner, ...corners[(i + 1) % 4]!]);
}

function floorTicks(box: SceneBox, { front, side }: FacingEdges): number[] {
  const [x, z] = [(side * box.width) / 2, (front * box.depth) / 2];
  return [
    ...linearTicks(box.alpha).flatMap(({ at }) => [xOf(box, at), 0, z, xOf(box, at), 0, z + front * tickLength]),
    ...linearTicks(box.beta).flatMap(({ at }) => [x, 0, zOf(box, at), x + side * tickLength, 0, zOf(box, at)]),
  ];
}

function heightAxis(box: SceneBox, { corner }: FacingEdges): number[] {
  if (box.height === 0) return [];
  const [x, z] = [(corner[0] * box.width) / 2, (corner[1] * box.depth) / 2];
  const ticks = heightTicks(box).flatMap(({ at }) => {
    const y = yOf(box, at);
    return [x, y, z, x + corner[0] * tickLength, y, z];
  });
  return [x, 0, z, x, box.height, z, ...ticks];
}

function walls(box: SceneBox, { front, side }: FacingEdges): number[] {
  if (box.height === 0) return [];
  const [x, z] = [box.width / 2, box.depth / 2];
  const corners = [
    [-side * x, -front * z],
    [-side * x, front * z],
    [side * x, -front * z],
  ] as const;
  const uprights = corners.flatMap(([cornerX, cornerZ]) => [cornerX, 0, cornerZ, cornerX, box.height, cornerZ]);
  const lines = heightTicks(box).flatMap(({ at }) => {
    const y = yOf(box, at);
    return [-x, y, -front * z, x, y, -front * z, -side * x, y, -z, -side * x, y, z];
  });
  return [...uprights, ...lines];
}
