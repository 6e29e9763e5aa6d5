import { numberText } from '../../core/figures/number-text.ts';

/** All digits, in groups of three. */
export const stepText = (step: number): string =>
  step < 1e6 ? String(step).replace(/\B(?=(\d{3})+$)/g, '\u202f') : numberText(step, 15);
