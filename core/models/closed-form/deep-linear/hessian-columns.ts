import type { Matrix } from '../../../linalg/matrix.ts';
import { addProductTransposed, addTransposedProduct, product, zeroMatrix } from './small-products.ts';

/** What an entry of the block of layers l and m is made of; both index from 0. */
interface Pair {
  /** A_{l−1}ᵀA_{m−1} */
  readonly inputs: Matrix;
  /** Bₗ Bₘᵀ with Bₗ = K_{l+1} ⋯ K_N */
  readonly outputs: Matrix;
  /** A_{l−1}ᵀδₘ and K_{l+1} ⋯ K_{m−1}, for l < m; null otherwise. */
  readonly mixed: { readonly errors: Matrix; readonly between: Matrix } | null;
}

/**
 * Columns of the Hessian of ½‖K₁ ⋯ K_N − Sᵀ‖² one after another, in θ = (K₁ … K_N). With the prefixes Aₗ = K₁ ⋯ Kₗ and
 * δₘ = (A_N − Sᵀ) Bₘᵀ the blocks are Kronecker products, for l < m
 *
 *   ∂²L / ∂Kₗ[a,b] ∂Kₘ[c,d] = (A_{l−1}ᵀA_{m−1})[a,c] (BₗBₘᵀ)[b,d] + (A_{l−1}ᵀδₘ)[a,d] (K_{l+1} ⋯ K_{m−1})[b,c]
 *
 * and without the second term for l = m. Cost: four operations an entry.
 */
export function deepLinearColumns(
  kernels: readonly Matrix[],
  prefixes: readonly Matrix[],
  deltas: readonly Matrix[],
): (from: number, to: number) => Float64Array {
  const pairs = pairsOf(kernels, prefixes, deltas);
  const starts = [0];
  for (const { data } of kernels) starts.push(starts.at(-1)! + data.length);
  const p = starts.at(-1)!;
  return (from, to) => {
    const columns = new Float64Array((to - from) * p);
    kernels.forEach((kernel, l) => {
      for (let j = Math.max(from, starts[l]!); j < Math.min(to, starts[l + 1]!); j++) {
        const b = (j - starts[l]!) % kernel.columns;
        const a = (j - starts[l]! - b) / kernel.columns;
        for (let m = 0; m < kernels.length; m++) {
          const at = (j - from) * p;
          const into = columns.subarray(at + starts[m]!, at + starts[m + 1]!);
          writeBlock(into, kernels[m]!, pairs[l]![m]!, pairs[m]![l]!, a, b);
        }
      }
    });
    return columns;
  };
}

/** The part of column (a, b) of a layer that belongs to another, or the same, layer. */
function writeBlock(
  into: Float64Array,
  { rows, columns }: Matrix,
  pair: Pair,
  turned: Pair,
  a: number,
  b: number,
): void {
  const { inputs, outputs, mixed } = pair;
  for (let c = 0, at = 0; c < rows; c++) {
    const factor = inputs.data[a * rows + c]!;
    for (let d = 0; d < columns; d++, at++) {
      let entry = factor * outputs.data[b * columns + d]!;
      if (mixed) entry += mixed.errors.data[a * columns + d]! * mixed.between.data[b * rows + c]!;
      if (turned.mixed) {
        const { errors, between } = turned.mixed;
        entry += errors.data[c * errors.columns + b]! * between.data[d * between.columns + a]!;
      }
      into[at] = entry;
    }
  }
}

function pairsOf(kernels: readonly Matrix[], prefixes: readonly Matrix[], deltas: readonly Matrix[]): Pair[][] {
  const before = [identity(kernels[0]!.rows), ...prefixes];
  const after = [identity(kernels.at(-1)!.columns)];
  for (const kernel of kernels.slice(1).reverse()) after.unshift(product(kernel, after[0]!));
  return kernels.map((kernel, l) => {
    let between = identity(kernel.columns);
    return kernels.map((_, m) => {
      const inputs = zeroMatrix(before[l]!.columns, before[m]!.columns);
      addTransposedProduct(inputs, before[l]!, before[m]!);
      const outputs = zeroMatrix(after[l]!.rows, after[m]!.rows);
      addProductTransposed(outputs, after[l]!, after[m]!);
      if (m <= l) return { inputs, outputs, mixed: null };
      if (m > l + 1) between = product(between, kernels[m - 1]!);
      const errors = zeroMatrix(before[l]!.columns, deltas[m]!.columns);
      addTransposedProduct(errors, before[l]!, deltas[m]!);
      return { inputs, outputs, mixed: { errors, between } };
    });
  });
}

function identity(size: number): Matrix {
  const matrix = zeroMatrix(size, size);
  for (let i = 0; i < size; i++) matrix.data[i * (size + 1)] = 1;
  return matrix;
}
