import type { LinearOperator } from './linear-operator.ts';
import type { Matrix } from './matrix.ts';
import type { HostVector, VectorSpace } from './vector-space.ts';

/**
 * A dense square matrix as an operator on host vectors; products are summed in float64 and stored in the precision of
 * the space. Cost of a product: 2 n² operations.
 */
export function matrixOperator<V extends HostVector>(
  space: VectorSpace<V>,
  matrix: Matrix,
  properties: { readonly symmetric?: boolean; readonly positiveSemidefinite?: boolean } = {},
): LinearOperator<V> {
  const n = space.dim;
  if (matrix.rows !== n || matrix.columns !== n) {
    throw new RangeError(`A ${matrix.rows} × ${matrix.columns} matrix does not act on a space of dimension ${n}.`);
  }
  return {
    space,
    symmetric: properties.symmetric ?? true,
    positiveSemidefinite: properties.positiveSemidefinite ?? false,
    apply: async (v) => space.fromHost(matrixVector(matrix, v)),
  };
}

/** A v in float64. */
export function matrixVector({ rows, columns, data }: Matrix, v: HostVector): Float64Array {
  const product = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const row = i * columns;
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += data[row + j]! * v[j]!;
    product[i] = sum;
  }
  return product;
}
