import { dot } from '../camera-pose.ts';
import { type HeightScale, lossAt } from '../height-scale.ts';
import type { Point, SceneBox } from '../scene-box.ts';
import { planeCrossing, signedDistance } from './box-planes.ts';
import { heightInBox } from './height-in-volume.ts';
import { coordinatesInBox } from './volume-box.ts';
import type { ShownPlane, VolumeModel } from './volume-model.ts';

/** What is under a pixel of a volume. */
export interface PickedInVolume {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  /** Between the points of the grid; NaN where a point beside it is not finite. */
  readonly value: number;
  /** From the origin, in parameter length. */
  readonly distance: number;
  /** The nearest point of the grid. */
  readonly cell: readonly [i: number, j: number, k: number];
  /** There, as it was computed; NaN too where it was not. */
  readonly cellValue: number;
  /** A section, a cap of a clip plane or an isosurface. */
  readonly on: 'section' | 'cap' | 'surface';
}

/** What is nearest to the eye along a ray; null where it meets nothing that is drawn. */
export function pickedInVolume(model: VolumeModel, eye: Point, direction: Point): PickedInVolume | null {
  const spans = insideBox(model.box, eye, direction);
  if (spans === null) return null;
  const hits = [...sectionHits(model, eye, direction), ...surfaceHits(model, eye, direction, spans)];
  const nearest = hits.reduce<Hit | null>((best, hit) => (best === null || hit.t < best.t ? hit : best), null);
  return nearest && pickedAt(model, pointOn(eye, direction, nearest.t), nearest);
}

interface Hit {
  readonly t: number;
  readonly on: PickedInVolume['on'];
  readonly height: number;
}

const pointOn = (eye: Point, [x, y, z]: Point, t: number): Point => [eye[0] + t * x, eye[1] + t * y, eye[2] + t * z];

/** Where a ray is inside the box, by its three pairs of sides. */
export function insideBox(
  { width, depth, height }: SceneBox,
  eye: Point,
  direction: Point,
): readonly [from: number, to: number] | null {
  const [low, high] = [
    [-width / 2, 0, -depth / 2],
    [width / 2, height, depth / 2],
  ] as const;
  let [from, to] = [0, Number.POSITIVE_INFINITY];
  for (let k = 0; k < 3; k++) {
    const [a, b] = [(low[k]! - eye[k]!) / direction[k]!, (high[k]! - eye[k]!) / direction[k]!];
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    from = Math.max(from, Math.min(a, b));
    to = Math.min(to, Math.max(a, b));
  }
  return from < to ? [from, to] : null;
}

/** Sections are not clipped. A cap is what the other clips leave of its plane, up to the highest level. */
function sectionHits(model: VolumeModel, eye: Point, direction: Point): Hit[] {
  const { sections, clips, known, box, levels, look } = model;
  const hit = ({ plane }: ShownPlane, on: Hit['on']): Hit[] => {
    const t = planeCrossing(plane, eye, direction);
    if (t === null || t <= 0) return [];
    const at = pointOn(eye, direction, t);
    const height = heightInBox(known, box, at);
    return isInBox(box, at) ? [{ t, on, height }] : [];
  };
  const onSections = sections.flatMap((one) => hit(one, 'section'));
  if (look.caps === 'open' || levels.length === 0) return onSections;
  const highest = Math.max(...levels);
  const onCaps = clips.flatMap((clip) =>
    hit(clip, 'cap').filter(
      ({ t, height }) =>
        height <= highest && clips.every((other) => other === clip || isKept(other, pointOn(eye, direction, t))),
    ),
  );
  return [...onSections, ...onCaps];
}

const isKept = ({ plane }: ShownPlane, at: Point): boolean => signedDistance(plane, at) <= 1e-6;

