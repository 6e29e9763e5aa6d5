import type { Matrix } from './matrix.ts';

/** A B for small matrices, in plain loops. Cost: 2 × rows × inner × columns operations. */
export function matrixProduct(a: Matrix, b: Matrix): Matrix {
  if (a.columns !== b.rows)
    throw new RangeError(`A ${a.rows} × ${a.columns} and a ${b.rows} × ${b.columns} matrix have no product.`);
  const [rows, inner, columns] = [a.rows, a.columns, b.columns];
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const at = i * columns;
    for (let k = 0; k < inner; k++) {
      const factor = a.data[i * inner + k]!;
      const from = k * columns;
      for (let j = 0; j < columns; j++) data[at + j] = data[at + j]! + factor * b.data[from + j]!;
    }
  }
  return { rows, columns, data };
}

/** Aᵀ. */
export function transposedMatrix({ rows, columns, data }: Matrix): Matrix {
  const turned = new Float64Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) turned[j * rows + i] = data[i * columns + j]!;
  return { rows: columns, columns: rows, data: turned };
}
