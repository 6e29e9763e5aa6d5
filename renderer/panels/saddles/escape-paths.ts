import type { SearchedPoint } from '../../../core/analyses/saddles/saddle.ts';
import { numberText, subscript } from '../../../core/figures/number-text.ts';
import type { ShownPath } from '../../scene/path-points.ts';
import type { NamedPath, SceneMark } from '../../scene/scene-model.ts';
import type { FollowedEscape, SaddleScene } from '../../state/saddle-scenes.ts';
import { natureOf } from './words.ts';

type EscapePath = FollowedEscape['paths'][number];
type Slice = NonNullable<SaddleScene['slice']>;

/** Tokens of the theme, one a direction; more directions than colours begin again. */
export const directionTokens = ['c-4', 'c-2', 'c-5', 'c-1'] as const;

export const directionToken = (direction: number): string => directionTokens[direction % directionTokens.length]!;

/** `v₁` for the most negative direction. */
export const directionName = (direction: number): string => `v${subscript(direction + 1)}`;

/** A path from the point itself on; NaN has no place in a picture. */
export function pathOfEscape(path: EscapePath, loss: number): ShownPath {
  const along = (axis: number) => [0, ...(path.coordinates[axis] ?? path.losses.map(() => Number.NaN))];
  return {
    steps: [0, ...path.steps],
    alpha: along(0),
    beta: along(1),
    distance: [0, ...path.distances],
    length: [0, ...path.distances],
    trueLoss: [loss, ...path.losses],
  };
}

/** Lengths of the drawn path up to each of its points, in parameters: far from where descent hardly moves. */
function arcLengths({ alpha, beta }: ShownPath, norms: readonly [number, number]): number[] {
  const lengths = [0];
  for (let i = 1; i < alpha.length; i++)
    lengths.push(
      lengths[i - 1]! + Math.hypot(norms[0] * (alpha[i]! - alpha[i - 1]!), norms[1] * (beta[i]! - beta[i - 1]!)),
    );
  return lengths;
}

/** The first part of a path, to a share of its length; its last point lies between two of the path. */
export function pathUpTo(path: ShownPath, share: number, norms: readonly [number, number]): ShownPath {
  if (share >= 1) return path;
  const lengths = arcLengths(path, norms);
  const wanted = Math.max(0, share) * lengths.at(-1)!;
  let last = 0;
  while (last + 1 < lengths.length && lengths[last + 1]! <= wanted) last++;
  const step = (lengths[last + 1] ?? wanted) - lengths[last]!;
  const part = step > 0 ? (wanted - lengths[last]!) / step : 0;
  const cut = (values: readonly number[]): number[] => {
    const next = values[last + 1];
    const kept = values.slice(0, last + 1);
    return next === undefined || part === 0 ? kept : [...kept, values[last]! + part * (next - values[last]!)];
  };
  return {
    steps: cut(path.steps),
    alpha: cut(path.alpha),
    beta: cut(path.beta),
    distance: cut(path.distance),
    length: cut(path.length),
    trueLoss: cut(path.trueLoss),
  };
}

/** The step of descent that a share of the drawn length stands for. */
export const stepAt = (path: ShownPath, share: number, norms: readonly [number, number]): number =>
  Math.round(pathUpTo(path, share, norms).steps.at(-1) ?? 0);

export const normsOf = ({ directions }: Slice): readonly [number, number] => [
  directions[0]?.norm ?? 1,
  directions[1]?.norm ?? 1,
];

/** Displacements within the plane, in parameters, by point of the path. */
function lengthsInPlane({ coordinates }: EscapePath, slice: Slice): number[] {
  const [first, second] = normsOf(slice);
  const cosine = slice.cosines[0] ?? 0;
  return Array.from(coordinates[0] ?? [], (along, i) => {
    const [a, b] = [first * along, second * (coordinates[1]?.[i] ?? 0)];
    return Math.sqrt(Math.max(0, a * a + b * b + 2 * cosine * a * b));
  });
}

/** Less of a path than this share seen is a path that the picture does not show. */
const leastSeen = 0.2;

/** Whether the plane holds enough of a path to draw it: those that leave at a right angle stand still in the picture. */
export const isInPlane = (path: EscapePath, slice: Slice): boolean =>
  path.coordinates.length >= 2 &&
  Math.max(...lengthsInPlane(path, slice)) > leastSeen * Math.max(...path.distances, 1e-300);

