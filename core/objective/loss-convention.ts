export type LossName = 'softmaxCrossEntropy' | 'meanSquaredError' | 'halfSquaredError';

/** Which function is meant exactly: it scales every eigenvalue, so it is printed with every eigenvalue. */
export interface LossConvention {
  readonly loss: LossName | 'closedForm';
  readonly overExamples: 'mean' | 'sum' | 'none';
  readonly overOutputs: 'mean' | 'sum' | 'none';
  readonly half: boolean;
  /** The formula in plain Unicode, for people. */
  readonly formula: string;
}

const formulas: Readonly<Record<LossName, string>> = {
  softmaxCrossEntropy: 'Σᵢ −log softmax(fᵢ)[yᵢ]',
  meanSquaredError: 'Σᵢ (1/C) ‖fᵢ − yᵢ‖²',
  halfSquaredError: 'Σᵢ ½ ‖fᵢ − yᵢ‖²',
};

/** The convention of a named loss; `overExamples` multiplies the sum of the formula by 1/N or by 1. */
export function lossConvention(loss: LossName, overExamples: 'mean' | 'sum' = 'mean'): LossConvention {
  return {
    loss,
    overExamples,
    overOutputs: loss === 'meanSquaredError' ? 'mean' : 'sum',
    half: loss === 'halfSquaredError',
    formula: `L(θ) = ${overExamples === 'mean' ? '(1/N) ' : ''}${formulas[loss]}`,
  };
}
