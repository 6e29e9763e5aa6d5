import { numberText } from '../figures/number-text.ts';
import type { Condition, Question } from './lesson.ts';
import type { Measured } from './measured/measured.ts';

/** What the learner has done: nothing to hand in for `reach`, a number as it was typed, one of the choices. */
export type Answer = { readonly number: number } | { readonly choice: number } | null;

export interface Judgement {
  readonly verdict: 'right' | 'wrong' | 'notYet';
  /** With its numbers filled in. */
  readonly reply: string;
}

/** Whether all of them hold. A quantity that was not measured meets no condition. */
export const holds = (conditions: readonly Condition[], measured: Measured): boolean =>
  conditions.every((condition) => isMet(condition, measured));

function isMet(condition: Condition, measured: Measured): boolean {
  const { quantity, above, below, aboveQuantity, belowQuantity, times = 1 } = condition;
  const value = measured[quantity];
  if (value === undefined) return false;
  const bound = (name: string) => times * (measured[name] ?? Number.NaN);
  return (
    (above === undefined || value > above) &&
    (below === undefined || value < below) &&
    (aboveQuantity === undefined || value > bound(aboveQuantity)) &&
    (belowQuantity === undefined || value < bound(belowQuantity))
  );
}

/** `{name}` in a text becomes the number that was measured, a dash where none was yet. */
export const fillIn = (text: string, measured: Measured): string =>
  text.replace(/\{([A-Za-z0-9.]+)\}/g, (_, name: string) => quantityText(measured[name]));

/** Without the signs of emphasis and mathematics: for those who hear it. */
export const plainText = (text: string): string => text.replace(/\*([^*]+)\*/g, '$1').replace(/_([^_]+)_/g, '$1');

/** Three significant digits, whole numbers in full; `never` for what did not happen. */
export function quantityText(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? 'never' : '−∞';
  return Number.isInteger(value) && Math.abs(value) < 1e6 ? numberText(value, 7) : numberText(value, 3);
}

const lookFirst = 'Try it in the scene first.';

/**
 * What is said to an answer. Right and wrong are decided by what the scene has measured since the page was opened; `notYet`
 * where the learner has not looked yet, or has not reached the goal.
 */
export function judgeAnswer(question: Question, measured: Measured, answer: Answer): Judgement {
  const notYet: Judgement = { verdict: 'notYet', reply: fillIn(question.hint ?? lookFirst, measured) };
  const judged = (isRight: boolean, reply: string): Judgement => ({
    verdict: isRight ? 'right' : 'wrong',
    reply: fillIn(reply, measured),
  });
  if (question.kind === 'reach') return holds(question.goals, measured) ? judged(true, question.reply) : notYet;
  if (!holds(question.after, measured)) return notYet;
  if (question.kind === 'choice') {
    const chosen = answer && 'choice' in answer ? question.choices[answer.choice] : undefined;
    return chosen ? judged(holds(chosen.holds, measured), chosen.reply) : notYet;
  }
  const wanted = measured[question.quantity];
  if (wanted === undefined || !answer || !('number' in answer)) return notYet;
  const isNear = Math.abs(answer.number - wanted) <= question.tolerance * Math.abs(wanted) || answer.number === wanted;
  return judged(isNear, isNear ? question.reply : awayText(answer.number, wanted, question.tolerance));
}

function awayText(given: number, wanted: number, tolerance: number): string {
  const side = given > wanted ? 'more' : 'less';
  return `${numberText(given, 4)} is ${side} than the scene measures, by over ${numberText(100 * tolerance, 2)} %. Look again.`;
}
