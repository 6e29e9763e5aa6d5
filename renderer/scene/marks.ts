import type { LabelWish } from './axis-labels.ts';
import { type CameraPose, eyeOf, type PictureSize, projector } from './camera-pose.ts';
import { lossOnSurface, surfaceHit } from './height-field-ray.ts';
import { pathLift } from './painter.ts';
import { checkpointAt, pathOver, pathPoint, pathPointAt } from './path-points.ts';
import { type Point, pointOf, xOf, zOf } from './scene-box.ts';
import type { SceneMark, SceneModel } from './scene-model.ts';
import { stepText } from './step-text.ts';

/** A sign at a pixel of the picture. */
export interface Mark {
  /** One of a kind has its kind as its name. */
  readonly id: string;
  readonly kind: 'start' | 'current' | 'probe' | SceneMark['kind'];
  readonly x: number;
  readonly y: number;
  /** Something of the surface is in front of it. */
  readonly covered: boolean;
  readonly certified: boolean;
}

export interface Pointed {
  readonly cursor: number | null;
  readonly probe: { readonly alpha: number; readonly beta: number } | null;
}

/** Outlines of the signs, as SVG and canvases write paths, around (0, 0) in pixels. */
export const signs: Readonly<Record<SceneMark['kind'], string>> = {
  minimum: 'M5.5 0A5.5 5.5 0 1 1 -5.5 0A5.5 5.5 0 1 1 5.5 0Z',
  saddle: 'M0 -7L7 0L0 7L-7 0Z',
  maximum: 'M0 -6.5L6.5 5L-6.5 5Z',
  found: 'M-5 -5H5V5H-5Z',
};

/** A point that is hidden by less than this lies on the surface. */
const within = pathLift;

/**
 * The marks of the content, the start of the path, the step under the cursor and the probed point, where they are seen,
 * with their labels.
 */
export function sceneMarks(
  model: SceneModel,
  { cursor, probe }: Pointed,
  pose: CameraPose,
  size: PictureSize,
): { readonly marks: readonly Mark[]; readonly labels: readonly LabelWish[] } {
  const project = projector(pose, size);
  const mark = (id: string, kind: Mark['kind'], point: Point | null, certified = true): Mark[] => {
    if (point === null) return [];
    const { x, y, depth } = project(point);
    return depth > 0 ? [{ id, kind, x, y, covered: isCovered(model, pose, point), certified }] : [];
  };
  const { path, marks: given = [] } = model.content;
  const current = path ? checkpointAt(path, cursor) : -1;
  const start = path && current > 0 ? mark('start', 'start', pathPoint(path, 0, model.box)) : [];
  const here = path ? mark('current', 'current', pathPointAt(path, cursor, model.box)) : [];
  const probed = probe ? mark('probe', 'probe', probedPoint(model, probe.alpha, probe.beta)) : [];
  const found = given.flatMap((one, i) => mark(`${i}`, one.kind, markedPoint(model, one), one.certified));
  const ends = (model.content.paths ?? []).flatMap(({ path: other, name }, i) => {
    const over = pathOver(other, model.content.grid);
    const last = over.trueLoss.reduce((found, loss, k) => (Number.isFinite(loss) ? k : found), -1);
    return mark(`end-${i}`, 'start', last < 0 ? null : pathPoint(over, last, model.box)).map((at) => ({ at, name }));
  });
  const labels = [
    ...ends.map(({ at, name }) => labelOf(at, name, 9)),
    ...start.map((at) => labelOf(at, 'start', 9)),
    ...here.map((at) => labelOf(at, `step ${stepText(cursor ?? path?.steps[current] ?? 0)}`, 13)),
    ...found.map((at) => labelOf(at, given[Number(at.id)]!.label, 10)),
  ].filter(({ text }) => text !== '');
  return { marks: [...found, ...ends.map(({ at }) => at), ...start, ...here, ...probed], labels };
}

/** On the surface; on the floor where the surface has a hole. */
export function probedPoint({ content: { grid }, surface, box }: SceneModel, alpha: number, beta: number): Point {
  const loss = lossOnSurface(surface, grid, alpha, beta);
  return Number.isFinite(loss) ? pointOf(box, alpha, beta, loss) : [xOf(box, alpha), 0, zOf(box, beta)];
}

/** At its own value, no higher than the box; null outside of the plane. */
function markedPoint({ box }: SceneModel, { alpha, beta, value }: SceneMark): Point | null {
  const isInside = alpha >= box.alpha[0] && alpha <= box.alpha[1] && beta >= box.beta[0] && beta <= box.beta[1];
  if (!isInside) return null;
  const point = pointOf(box, alpha, beta, value);
  return [point[0], Number.isFinite(point[1]) ? Math.min(box.height, Math.max(0, point[1])) : 0, point[2]];
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
  others: [
    { x: x + above, y, outward: [1, 0] },
    { x: x - above, y, outward: [-1, 0] },
    { x, y: y + above, outward: [0, 1] },
  ],
});

/** The room that a sign takes: no label stands on it. */
export const boxOfMark = ({ x, y }: Mark) => ({ centreX: x, centreY: y, width: 10, height: 10, angle: 0 });
