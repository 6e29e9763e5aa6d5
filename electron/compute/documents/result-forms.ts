import { spanOf } from '../../../core/analyses/slices/directions/direction-kinds.ts';
import { curvatureKinds } from '../../../core/objective/curvature/curvature-kinds.ts';

/**
 * Whether a result that was read from a folder has the parts that are drawn and computed with, in sizes that go together.
 * Runs come from other people, and a process may have died between two files of one result.
 */
export type Tree = Readonly<Record<string, unknown>>;

export const isTree = (given: unknown): given is Tree =>
  typeof given === 'object' && given !== null && !Array.isArray(given) && !ArrayBuffer.isView(given);

export const isNumber = (given: unknown): given is number => typeof given === 'number';

export const isNumbers = (given: unknown, length?: number): boolean => {
  const list = given as Float64Array | readonly unknown[];
  const isList = Array.isArray(given) || given instanceof Float64Array || given instanceof Uint8Array;
  return isList && (length === undefined || list.length === length) && list.every(isNumber);
};

export const hasNumbers = (given: unknown, names: readonly string[]): boolean =>
  isTree(given) && names.every((name) => isNumber(given[name]));

export const isStep = (step: unknown): boolean =>
  step === null || step === undefined || (isNumber(step) && Number.isSafeInteger(step) && step >= 0);

const isPair = (given: unknown): boolean => hasNumbers(given, ['value', 'residual', 'errorBound', 'errorEstimate']);
const arePairs = (given: unknown): boolean => Array.isArray(given) && given.every(isPair);

const onBothSides = ['positive', 'positiveStandardError', 'negative', 'negativeStandardError'];

const isLogDensity = (given: unknown): boolean =>
  isTree(given) &&
  isNumbers(given.x) &&
  onBothSides.every((name) => isNumbers(given[name], (given.x as unknown[]).length));

const isMasses = (given: unknown): boolean =>
  isTree(given) &&
  isNumber(given.delta) &&
  ['below', 'near', 'above'].every((name) => hasNumbers(given[name], ['value', 'standardError', 'low95', 'high95']));

const isDensity = (given: unknown): boolean =>
  isTree(given) &&
  isNumbers(given.x) &&
  ['y', 'standardError', 'cumulative'].every((name) => isNumbers(given[name], (given.x as unknown[]).length)) &&
  (given.logarithmic === undefined || given.logarithmic === null || isLogDensity(given.logarithmic)) &&
  (given.masses === undefined || isMasses(given.masses)) &&
  (given.deflated === undefined || isNumbers(given.deflated));

export const isText = (given: unknown): boolean => typeof given === 'string';
export const isListOf = (given: unknown, isItem: (item: unknown) => boolean): boolean =>
  Array.isArray(given) && given.every(isItem);

const estimate = ['value', 'standardError', 'low95', 'high95'];
const ends: readonly unknown[] = ['top', 'bottom', 'magnitude', 'nearZero'];

const isLayer = (given: unknown): boolean =>
  isTree(given) &&
  isText(given.block) &&
  isNumber(given.size) &&
  hasNumbers(given.trace, estimate) &&
  (given.top === null || isPair(given.top));

/** What later versions say besides; absent in results of earlier ones. */
const laterParts: Readonly<Record<string, (given: unknown) => boolean>> = {
  magnitude: arePairs,
  nearZero: arePairs,
  subspaces: (given) =>
    isListOf(
      given,
      (one) => hasNumbers(one, ['first', 'count', 'value', 'spread']) && ends.includes((one as Tree).end),
    ),
  layers: (given) => given === null || isListOf(given, isLayer),
  notices: (given) => isListOf(given, (one) => isTree(one) && isText(one.found) && isText(one.instead)),
  blocks: (given) => given === null || isListOf(given, isText),
  blockNames: (given) => isListOf(given, isText),
  operatorName: isText,
  operatorFormula: isText,
  logDeterminant: (given) => given === null || hasNumbers(given, [...estimate, 'shift']),
  effectiveDimension: (given) => given === null || hasNumbers(given, [...estimate, 'shift']),
};

