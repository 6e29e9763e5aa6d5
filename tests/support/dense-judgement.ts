import { symmetricEigen } from '../../core/linalg/dense/dense-symmetric.ts';
import type { Objective } from '../../core/objective/objective.ts';
import { unitVector } from './vectors.ts';

/** What the dense Hessian says of a point, by the definitions. */
export interface DenseJudgement {
  /** Eigenvalues below −1e-7 |λ|max. */
  readonly negative: number;
  /** ‖(1 − Π) ∇L‖/‖∇L‖, with Π on the eigenvectors of |λ| > 1e-4 |λ|max. */
  readonly residual: number;
}

export async function denseJudgement(objective: Objective<Float64Array>, theta: Float64Array): Promise<DenseJudgement> {
  const n = theta.length;
  const { gradient, hessianProduct } = await objective.linearize(theta);
  const data = new Float64Array(n * n);
  for (let j = 0; j < n; j++) data.set(await hessianProduct(unitVector(n, j)), j * n);
  const { eigenvalues, eigenvectors } = symmetricEigen({ rows: n, columns: n, data });
  const largest = Math.max(...Array.from(eigenvalues, Math.abs));
  let flat = 0;
  let whole = 0;
  eigenvalues.forEach((value, k) => {
    let share = 0;
    for (let j = 0; j < n; j++) share += eigenvectors.data[j * n + k]! * gradient[j]!;
    whole += share * share;
    if (Math.abs(value) <= 1e-4 * largest) flat += share * share;
  });
  return {
    negative: eigenvalues.filter((value) => value < -1e-7 * largest).length,
    residual: Math.sqrt(flat / whole),
  };
}
