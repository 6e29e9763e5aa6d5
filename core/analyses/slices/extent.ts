import type { Result, Status } from '../../linalg/result.ts';
import type { Objective } from '../../objective/objective.ts';
import { nothingIfStopped } from './nothing-if-stopped.ts';

/** From where to where an axis goes, in multiples of its direction. */
export interface Extent {
  readonly low: number;
  readonly high: number;
}

/** Where the loss has risen; `reached` tells for the low and the high end whether it did within the cap. */
export interface RiseExtent extends Extent {
  readonly reached: readonly [low: boolean, high: boolean];
}

export interface RiseOptions {
  /** The loss at the ends is (1 + rise) times that at the centre, a centre below 1e-6 taken for 1e-6. Default 4. */
  readonly rise?: number | undefined;
  /** In its place: by how much the loss has risen at the ends. */
  readonly amount?: number | undefined;
  /** The longest half-axis in parameter length. Default 10 max(‖θ‖, 1). */
  readonly longest?: number | undefined;
  /** Relative accuracy of the half-widths, or of the square root of the rise. Default 0.02. */
  readonly tolerance?: number | undefined;
  readonly signal?: { readonly aborted: boolean } | undefined;
}

/** Losses below it are noise of the precision: a factor of them means nothing. */
const leastLoss = 1e-6;
const defaultRise = 4;
const mostRounds = 40;

export const riseAmount = (loss: number, rise = defaultRise): number => rise * Math.max(Math.abs(loss), leastLoss);

/** One way along one axis: the wanted end lies between `inner` and `outer`. */
interface Side {
  readonly axis: number;
  readonly sign: -1 | 1;
  readonly cap: number;
  inner: number;
  innerRise: number;
  /** Infinite until a point beyond the end is known. */
  outer: number;
  /** NaN and infinite losses count as risen without bound. */
  outerRise: number;
  rounds: number;
  end: number | null;
  reached: boolean;
}

/**
 * Half-widths, along every direction and both ways, where the loss has risen by a given part of its value at θ: bracketing
 * by growing steps, then false position in the square root of the rise, which is exact after one step where the loss is
 * quadratic, then in turn with geometric bisection. A loss that is not finite counts as risen, so an axis ends
 * where the loss does; a way along which it never rises ends at the cap. It is the first end found, not the nearest one: a
 * ridge between two steps is not seen.
 *
 * Cost: 2 or 3 losses an end on a quadratic, at most 40; all ends in one call a round. Status: `converged`, `budgetSpent`
 * where a cap was met, `notFinite` where the loss at θ is not (extents are then the first steps), `cancelled`.
 */
export async function riseExtents<V>(
  objective: Objective<V>,
  origin: V,
  directions: readonly V[],
  centerLoss: number,
  options: RiseOptions = {},
): Promise<Result<RiseExtent[]>> {
  const began = performance.now();
  const { signal, tolerance = 0.02 } = options;
  const amount = options.amount ?? riseAmount(centerLoss, options.rise);
  const reach = Math.max(await length(objective, origin), 1);
  const longest = options.longest ?? 10 * reach;
  const sides: Side[] = [];
  const firstSteps: number[] = [];
  for (const [axis, direction] of directions.entries()) {
    const unit = await length(objective, direction);
    const cap = longest / unit;
    firstSteps.push(Math.min(cap, (0.1 * reach) / unit));
    for (const sign of [-1, 1] as const) sides.push(newSide(axis, sign, cap));
  }
  let losses = 0;
  while (Number.isFinite(centerLoss) && !signal?.aborted) {
    const open = sides.filter(({ end }) => end === null);
    if (open.length === 0) break;
    const steps = open.map((side) => nextStep(side, amount, firstSteps[side.axis]!));
    const found = await lossesAt(objective, origin, directions, open, steps);
    if (found === null) break;
    losses += open.length;
    for (const [i, side] of open.entries()) narrow(side, steps[i]!, found[i]! - centerLoss, amount, tolerance);
  }
  const value = directions.map((_, axis) => extentOf(sides.slice(2 * axis, 2 * axis + 2), firstSteps[axis]!));
  const stats = { products: 0, gradients: 0, losses, seconds: (performance.now() - began) / 1000 };
  return { value, status: statusOf(centerLoss, sides), stats };
}

