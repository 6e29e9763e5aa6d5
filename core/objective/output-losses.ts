import type { Matrix } from '../linalg/matrix.ts';
import type { Random } from '../random/random.ts';
import type { LossName } from './loss-convention.ts';

/** What the outputs of a batch are compared with; labels are turned to one-hot rows where values are needed. */
export interface OutputTargets {
  readonly rows: number;
  readonly width: number;
  readonly labels: Int32Array | null;
  readonly values: Float64Array | null;
}

/** ℓᵢ of the outputs f (rows × width), without the 1/N of the mean. Formulas as in `LossConvention`. */
export function exampleLosses(loss: LossName, f: Float64Array, targets: OutputTargets): Float64Array {
  const { rows, width, labels } = targets;
  const losses = new Float64Array(rows);
  if (loss === 'softmaxCrossEntropy') {
    for (let i = 0; i < rows; i++) losses[i] = logSumExp(f, i * width, width) - f[i * width + labels![i]!]!;
    return losses;
  }
  const factor = loss === 'halfSquaredError' ? 0.5 : 1 / width;
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let c = 0; c < width; c++) sum += (f[i * width + c]! - target(targets, i, c)) ** 2;
    losses[i] = factor * sum;
  }
  return losses;
}

/** ∂ℓᵢ/∂f times `scale`, written over f. */
export function outputGradient(loss: LossName, f: Float64Array, targets: OutputTargets, scale: number): void {
  const { rows, width } = targets;
  if (loss === 'softmaxCrossEntropy') softmaxRows(f, rows, width);
  const factor = scale * curvatureOfSquare(loss, width);
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < width; c++) {
      const at = i * width + c;
      f[at] = factor * (f[at]! - target(targets, i, c));
    }
  }
}

/**
 * Aᵢ rᵢ times `scale`, written over r: A = diag(p) − ppᵀ for cross-entropy (`probabilities` = softmax of the outputs),
 * a multiple of the identity for squared errors.
 */
export function outputCurvatureProduct(
  loss: LossName,
  probabilities: Float64Array,
  r: Float64Array,
  width: number,
  scale: number,
): void {
  if (loss !== 'softmaxCrossEntropy') {
    const factor = scale * curvatureOfSquare(loss, width);
    for (let at = 0; at < r.length; at++) r[at] = factor * r[at]!;
    return;
  }
  for (let start = 0; start < r.length; start += width) {
    let mean = 0;
    for (let at = start; at < start + width; at++) mean += probabilities[at]! * r[at]!;
    for (let at = start; at < start + width; at++) r[at] = scale * probabilities[at]! * (r[at]! - mean);
  }
}

/** f becomes its softmax, row by row. */
export function softmaxRows(f: Float64Array, rows: number, width: number): void {
  for (let start = 0; start < rows * width; start += width) {
    const shift = logSumExp(f, start, width);
    for (let at = start; at < start + width; at++) f[at] = Math.exp(f[at]! - shift);
  }
}

/** The fraction of rows whose largest output is not the label; null without labels. */
export function misclassified(f: Float64Array, { rows, width, labels }: OutputTargets): number | null {
  if (labels === null) return null;
  let wrong = 0;
  for (let i = 0; i < rows; i++) {
    const own = f[i * width + labels[i]!]!;
    let right = !Number.isNaN(own);
    for (let c = 0; c < width; c++) {
      const other = f[i * width + c]!;
      // Of equal outputs the first counts as the answer, as argmax has it.
      if (other > own || (other === own && c < labels[i]!)) right = false;
    }
    if (!right) wrong++;
  }
  return wrong / rows;
}

function curvatureOfSquare(loss: LossName, width: number): number {
  return loss === 'meanSquaredError' ? 2 / width : 1;
}

function target({ labels, values, width }: OutputTargets, row: number, column: number): number {
  return labels !== null ? (labels[row] === column ? 1 : 0) : values![row * width + column]!;
}

function logSumExp(f: Float64Array, start: number, width: number): number {
  let largest = f[start]!;
  for (let at = start + 1; at < start + width; at++) largest = Math.max(largest, f[at]!);
  let sum = 0;
  for (let at = start; at < start + width; at++) sum += Math.exp(f[at]! - largest);
  return largest + Math.log(sum);
}

/**
 * ∂ℓᵢ/∂fᵢ at a target drawn from the likelihood p(y|f) ∝ exp(−ℓ(f, y)), a row an example: p − e_y with y ∼ softmax(f) for
 * cross-entropy; for squared errors −√a ε with ε ∼ N(0, I) and a I the Hessian of ℓ in the outputs, because f − y = −ε/√a.
 * One uniform a row or one normal an entry is drawn, in the order of the rows.
 */
export function sampledOutputGradients(loss: LossName, { rows, columns, data }: Matrix, rng: Random): Matrix {
  if (loss !== 'softmaxCrossEntropy') {
    const spread = Math.sqrt(curvatureOfSquare(loss, columns));
    return { rows, columns, data: Float64Array.from(data, () => -spread * rng.normal()) };
  }
  const probabilities = Float64Array.from(data);
  softmaxRows(probabilities, rows, columns);
  for (let start = 0; start < probabilities.length; start += columns) {
    const label = drawn(probabilities.subarray(start, start + columns), rng.uniform());
    probabilities[start + label]! -= 1;
  }
  return { rows, columns, data: probabilities };
}

/** The class in which `at` of [0, 1) falls; rounding of the sum never leads past the last one. */
function drawn(probabilities: Float64Array, at: number): number {
  let below = 0;
  for (let c = 0; c < probabilities.length - 1; c++) {
    below += probabilities[c]!;
    if (at < below) return c;
  }
  return probabilities.length - 1;
}
