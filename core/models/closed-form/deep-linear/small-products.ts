import type { Matrix } from '../../../linalg/matrix.ts';

/** Matrices of a few hundred entries: plain loops, for which no kernel and no arena would pay. */
export const zeroMatrix = (rows: number, columns: number): Matrix => ({
  rows,
  columns,
  data: new Float64Array(rows * columns),
});

/** C ← C + A B */
export function addProduct(c: Matrix, a: Matrix, b: Matrix): void {
  for (let i = 0; i < a.rows; i++) {
    for (let k = 0; k < a.columns; k++) {
      const factor = a.data[i * a.columns + k]!;
      if (factor === 0) continue;
      for (let j = 0; j < b.columns; j++) c.data[i * c.columns + j]! += factor * b.data[k * b.columns + j]!;
    }
  }
}

/** C ← C + Aᵀ B */
export function addTransposedProduct(c: Matrix, a: Matrix, b: Matrix): void {
  for (let k = 0; k < a.rows; k++) {
    for (let i = 0; i < a.columns; i++) {
      const factor = a.data[k * a.columns + i]!;
      for (let j = 0; j < b.columns; j++) c.data[i * c.columns + j]! += factor * b.data[k * b.columns + j]!;
    }
  }
}

/** C ← C + A Bᵀ */
export function addProductTransposed(c: Matrix, a: Matrix, b: Matrix): void {
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.rows; j++) {
      let sum = 0;
      for (let k = 0; k < a.columns; k++) sum += a.data[i * a.columns + k]! * b.data[j * b.columns + k]!;
      c.data[i * c.columns + j]! += sum;
    }
  }
}

/** A B */
export function product(a: Matrix, b: Matrix): Matrix {
  const c = zeroMatrix(a.rows, b.columns);
  addProduct(c, a, b);
  return c;
}

export function transpose({ rows, columns, data }: Matrix): Matrix {
  const turned = zeroMatrix(columns, rows);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) turned.data[j * rows + i] = data[i * columns + j]!;
  return turned;
}
