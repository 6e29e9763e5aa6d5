import type { Random } from '../../random/random.ts';
import type { Matrix } from '../matrix.ts';

/**
 * A rows × columns matrix with orthonormal rows (rows ≤ columns) or columns, uniformly distributed (Haar): Gram–Schmidt
 * of Gaussian vectors (Stewart 1980), each projected twice, which leaves |QQᵀ − I| near rounding. Cost: 4 rows columns
 * min(rows, columns) operations.
 */
export function randomOrthogonal(rows: number, columns: number, rng: Random): Matrix {
  const [count, length] = rows <= columns ? [rows, columns] : [columns, rows];
  const vectors: Float64Array[] = [];
  for (let i = 0; i < count; i++) vectors.push(nextVector(length, vectors, rng));
  const data = new Float64Array(rows * columns);
  vectors.forEach((vector, i) => {
    for (let j = 0; j < length; j++) data[rows <= columns ? i * columns + j : j * columns + i] = vector[j]!;
  });
  return { rows, columns, data };
}

function nextVector(length: number, before: readonly Float64Array[], rng: Random): Float64Array {
  const vector = rng.fill(new Float64Array(length), 'normal');
  for (let pass = 0; pass < 2; pass++) {
    for (const other of before) {
      let overlap = 0;
      for (let i = 0; i < length; i++) overlap += vector[i]! * other[i]!;
      for (let i = 0; i < length; i++) vector[i] = vector[i]! - overlap * other[i]!;
    }
  }
  const norm = Math.hypot(...vector);
  for (let i = 0; i < length; i++) vector[i] = vector[i]! / norm;
  return vector;
}
