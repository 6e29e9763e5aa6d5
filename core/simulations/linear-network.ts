import type { Matrix } from '../linalg/matrix.ts';
import { matrixProduct, transposedMatrix } from '../linalg/matrix-product.ts';

/**
 * One step of full-batch gradient descent on L = ½‖W_L … W₁ − Σ‖²_F, the loss of a linear network on whitened inputs
 * summed over examples: Wₗ ← Wₗ − η Bᵀ(W − Σ)Aᵀ with A = W_{l−1} … W₁ and B = W_L … W_{l+1}. `weights` is W₁ … W_L; its
 * matrices are changed in place. Answers the loss before the step and the product W before it. Cost: 3 products of
 * matrices a layer.
 */
export function descend(
  weights: readonly Matrix[],
  target: Matrix,
  learningRate: number,
): { loss: number; product: Matrix } {
  const below: Matrix[] = [];
  for (const matrix of weights) below.push(below.length === 0 ? matrix : matrixProduct(matrix, below.at(-1)!));
  const product = below.at(-1)!;
  const { loss, error } = missing(product, target);
  // Bᵀ(W − Σ), from the last layer downwards.
  let back = error;
  for (let l = weights.length - 1; l >= 0; l--) {
    const { data } = weights[l]!;
    const gradient = l === 0 ? back : matrixProduct(back, transposedMatrix(below[l - 1]!));
    if (l > 0) back = matrixProduct(transposedMatrix(weights[l]!), back);
    for (let i = 0; i < data.length; i++) data[i] = data[i]! - learningRate * gradient.data[i]!;
  }
  return { loss, product };
}

/** W_L … W₁. */
export function networkProduct(weights: readonly Matrix[]): Matrix {
  return weights.slice(1).reduce((product, matrix) => matrixProduct(matrix, product), weights[0]!);
}

/** ½‖W − Σ‖² and W − Σ. */
export function missing(product: Matrix, target: Matrix): { loss: number; error: Matrix } {
  const data = new Float64Array(product.data.length);
  let loss = 0;
  for (let i = 0; i < data.length; i++) {
    data[i] = product.data[i]! - target.data[i]!;
    loss += 0.5 * data[i]! ** 2;
  }
  return { loss, error: { rows: product.rows, columns: product.columns, data } };
}

/** U diag(s) Vᵀ of matrices with orthonormal columns. */
export function fromModes(u: Matrix, strengths: ArrayLike<number>, v: Matrix): Matrix {
  const scaled = new Float64Array(u.data.length);
  for (let i = 0; i < scaled.length; i++) scaled[i] = u.data[i]! * strengths[i % u.columns]!;
  return matrixProduct({ ...u, data: scaled }, transposedMatrix(v));
}

/**
 * W₁ = R₁ d₁ Vᵀ, Wₗ = R_l d_l R_{l−1}ᵀ, W_L = U d_L R_{L−1}ᵀ with random rotations R: every mode runs through the network by
 * itself.
 */
export function decoupledWeights(
  u: Matrix,
  v: Matrix,
  factors: readonly number[],
  rotation: (layer: number) => Matrix,
): Matrix[] {
  let input = v;
  return factors.map((factor, i) => {
    const output = i === factors.length - 1 ? u : rotation(i + 1);
    const matrix = fromModes(output, new Float64Array(u.columns).fill(factor), input);
    input = output;
    return matrix;
  });
}

/** uᵢᵀ W vᵢ of every column pair: the strengths of the modes. */
export function modeStrengths(product: Matrix, u: Matrix, v: Matrix): Float64Array {
  const images = matrixProduct(product, v);
  return Float64Array.from({ length: u.columns }, (_, mode) => {
    let strength = 0;
    for (let i = 0; i < u.rows; i++) strength += u.data[i * u.columns + mode]! * images.data[i * v.columns + mode]!;
    return strength;
  });
}
