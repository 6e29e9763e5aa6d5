import type { LabelWish } from './axis-labels.ts';
import { type CameraPose, eyeOf, type PictureSize, projector } from './camera-pose.ts';
import { pathLift } from './painter.ts';
import { checkpointAt, pathPoint } from './path-points.ts';
import { surfaceHit } from './picking.ts';
import { type Point, pointOf, xOf, zOf } from './scene-box.ts';
import type { SceneModel } from './scene-model.ts';
import { lossBetween } from './slice-grid.ts';
import { stepText } from './step-text.ts';

/** A sign at a pixel of the picture. */
export interface Mark {
  readonly id: 'start' | 'current' | 'probe';
  readonly x: number;
  readonly y: number;
  /** Something of the surface is in front of it. */
  readonly covered: boolean;
}

export interface Pointed {
  readonly cursor: number | null;
  readonly probe: { readonly alpha: number; readonly beta: number } | null;
}

/** A point that is hidden by less than this lies on the surface. */
const within = pathLift;

/** The start of the path, the checkpoint under the cursor and the probed point, where they are seen, with their labels. */
export function sceneMarks(
  model: SceneModel,
  { cursor, probe }: Pointed,
  pose: CameraPose,
  size: PictureSize,
): { readonly marks: readonly Mark[]; readonly labels: readonly LabelWish[] } {
  const project = projector(pose, size);
  const mark = (id: Mark['id'], point: Point | null): Mark[] => {
    if (point === null) return [];
    const { x, y, depth } = project(point);
    return depth > 0 ? [{ id, x, y, covered: isCovered(model, pose, point) }] : [];
  };
  const { path } = model.content;
  const current = path ? checkpointAt(path, cursor) : -1;
  const start = path && current > 0 ? mark('start', pathPoint(path, 0, model.box)) : [];
  const here = path ? mark('current', pathPoint(path, current, model.box)) : [];
  const probed = probe ? mark('probe', probedPoint(model, probe.alpha, probe.beta)) : [];
  const labels = [
    ...start.map((at) => labelOf(at, 'start', 9)),
    ...here.map((at) => labelOf(at, `step ${stepText(path?.steps[current] ?? 0)}`, 13)),
  ];
  return { marks: [...start, ...here, ...probed], labels };
}

/** On the surface; on the floor where the surface has a hole. */
export function probedPoint({ content: { grid }, squares, box }: SceneModel, alpha: number, beta: number): Point {
  const loss = lossBetween(grid, squares, alpha, beta);
  return Number.isFinite(loss) ? pointOf(box, alpha, beta, loss) : [xOf(box, alpha), 0, zOf(box, beta)];
}

function isCovered({ surface, content: { flat } }: SceneModel, pose: CameraPose, point: Point): boolean {
  if (flat) return false;
  const eye = eyeOf(pose);
  const way: Point = [point[0] - eye[0], point[1] - eye[1], point[2] - eye[2]];
  const hit = surfaceHit(surface, eye, way);
  return hit !== null && (1 - hit) * Math.hypot(...way) > within;
}

const labelOf = ({ id, x, y }: Mark, text: string, above: number): LabelWish => ({
  id: `mark-${id}`,
  text,
  kind: 'mark',
  x,
  y: y - above,
  outward: [0, -1],
  angle: 0,
});
