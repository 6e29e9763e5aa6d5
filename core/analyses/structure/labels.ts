import type { Outputs } from '../../objective/objective.ts';
import { softmaxRows } from '../../objective/output-losses.ts';

export interface ProbabilitiesAndLabels {
  /** p_i, row by row. */
  readonly probabilities: Float64Array;
  readonly labels: Int32Array;
}

/**
 * Softmax of the outputs and the labels of cross-entropy, from ∂ℓ/∂f = p − e_y: y is where p − ∂ℓ/∂f is 1. Null where a
 * row is no unit vector to 1e-3: targets that are not classes.
 */
export function labelsFrom(outputs: Outputs, outputGradients: Outputs): ProbabilitiesAndLabels | null {
  const { rows, columns } = outputs;
  const probabilities = outputs.data.slice();
  softmaxRows(probabilities, rows, columns);
  const labels = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    let label = -1;
    for (let c = 0; c < columns; c++) {
      const at = i * columns + c;
      const target = probabilities[at]! - outputGradients.data[at]!;
      if (Math.abs(target - 1) < 1e-3 && label < 0) label = c;
      else if (!(Math.abs(target) < 1e-3)) return null;
    }
    if (label < 0) return null;
    labels[i] = label;
  }
  return { probabilities, labels };
}
