import type { EigenvalueRatios, StructureEigenvalue } from './structure.ts';

/**
 * λ_k/λ_{k+1} for k ≤ `most`, while both are positive beyond their errors, and where the largest sits. To first order the
 * relative error of a ratio is the sum of both relative errors. `certain`: the largest less its error is above every
 * other with its error.
 */
export function eigenvalueRatios(values: readonly StructureEigenvalue[], most: number): EigenvalueRatios {
  const ratios: number[] = [];
  const errors: number[] = [];
  for (let k = 1; k <= most && k < values.length; k++) {
    const [above, below] = [values[k - 1]!, values[k]!];
    if (!(below.value > below.errorEstimate)) break;
    const ratio = above.value / below.value;
    ratios.push(ratio);
    errors.push(ratio * (above.errorEstimate / above.value + below.errorEstimate / below.value));
  }
  if (ratios.length === 0) return { ratios, errors, largestAt: null, certain: false };
  const at = ratios.indexOf(Math.max(...ratios));
  const certain = ratios.every((ratio, i) => i === at || ratio + errors[i]! < ratios[at]! - errors[at]!);
  return { ratios, errors, largestAt: at + 1, certain };
}
