import type { Result } from '../../../linalg/result.ts';
import type { Objective } from '../../../objective/objective.ts';
import { type DampedSteps, dampedSteps } from './damped-steps.ts';
import type { FinderOptions, FoundPoint } from './finder.ts';
import {
  isStationaryWithin,
  type Search,
  type SearchMethod,
  type Standing,
  searchCriticalPoint,
  squareOf,
  standAt,
} from './search-loop.ts';

/** γ in units of |λ|max: all of these are tried … */
const radii = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6];
/** … and these one by one where none of them lowers ‖∇L‖. */
const shorterSteps = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6];

/**
 * Newton in a trust region: p = −(H² + γ²)⁻¹H∇L for γ over decades, and of all θ + p the one with the least ‖∇L‖ (Frye et al.
 * 2021, whose γ are absolute; here in units of |λ|max, so that scaling the loss changes nothing). A step lowers ‖∇L‖ always,
 * otherwise the search ends. Finds critical points of every index.
 *
 * Cost of an iteration: p products (at most 60 above `denseLimit`) and 7 gradients. The damping belongs into H² + γ²: in
 * H + γ, as the pseudo-inverse of a known implementation has it, a γ may hit −λ.
 */
export function newtonTrustRegion<V>(
  objective: Objective<V>,
  start: V,
  options: FinderOptions,
): Promise<Result<FoundPoint<V>>> {
  return searchCriticalPoint(objective, start, options, trustRegionSteps<V>());
}

function trustRegionSteps<V>(): SearchMethod<V> {
  return {
    async advance(search, at) {
      const steps = await dampedSteps(search, at);
      if (typeof steps === 'string') return steps;
      try {
        if (isStationaryWithin(search, at, steps)) return 'stationary';
        let best: Lowered<V> | null = null;
        for (const gamma of radii) best = await better(search, at, steps, gamma, best);
        for (const gamma of shorterSteps) best ??= await better(search, at, steps, gamma, null);
        if (search.options.signal?.aborted) {
          if (best !== null) search.space.release(best.theta);
          return 'cancelled';
        }
        return best === null ? 'noProgress' : await standAt(search.objective, best.theta);
      } finally {
        steps.release();
      }
    },
  };
}

interface Lowered<V> {
  /** Owned. */
  readonly theta: V;
  readonly square: number;
}

/** θ + p(γ) where it lowers ‖∇L‖ and more than `best` does, which is released then; else `best`. Cost: one gradient. */
async function better<V>(
  { objective, space, options }: Search<V>,
  at: Standing<V>,
  steps: DampedSteps<V>,
  gamma: number,
  best: Lowered<V> | null,
): Promise<Lowered<V> | null> {
  if (options.signal?.aborted) return best;
  const step = steps.step(gamma * gamma * steps.scale);
  const theta = space.addScaled(step, 1, at.theta);
  const { gradient } = await objective.gradient(theta);
  const square = await squareOf(space, gradient);
  space.release(gradient);
  if (!(square < (best?.square ?? at.square))) {
    space.release(theta);
    return best;
  }
  if (best !== null) space.release(best.theta);
  return { theta, square };
}
