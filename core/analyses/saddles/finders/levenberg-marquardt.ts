import type { Result } from '../../../linalg/result.ts';
import type { Objective } from '../../../objective/objective.ts';
import { type DampedSteps, dampedSteps } from './damped-steps.ts';
import type { FinderOptions, FoundPoint, StoppingReason } from './finder.ts';
import {
  isStationaryWithin,
  leave,
  type Search,
  type SearchMethod,
  type Standing,
  searchCriticalPoint,
  standBeyond,
} from './search-loop.ts';

/** Of the largest eigenvalue of H²: where the damping starts, and the least and most that it may become. */
const firstDamping = 1e-3;
const leastDamping = 1e-20;
const mostDamping = 1e12;
/** A step is taken from this share of the predicted decrease on. */
const leastGain = 1e-4;

/**
 * Minimises ½‖∇L‖² by (H² + μ) p = −H∇L, with μ from the gain of each step (Levenberg 1944; Marquardt 1963; the rule of
 * Nielsen 1999). One eigendecomposition serves all μ of a step. Finds critical points of every index and gradient-flat
 * points, as the minimisation of ½‖∇L‖² by L-BFGS does, in far fewer iterations.
 *
 * Cost of an iteration: p products (at most 60 above `denseLimit`), one gradient a trial.
 */
export function levenbergMarquardt<V>(
  objective: Objective<V>,
  start: V,
  options: FinderOptions,
): Promise<Result<FoundPoint<V>>> {
  return searchCriticalPoint(objective, start, options, marquardtSteps<V>());
}

function marquardtSteps<V>(): SearchMethod<V> {
  let damping = Number.NaN;
  let growth = 2;
  return {
    async advance(search, at) {
      const steps = await dampedSteps(search, at);
      if (typeof steps === 'string') return steps;
      try {
        if (isStationaryWithin(search, at, steps)) return 'stationary';
        if (Number.isNaN(damping)) damping = firstDamping * steps.scale;
        while (damping <= mostDamping * steps.scale) {
          const next = await gainedBy(search, at, steps, damping);
          if (typeof next === 'string') return next;
          if (next !== null) {
            damping = Math.max(leastDamping * steps.scale, damping * Math.max(1 / 3, 1 - (2 * next.gain - 1) ** 3));
            growth = 2;
            return next.standing;
          }
          damping *= growth;
          growth *= 2;
        }
        return 'noProgress';
      } finally {
        steps.release();
      }
    },
  };
}

/** The next point and the share of the predicted decrease that it brought; null where it brought too little. */
async function gainedBy<V>(
  search: Search<V>,
  at: Standing<V>,
  steps: DampedSteps<V>,
  damping: number,
): Promise<{ standing: Standing<V>; gain: number } | StoppingReason | null> {
  if (search.options.signal?.aborted) return 'cancelled';
  const step = steps.step(damping);
  const standing = await standBeyond(search, at, 1, step);
  search.space.release(step);
  const gain = (at.square - standing.square) / steps.predictedDecrease(damping);
  if (gain > leastGain && standing.square < at.square) return { standing, gain };
  leave(search.space, standing);
  return null;
}
