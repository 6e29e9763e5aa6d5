import type { Objective } from '../../objective/objective.ts';

/** The largest loss that was seen in a ball around θ: a lower bound of the largest there is. */
export interface WorstInBall {
  /** L(θ), by the same program as the others. */
  readonly centre: number;
  /** L at the single step ε = ρ T²g/‖Tg‖; null where the gradient is zero. */
  readonly oneStep: number | null;
  readonly worst: number;
  /** Cosine between T∇L and T⁻¹ε at the worst point: 1 at a maximum on the sphere. */
  readonly alignment: number;
  readonly gradients: number;
}

export interface WorstInBallOptions<V> {
  readonly radius: number;
  /** T: entries of a diagonal metric, ‖T⁻¹ε‖ ≤ ρ; null for the Euclidean ball. */
  readonly scales: Float64Array | null;
  /** Directions that are tried besides the gradient, both ways: ε = ±ρ T v/‖v‖. */
  readonly directions: readonly V[];
  /** Gradients that the ascent may take after the starts. */
  readonly steps: number;
  readonly signal?: { readonly aborted: boolean } | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * max L(θ + ε) over ‖T⁻¹ε‖ ≤ ρ from below. The first start is the step of sharpness-aware minimisation, ε = ρ T²g/‖Tg‖
 * (Foret et al. 2021; with T = diag|θ| that of ASAM, Kwon et al. 2021); the best start is followed by ascent on the
 * sphere: η ← ρ T∇L/‖T∇L‖, which never falls where L is convex, and where that does not rise a shorter projected step
 * η ← Π(η + τ ρ T∇L/‖T∇L‖), τ halved until it does. Cost: 2 + 2·directions + steps gradients.
 */
export async function worstInBall<V>(
  objective: Objective<V>,
  theta: V,
  { radius, scales, directions, steps, signal, onProgress }: WorstInBallOptions<V>,
): Promise<WorstInBall> {
  const { space } = objective;
  const origin = Float64Array.from(await space.toHost(theta));
  const total = 2 + 2 * directions.length + steps;
  let gradients = 0;
  /** L at θ + Tη and T∇L there. */
  const look = async (eta: Float64Array): Promise<Seen> => {
    const point = space.fromHost(origin.map((entry, i) => entry + (scales?.[i] ?? 1) * eta[i]!));
    const { loss, gradient } = await objective.gradient(point);
    const slope = Float64Array.from(await space.toHost(gradient), (entry, i) => (scales?.[i] ?? 1) * entry);
    space.release(point, gradient);
    onProgress?.(++gradients, total);
    return { eta, loss, slope };
  };
  const centre = await look(new Float64Array(origin.length));
  const firstStep = onSphere(centre.slope, radius);
  const first = firstStep && (await look(firstStep));
  let best = first ?? centre;
  for (const direction of directions) {
    const unit = onSphere(Float64Array.from(await space.toHost(direction)), radius);
    if (unit === null || signal?.aborted) break;
    for (const eta of [unit, unit.map((entry) => -entry)]) {
      const seen = await look(eta);
      if (seen.loss > best.loss) best = seen;
    }
  }
  let tau = Number.POSITIVE_INFINITY;
  for (let step = 0; step < steps && !signal?.aborted; step++) {
    const towards = onSphere(best.slope, radius);
    if (towards === null || best.loss === Number.POSITIVE_INFINITY) break;
    const eta =
      tau === Number.POSITIVE_INFINITY
        ? towards
        : insideBall(
            best.eta.map((entry, i) => entry + tau * towards[i]!),
            radius,
          );
    const seen = await look(eta);
    if (seen.loss > best.loss) best = seen;
    else if (tau === Number.POSITIVE_INFINITY) tau = 1;
    else tau /= 2;
    if (tau < smallestStep) break;
  }
  return {
    centre: centre.loss,
    oneStep: first?.loss ?? null,
    worst: best.loss,
    alignment: dot(best.eta, best.slope) / (norm(best.eta) * norm(best.slope)),
    gradients,
  };
}

interface Seen {
  readonly eta: Float64Array;
  readonly loss: number;
  readonly slope: Float64Array;
}

/** Shorter steps than this share of the radius do not rise above rounding. */
const smallestStep = 1e-8;

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, entry, i) => sum + entry * b[i]!, 0);
const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));

/** ρ x/‖x‖; null where x has no direction. */
function onSphere(x: Float64Array, radius: number): Float64Array | null {
  const length = norm(x);
  return length > 0 && Number.isFinite(length) ? x.map((entry) => (radius * entry) / length) : null;
}

function insideBall(x: Float64Array, radius: number): Float64Array {
  const length = norm(x);
  return length > radius ? x.map((entry) => (radius * entry) / length) : x;
}
