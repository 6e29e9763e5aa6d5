import { machineEpsilon } from '../../linalg/precision.ts';
import { dot, norm } from '../../linalg/spaces/host-products.ts';
import type { Objective } from '../../objective/objective.ts';
import { type DenseHessian, fromEigenbasis, inEigenbasis } from './dense-hessian.ts';
import { indexTolerance } from './index-counts.ts';
import { roundingOfTheta } from './residual.ts';
import type { Verdict } from './saddle.ts';

/** Above it ∇L lies in the flat directions of H (Frye et al. 2021). */
const flat = 0.9;
/** A step below this share of ‖θ_start‖ is no runaway. */
const farOff = 1e-3;
/** So much of the step is made … */
const half = 0.5;
/** … after which Newton's step must still be at least this share of what it was; a regular point leaves ½. */
const asFarAsBefore = 0.95;
/** θ has left where it is so many times as long as at the start … */
const left = 10;
/** … at least so much of it lies in the null space of H … */
const mostly = 0.5;
/** … the slope there falls to this share or less half as far out again … */
const fades = 0.1;
/** … and Newton's step back to the valley is no more than this share of the way out. */
const besideTheWay = 1e-3;

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
 * 1. p is not small: ‖p‖ > 1e-3 ‖θ_start‖ (not beside ‖θ‖, which has run away itself), and more than rounding, √ε ‖θ‖;
 * 2. it leads outward: ⟨p, θ⟩ > 0;
 * 3. the slope along it falls: |⟨∇L, p⟩| is smaller at θ + p/2 than at θ (the whole of ‖∇L‖ need not: the straight line
 *    leaves a curved valley);
 * 4. and yet the way is no shorter after half of it: Newton's step along p at θ + p/2, −⟨∇L, p⟩/⟨p, Hp⟩, is at least
 *    0.95.
 *
 * In 4. an exponential tail has 1, a power x^−k has 1 + 1/2(k + 1), the tail of a separable cross-entropy with margin m
 * about 1 − 1/4m or more, a bell-shaped one 1 − 1/4x²; a regular critical point has ½ and a degenerate minimum x^k has
 * 1 − 1/2(k − 1), 0.83 for x⁴, so that it would have to be flat to tenth order to be taken for one. Not seen: a tail that
 * is left along several directions at once, whose steps point inward as well, and one that has sunk below the rounding of
 * |λ|_max ‖θ‖ of the other directions; for these `fadesOutward`.
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
  const least = Math.max(farOff * startNorm, Math.sqrt(machineEpsilon(space.precision)) * norm(theta));
  if (!(norm(step) > least && dot(step, theta) > 0)) return false;
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

/**
 * Whether θ has run away to where ∇L fades, as in a network whose units are saturated. With Π the projection on the null
 * space of H (|λ| ≤ τ |λ|_max, as for the index) and d = Πθ:
 *
 * 1. θ has left: ‖θ‖ > 10 ‖θ_start‖;
 * 2. by null directions: ‖d‖ ≥ ½ ‖θ‖;
 * 3. ∇L has a part there that is not rounding: ‖Π∇L‖ > 8 ε |λ|_max (‖θ − d‖ + τ ‖d‖), for what is rounded along d moves ∇L
 *    by τ |λ|_max at most;
 * 4. half as far out again it is a tenth or less: ‖Π∇L(θ + d/2)‖ ≤ 0.1 ‖Π∇L(θ)‖;
 * 5. the way out is a valley: the Newton step in the range of H at θ + d/2 is at most 1e-3 ‖d‖.
 *
 * At a degenerate critical point, x⁴ wherever it lies, the slope rises in 4.; a regular one has no null direction but those
 * of a symmetry, along which straight lines leave the valley, and ∇L has no part in them; in a family of critical points
 * that goes on for ever along straight lines (units that take no part) 3. fails. To be asked only where nothing is proved.
 *
 * Cost: one gradient where 1. to 3. hold; else none.
 */
export async function fadesOutward<V>(
  objective: Objective<V>,
  theta: Float64Array,
  hessian: DenseHessian,
  startNorm: number,
): Promise<boolean> {
  const { space } = objective;
  const { eigenvalues, scale, gradient } = hessian;
  const tau = indexTolerance(space.precision);
  const isNull = (k: number) => Math.abs(eigenvalues[k]!) <= tau * scale;
  const nullPart = (c: Float64Array) => c.map((x, k) => (isNull(k) ? x : 0));
  const out = nullPart(inEigenbasis(hessian, theta));
  const [far, away] = [norm(theta), norm(out)];
  if (!(far > left * startNorm && away >= mostly * far)) return false;
  const across = Math.sqrt(Math.max(0, far ** 2 - away ** 2));
  const slope = norm(nullPart(inEigenbasis(hessian, gradient)));
  const rounding = roundingOfTheta * machineEpsilon(space.precision) * scale * (across + tau * away);
  if (!(slope > rounding)) return false;
  const direction = fromEigenbasis(hessian, out);
  const at = space.fromHost(theta.map((x, i) => x + half * direction[i]!));
  const found = await objective.gradient(at);
  const there = inEigenbasis(hessian, await space.toHost(found.gradient));
  space.release(at, found.gradient);
  const back = norm(there.map((x, k) => (isNull(k) ? 0 : x / eigenvalues[k]!)));
  return norm(nullPart(there)) <= fades * slope && back <= besideTheWay * away;
}
