import { comparisonWarnings } from '../../../core/experiment/slice-comparison.ts';
import { difference, type FieldDifference, type GriddedField } from '../../../core/fields/difference.ts';
import { significant } from '../../../core/fields/significance.ts';
import { numberText } from '../../../core/figures/number-text.ts';
import { type Compared, lossOf } from './compared.ts';

/** First − second on the grid of the first, and what is known of it. */
export interface PlaneDifference extends FieldDifference {
  readonly first: Compared;
  readonly second: Compared;
  /** 1 where the difference is at least two standard errors; everywhere that it is known where there are none. */
  readonly significant: Uint8Array;
  /** The largest finite |difference| that counts; the ends of the colours. Above 0. */
  readonly reach: number;
  /** Points where it is known, and where it is less than two standard errors. */
  readonly known: number;
  readonly muted: number;
  readonly warnings: readonly string[];
}

const griddedOf = (one: Compared): GriddedField => {
  const { values, computed, certificate, uncertainty } = lossOf(one);
  const standardError = certificate === 'standard error' ? uncertainty : null;
  return { axes: one.shown.slice.axes, field: { values, computed }, standardError };
};

export function planeDifference(first: Compared, second: Compared): PlaneDifference {
  const made = difference(griddedOf(first), griddedOf(second));
  const { values, computed } = made.field;
  const counts = significant(values, computed, made.standardError);
  let [reach, known, muted] = [0, 0, 0];
  for (let point = 0; point < values.length; point++) {
    if (computed[point] !== 1) continue;
    known++;
    if (counts[point] !== 1) muted += Number.isNaN(values[point]) ? 0 : 1;
    else if (Number.isFinite(values[point])) reach = Math.max(reach, Math.abs(values[point]!));
  }
  return {
    ...made,
    first,
    second,
    significant: counts,
    // Without any difference every colour is that of zero.
    reach: reach || 1e-12,
    known,
    muted,
    warnings: [...sameQuantity(first, second), ...planeWarnings(first, second)],
  };
}

const sameQuantity = (first: Compared, second: Compared): string[] =>
  lossOf(first).quantity === lossOf(second).quantity
    ? []
    : [`They are different quantities: ${lossOf(first).quantity} and ${lossOf(second).quantity}.`];

function planeWarnings(first: Compared, second: Compared): string[] {
  if (first.shown.file || second.shown.file)
    return ['A file does not tell its directions nor its examples: whether both are the same plane is not known.'];
  return comparisonWarnings({ ...first.shown.slice, run: first.id }, { ...second.shown.slice, run: second.id }, [
    'A',
    'B',
  ]);
}

/** What is seen, a sentence each. */
export function differenceSentences({
  known,
  muted,
  standardError,
  resampled,
  reach,
  field,
}: PlaneDifference): string[] {
  const unknown = field.values.length - known;
  return [
    known === 0
      ? 'The two grids have no point in common.'
      : `Colours reach ± ${numberText(reach, 3)}, zero in the middle.`,
    standardError === null
      ? 'The losses have no standard errors: every difference is in colour.'
      : `Grey: less than two standard errors, ${muted} of ${known} points.`,
    unknown > 0 ? `Holes: unknown at ${unknown} of ${field.values.length} points.` : '',
    resampled ? 'B is interpolated between its points, which adds an error of its own.' : '',
  ].filter(Boolean);
}
