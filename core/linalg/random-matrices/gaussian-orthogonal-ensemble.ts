import type { Random } from '../../random/random.ts';
import type { Matrix } from '../matrix.ts';

/**
 * A draw of the Gaussian orthogonal ensemble scaled to the semicircle on [−2, 2]: (B + Bᵀ)/√(2n) with independent
 * standard normal entries of B. Then m₂ = 1, m₄ = 2 and E λ_max ≈ 2 − 1.21 n^(−2/3) (Wigner 1955; Tracy and Widom 1996).
 */
export function gaussianOrthogonalEnsemble(n: number, rng: Random): Matrix {
  const b = rng.fill(new Float64Array(n * n), 'normal');
  const data = new Float64Array(n * n);
  const scale = 1 / Math.sqrt(2 * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) data[i * n + j] = (b[i * n + j]! + b[j * n + i]!) * scale;
  }
  return { rows: n, columns: n, data };
}

/** A + s u uᵀ for a unit vector u: a rank-one spike (Baik, Ben Arous and Péché 2005). */
export function spiked(matrix: Matrix, strength: number, u: Float64Array): Matrix {
  const n = matrix.rows;
  const data = matrix.data.slice();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) data[i * n + j] = data[i * n + j]! + strength * u[i]! * u[j]!;
  }
  return { rows: n, columns: n, data };
}

/** Where a spike θ > 1 on the semicircle law shows: the outlier θ + 1/θ, with squared overlap 1 − 1/θ². */
export function spikeOutlier(theta: number): { readonly eigenvalue: number; readonly squaredOverlap: number } {
  return { eigenvalue: theta + 1 / theta, squaredOverlap: 1 - 1 / (theta * theta) };
}
