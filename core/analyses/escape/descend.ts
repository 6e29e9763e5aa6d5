import { machineEpsilon } from '../../linalg/precision.ts';
import { hessianOperator } from '../../objective/curvature/hessian.ts';
import type { Objective } from '../../objective/objective.ts';
import type { Random } from '../../random/random.ts';
import { largestCurvature } from './negative-directions.ts';

export interface Descent<V> {
  /** The caller's. */
  readonly theta: V;
  readonly losses: readonly number[];
  readonly distances: readonly number[];
  /** Length of the path up to each point. */
  readonly lengths: readonly number[];
  /** A list a dual vector. */
  readonly coordinates: readonly (readonly number[])[];
  readonly gradientNormSquared: number;
  readonly reason: 'tolerance' | 'floor' | 'stuck' | 'steps' | 'cancelled' | 'notFinite';
}

export interface DescentOptions<V> {
  readonly steps: number;
  readonly tolerance: number;
  /** Distances are from it; stays the caller's. */
  readonly from: V;
  /** Coordinates are ⟨dual, θ − from⟩ + shift. */
  readonly duals: readonly V[];
  readonly shifts: readonly number[];
  readonly rng: Random;
  readonly signal?: { readonly aborted: boolean } | undefined;
  readonly onStep?: ((step: number, loss: number) => void) | undefined;
}

/** Steps between two measurements of the curvature: few at first, where the landscape changes, more where it stays. */
const [firstInterval, longestInterval] = [10, 160];
const mostHalvings = 40;
/** No step is longer than this share of 1 + ‖θ₀‖: where little curves, 1/|λ|_max would leap over the next hill. */
const longestShare = 0.1;
/** The measured |λ|_max is good to a twentieth. */
const turnShare = 0.1;
/** In machine epsilons of L: a full step that would gain less is lost in its rounding. */
const floorFactor = 64;

/**
 * Gradient descent θ ← θ − η∇L with η = 1/|λ|_max, measured anew after 10 to 160 steps and halved where the loss would
 * rise or the gradient turn back, so that the loss never rises; no step is longer than a tenth of 1 + ‖θ₀‖. Ends where ‖∇L‖² is at most the tolerance
 * (`tolerance`), or no η lowers L any more: because what the full step would gain is below the rounding of L (`floor`),
 * or for another reason, such as a kink (`stuck`). Consumes `start`.
 *
 * Cost: a gradient a step and a halving, and about ten products a measurement.
 */
export async function descend<V>(
  objective: Objective<V>,
  start: V,
  { steps, tolerance, from, duals, shifts, rng, signal, onStep }: DescentOptions<V>,
): Promise<Descent<V>> {
  const { space } = objective;
  const reach = longestShare * (1 + Math.sqrt((await space.dots([from], from))[0]!));
  let theta = start;
  let { loss, gradient } = await objective.gradient(theta);
  let squared = (await space.dots([gradient], gradient))[0]!;
  const [losses, distances, lengths]: [number[], number[], number[]] = [[], [], []];
  const coordinates = duals.map((): number[] => []);
  const keep = async (length: number) => {
    const moved = space.addScaled(space.copy(theta), -1, from);
    const [square, ...along] = await space.dots([moved, ...duals], moved);
    space.release(moved);
    losses.push(loss);
    distances.push(Math.sqrt(square!));
    lengths.push(length);
    for (const [k, value] of along.entries()) coordinates[k]!.push(value + shifts[k]!);
  };
  await keep(0);
  let reason: Descent<V>['reason'] = 'steps';
  let [rate, sinceMeasured, interval, length] = [0, Number.POSITIVE_INFINITY, firstInterval, 0];
  for (let step = 1; step <= steps; step++) {
    if (!Number.isFinite(loss) || !Number.isFinite(squared)) reason = 'notFinite';
    else if (squared <= tolerance) reason = 'tolerance';
    else if (signal?.aborted) reason = 'cancelled';
    if (reason !== 'steps') break;
    if (sinceMeasured >= interval) {
      const before = rate;
      rate = await stepSize(objective, theta, { rng: rng.split(`step ${step}`), signal });
      if (!(rate > 0)) {
        reason = signal?.aborted ? 'cancelled' : 'notFinite';
        break;
      }
      const isSteady = before > 0 && Math.abs(Math.log(rate / before)) < 0.2;
      interval = isSteady ? Math.min(longestInterval, 2 * interval) : firstInterval;
      sinceMeasured = 0;
    }
    const full = Math.min(rate, reach / Math.sqrt(squared));
    // A shorter step cannot show what the rounding of L hides of a full one.
    const isAtFloor = 0.5 * full * squared < floorFactor * machineEpsilon(space.precision) * Math.abs(loss);
    const moved = await lowered(objective, theta, { loss, gradient, squared }, full, isAtFloor ? 1 : mostHalvings);
    if (moved === null) {
      reason = isAtFloor ? 'floor' : 'stuck';
      break;
    }
    length += moved.rate * Math.sqrt(squared);
    space.release(theta, gradient);
    ({ theta, loss, gradient, squared } = moved);
    // One that was only cut to the reach may be as long as before in a flatter place.
    if (moved.rate < full) {
      rate = moved.rate;
      sinceMeasured = Math.max(sinceMeasured, interval - 3);
    }
    sinceMeasured++;
    await keep(length);
    onStep?.(step, loss);
  }
  // The last step allowed may be the one that arrives.
  if (reason === 'steps' && squared <= tolerance) reason = 'tolerance';
  space.release(gradient);
  return { theta, losses, distances, lengths, coordinates, gradientNormSquared: squared, reason };
}

async function stepSize<V>(
  objective: Objective<V>,
  theta: V,
  search: { readonly rng: Random; readonly signal?: { readonly aborted: boolean } | undefined },
): Promise<number> {
  const linearization = await objective.linearize(theta);
  try {
    const curvature = await largestCurvature(hessianOperator(objective.space, linearization), search);
    // Where nothing curves the reach alone limits the step.
    return curvature > 0 ? Math.min(1 / curvature, Number.MAX_VALUE) : curvature === 0 ? 1 : Number.NaN;
  } finally {
    linearization.dispose();
  }
}

interface Lowered<V> {
  readonly theta: V;
  readonly loss: number;
  readonly gradient: V;
  readonly squared: number;
  readonly rate: number;
}

/** One step that does not raise the loss; null where no length does. */
async function lowered<V>(
  objective: Objective<V>,
  theta: V,
  { loss, gradient, squared: before }: { readonly loss: number; readonly gradient: V; readonly squared: number },
  longest: number,
  tries: number,
): Promise<Lowered<V> | null> {
  const { space } = objective;
  let rate = longest;
  for (let i = 0; i < tries; i++) {
    const next = space.addScaled(space.copy(theta), -rate, gradient);
    const at = await objective.gradient(next);
    const [squared, along] = await space.dots([at.gradient, gradient], at.gradient);
    // η ≤ 1/|λ|_max of the whole step leaves ⟨∇L, ∇L′⟩ ≥ 0: one that turns back was measured for another place.
    if (at.loss <= loss && along! >= -turnShare * before)
      return { theta: next, loss: at.loss, gradient: at.gradient, squared: squared!, rate };
    space.release(next, at.gradient);
    rate /= 2;
  }
  return null;
}