/** How far the farthest point of the paths drawn is from the plane, and from the saddle; null without any. */
export function farthestFromPlane(
  { paths }: Pick<FollowedEscape, 'paths'>,
  slice: Slice,
): { readonly distance: number; readonly length: number } | null {
  let farthest: { distance: number; length: number } | null = null;
  for (const path of paths.filter((one) => isInPlane(one, slice))) {
    const within = lengthsInPlane(path, slice);
    for (let i = 0; i < within.length; i++) {
      const length = path.distances[i]!;
      const distance = Math.sqrt(Math.max(0, length ** 2 - within[i]! ** 2));
      if (farthest === null || distance > farthest.distance) farthest = { distance, length };
    }
  }
  return farthest;
}

/** What the picture does not show of the paths, honestly. */
export function planeSentence(followed: FollowedEscape, slice: Slice): string {
  const far = farthestFromPlane(followed, slice);
  if (far === null) return '';
  if (far.distance <= 0.01 * far.length) return 'Descent stays in this plane.';
  return `Descent leaves the plane: up to ${numberText(far.distance, 3)} at ${numberText(far.length, 3)} from the point. Paths stand at their true loss over their shadow.`;
}

const endWords = { minimum: 'minimum', saddle: 'saddle', moving: 'still moving' } as const;

export const endText = ({ end }: EscapePath): string => `${endWords[end.kind]}, L ${numberText(end.loss, 3)}`;

/** Beyond the paths, as a share of their reach. */
const margin = 0.2;
/** The walls across the descent rise by so many times its depth. */
const wall = 1.5;

/**
 * The extent, as `slice` takes it, on which the paths reach nearly to the ends, and across which a direction of positive
 * curvature λ rises by a multiple of the depth of the descent (half-width √(2 rise/λ)), so that the saddle is seen as one.
 * Null where the picture is like that already, or no path lies in the plane.
 */
export function extentFor(followed: Pick<FollowedEscape, 'paths' | 'loss'>, slice: Slice): string | null {
  const drawn = followed.paths.filter((path) => isInPlane(path, slice));
  const depth = followed.loss - Math.min(...drawn.map(({ end }) => end.loss));
  if (drawn.length === 0 || !(depth > 0)) return null;
  const norms = normsOf(slice);
  const wanted = slice.directions.slice(0, 2).map(({ eigenvalue }, k) => {
    const values = drawn.flatMap(({ coordinates }) => [...coordinates[k]!]).filter(Number.isFinite);
    const [low, high] = [(1 + margin) * Math.min(0, ...values), (1 + margin) * Math.max(0, ...values)];
    const across = eigenvalue !== null && eigenvalue > 0 ? Math.sqrt((2 * wall * depth) / eigenvalue) / norms[k]! : 0;
    const least = Math.max(across, 0.3 * Math.max(-low, high));
    return [Math.min(low, -least), Math.max(high, least)] as const;
  });
  if (wanted.some(([low, high]) => !(high > low))) return null;
  const fits = wanted.every(([low, high], k) => {
    const axis = slice.axes[k]!;
    const ratios = [axis[0]! / low, axis[axis.length - 1]! / high];
    return ratios.every((ratio) => ratio > 0.85 && ratio < 1.6);
  });
  return fits ? null : wanted.map(([low, high]) => `${low.toPrecision(5)}:${high.toPrecision(5)}`).join('x');
}

/** The point at the centre, and where the paths end. */
export function sceneMarksOf(
  point: SearchedPoint,
  slice: Slice,
  followed: FollowedEscape | null,
  isEnded: boolean,
): SceneMark[] {
  const nature = natureOf(point);
  const own: SceneMark = {
    alpha: 0,
    beta: 0,
    value: point.loss,
    kind: nature === 'point' ? 'found' : nature,
    certified: point.certified,
    label: `point ${point.number}`,
  };
  if (followed === null || !isEnded) return [own];
  const drawn = followed.paths.filter((path) => isInPlane(path, slice));
  const ends = drawn.flatMap((path, i): SceneMark[] => {
    const last = path.losses.length - 1;
    const [alpha, beta] = [path.coordinates[0]?.[last], path.coordinates[1]?.[last]];
    if (alpha === undefined || beta === undefined) return [];
    const kind = path.end.kind === 'moving' ? 'found' : path.end.kind;
    const isFirst = drawn.findIndex((other) => endText(other) === endText(path)) === i;
    return [{ alpha, beta, value: path.end.loss, kind, certified: false, label: isFirst ? endText(path) : '' }];
  });
  return [own, ...ends];
}

/** Up to a share of their lengths, in the colours of their directions. */
export function drawnPaths(
  followed: FollowedEscape,
  slice: Slice,
  share: number,
  colour: (token: string) => string,
): NamedPath[] {
  const norms = normsOf(slice);
  return followed.paths
    .filter((path) => isInPlane(path, slice))
    .map((path) => ({
      path: pathUpTo(pathOfEscape(path, followed.loss), share, norms),
      colour: colour(directionToken(path.direction)),
      name: '',
      isMain: true,
    }));
}
