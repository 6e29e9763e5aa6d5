import { type DirectionKind, directionKinds } from '../../../core/analyses/slices/directions/direction-kinds.ts';
import { axesOfShape, type SliceShape } from '../../../core/analyses/slices/grid-text.ts';
import type { Values } from './parameters.ts';

export type ExtentKind = 'own' | 'rise' | 'half' | 'ends';

/** A slice as its form has it: everything an axis apart. Three of each, whatever the shape. */
export interface SliceWish {
  readonly shape: SliceShape;
  readonly directions: readonly [DirectionKind, DirectionKind, DirectionKind];
  readonly sizes: readonly [number, number, number];
  readonly extent: ExtentKind;
  readonly halves: readonly [number, number, number];
  readonly lows: readonly [number, number, number];
  readonly highs: readonly [number, number, number];
  /** Ids, the loss among them. */
  readonly quantities: readonly string[];
  /** Everything else, by the names of the analysis. */
  readonly others: Values;
}

type Three<T> = readonly [T, T, T];

/** There is one of each of these: a second axis cannot have the same. */
const repeated: readonly DirectionKind[] = ['random', 'pca', 'eigen', 'lowest', 'gauss-newton'];

export const directionTitles: Readonly<Record<DirectionKind, string>> = {
  random: 'Random',
  pca: 'Principal direction of the path',
  eigen: 'Eigenvector, largest λ',
  lowest: 'Eigenvector, most negative λ',
  'gauss-newton': 'Gauss–Newton eigenvector',
  gradient: 'Gradient ∇L',
  'hessian-gradient': 'Hessian times gradient',
  difference: 'To another point',
  third: 'To a third point',
  moment: 'Mean gradient of the optimiser',
  update: 'Next step of the optimiser',
  file: 'From a file',
};

/** What of the point the form knows that limits its directions. */
export interface Around {
  /** A checkpoint of a run: it has a path and an optimiser. A point of a slice has neither. */
  readonly isCheckpoint: boolean;
}

/** The directions that axis k may have beside those of the other axes. Files are named on the command line only. */
export function directionsFor({ shape, directions }: SliceWish, k: number, { isCheckpoint }: Around): DirectionKind[] {
  const others = directions.slice(0, axesOfShape(shape)).filter((_, l) => l !== k);
  return directionKinds.filter(
    (kind) =>
      kind !== 'file' &&
      (isCheckpoint || !['pca', 'moment', 'update', 'difference', 'third'].includes(kind)) &&
      (kind !== 'third' || others.includes('difference')) &&
      (repeated.includes(kind) || !others.includes(kind)),
  );
}

const three = <T>(list: readonly T[], fill: T): Three<T> => [list[0] ?? fill, list[1] ?? fill, list[2] ?? fill];
const usual: Readonly<Record<SliceShape, Three<number>>> = {
  line: [201, 201, 201],
  plane: [51, 51, 51],
  volume: [31, 31, 31],
};

const isKind = (word: string): word is DirectionKind => (directionKinds as readonly string[]).includes(word);

/** The form of given parameters; what it cannot show (words of a whole span) becomes its directions. */
export function wishOf(given: Values): SliceWish {
  const text = (name: string): string | null => (typeof given[name] === 'string' ? (given[name] as string) : null);
  const shape: SliceShape = text('line') !== null ? 'line' : text('volume') !== null ? 'volume' : 'plane';
  const words = (text(shape) ?? 'random').split(',').map((word) => word.trim());
  const [word = 'random'] = words;
  const kinds =
    word === 'points'
      ? (['difference', 'third', 'random'] as const)
      : words.length > 1
        ? words.filter(isKind)
        : isKind(word)
          ? repeated.includes(word)
            ? [word, word, word]
            : word === 'gradient'
              ? (['gradient', 'hessian-gradient', 'random'] as const)
              : [word]
          : [];
  const sizes = (text('grid') ?? '').split(/[x×]/i).map(Number).filter(Number.isFinite).filter(Boolean);
  const extent = text('extent');
  const parts = (extent ?? '').split(/[x×]/i);
  const ends = parts.map((part) => part.split(':').map(Number));
  const kind: ExtentKind =
    extent === null ? 'own' : extent === 'rise' ? 'rise' : extent.includes(':') ? 'ends' : 'half';
  const number = (of: number | undefined, fill: number) => (Number.isFinite(of) ? of! : fill);
  const each = (of: (pair: readonly number[]) => number): Three<number> => three(ends.map(of), of(ends[0] ?? []));
  const { line: _, plane: __, volume: ___, grid: ____, extent: _____, quantity: ______, ...others } = given;
  return {
    shape,
    directions: three(kinds, 'random'),
    sizes: sizes.length === 0 ? usual[shape] : three(sizes, sizes[0]!),
    extent: kind,
    halves: kind === 'half' ? each(([half]) => number(half, 1)) : [1, 1, 1],
    lows: kind === 'ends' ? each(([low]) => number(low, -1)) : [-1, -1, -1],
    highs: kind === 'ends' ? each(([, high]) => number(high, 1)) : [1, 1, 1],
    quantities: [...new Set(['loss', ...(text('quantity') ?? '').split(',').filter(Boolean)])],
    others,
  };
}

/** With another shape: the grid that suits it, the same directions. */
export const withShape = (wish: SliceWish, shape: SliceShape): SliceWish => ({
  ...wish,
  shape,
  sizes: wish.shape === shape ? wish.sizes : usual[shape],
});

/** The parameters that the analysis is given. */
export function parametersOfWish(wish: SliceWish): Values {
  const { shape, sizes, extent, halves, lows, highs, quantities, others } = wish;
  const axes = axesOfShape(shape);
  const used = <T>(list: readonly T[]): readonly T[] => list.slice(0, axes);
  const joined = (list: readonly (string | number)[]): string =>
    list.every((one) => one === list[0]) ? String(list[0]) : list.join('x');
  const directions = used(wish.directions);
  const [first] = directions;
  const isOne = directions.every((kind) => kind === first) && (axes === 1 || repeated.includes(first!));
  const extents: Readonly<Record<ExtentKind, string | null>> = {
    own: null,
    rise: 'rise',
    half: joined(used(halves)),
    ends: joined(used(lows).map((low, k) => `${low}:${highs[k]}`)),
  };
  return {
    ...others,
    line: null,
    plane: null,
    volume: null,
    [shape]: isOne ? first! : directions.join(','),
    grid: joined(used(sizes)),
    extent: extents[extent],
    quantity: quantities.length === 1 ? 'loss' : quantities.join(','),
    // What no axis leads to is not given.
    to: directions.includes('difference') ? (others.to ?? null) : null,
    third: directions.includes('third') ? (others.third ?? null) : null,
  };
}

/** What is wrong with it as it stands; null where nothing is. */
export function problemOfWish(wish: SliceWish): string | null {
  const { shape, directions, extent, lows, highs, halves, others } = wish;
  const axes = axesOfShape(shape);
  const used = directions.slice(0, axes);
  if (used.includes('difference') && !others.to) return 'Choose the other point.';
  if (used.includes('third') && !others.third) return 'Choose the third point.';
  if (extent === 'half' && halves.slice(0, axes).some((half) => !(half > 0))) return 'A half-width is above zero.';
  if (extent === 'ends' && lows.slice(0, axes).some((low, k) => !(highs[k]! > low)))
    return 'Each axis ends above its beginning.';
  return null;
}
