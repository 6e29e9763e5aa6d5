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

/** How far the farthest point of all paths is from the plane, and from the saddle; nothing without a path. */
export function farthestFromPlane(
  { paths }: Pick<FollowedEscape, 'paths'>,
  slice: Slice,
): { readonly distance: number; readonly length: number } | null {
  const [first, second] = normsOf(slice);
  const cosine = slice.cosines[0] ?? 0;
  let farthest: { distance: number; length: number } | null = null;
  for (const { coordinates, distances } of paths) {
    if (coordinates.length < 2) continue;
    for (let i = 0; i < distances.length; i++) {
      const [a, b] = [first * coordinates[0]![i]!, second * coordinates[1]![i]!];
      const within = a * a + b * b + 2 * cosine * a * b;
      const distance = Math.sqrt(Math.max(0, distances[i]! ** 2 - within));
      if (farthest === null || distance > farthest.distance) farthest = { distance, length: distances[i]! };
    }
  }
  return farthest;
}

/** What the picture does not show of the paths, honestly. */
export function planeSentence(followed: FollowedEscape, slice: Slice): string {
  const far = farthestFromPlane(followed, slice);
  if (far === null) return '';
  if (far.distance <= 0.01 * far.length) return 'Descent stays in this plane.';
  return `Descent leaves the plane: up to ${numberText(far.distance, 3)} of ${numberText(far.length, 3)}. Paths stand at their true loss over their shadow.`;
}

const endWords = { minimum: 'minimum', saddle: 'saddle', moving: 'still moving' } as const;

export const endText = ({ end }: EscapePath): string => `${endWords[end.kind]}, L ${numberText(end.loss, 3)}`;

/** The extent that holds all paths with a margin, as `slice` takes it; null where the picture holds them well already. */
export function extentFor({ paths }: Pick<FollowedEscape, 'paths'>, slice: Slice): string | null {
  const ends = slice.axes.map((axis) => [axis[0]!, axis[axis.length - 1]!] as const);
  const reached = [0, 1].map((axis) => {
    const values = paths.flatMap(({ coordinates }) => [...(coordinates[axis] ?? [])]).filter(Number.isFinite);
    return [Math.min(0, ...values), Math.max(0, ...values)] as const;
  });
  const isOutside = reached.some(([low, high], k) => low < 0.97 * ends[k]![0] || high > 0.97 * ends[k]![1]);
  const used = Math.max(...reached.map(([low, high], k) => (high - low) / (ends[k]![1] - ends[k]![0])));
  if (!isOutside && used > 0.3) return null;
  const [a, b] = normsOf(slice);
  // Neither side narrower than half of the other in parameter length: a strip shows no surface.
  const spans = reached.map(([low, high], k) => (high - low) * (k === 0 ? a : b));
  const widest = Math.max(...spans);
  if (!(widest > 0)) return null;
  return reached
    .map(([low, high], k) => {
      const norm = k === 0 ? a : b;
      const more = Math.max(0.25 * (high - low), (0.6 * widest) / norm - (high - low)) / 2 + (0.1 * widest) / norm;
      return `${(low - more).toPrecision(5)}:${(high + more).toPrecision(5)}`;
    })
    .join('x');
}

/** The point at the centre, and where the paths end. */
export function sceneMarksOf(point: SearchedPoint, followed: FollowedEscape | null, isEnded: boolean): SceneMark[] {
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
  const ends = followed.paths.flatMap((path, i): SceneMark[] => {
    const last = path.losses.length - 1;
    const [alpha, beta] = [path.coordinates[0]?.[last], path.coordinates[1]?.[last]];
    if (alpha === undefined || beta === undefined) return [];
    const kind = path.end.kind === 'moving' ? 'found' : path.end.kind;
    const isFirst = followed.paths.findIndex((other) => endText(other) === endText(path)) === i;
    return [{ alpha, beta, value: path.end.loss, kind, certified: false, label: isFirst ? endText(path) : '' }];
  });
  return [...ends, own];
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
    .filter(({ coordinates }) => coordinates.length >= 2)
    .map((path) => ({
      path: pathUpTo(pathOfEscape(path, followed.loss), share, norms),
      colour: colour(directionToken(path.direction)),
      name: '',
      isMain: true,
    }));
}
