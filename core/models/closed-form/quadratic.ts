import { BadInput } from '../../bad-input.ts';
import type { Matrix } from '../../linalg/matrix.ts';
import type { Objective } from '../../objective/objective.ts';
import { closedFormObjective } from './closed-form-objective.ts';

/**
 * L(θ) = ½ θᵀAθ + bᵀθ + c with A a dense matrix, or the diagonal as a vector. Only the symmetric part of a dense A counts,
 * and it is what the Hessian is. Gradient descent on it converges exactly where η < 2/λ_max: the closed form behind every
 * threshold. Cost of a product: 2 dim² operations (dense), dim (diagonal).
 */
export function quadraticObjective(a: Matrix | Float64Array, b?: Float64Array, c = 0): Objective<Float64Array> {
  const dim = a instanceof Float64Array ? a.length : a.rows;
  if (!(a instanceof Float64Array) && a.rows !== a.columns) {
    throw new BadInput(`The matrix of a quadratic is ${a.rows}×${a.columns}.`, 'Give a square matrix.');
  }
  const linear = b ?? new Float64Array(dim);
  if (linear.length !== dim) {
    throw new BadInput(
      `The linear term of a quadratic has ${linear.length} entries, its matrix ${dim} rows.`,
      'Give vectors of one length.',
    );
  }
  const product = a instanceof Float64Array ? diagonalProduct(a) : denseProduct(symmetricPart(a));
  const curved = new Float64Array(dim);
  return closedFormObjective({
    dim,
    formula: '½ θᵀAθ + bᵀθ + c',
    value(theta) {
      product(theta, curved);
      let sum = c;
      for (let i = 0; i < dim; i++) sum += theta[i]! * (0.5 * curved[i]! + linear[i]!);
      return sum;
    },
    gradient(theta, out) {
      product(theta, out);
      for (let i = 0; i < dim; i++) out[i] = out[i]! + linear[i]!;
    },
    hessianAt: () => product,
  });
}

type Product = (v: Float64Array, out: Float64Array) => void;

function diagonalProduct(diagonal: Float64Array): Product {
  return (v, out) => {
    for (let i = 0; i < diagonal.length; i++) out[i] = diagonal[i]! * v[i]!;
  };
}

function denseProduct({ rows, columns, data }: Matrix): Product {
  return (v, out) => {
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += data[i * columns + j]! * v[j]!;
      out[i] = sum;
    }
  };
}

function symmetricPart({ rows, data }: Matrix): Matrix {
  const symmetric = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) symmetric[i * rows + j] = 0.5 * (data[i * rows + j]! + data[j * rows + i]!);
  }
  return { rows, columns: rows, data: symmetric };
}
