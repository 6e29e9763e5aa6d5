import { finders } from '../../../core/analyses/saddles/descriptor.ts';
import type { FinderId, StoppingReason } from '../../../core/analyses/saddles/finders/finder.ts';
import type { IndexCounts, SearchedPoint, SearchStart } from '../../../core/analyses/saddles/saddle.ts';
import { numberText } from '../../../core/figures/number-text.ts';
import type { StartChoice } from '../../state/saddle-form.ts';
import { type HeldSearch, kindOf, type PointKind, pointKinds } from '../../state/searches.ts';
import { numeralText } from '../../widgets/numeral-text.ts';

/** A kind of point as lists name it, and what it means. */
export const kindWords: Readonly<Record<PointKind, { readonly word: string; readonly meaning: string }>> = {
  certified: {
    word: 'certified',
    meaning: 'A bound in float64 proves a true critical point nearby, and no eigenvalue bound crosses zero.',
  },
  critical: {
    word: 'critical',
    meaning: '‖∇L‖² is below the tolerance; no bound proves that a true critical point is there.',
  },
  gradientFlat: {
    word: 'gradient-flat',
    meaning:
      '∇L is not zero and lies to r > 0.9 in the flat directions of the Hessian (|λ| ≤ 1e-4 |λ|max). No critical point.',
  },
  notConverged: { word: 'not converged', meaning: 'The search ended before it came to a critical point.' },
  atInfinity: {
    word: 'at infinity',
    meaning:
      '‖∇L‖² falls only because the parameters run away: no critical point at a finite place, as far as Newton’s step shows.',
  },
};

export const startWords: Readonly<Record<StartChoice, { readonly title: string; readonly help: string }>> = {
  trajectory: { title: 'along the run', help: 'its checkpoints, evenly, with noise' },
  random: { title: 'random points', help: 'normal entries of several scales' },
  checkpoint: { title: 'the step at the cursor', help: 'its checkpoint, with noise' },
  picked: { title: 'the point picked', help: 'the cell that was picked in the landscape, with noise' },
};

export const fromWords: Readonly<Record<HeldSearch['from'], string>> = {
  trajectory: 'along the run',
  random: 'from random points',
  point: 'from one point',
};

export const finderTitle = (id: FinderId): string => finders.find((one) => one.id === id)?.title ?? id;

/** How many of each kind, copies included. */
export function kindCounts(points: readonly SearchedPoint[]): Readonly<Record<PointKind, number>> {
  const counts = Object.fromEntries(pointKinds.map((kind) => [kind, 0])) as Record<PointKind, number>;
  for (const point of points) counts[kindOf(point)]++;
  return counts;
}

const many = (count: number, one: string, more: string): string => `${numeralText(count)} ${count === 1 ? one : more}`;

