import type { Matrix } from '../../linalg/matrix.ts';
import type { FoundSubspace } from './top-subspace.ts';

/** ⟨uₐ, v_b⟩² of all vectors of two orthonormal sets. Cost: k² p operations. */
export function squaredCosines(first: readonly Float64Array[], second: readonly Float64Array[]): Matrix {
  const data = new Float64Array(first.length * second.length);
  first.forEach((u, a) => {
    second.forEach((v, b) => {
      let dot = 0;
      for (let i = 0; i < u.length; i++) dot += u[i]! * v[i]!;
      data[a * second.length + b] = dot * dot;
    });
  });
  return { rows: first.length, columns: second.length, data };
}

/**
 * ‖UᵢᵀUⱼ‖²_F / k for all pairs of subspaces, and how far each may be from that of the true ones: with projectors P and Q
 * of rank k, |tr PQ − tr P'Q'| ≤ √k (‖P − P'‖_F + ‖Q − Q'‖_F), and ‖P − P'‖_F = √2 ‖sin Θ‖_F.
 */
export function overlapMatrices(
  subspaces: readonly FoundSubspace[],
  k: number,
): { overlap: Matrix; errorBound: Matrix } {
  const n = subspaces.length;
  const overlap = new Float64Array(n * n);
  const errorBound = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const [a, b] = [subspaces[i]!, subspaces[j]!];
      const sum = i === j ? k : squaredCosines(a.vectors, b.vectors).data.reduce((total, square) => total + square, 0);
      const error = i === j ? 0 : (Math.SQRT2 * (a.angleBound + b.angleBound)) / Math.sqrt(k);
      overlap[i * n + j] = overlap[j * n + i] = sum / k;
      errorBound[i * n + j] = errorBound[j * n + i] = Math.min(1, error);
    }
  }
  return { overlap: { rows: n, columns: n, data: overlap }, errorBound: { rows: n, columns: n, data: errorBound } };
}
