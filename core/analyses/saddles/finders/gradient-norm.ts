import type { Result } from '../../../linalg/result.ts';
import type { Objective } from '../../../objective/objective.ts';
import type { FinderOptions, FoundPoint } from './finder.ts';
import { type LimitedMemory, limitedMemory } from './limited-memory.ts';
import {
  dot,
  leave,
  type Search,
  type SearchMethod,
  type Standing,
  searchCriticalPoint,
  squareOf,
  standBeyond,
  stationaryWatch,
} from './search-loop.ts';

/** Sufficient decrease and curvature of the line search (Nocedal and Wright 2006, chapter 3). */
const decrease = 1e-4;
const curvature = 0.9;
const maxTrials = 30;
const memory = 20;

/**
 * Minimises f = ½‖∇L‖², whose gradient is H∇L, by L-BFGS (Liu and Nocedal 1989) with the last 20 steps and a line search
 * for the strong Wolfe conditions: the first method of Frye et al. (2021). It finds critical points of every index alike,
 * and gradient-flat points, where ∇L ≠ 0 lies in the kernel of H: `stationary`.
 *
 * Cost: one gradient and one product a trial of the line search, mostly one trial an iteration.
 */
export function gradientNorm<V>(
  objective: Objective<V>,
  start: V,
  options: FinderOptions,
): Promise<Result<FoundPoint<V>>> {
  return searchCriticalPoint(objective, start, options, lbfgsOnGradientNorm(objective));
}

function lbfgsOnGradientNorm<V>({ space }: Objective<V>): SearchMethod<V> {
  const past: LimitedMemory<V> = limitedMemory(space, memory);
  const stationary = stationaryWatch<V>();
  /** H∇L at the point where the loop stands; null at the start. */
  let slope: V | null = null;
  return {
    async advance(search, at) {
      slope ??= await at.linearization.hessianProduct(at.gradient);
      if (await stationary(search, at, slope)) return 'stationary';
      for (;;) {
        const direction = past.isEmpty() ? await firstDirection(search, at, slope) : await past.direction(slope);
        const found = await wolfeSearch(search, at, direction, await dot(space, slope, direction));
        if (found !== null) {
          await past.add(space.scale(direction, found.length), space.addScaled(space.copy(found.slope), -1, slope));
          space.release(slope);
          slope = found.slope;
          return found.standing;
        }
        space.release(direction);
        if (search.options.signal?.aborted) return 'cancelled';
        if (search.productsLeft() <= 0) return 'products';
        // What is remembered may be wrong at this point: once more along the slope itself.
        if (past.isEmpty()) return 'noProgress';
        past.clear();
      }
    },
    release() {
      past.clear();
      if (slope !== null) space.release(slope);
      slope = null;
    },
  };
}

/** −a H∇L with the a that minimises ½‖∇L − a H²∇L‖². Cost: one product. */
async function firstDirection<V>({ space }: Search<V>, { linearization }: Standing<V>, slope: V): Promise<V> {
  const twice = await linearization.hessianProduct(slope);
  const bend = await squareOf(space, twice);
  const length = bend > 0 ? (await squareOf(space, slope)) / bend : 1;
  space.release(twice);
  return space.scale(space.copy(slope), -length);
}

interface Trial<V> {
  readonly length: number;
  readonly standing: Standing<V>;
  readonly slope: V;
  readonly value: number;
  readonly derivative: number;
}

/** A trial without what it owns: enough to interpolate. */
type Seen = Pick<Trial<never>, 'length' | 'value' | 'derivative'>;

/**
 * A step length with f(a) ≤ f(0) + 10⁻⁴ a f′(0) and |f′(a)| ≤ 0.9 |f′(0)|: bracket by doubling, then safeguarded cubic
 * interpolation (Nocedal and Wright 2006, algorithms 3.5 and 3.6). The best length that satisfies the first where the
 * second is not met within 30 trials; null where none does.
 */
async function wolfeSearch<V>(
  search: Search<V>,
  at: Standing<V>,
  direction: V,
  derivative: number,
): Promise<Trial<V> | null> {
  if (!(derivative < 0)) return null;
  const { space } = search;
  const start: Seen = { length: 0, value: at.square / 2, derivative };
  let low: Seen = start;
  let high: Seen | null = null;
  let kept: Trial<V> | null = null;
  let length = 1;
  for (let i = 0; i < maxTrials; i++) {
    if (search.options.signal?.aborted || search.productsLeft() <= 0) break;
    const trial = await trialAt(search, at, direction, length);
    const enough =
      trial !== null && trial.value <= start.value + decrease * length * derivative && trial.value < start.value;
    if (trial === null || !enough || (low.length > 0 && trial.value >= low.value)) {
      high = trial === null ? { length, value: Number.POSITIVE_INFINITY, derivative: 0 } : seen(trial);
      if (trial !== null) release(space, trial);
    } else {
      if (kept !== null) release(space, kept);
      kept = trial;
      if (Math.abs(trial.derivative) <= -curvature * derivative) return trial;
      const onward = high === null ? 1 : high.length - low.length;
      if (trial.derivative * onward >= 0) high = low;
      low = seen(trial);
    }
    length = high === null ? 2 * length : between(low, high);
    if (high !== null && Math.abs(high.length - low.length) <= 1e-14 * length) break;
  }
  return kept;
}

async function trialAt<V>(search: Search<V>, at: Standing<V>, direction: V, length: number): Promise<Trial<V> | null> {
  const standing = await standBeyond(search, at, length, direction);
  const value = standing.square / 2;
  if (!Number.isFinite(value)) {
    leave(search.space, standing);
    return null;
  }
  const slope = await standing.linearization.hessianProduct(standing.gradient);
  return { length, standing, slope, value, derivative: await dot(search.space, slope, direction) };
}

function release<V>(space: Search<V>['space'], { standing, slope }: Trial<V>): void {
  leave(space, standing);
  space.release(slope);
}

const seen = ({ length, value, derivative }: Seen): Seen => ({ length, value, derivative });

/** The minimum of the cubic through both ends, kept a tenth of the interval away from them; the middle where there is none. */
function between(low: Seen, high: Seen): number {
  const width = high.length - low.length;
  const middle = low.length + width / 2;
  if (!Number.isFinite(high.value) || high.derivative === 0) return low.length + width / 10;
  const d1 = low.derivative + high.derivative - (3 * (high.value - low.value)) / width;
  const root = d1 * d1 - low.derivative * high.derivative;
  if (!(root >= 0)) return middle;
  const d2 = Math.sign(width) * Math.sqrt(root);
  const share = 1 - (high.derivative + d2 - d1) / (high.derivative - low.derivative + 2 * d2);
  return Number.isFinite(share) ? low.length + width * Math.min(0.9, Math.max(0.1, share)) : middle;
}
