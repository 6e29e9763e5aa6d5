import { finders } from '../../../core/analyses/saddles/descriptor.ts';
import type { StoppingReason } from '../../../core/analyses/saddles/finders/finder.ts';
import { type SearchedPoint, verdicts } from '../../../core/analyses/saddles/saddle.ts';
import { statusAdvice } from '../../../core/linalg/result.ts';
import { hasNumbers, isListOf, isNumber, isNumbers, isStep, isText, isTree, type Tree } from './result-forms.ts';

/** Whether a search for critical points that was read from a folder has every part that is drawn and computed with. */

type Form = (given: unknown) => boolean;

const isFlag: Form = (given) => typeof given === 'boolean';
const isCount: Form = (given) => isNumber(given) && Number.isSafeInteger(given) && given >= 0;
const orNull =
  (isForm: Form): Form =>
  (given) =>
    given === null || isForm(given);
const oneOf =
  (known: readonly unknown[]): Form =>
  (given) =>
    known.includes(given);
const has =
  (forms: Readonly<Record<string, Form>>): Form =>
  (given) =>
    isTree(given) && Object.entries(forms).every(([name, isForm]) => isForm(given[name]));
const counts =
  (...names: readonly string[]): Form =>
  (given) =>
    isTree(given) && names.every((name) => isCount(given[name]));

const reasons: Readonly<Record<StoppingReason, true>> = {
  gradientTolerance: true,
  stationary: true,
  noProgress: true,
  iterations: true,
  products: true,
  diverged: true,
  notFinite: true,
  cancelled: true,
};

const precision = oneOf(['float64', 'float32']);
const status = oneOf(Object.keys(statusAdvice));
const stats: Form = (given) => hasNumbers(given, ['products', 'gradients', 'losses', 'seconds']);
const extreme = orNull((given) => hasNumbers(given, ['value', 'errorBound']));
const indexCounts = counts('negative', 'null', 'positive');

/** Those of a quadrature are no whole numbers. */
const isShare: Form = (given) => isNumber(given) && given >= 0;

const index: Form = (given) =>
  has({ tolerance: isNumber, method: oneOf(['dense', 'quadrature']), standardError: orNull(isNumber) })(given) &&
  ((given as Tree).method === 'dense'
    ? indexCounts(given)
    : has({ negative: isShare, null: isShare, positive: isShare })(given));

const proof = has({
  newtonStep: isNumber,
  lipschitz: isNumber,
  h: isNumber,
  radius: orNull(isNumber),
  indexIsExact: isFlag,
  symmetryDirections: isCount,
});

const zeroModes = has({
  count: isCount,
  explained: isCount,
  by: (given) => isListOf(given, has({ symmetry: isText, directions: isCount })),
});

const start = has({
  number: isCount,
  kind: oneOf(['checkpoint', 'point', 'random']),
  step: orNull(isCount),
  noise: isNumber,
  scale: orNull(isNumber),
});

const parts = has({
  number: isCount,
  loss: isNumber,
  gradientNormSquared: isNumber,
  residual: orNull(isNumber),
  verdict: oneOf(verdicts),
  certified: isFlag,
  proof: orNull(proof),
  index: orNull(index),
  smallest: extreme,
  lowest: extreme,
  highest: extreme,
  eigenvalues: orNull((given) => isNumbers(given)),
  zeroModes: orNull(zeroModes),
  precision,
  norm: isNumber,
  polishedBy: isNumber,
  start,
  moved: isNumber,
  reason: oneOf(Object.keys(reasons)),
  status,
  iterations: isCount,
  history: (given) => isNumbers(given),
  sameAs: orNull(isCount),
  stats,
});

/** A judged point; `certified` only where there is a proof. */
export const isSearchedPoint = (given: unknown): given is SearchedPoint =>
  parts(given) &&
  (given as SearchedPoint).start.number === (given as SearchedPoint).number &&
  (!(given as SearchedPoint).certified || (given as SearchedPoint).proof !== null);

const exactPoint: Form = (given) =>
  indexCounts(given) && has({ modes: (list) => isNumbers(list), loss: isNumber })(given);

const convention = has({
  loss: isText,
  overExamples: isText,
  overOutputs: isText,
  half: isFlag,
  formula: isText,
});

const document = has({
  finder: oneOf(finders.map(({ id }) => id)),
  from: oneOf(['trajectory', 'random', 'point']),
  starts: isCount,
  points: (given) => isListOf(given, isSearchedPoint),
  tolerance: isNumber,
  dim: isCount,
  examples: isCount,
  convention,
  engine: isText,
  precision,
  exact: orNull((given) => isListOf(given, exactPoint)),
  warnings: (given) => isListOf(given, isText),
  step: isStep,
  data: has({ examples: isCount }),
  status,
  advice: isText,
  command: isText,
  stats,
});

/** Every point once, of starts that there are, with a spectrum as long as θ where it has one. */
function arePoints(points: readonly SearchedPoint[], starts: number, dim: number): boolean {
  const numbers = new Set(points.map(({ number }) => number));
  return (
    numbers.size === points.length &&
    points.every(
      ({ number, sameAs, eigenvalues }) =>
        number < starts &&
        (sameAs === null || (sameAs !== number && numbers.has(sameAs))) &&
        (eigenvalues === null || eigenvalues.length === dim),
    )
  );
}

export const isSearch = (given: Tree): boolean =>
  document(given) && arePoints(given.points as SearchedPoint[], given.starts as number, given.dim as number);
