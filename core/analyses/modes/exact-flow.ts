import { deepHalfTime, deepStrengths } from '../../training/exact-dynamics/deep-mode.ts';
import { unbalancedHalfTime, unbalancedStrength } from '../../training/exact-dynamics/unbalanced-mode.ts';
import type { ModeStart } from './mode-strengths.ts';
import type { TheoryForm } from './modes.ts';

/** The solution of one mode: u at ascending times from the start, and the time to s/2 (NaN where it starts above). */
export interface ExactMode {
  strengths(times: Float64Array): Float64Array;
  readonly halfTime: number;
}

export const flowFormulas: Readonly<Record<TheoryForm, string>> = {
  balanced: 'du/dt = 2u(s − u)',
  unbalanced: 'du/dt = √(κ² + 4u²) (s − u)',
  deep: 'du/dt = N u^(2 − 2/N) (s − u)',
  none: 'no theory',
};

/** κ counts as none below this share of what it is compared with. */
const negligible = 1e-6;

/** Which solution the first checkpoint asks for. */
export function formOfStart(matrices: number, starts: readonly ModeStart[], strengths: Float64Array): TheoryForm {
  if (matrices > 2) return 'deep';
  const isBalanced = starts.every(({ imbalance }, i) => imbalance <= negligible * Math.abs(strengths[i]!));
  return isBalanced ? 'balanced' : 'unbalanced';
}

/** Null where the flow of a decoupled mode has no solution from here: many matrices and a strength that is not positive. */
export function exactMode(
  singularValue: number,
  start: number,
  { imbalance }: ModeStart,
  matrices: number,
): ExactMode | null {
  if (matrices === 2) {
    const mode = { singularValue, start, imbalance, timeConstant: 1 };
    return {
      strengths: (times) => times.map((time) => unbalancedStrength(time, mode)),
      halfTime: start < singularValue / 2 ? unbalancedHalfTime(mode) : Number.NaN,
    };
  }
  if (!(start > 0)) return null;
  const mode = { singularValue, start, matrices, timeConstant: 1 };
  return {
    strengths: (times) => deepStrengths(times, mode),
    halfTime: start < singularValue / 2 ? deepHalfTime(mode) : Number.NaN,
  };
}
