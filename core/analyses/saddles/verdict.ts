import type { Objective } from '../../objective/objective.ts';
import { dot, norm } from './dense-hessian.ts';
import type { Verdict } from './saddle.ts';

/** Above it ∇L lies in the kernel of H (Frye et al. 2021). */
const flat = 0.9;
/** A step below this share of max(‖θ‖, ‖θ_start‖) is no runaway. */
const farOff = 1e-3;
/** So much of the step is made … */
const half = 0.5;
/** … after which Newton's step must still be at least this share of what it was; a regular point leaves ½. */
const asFarAsBefore = 0.95;

/** Eigenvalues below this share of |λ|_max are rounding to a step that looks for infinity: 512 ε. */
export const tailCut = (epsilon: number): number => 512 * epsilon;

/**
 * At infinity before critical: on e^−x a small gradient is no sign of a critical point. Then critical, then r.
 */
export function verdictOf(
  gradientNormSquared: number,
  residual: number | null,
  recedes: boolean,
  tolerance: number,
): Verdict {
  if (!Number.isFinite(gradientNormSquared)) return 'notConverged';
  if (recedes) return 'atInfinity';
  if (gradientNormSquared <= tolerance) return 'critical';
  return residual !== null && residual > flat ? 'gradientFlat' : 'notConverged';
}

/**
 * Whether the zero of ∇L that Newton predicts recedes as θ goes to it, p = −H⁺∇L being the step:
 *
 * 1. p is not small: ‖p‖ > 1e-3 max(‖θ‖, ‖θ_start‖);
 * 2. it leads outward: ⟨p, θ⟩ > 0;
 * 3. the slope along it falls: |⟨∇L, p⟩| is smaller at θ + p/2 than at θ (the whole of ‖∇L‖ need not: the straight line
 *    leaves a curved valley);
 * 4. and yet the way is no shorter after half of it: Newton's step along p at θ + p/2, −⟨∇L, p⟩/⟨p, Hp⟩, is at least
 *    0.95.
 *
 * In 4. an exponential tail has 1, a power x^−k has 1 + 1/2(k + 1), the tail of a separable cross-entropy with margin m
 * about 1 − 1/4m or more, a bell-shaped one 1 − 1/4x²; a regular critical point has ½ and a degenerate minimum x^k has
 * 1 − 1/2(k − 1), 0.83 for x⁴, so that it would have to be flat to tenth order to be taken for one. In 1. the exponential
 * tail has 1/ln(1/L). Not seen: a tail that has sunk below the rounding of |λ|_max ‖θ‖ of the other directions.
 *
 * Cost: one gradient and one product, where 1. and 2. hold; else none.
 */
export async function recedes<V>(
  objective: Objective<V>,
  theta: Float64Array,
  gradient: Float64Array,
  step: Float64Array,
  startNorm: number,
): Promise<boolean> {
  const { space } = objective;
  if (!(norm(step) > farOff * Math.max(norm(theta), startNorm) && dot(step, theta) > 0)) return false;
  const at = space.fromHost(theta.map((x, i) => x + half * step[i]!));
  const direction = space.fromHost(step);
  const linearization = await objective.linearize(at);
  try {
    const there = await space.toHost(linearization.gradient);
    if (!(Math.abs(dot(there, step)) < Math.abs(dot(gradient, step)))) return false;
    const product = await linearization.hessianProduct(direction);
    const curved = await space.toHost(product);
    space.release(product);
    return -dot(there, step) / dot(curved, step) >= asFarAsBefore;
  } finally {
    linearization.dispose();
    space.release(at, direction);
  }
}
