import { norm } from '../../linalg/spaces/host-products.ts';
import type { Objective } from '../../objective/objective.ts';
import { type DenseHessian, pseudoInverseStep } from './dense-hessian.ts';
import { indexTolerance } from './index-counts.ts';
import { gradientFloor } from './residual.ts';
import type { CriticalPointProof } from './saddle.ts';

/**
 * How far eigenvalues may move between θ and the critical point that Newton predicts (Weyl 1912: at most ‖H(θ) − H(θ*)‖).
 * Where a critical point is proved it is ℓ times its radius. Elsewhere it is measured, 2 ‖(H(θ + 2p) − H(θ)) p‖ / ‖p‖ with
 * p = −H⁺∇L, which is no bound: at a degenerate critical point, f(x) ~ xᵏ, Newton's step is 1/(k − 1) of the distance, half of
 * it for a monkey saddle. The bound ℓ · 2β would do without a product, but ℓ of a deep chain is larger than its Hessian ever
 * changes by orders of magnitude, and would call every eigenvalue null. 0 where ∇L is rounding, so that p means nothing.
 *
 * Cost: nothing with a proof, else one gradient and one product.
 */
export async function driftToCriticalPoint<V>(
  objective: Objective<V>,
  theta: Float64Array,
  hessian: DenseHessian,
  proof: CriticalPointProof | null,
): Promise<number> {
  if (proof !== null && proof.radius !== null) return proof.lipschitz * proof.radius;
  const { space } = objective;
  const { gradient, matrix, scale } = hessian;
  const step = pseudoInverseStep(hessian, gradient, indexTolerance(space.precision));
  const length = norm(step);
  if (!(norm(gradient) > gradientFloor(space.precision, scale, norm(theta)) && length > 0)) return 0;
  const unit = step.map((x) => x / length);
  const [at, direction] = [space.fromHost(theta.map((x, i) => x + 2 * step[i]!)), space.fromHost(unit)];
  const linearization = await objective.linearize(at);
  try {
    const product = await linearization.hessianProduct(direction);
    const there = await space.toHost(product);
    space.release(product);
    const p = matrix.rows;
    const change = there.map((x, i) => {
      let here = 0;
      for (let j = 0; j < p; j++) here += matrix.data[i * p + j]! * unit[j]!;
      return x - here;
    });
    const drift = 2 * norm(change);
    return Number.isFinite(drift) ? drift : 0;
  } finally {
    linearization.dispose();
    space.release(at, direction);
  }
}
