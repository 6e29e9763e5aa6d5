import { BadInput } from '../../../bad-input.ts';
import { nearestName } from '../../../nearest-name.ts';

/**
 * `random`: a seeded normal draw. `pca`: the k-th principal direction of the trajectory. `eigen`, `lowest`: the k-th largest
 * and the k-th most negative eigenvalue of the Hessian. `gauss-newton`: the k-th largest of the Gauss–Newton matrix.
 * `gradient`, `hessian-gradient`: g and H g. `difference`, `third`: from here to a second and a third point. `moment`,
 * `update`: the optimiser's mean gradient and its step. `file`: the k-th vector of a file.
 */
export type DirectionKind =
  | 'random'
  | 'pca'
  | 'eigen'
  | 'lowest'
  | 'gauss-newton'
  | 'gradient'
  | 'hessian-gradient'
  | 'difference'
  | 'third'
  | 'moment'
  | 'update'
  | 'file';

/** Kinds with a vector for every axis: their k-th occurrence takes the k-th. */
const repeated = ['random', 'pca', 'eigen', 'lowest', 'gauss-newton', 'file'] as const satisfies DirectionKind[];

/** A word for a whole span, completed with random directions. */
const completed = {
  gradient: ['gradient', 'hessian-gradient'],
  'hessian-gradient': ['hessian-gradient'],
  points: ['difference', 'third'],
  difference: ['difference'],
  third: ['third'],
  moment: ['moment'],
  update: ['update'],
} as const satisfies Readonly<Record<string, readonly DirectionKind[]>>;

const isRepeated = (word: string): word is (typeof repeated)[number] => (repeated as readonly string[]).includes(word);
const isCompleted = (word: string): word is keyof typeof completed => Object.hasOwn(completed, word);

/** Every kind of direction, as it may stand in a list. */
export const directionKinds: readonly DirectionKind[] = [
  ...repeated,
  ...Object.keys(completed).filter((word): word is DirectionKind => word !== 'points'),
];

/** Every word that spans a slice by itself: the kinds, and `points` for the plane through three points. */
export const spanWords: readonly string[] = [...repeated, ...Object.keys(completed)];

/**
 * What spans a slice of so many axes. One word for all: `random`, `pca`, `eigen`, `lowest`, `gauss-newton` and `file` give
 * every axis; `gradient` means g, then H g; `points` the differences to two other points; whatever is then missing is
 * random. Or a list with a kind an axis: `eigen,lowest`. Throws BadInput.
 */
export function spanOf(text: string, axes: 1 | 2 | 3): DirectionKind[] {
  const words = text.split(',').map((word) => word.trim().toLowerCase());
  const [word] = words;
  if (words.length === 1 && word !== undefined) {
    if (isRepeated(word)) return new Array<DirectionKind>(axes).fill(word);
    if (isCompleted(word)) return [...completed[word], 'random' as const, 'random' as const].slice(0, axes);
    throw unknownWord(word, spanWords);
  }
  const kinds = words.map((one) => {
    const kind = directionKinds.find((known) => known === one);
    if (kind === undefined) throw unknownWord(one, directionKinds);
    return kind;
  });
  if (kinds.length !== axes)
    throw new BadInput(
      `“${text}” names ${kinds.length} directions for ${axes} ${axes === 1 ? 'axis' : 'axes'}.`,
      'Name one for each axis.',
    );
  const twice = kinds.find((kind, i) => !isRepeated(kind) && kinds.indexOf(kind) !== i);
  if (twice) throw new BadInput(`“${text}” names ${twice} twice, and there is one only.`, 'Name another kind.');
  return kinds;
}

function unknownWord(word: string, known: readonly string[]): BadInput {
  const near = nearestName(word, known);
  return new BadInput(
    word === '' ? 'No direction is named.' : `“${word}” is no kind of direction.`,
    near ? `Did you mean “${near}”?` : `Use one of ${known.join(', ')}.`,
  );
}

/** What the directions usually cost: for the estimate before a run. */
export function directionCost(kinds: readonly DirectionKind[]): {
  readonly products: number;
  readonly gradients: number;
} {
  const has = (kind: DirectionKind) => kinds.includes(kind);
  const hessian = has('eigen') || has('lowest');
  const linearized = hessian || has('gauss-newton') || has('hessian-gradient');
  return {
    products:
      (has('eigen') ? 30 : 0) +
      (has('lowest') ? 100 : 0) +
      (has('gauss-newton') ? 30 : 0) +
      (has('hessian-gradient') ? 1 : 0),
    gradients: linearized || has('gradient') ? 1 : 0,
  };
}
