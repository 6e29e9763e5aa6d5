import type { PathOnPlane } from '../../core/protocol/methods.ts';
import type { Point, SceneBox } from './scene-box.ts';
import { pointOf, xOf, zOf } from './scene-box.ts';
import type { SliceGrid } from './slice-grid.ts';

/** The checkpoints of a run on a plane, ascending by step. */
export interface ShownPath {
  readonly steps: readonly number[];
  readonly alpha: readonly number[];
  readonly beta: readonly number[];
  /** From the plane, and from its origin. */
  readonly distance: readonly number[];
  readonly length: readonly number[];
  /** NaN where it was not computed. */
  readonly trueLoss: readonly number[];
}

type GivenPath = Pick<PathOnPlane, 'steps' | 'coordinates' | 'distance' | 'length' | 'trueLoss'>;

/** The path that a slice was computed with, and the checkpoints made since; null without any. */
export function joinedPath(slicePath: GivenPath | null, newer: GivenPath | null): ShownPath | null {
  const last = slicePath?.steps.at(-1) ?? Number.NEGATIVE_INFINITY;
  const parts = [slicePath, newer].flatMap((path, part) =>
    (path?.steps ?? []).flatMap((step, i) => (path && (part === 0 || step > last) ? [{ path, step, i }] : [])),
  );
  if (parts.length === 0) return null;
  const column = (name: Exclude<keyof GivenPath, 'steps' | 'coordinates'>) =>
    parts.map(({ path, i }) => path[name][i] ?? Number.NaN);
  const along = (axis: number) => parts.map(({ path, i }) => path.coordinates[axis]?.[i] ?? 0);
  return {
    steps: parts.map(({ step }) => step),
    alpha: along(0),
    beta: along(1),
    distance: column('distance'),
    length: column('length'),
    trueLoss: column('trueLoss'),
  };
}

/** Index of the last checkpoint at or before a step (null: the newest); the first one for earlier steps. */
export function checkpointAt({ steps }: ShownPath, step: number | null): number {
  if (step === null) return steps.length - 1;
  let [low, high] = [0, steps.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (steps[middle]! <= step) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where checkpoint i is drawn: over its shadow on the plane, as high as its true loss; null without a finite loss. */
export function pathPoint(path: ShownPath, i: number, box: SceneBox): Point | null {
  const point = pointOf(box, path.alpha[i]!, path.beta[i]!, path.trueLoss[i]!);
  return point.every(Number.isFinite) ? point : null;
}

/**
 * Where a step is on the drawn path: between two checkpoints on the line that joins them; null without a finite loss.
 * The newest checkpoint for null.
 */
export function pathPointAt(path: ShownPath, step: number | null, box: SceneBox): Point | null {
  const index = checkpointAt(path, step);
  const here = pathPoint(path, index, box);
  const [from, to] = [path.steps[index], path.steps[index + 1]];
  if (step === null || here === null || from === undefined || to === undefined || step <= from) return here;
  const next = pathPoint(path, index + 1, box);
  if (next === null) return here;
  const share = (step - from) / (to - from);
  return [0, 1, 2].map((axis) => here[axis]! + share * (next[axis]! - here[axis]!)) as unknown as Point;
}

/** Pairs of points of neighbouring checkpoints; a checkpoint without a finite loss leaves a gap. */
export function pathSegments(path: ShownPath, box: SceneBox): number[] {
  const points = path.steps.map((_, i) => pathPoint(path, i, box));
  return points.flatMap((point, i) => {
    const before = points[i - 1];
    return point && before ? [...before, ...point] : [];
  });
}

/** The same path with gaps where it leaves the grid: what is projected on the plane of another run may lie far off. */
export function pathOver(path: ShownPath, { alpha, beta }: Pick<SliceGrid, 'alpha' | 'beta'>): ShownPath {
  const within = (at: number, axis: ArrayLike<number>) => at >= axis[0]! && at <= axis[axis.length - 1]!;
  const isOver = (i: number) => within(path.alpha[i]!, alpha) && within(path.beta[i]!, beta);
  return { ...path, trueLoss: path.trueLoss.map((loss, i) => (isOver(i) ? loss : Number.NaN)) };
}

/** The shadow of the path on the floor. */
export function shadowSegments({ alpha, beta }: ShownPath, box: SceneBox): number[] {
  return alpha.slice(1).flatMap((at, i) => {
    const [from, to] = [
      [xOf(box, alpha[i]!), 0, zOf(box, beta[i]!)],
      [xOf(box, at), 0, zOf(box, beta[i + 1]!)],
    ];
    return [...from, ...to].every(Number.isFinite) ? [...from, ...to] : [];
  });
}

const mostStalks = 24;

/** Vertical lines from checkpoints to the slice below or above them, at most two dozen, evenly chosen. */
export function stalkSegments(
  path: ShownPath,
  box: SceneBox,
  lossOnSlice: (alpha: number, beta: number) => number,
): number[] {
  const every = Math.max(1, Math.ceil(path.steps.length / mostStalks));
  return path.steps.flatMap((_, i) => {
    if (i % every !== 0 && i !== path.steps.length - 1) return [];
    const above = pathPoint(path, i, box);
    const foot = pointOf(box, path.alpha[i]!, path.beta[i]!, lossOnSlice(path.alpha[i]!, path.beta[i]!));
    return above && foot.every(Number.isFinite) ? [...above, ...foot] : [];
  });
}

/** The checkpoint whose mark is nearest to a pixel, and how far; null for an empty path. */
export function nearestCheckpoint(
  path: ShownPath,
  box: SceneBox,
  project: (point: Point) => { readonly x: number; readonly y: number; readonly depth: number },
  x: number,
  y: number,
): { readonly index: number; readonly pixels: number } | null {
  let best: { index: number; pixels: number } | null = null;
  for (let index = 0; index < path.steps.length; index++) {
    const point = pathPoint(path, index, box);
    if (point === null) continue;
    const at = project(point);
    const pixels = Math.hypot(at.x - x, at.y - y);
    if (at.depth > 0 && (best === null || pixels < best.pixels)) best = { index, pixels };
  }
  return best;
}

/** The checkpoint whose shadow is nearest to (α, β), in shares of these two sides; −1 for an empty path. */
export function nearestShadow(
  { alpha, beta }: ShownPath,
  [width, depth]: readonly [number, number],
  a: number,
  b: number,
): number {
  let [best, least] = [-1, Number.POSITIVE_INFINITY];
  alpha.forEach((at, i) => {
    const distance = Math.hypot((at - a) / width, (beta[i]! - b) / depth);
    if (distance < least) [best, least] = [i, distance];
  });
  return best;
}