/** What those are that are no critical points; empty where there are none. */
export function othersSentence(counts: Readonly<Record<PointKind, number>>): string {
  const { gradientFlat, notConverged, atInfinity } = counts;
  return [
    gradientFlat > 0
      ? `${many(gradientFlat, 'start', 'starts')} ended where ∇L is not zero and lies in the flat directions of the Hessian: no critical ${gradientFlat === 1 ? 'point' : 'points'}, however well ${gradientFlat === 1 ? 'its' : 'their'} index goes with the loss.`
      : '',
    notConverged > 0 ? `${many(notConverged, 'start', 'starts')} ended before ‖∇L‖ was small.` : '',
    atInfinity > 0 ? `${many(atInfinity, 'start', 'starts')} ran away, to where the gradient fades.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** `2`, `≈ 2`, `≈ 41 ± 3`: exact only where it is proved. */
export function indexText(index: IndexCounts | null, certified: boolean): string {
  if (index === null) return '–';
  const count = numeralText(index.method === 'dense' ? index.negative : Math.round(index.negative));
  if (certified) return count;
  const { standardError } = index;
  return `≈ ${count}${standardError === null ? '' : ` ± ${numberText(standardError, 1)}`}`;
}

/** `saddle of index 2`, `minimum`, `maximum`: what the counts make of a critical point. */
export function natureOf({
  index,
  verdict,
}: Pick<SearchedPoint, 'index' | 'verdict'>): 'point' | 'minimum' | 'maximum' | 'saddle' {
  if (verdict !== 'critical' || index === null) return 'point';
  // Counts of a quadrature are no whole numbers.
  if (Math.round(index.negative) === 0) return 'minimum';
  return Math.round(index.positive) === 0 && Math.round(index.null) === 0 ? 'maximum' : 'saddle';
}

export function startText({ kind, step, noise, scale }: SearchStart): string {
  const around = noise > 0 ? `, noise ${numberText(noise, 2)}` : '';
  if (kind === 'random') return `random point, scale ${numberText(scale ?? 1, 2)}`;
  return kind === 'checkpoint' ? `step ${numeralText(step ?? 0)}${around}` : `the point${around}`;
}

const reasons: Readonly<Record<StoppingReason, string>> = {
  gradientTolerance: '‖∇L‖² reached the tolerance',
  stationary: '‖∇L‖² is stationary',
  noProgress: 'no step lowered ‖∇L‖ any more',
  iterations: 'the iterations were spent',
  products: 'the products were spent',
  diverged: 'it left every bound',
  notFinite: 'it met values that are not finite',
  cancelled: 'it was stopped',
};

export const reasonText = (reason: StoppingReason): string => reasons[reason];

/** One sentence on how far the truth of a point is proved. */
export function certificateSentence(point: SearchedPoint): string {
  const { proof, verdict, certified, residual, precision, gradientNormSquared, reason } = point;
  if (certified && proof?.radius != null)
    return `A true critical point lies ${proof.radius < 1e-200 ? 'here, to the last digit' : `within ${numberText(proof.radius, 2)} of this one`}, and no eigenvalue bound crosses zero.`;
  switch (verdict) {
    case 'gradientFlat':
      return `Not a critical point: ‖∇L‖² is ${numberText(gradientNormSquared, 2)}, and ∇L lies to r = ${numberText(residual ?? 1, 3)} in the flat directions of the Hessian (|λ| ≤ 1e-4 |λ|max)${reason === 'stationary' ? ': ‖∇L‖² is stationary' : ''}.`;
    case 'atInfinity':
      return 'No critical point at a finite place, as far as Newton’s step shows: the gradient falls only because the parameters run away.';
    case 'notConverged':
      return `Not known to be a critical point: ‖∇L‖² is ${numberText(gradientNormSquared, 2)}.`;
    case 'critical':
      return whyNotCertified(point, precision);
  }
}

function whyNotCertified({ proof, index }: SearchedPoint, precision: SearchedPoint['precision']): string {
  if (precision === 'float32') return 'Critical in float32, in which nothing can be proved: certify it in float64.';
  if (proof === null)
    return 'Critical to the tolerance in float64. No bound on the third derivatives of this model is known, so no true critical point is proved.';
  if (proof.radius === null)
    return `Critical to the tolerance, but not proved: the Newton–Kantorovich number is ${numberText(proof.h, 2)}, above ½.`;
  const zeros =
    index !== null && index.null > proof.symmetryDirections
      ? ' More eigenvalues vanish than its symmetries explain.'
      : '';
  return `A true critical point lies within ${numberText(proof.radius, 2)}, but an eigenvalue bound crosses zero: the index is not proved.${zeros}`;
}

/** `point 47, loss 0.118, index 2, certified`: for labels and for those who hear it. */
export const pointSentence = (point: SearchedPoint): string =>
  `point ${point.number}, loss ${numberText(point.loss, 4)}, index ${indexText(point.index, point.certified)}, ${kindWords[kindOf(point)].word}`;

/** What is as good as zero is zero: a bound of 1e−300 stands for an exact point. */
export const smallText = (value: number, digits = 2): string =>
  Math.abs(value) < 1e-200 ? '0' : numeralText(value, digits);

/** How a search stands, in one line. */
export function searchStateText({ state, points, starts }: HeldSearch): string {
  const far = `${numeralText(points.length)} of ${numeralText(starts)} starts`;
  return state === 'stopped' ? `stopped at ${far}` : state === 'failed' ? `failed after ${far}` : far;
}