const areLaterParts = (given: Tree): boolean =>
  Object.entries(laterParts).every(([name, holds]) => given[name] === undefined || holds(given[name]));

const isKnownSpectrum = ({ step, operator, eigenvalues, bottom, density, trace }: Tree): boolean =>
  isStep(step) &&
  curvatureKinds.some((kind) => kind === operator) &&
  arePairs(eigenvalues) &&
  arePairs(bottom) &&
  (density === null || isDensity(density)) &&
  (trace === null || hasNumbers(trace, ['value', 'standardError']));

export const isSpectrum = (given: Tree): boolean => isKnownSpectrum(given) && areLaterParts(given);

const isMatrix = (given: unknown, side: number): boolean =>
  isTree(given) && given.rows === side && given.columns === side && isNumbers(given.data, side * side);

export const isOverlap = ({ step, kind, labels, overlap, errorBound, subspaces, k }: Tree): boolean =>
  isStep(step) &&
  ['steps', 'halves', 'layers'].some((known) => known === kind) &&
  isNumber(k) &&
  Array.isArray(labels) &&
  labels.every((label) => typeof label === 'string') &&
  isMatrix(overlap, labels.length) &&
  isMatrix(errorBound, labels.length) &&
  Array.isArray(subspaces);

const isScattered = (given: unknown): boolean => hasNumbers(given, ['value', 'perExample', 'standardError']);
const sizes = ['accuracy', 'examples', 'low95', 'high95', 'ofThese'];

export const isSampling = ({ step, sharpness, trace, ladder, proposals, batchSharpness }: Tree): boolean =>
  isStep(step) &&
  isScattered(sharpness) &&
  isScattered(trace) &&
  Array.isArray(ladder) &&
  ladder.every((row) => hasNumbers(row, ['size', 'mean', 'standardDeviation', 'predictedDeviation', 'bias'])) &&
  Array.isArray(proposals) &&
  proposals.every((one) => hasNumbers(one, sizes)) &&
  (batchSharpness === null || hasNumbers(batchSharpness, ['batchSize', 'batches']));

export const isStructure = ({ step, sharpness, notices }: Tree): boolean =>
  isStep(step) && (sharpness === null || Array.isArray(sharpness)) && Array.isArray(notices);

const isLearntMode =
  (points: number) =>
  (given: unknown): boolean =>
    isTree(given) &&
    hasNumbers(given, ['mode', 'singularValue', 'alignment', 'unevenness', 'imbalance']) &&
    isNumbers(given.strengths, points) &&
    (given.theory === null || isNumbers(given.theory, points)) &&
    (given.halfTime === null || hasNumbers(given.halfTime, ['value', 'spacing'])) &&
    (given.theoryHalfTime === null || isNumber(given.theoryHalfTime)) &&
    (given.deviation === null || hasNumbers(given.deviation, ['value', 'step']));

const isCurves = (given: unknown, modes: number): boolean => {
  if (!isTree(given) || !isNumbers(given.steps) || !Array.isArray(given.values)) return false;
  const { length } = given.steps as unknown[];
  return given.values.length === modes && given.values.every((values) => values === null || isNumbers(values, length));
};

export const isModes = (given: Tree): boolean => {
  const { step, form, formula, notices, widths, steps, modes, curves } = given;
  if (!isStep(step) || !isNumbers(steps) || !Array.isArray(modes)) return false;
  const { length } = steps as unknown[];
  return (
    ['balanced', 'unbalanced', 'deep', 'none'].some((known) => known === form) &&
    isText(formula) &&
    (given.stepLength === null || isNumber(given.stepLength)) &&
    isListOf(notices, isText) &&
    isNumbers(widths) &&
    length > 0 &&
    ['times', 'loss', 'offDiagonal', 'imbalance', 'drift'].every((name) => isNumbers(given[name], length)) &&
    modes.every(isLearntMode(length)) &&
    isCurves(curves, modes.length)
  );
};

