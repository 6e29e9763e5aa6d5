import { evenLevels, type Levels } from '../../core/figures/contours.ts';
import { numberText } from '../../core/figures/number-text.ts';

const contourCount = 20;

/** Contours at equal steps of the height, at most twenty: enough to see how steep it is everywhere. */
export const contourStep = (low: number, high: number): Levels => evenLevels(low, high, contourCount);

/** `contours every 0.2 decades`, for legends; empty without contours. */
export function contourText(step: number, logarithmic: boolean): string {
  if (step === 0) return '';
  const unit = logarithmic ? (step === 1 ? ' decade' : ' decades') : '';
  return `contours every ${numberText(step, 3)}${unit}`;
}
