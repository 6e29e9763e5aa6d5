import { minresQlp } from '../../../linalg/least-squares/minres-qlp.ts';
import { machineEpsilon } from '../../../linalg/precision.ts';
import type { Result } from '../../../linalg/result.ts';
import { hessianOperator } from '../../../objective/curvature/hessian.ts';
import type { Objective } from '../../../objective/objective.ts';
import { denseFrame } from './eigen-frame.ts';
import type { FinderOptions, FoundPoint, StoppingReason } from './finder.ts';
import {
  lengthOf,
  type Search,
  type SearchMethod,
  type Standing,
  searchCriticalPoint,
  standBeyond,
} from './search-loop.ts';

/** Eigenvalues within this share of |λ|max count as zero. */
const rangeCut = 1e-9;
const mostStepProducts = 300;

/**
 * Newton with the pseudo-inverse: θ ← θ − H⁺∇L, step after step and whatever they bring, so that saddles attract it like
 * minima (Dauphin et al. 2014). The baseline: without any safeguard it fails on most nonlinear networks. The best point of
 * the search is returned.
 *
 * Cost of an iteration: p products up to `denseLimit` parameters; above, MINRES-QLP with at most min(p, 300).
 */
export function newtonPseudoInverse<V>(
  objective: Objective<V>,
  start: V,
  options: FinderOptions,
): Promise<Result<FoundPoint<V>>> {
  return searchCriticalPoint(objective, start, options, pureSteps<V>());
}

function pureSteps<V>(): SearchMethod<V> {
  return {
    wanders: true,
    async advance(search, at) {
      const { space, options } = search;
      const found = space.dim <= options.denseLimit ? await denseStep(search, at) : await krylovStep(search, at);
      if (typeof found === 'string') return found;
      try {
        const shortest = machineEpsilon(space.precision) * (await lengthOf(space, at.theta));
        if ((await lengthOf(space, found.shift)) <= shortest) return 'noProgress';
        return await standBeyond(search, at, -1, found.shift);
      } finally {
        space.release(found.shift);
      }
    },
  };
}

/** H⁺∇L */
interface Shift<V> {
  readonly shift: V;
}

async function denseStep<V>(search: Search<V>, at: Standing<V>): Promise<Shift<V> | StoppingReason> {
  const frame = await denseFrame(search, at);
  if (typeof frame === 'string') return frame;
  const { values, slopes, scale, expand, release } = frame;
  const shift = expand(values.map((value, i) => (Math.abs(value) > rangeCut * scale ? slopes[i]! / value : 0)));
  release();
  return { shift };
}

async function krylovStep<V>(search: Search<V>, at: Standing<V>): Promise<Shift<V> | StoppingReason> {
  const { space, options, productsLeft } = search;
  const { value, status } = await minresQlp(hessianOperator(space, at.linearization), at.gradient, {
    conditionLimit: 1 / rangeCut,
    maxIterations: Math.min(space.dim, mostStepProducts, productsLeft()),
    signal: options.signal,
  });
  if (status !== 'cancelled' && status !== 'notFinite') return { shift: value.x };
  space.release(value.x);
  return status;
}