const alongPath = ['distance', 'length', 'trueLoss', 'projectedLoss'];

/** Coordinates as a list of lists; in an earlier version under two names. */
const isPath = (given: unknown, axes: number): boolean => {
  if (!isTree(given) || !isNumbers(given.steps)) return false;
  const { length } = given.steps as unknown[];
  const coordinates = Array.isArray(given.coordinates) ? given.coordinates : [given.alpha, given.beta];
  return (
    coordinates.length === axes &&
    coordinates.every((one) => isNumbers(one, length)) &&
    alongPath.every((name) => isNumbers(given[name], length))
  );
};

const certificates: readonly unknown[] = [
  null,
  'standard error',
  'residual',
  '95 % half-width',
  'within rounding of zero',
];

const isField = (given: unknown, points: number): boolean =>
  isTree(given) &&
  isText(given.quantity) &&
  certificates.includes(given.certificate) &&
  isNumbers(given.values, points) &&
  isNumbers(given.computed, points) &&
  (given.uncertainty === null || isNumbers(given.uncertainty, points));

/** How many axes a grid has whose parts go together; 0 for one whose parts do not. */
function axesOfGrid({ alpha, beta, loss, computed, axes, fields }: Tree): number {
  if (Array.isArray(axes)) {
    const points = axes.reduce((product: number, axis: { length?: number }) => product * (axis?.length ?? 0), 1);
    const fits = axes.length >= 1 && axes.length <= 3 && points > 0 && axes.every((axis) => isNumbers(axis));
    const filled = Array.isArray(fields) && fields.length > 0 && fields.every((field) => isField(field, points));
    return fits && filled ? axes.length : 0;
  }
  if (!isNumbers(alpha) || !isNumbers(beta) || !isTree(loss)) return 0;
  const [columns, rows] = [(alpha as unknown[]).length, (beta as unknown[]).length];
  const isWhole =
    columns > 0 &&
    rows > 0 &&
    loss.columns === columns &&
    loss.rows === rows &&
    isNumbers(loss.data, rows * columns) &&
    isNumbers(computed, rows * columns);
  return isWhole ? 2 : 0;
}

/** Words for directions, as `spanOf` reads them. */
const isSpan = (given: unknown, axes: number): boolean => {
  try {
    return isText(given) && spanOf(given as string, axes as 1 | 2 | 3).length === axes;
  } catch {
    return false;
  }
};

/** What an earlier version did not say is absent. */
const isOneOf = (given: unknown, known: readonly string[]): boolean =>
  given === undefined || known.some((one) => one === given);

export const isSlice = (given: Tree): boolean => {
  const { step, plane, directions, center, trajectory, warnings, vectors, on, statistics, cosines } = given;
  const axes = axesOfGrid(given);
  return (
    axes > 0 &&
    isStep(step) &&
    isSpan(plane, axes) &&
    isOneOf(on, ['train', 'test']) &&
    isOneOf(statistics, ['experiment', 'frozen', 'recalibrated', 'batch']) &&
    (cosines === undefined || isNumbers(cosines)) &&
    Array.isArray(directions) &&
    directions.length === axes &&
    directions.every((direction) => hasNumbers(direction, ['norm'])) &&
    hasNumbers(center, ['loss', 'standardError', 'examples']) &&
    (trajectory === null || isPath(trajectory, axes)) &&
    Array.isArray(warnings) &&
    warnings.every((warning) => typeof warning === 'string') &&
    (vectors === undefined ||
      (Array.isArray(vectors) &&
        vectors.length === axes &&
        vectors.every((vector) => isNumbers(vector, (vectors[0] as unknown[]).length))))
  );
};