const newSide = (axis: number, sign: -1 | 1, cap: number): Side => ({
  axis,
  sign,
  cap,
  inner: 0,
  innerRise: 0,
  outer: Number.POSITIVE_INFINITY,
  outerRise: Number.POSITIVE_INFINITY,
  rounds: 0,
  end: null,
  reached: false,
});

async function length<V>({ space }: Objective<V>, vector: V): Promise<number> {
  const [square = 0] = await space.dots([vector], vector);
  return Math.sqrt(square);
}

async function lossesAt<V>(
  objective: Objective<V>,
  origin: V,
  directions: readonly V[],
  sides: readonly Side[],
  steps: readonly number[],
): Promise<Float64Array | null> {
  const data = new Float64Array(sides.length * directions.length);
  for (const [i, { axis, sign }] of sides.entries()) data[i * directions.length + axis] = sign * steps[i]!;
  const coefficients = { rows: sides.length, columns: directions.length, data };
  return objective.losses(origin, directions, coefficients).catch(nothingIfStopped);
}

const signedRoot = (x: number): number => Math.sign(x) * Math.sqrt(Math.abs(x));

function nextStep({ inner, innerRise, outer, outerRise, cap, rounds }: Side, amount: number, first: number): number {
  if (outer === Number.POSITIVE_INFINITY) {
    if (inner === 0) return first;
    const wanted = innerRise > 0 ? Math.sqrt(amount / innerRise) : 4;
    return Math.min(cap, inner * Math.min(8, Math.max(1.2, 1.01 * wanted)));
  }
  const bisected = inner > 0 ? Math.sqrt(inner * outer) : outer / 8;
  if (!Number.isFinite(outerRise) || (rounds % 2 === 1 && rounds > 2)) return bisected;
  const [low, high] = [signedRoot(innerRise), signedRoot(outerRise)];
  const guess = inner + ((outer - inner) * (Math.sqrt(amount) - low)) / (high - low);
  const margin = 1e-3 * (outer - inner);
  return Math.min(outer - margin, Math.max(inner + margin, guess));
}

function narrow(side: Side, step: number, rise: number, amount: number, tolerance: number): void {
  side.rounds++;
  if (rise < amount) {
    side.inner = step;
    side.innerRise = rise;
  } else {
    side.outer = step;
    side.outerRise = Number.isFinite(rise) ? rise : Number.POSITIVE_INFINITY;
  }
  const met = Math.abs(Math.sqrt(Math.max(0, rise) / amount) - 1) <= tolerance;
  if (met || (1 - tolerance) * side.outer <= side.inner) {
    // Just before the loss ends, if it does.
    side.end = met ? step : side.outerRise === Number.POSITIVE_INFINITY ? side.inner : side.outer;
    side.reached = true;
  } else if (side.inner >= side.cap) side.end = side.cap;
  else if (side.rounds >= mostRounds) {
    side.end = Math.min(side.outer, side.cap);
    side.reached = Number.isFinite(side.outer);
  }
}

function extentOf(sides: readonly Side[], first: number): RiseExtent {
  const [low, high] = sides.map(({ end, outer, inner }) => end ?? (Number.isFinite(outer) ? outer : inner || first));
  return { low: -low!, high: high!, reached: [sides[0]!.reached, sides[1]!.reached] };
}

function statusOf(centerLoss: number, sides: readonly Side[]): Status {
  if (!Number.isFinite(centerLoss)) return 'notFinite';
  if (sides.some(({ end }) => end === null)) return 'cancelled';
  return sides.every(({ reached }) => reached) ? 'converged' : 'budgetSpent';
}

/** ½ λ α² = the rise: where the quadratic model of an eigenvector of unit length has risen so far, or fallen for λ < 0. */
export function quadraticExtent(eigenvalue: number, centerLoss: number, rise = defaultRise): Extent {
  const half = Math.sqrt((2 * riseAmount(centerLoss, rise)) / Math.max(Math.abs(eigenvalue), 1e-9));
  return { low: -half, high: half };
}

/** From the smallest to the largest coordinate of a path and of the centre 0, with a part of the range on either side. */
export function pathExtent(coordinates: Float64Array, margin = 0.25): Extent {
  let [low, high] = [0, 0];
  for (const value of coordinates) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const more = margin * (high - low || 1);
  return { low: low - more, high: high + more };
}