const isInBox = ({ width, depth, height }: SceneBox, [x, y, z]: Point): boolean =>
  Math.abs(x) <= width / 2 + 1e-9 && Math.abs(z) <= depth / 2 + 1e-9 && y >= -1e-9 && y <= height + 1e-9;

/**
 * The first crossing of a level along the ray that no plane clips, by half a cell at a time and bisection: the surface
 * of the trilinear interpolant, which the drawn triangles follow to O(h²).
 */
function surfaceHits(
  { known, box, levels, clips }: VolumeModel,
  eye: Point,
  direction: Point,
  [from, to]: readonly [number, number],
): Hit[] {
  if (levels.length === 0) return [];
  const longest = Math.max(...known.axes.map(({ length }) => length));
  const step =
    Math.max(box.width, box.depth, box.height) / Math.max(1, longest - 1) / 2 / Math.sqrt(dot(direction, direction));
  const at = (t: number) => heightInBox(known, box, pointOn(eye, direction, t));
  const slack = 1e-9 * (to - from);
  let [t, height] = [from + slack, at(from + slack)];
  while (t < to) {
    const next = Math.min(to, t + step);
    const ahead = at(next === to ? to - slack : next);
    const crossed = levels.filter((level) => height < level !== ahead < level);
    const hits =
      Number.isNaN(height) || Number.isNaN(ahead) ? [] : crossed.map((level) => bisected(at, level, t, next));
    const seen = hits.filter((hit) => clips.every((clip) => isKept(clip, pointOn(eye, direction, hit.t))));
    if (seen.length > 0) return seen;
    [t, height] = [next, ahead];
  }
  return [];
}

function bisected(heightAt: (t: number) => number, level: number, from: number, to: number): Hit {
  const isBelow = heightAt(from) < level;
  let [a, b] = [from, to];
  for (let i = 0; i < 30; i++) {
    const middle = (a + b) / 2;
    if (heightAt(middle) < level === isBelow) a = middle;
    else b = middle;
  }
  return { t: (a + b) / 2, on: 'surface', height: level };
}

function pickedAt({ content, known, box, look }: VolumeModel, point: Point, { height, on }: Hit): PickedInVolume {
  const [alpha, beta, gamma] = coordinatesInBox(box, point);
  return pickedHere(content, look.quantity, known.scale, [alpha, beta, gamma], height, on);
}

/** The same for a point that is known by its coordinates. */
export function pickedHere(
  content: VolumeModel['content'],
  quantity: number,
  scale: HeightScale,
  at: readonly [number, number, number],
  height: number,
  on: PickedInVolume['on'],
): PickedInVolume {
  const { axes, fields } = content;
  const cell = at.map((value, k) => nearestPlace(axes[k]!, value)) as [number, number, number];
  const field = fields[quantity] ?? fields[0];
  const point = cell[0] + axes[0]!.length * (cell[1] + axes[1]!.length * cell[2]);
  return {
    alpha: at[0],
    beta: at[1],
    gamma: at[2],
    value: lossAt(height, scale),
    distance: lengthOf(content, at),
    cell,
    cellValue: field.computed[point] === 1 ? field.values[point]! : Number.NaN,
    on,
  };
}

/** ‖α d₁ + β d₂ + γ d₃‖, also of directions that are not at right angles. */
export function lengthOf(
  { norms, cosines }: Pick<VolumeModel['content'], 'norms' | 'cosines'>,
  [alpha, beta, gamma]: readonly [number, number, number],
): number {
  const [a, b, c] = [alpha * norms[0], beta * norms[1], gamma * norms[2]];
  const [ab, ac, bc] = cosines;
  return Math.sqrt(Math.max(0, a * a + b * b + c * c + 2 * (a * b * ab + a * c * ac + b * c * bc)));
}

function nearestPlace(axis: Float64Array, value: number): number {
  let best = 0;
  for (let i = 1; i < axis.length; i++) if (Math.abs(axis[i]! - value) < Math.abs(axis[best]! - value)) best = i;
  return best;
}
