import type { DerivativeBounds } from '../../../objective/objective.ts';
import { type DeepLinearModel, kernelsOf } from './deep-linear-model.ts';

/** Bounds of ‖∇L‖, ‖H‖ and ‖D³L‖ over a ball. */
type Majorants = readonly [number, number, number];

/**
 * Of L = ½‖R‖², R = W_N ⋯ W₁ − S, where no matrix is longer than aₗ = ‖Wₗ‖ + ρ: R is linear in every matrix, so that
 * ‖DR‖ ≤ d₁ = (Σₗ Π_{k≠l} a_k²)^½, ‖D²R‖ ≤ d₂ = the largest row sum of M_lm = Π_{k≠l,m} a_k, ‖D³R‖ ≤ d₃ = the Frobenius
 * norm of the same of three, and D³L[u, v, w] = ⟨D³R, R⟩ + three times ⟨D²R, DR⟩ ≤ d₃‖R‖ + 3 d₁d₂.
 */
function majorants(norms: readonly number[], target: number, radius: number): Majorants {
  const a = norms.map((norm) => norm + radius);
  const without = (...left: number[]): number =>
    a.reduce((product, x, k) => (left.includes(k) ? product : product * x), 1);
  const layers = a.map((_, l) => l);
  const d1 = Math.hypot(...layers.map((l) => without(l)));
  const rows = layers.map((l) => layers.filter((m) => m !== l).reduce((sum, m) => sum + without(l, m), 0));
  const d2 = Math.max(...rows);
  let square = 0;
  for (const l of layers)
    for (const m of layers) for (const k of layers) if (l !== m && m !== k && l !== k) square += without(l, m, k) ** 2;
  const residual = without() + target;
  return [d1 * residual, d1 ** 2 + d2 * residual, Math.sqrt(square) * residual + 3 * d1 * d2];
}

/**
 * ℓ = sup ‖D³L‖ over the ball, for N = 2 as short as 3 (a₁² + a₂²)^½. Rounding: products of matrices are, to first order,
 * those of matrices whose entries have been changed by K ε, K the sum of the widths there and back; ∇L then changes by at
 * most K ε times the bounds of ‖H‖ ‖θ‖ + ‖∇L‖, a column of H by the same one order higher, H by √p times a column.
 */
export function deepLinearBounds(model: DeepLinearModel, theta: Float64Array, radius: number): DerivativeBounds {
  const norms = kernelsOf(model, theta).map(({ data }) => Math.hypot(...data));
  const target = Math.hypot(...model.target.data);
  const around = majorants(norms, target, radius);
  const here = majorants(norms, target, 0);
  const unit = 4 * (model.widths.reduce((sum, width) => sum + width, 0) + 8) * Number.EPSILON;
  const size = Math.hypot(...theta);
  return {
    hessianLipschitz: (1 + unit) * around[2],
    gradientRounding: unit * (here[1] * size + here[0]),
    hessianRounding: Math.sqrt(theta.length) * unit * (here[2] * size + here[1]),
  };
}
