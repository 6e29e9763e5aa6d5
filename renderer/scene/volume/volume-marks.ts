import type { LabelWish } from '../axis-labels.ts';
import { type CameraPose, eyeOf, type PictureSize, projector } from '../camera-pose.ts';
import type { Mark } from '../marks.ts';
import type { Point } from '../scene-box.ts';
import { stepText } from '../step-text.ts';
import { difference, planeCrossing } from './box-planes.ts';
import { heightInBox } from './height-in-volume.ts';
import { placeInBox } from './volume-box.ts';
import type { VolumePath } from './volume-content.ts';
import type { VolumeModel } from './volume-model.ts';

export interface PointedInVolume {
  readonly cursor: number | null;
  readonly probe: readonly [alpha: number, beta: number, gamma: number] | null;
}

export interface VolumeSigns {
  readonly marks: readonly Mark[];
  readonly labels: readonly LabelWish[];
}

/** The last checkpoint at or before a step (null: the newest); −1 on an empty path. */
export function checkpointOf({ steps }: VolumePath, step: number | null): number {
  if (step === null) return steps.length - 1;
  const after = steps.findIndex((one) => one > step);
  return after === -1 ? steps.length - 1 : Math.max(0, after - 1);
}

/** Found points, origin, start of the path, checkpoint under the cursor and probed point, with their labels. */
export function volumeSigns(
  model: VolumeModel,
  { cursor, probe }: PointedInVolume,
  pose: CameraPose,
  size: PictureSize,
): VolumeSigns {
  const { box, content, points } = model;
  const project = projector(pose, size);
  const sign = (id: string, kind: Mark['kind'], point: Point | null | undefined, certified = true): Mark[] => {
    if (!point) return [];
    const { x, y, depth } = project(point);
    return depth > 0 ? [{ id, kind, x, y, covered: isCovered(model, pose, point), certified }] : [];
  };
  const found = content.marks.flatMap(({ id, kind, at, certified }) =>
    isInside(model, at) ? sign(`found-${id}`, kind, placeInBox(box, ...at), certified) : [],
  );
  const current = content.path ? checkpointOf(content.path, cursor) : -1;
  const start = current > 0 ? sign('start', 'start', points[0]) : [];
  const here = sign('current', 'current', points[current]);
  const probed = sign('probe', 'probe', probe && placeInBox(box, ...probe));
  const names = new Map(content.marks.map(({ id, label }) => [`found-${id}`, label]));
  const labels = [
    ...found.map((mark) => labelAt(mark, names.get(mark.id) ?? '', 10)),
    ...start.map((mark) => labelAt(mark, 'start', 9)),
    ...here.map((mark) => labelAt(mark, `step ${stepText(content.path?.steps[current] ?? 0)}`, 13)),
    ...originLabel(model, project),
  ].filter(({ text }) => text !== '');
  return { marks: [...found, ...start, ...here, ...probed], labels };
}

function originLabel(model: VolumeModel, project: ReturnType<typeof projector>): LabelWish[] {
  if (!isInside(model, [0, 0, 0])) return [];
  const { x, y, depth } = project(placeInBox(model.box, 0, 0, 0));
  return depth > 0 ? [labelAt({ id: 'origin', x, y }, 'origin', 12)] : [];
}

const labelAt = ({ id, x, y }: Pick<Mark, 'id' | 'x' | 'y'>, text: string, above: number): LabelWish => ({
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

const isInside = ({ content }: VolumeModel, at: readonly number[]): boolean =>
  content.axes.every((axis, k) => at[k]! >= axis[0]! && at[k]! <= axis[axis.length - 1]!);

/** A section lies between the eye and the point. */
function isCovered({ sections, known, box }: VolumeModel, pose: CameraPose, point: Point): boolean {
  const eye = eyeOf(pose);
  const way = difference(point, eye);
  return sections.some(({ plane }) => {
    const t = planeCrossing(plane, eye, way);
    if (t === null || t <= 0 || t >= 1 - 1e-3) return false;
    return Number.isFinite(heightInBox(known, box, [eye[0] + t * way[0], eye[1] + t * way[1], eye[2] + t * way[2]]));
  });
}
