import { numberText } from '../figures/number-text.ts';
import type { SliceDocument } from './result-documents.ts';

/** What tells whether two slices lie in the same plane and mean the same loss; a file of another tool tells less. */
export type ComparedSlice = Pick<
  SliceDocument,
  | 'step'
  | 'seed'
  | 'plane'
  | 'axes'
  | 'directions'
  | 'cosines'
  | 'center'
  | 'on'
  | 'statistics'
  | 'convention'
  | 'precision'
  | 'data'
> & {
  /** Equal for slices of the same training. */
  readonly run: string;
};

const greek = ['α', 'β', 'γ'];

/** Lengths and eigenvalues of the same directions are the same up to rounding on another engine. */
const isNear = (a: number | null, b: number | null, within: number): boolean =>
  a === b || (a !== null && b !== null && Math.abs(a - b) <= within * Math.max(Math.abs(a), Math.abs(b)));

/**
 * Why a difference of two slices at equal coordinates may mislead, a sentence each; empty where both are the same points
 * of parameter space under the same loss. A plane is taken for the same one where its centre is the same checkpoint of the
 * same run and its directions have the same kinds, seeds, lengths and angles: what a document tells without its
 * directions in full.
 */
export function comparisonWarnings(
  first: ComparedSlice,
  second: ComparedSlice,
  [a, b]: readonly [string, string],
): string[] {
  const warnings: string[] = [];
  const isSamePoint = first.run === second.run && first.step === second.step;
  if (!isSamePoint)
    warnings.push(
      `The centres are different points: ${placeText(first)} in ${a}, ${placeText(second)} in ${b}. Equal (α, β) are steps from each of them, not the same parameters.`,
    );
  const kinds = first.directions.map(
    ({ kind }, k) => kind === second.directions[k]?.kind && (!isRandom(kind) || first.seed === second.seed),
  );
  if (first.plane !== second.plane || kinds.includes(false))
    warnings.push(
      `The directions are different ones: ${directionsText(first)} in ${a}, ${directionsText(second)} in ${b}. The difference at (α, β) is one of two points that have nothing but their coordinates in common.`,
    );
  else warnings.push(...lengthWarnings(first, second, isSamePoint, a, b));
  if (first.on !== second.on)
    warnings.push(
      `${a} is the loss of the ${setName(first)} set, ${b} that of the ${setName(second)} set: the difference is a gap of generalisation where everything else is equal.`,
    );
  else if (first.center.examples !== second.center.examples)
    warnings.push(
      `${a} is over ${first.center.examples} examples, ${b} over ${second.center.examples}: part of the difference is which examples there are.`,
    );
  else if (first.data.sha256 !== second.data.sha256)
    warnings.push(`${a} and ${b} are over different examples: part of the difference is which examples there are.`);
  if (first.statistics !== second.statistics)
    warnings.push(
      `Batch normalisation: ${statisticsText(first)} in ${a}, ${statisticsText(second)} in ${b}. The two are different functions of the parameters.`,
    );
  if (first.convention.formula !== second.convention.formula)
    warnings.push(
      `The losses are different ones: ${first.convention.formula} in ${a}, ${second.convention.formula} in ${b}.`,
    );
  if (first.precision !== second.precision)
    warnings.push(
      `${a} was computed in ${first.precision}, ${b} in ${second.precision}: differences near 1e-6 of the loss are rounding.`,
    );
  return warnings;
}

function lengthWarnings(first: ComparedSlice, second: ComparedSlice, isSamePoint: boolean, a: string, b: string) {
  const warnings: string[] = [];
  first.directions.forEach(({ norm }, k) => {
    const other = second.directions[k]!.norm;
    if (!isNear(norm, other, 1e-6))
      warnings.push(
        `One unit of ${greek[k]} is ‖d‖ = ${numberText(norm, 3)} in ${a} and ${numberText(other, 3)} in ${b}: equal coordinates are unequal distances.`,
      );
  });
  const isOther =
    first.directions.some((one, k) => {
      const other = second.directions[k]!;
      // Eigenvalues of stochastic methods agree to their residuals only.
      return !isNear(one.eigenvalue, other.eigenvalue, 1e-3) || !isNear(one.explained, other.explained, 1e-6);
    }) || first.cosines.some((cosine, k) => Math.abs(cosine - (second.cosines[k] ?? 0)) > 1e-6);
  if (warnings.length === 0 && isSamePoint && isOther)
    warnings.push(
      'The directions have the same names, but not the same eigenvalues, shares or angle: they are different ones.',
    );
  return warnings;
}

const isRandom = (kind: string): boolean => kind.includes('random');
const setName = ({ on }: ComparedSlice): string => (on === 'test' ? 'test' : 'training');
const directionsText = ({ directions, seed }: ComparedSlice): string =>
  directions.map(({ kind }) => (isRandom(kind) ? `${kind} of seed ${seed}` : kind)).join(' and ');
const placeText = ({ step, seed }: ComparedSlice): string =>
  `${step === null ? 'the start' : `step ${step}`} of seed ${seed}`;
const statisticsText = ({ statistics }: ComparedSlice): string =>
  statistics === 'experiment' ? 'as the experiment says' : statistics;
