import { type CameraPose, dot, eyeOf, type PictureSize, projector, rayThrough } from '../camera-pose.ts';
import type { Point, SceneBox } from '../scene-box.ts';
import { difference, planeCrossing } from './box-planes.ts';
import { boxEnds, boxMiddle, coordinatesInBox, halfDiagonal } from './volume-box.ts';
import type { AxisIndex } from './volume-content.ts';
import type { ShownPlane } from './volume-model.ts';

/** A frame this near to the pointer can be taken hold of, pixels. */
const reach = 6;

/** The plane whose frame is under a pixel; the nearest of several, null for none. */
export function planeUnder(
  planes: readonly ShownPlane[],
  pose: CameraPose,
  size: PictureSize,
  x: number,
  y: number,
): ShownPlane | null {
  const project = projector(pose, size);
  let best: { readonly plane: ShownPlane; readonly away: number } | null = null;
  for (const plane of planes) {
    const corners = plane.polygon.map(project);
    corners.forEach((from, i) => {
      const to = corners[(i + 1) % corners.length]!;
      const [dx, dy] = [to.x - from.x, to.y - from.y];
      const share = ((x - from.x) * dx + (y - from.y) * dy) / (dx * dx + dy * dy || 1);
      const along = Math.min(1, Math.max(0, share));
      const away = Math.hypot(from.x + along * dx - x, from.y + along * dy - y);
      if (away <= reach && (best === null || away < best.away)) best = { plane, away };
    });
  }
  return (best as { readonly plane: ShownPlane } | null)?.plane ?? null;
}

/** Where a plane goes while its frame is dragged: its new coordinate along its axis, or the offset of an oblique one. */
export interface PlaneDrag {
  readonly id: ShownPlane['id'];
  to(x: number, y: number): number;
}

/**
 * The point of the frame's plane under the pointer follows it along the normal: the point of that line that is nearest
 * to the ray of the pointer. A plane seen face on is moved by the height of the pointer, as the ray says nothing.
 */
export function planeDrag(
  { id, plane }: ShownPlane,
  box: SceneBox,
  pose: CameraPose,
  size: PictureSize,
  x: number,
  y: number,
): PlaneDrag {
  const eye = eyeOf(pose);
  const ray = (px: number, py: number) => rayThrough(pose, size, px, py);
  const first = ray(x, y);
  const t = planeCrossing(plane, eye, first);
  const middle = boxMiddle(box);
  const start: Point =
    t !== null && t > 0 && t < 3 * pose.distance
      ? [eye[0] + t * first[0], eye[1] + t * first[1], eye[2] + t * first[2]]
      : [
          middle[0] + (plane.distance - dot(plane.normal, middle)) * plane.normal[0],
          middle[1] + (plane.distance - dot(plane.normal, middle)) * plane.normal[1],
          middle[2] + (plane.distance - dot(plane.normal, middle)) * plane.normal[2],
        ];
  const unitsPerPixel = (2 * halfDiagonal(box)) / size.height;
  const moved = (px: number, py: number): number => {
    const direction = ray(px, py);
    const length = Math.sqrt(dot(direction, direction));
    const d: Point = [direction[0] / length, direction[1] / length, direction[2] / length];
    const cosine = dot(plane.normal, d);
    if (1 - cosine * cosine < 0.03) return (y - py) * unitsPerPixel * (cosine > 0 ? 1 : -1);
    // Closest points of two lines: s along the normal through `start`.
    const between = difference(start, eye);
    return (cosine * dot(d, between) - dot(plane.normal, between)) / (1 - cosine * cosine);
  };
  const isOblique = id.endsWith('oblique');
  const to = (px: number, py: number): number => {
    const by = moved(px, py);
    if (isOblique) {
      const offset = (plane.distance + by - dot(plane.normal, middle)) / halfDiagonal(box);
      return Math.min(1, Math.max(-1, offset));
    }
    const axis = Number(id.slice(-1)) as AxisIndex;
    const { normal } = plane;
    const at = coordinatesInBox(box, [start[0] + by * normal[0], start[1] + by * normal[1], start[2] + by * normal[2]]);
    const [low, high] = boxEnds(box, axis);
    return Math.min(high, Math.max(low, at[axis]));
  };
  return { id, to };
}

/** Hears of drags before the camera does. Answers how to stop. */
export function listenToFrames(
  element: HTMLElement,
  actions: {
    /** Null where the pointer is on no frame. */
    take(x: number, y: number): PlaneDrag | null;
    hover(x: number, y: number): void;
    move(id: ShownPlane['id'], value: number): void;
    release(): void;
  },
): () => void {
  let drag: PlaneDrag | null = null;
  const place = (event: PointerEvent): readonly [number, number] => {
    const { left, top } = element.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const keep = (event: PointerEvent) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const listeners = {
    pointerdown(event: PointerEvent) {
      if (event.button !== 0 || event.shiftKey) return;
      drag = actions.take(...place(event));
      if (drag === null) return;
      element.setPointerCapture(event.pointerId);
      keep(event);
    },
    pointermove(event: PointerEvent) {
      if (drag === null) {
        if (event.buttons === 0) actions.hover(...place(event));
        return;
      }
      actions.move(drag.id, drag.to(...place(event)));
      keep(event);
    },
    pointerup(event: PointerEvent) {
      if (drag === null) return;
      drag = null;
      actions.release();
      keep(event);
    },
    pointercancel() {
      drag = null;
      actions.release();
    },
  };
  const all = Object.entries(listeners) as [string, (event: Event) => void][];
  for (const [name, listener] of all) element.addEventListener(name, listener, { capture: true });
  return () => {
    for (const [name, listener] of all) element.removeEventListener(name, listener, { capture: true });
  };
}
