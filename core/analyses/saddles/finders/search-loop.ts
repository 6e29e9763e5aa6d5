import {
  advanceLanczosProcess,
  releaseLanczosProcess,
  startLanczosProcess,
} from '../../../linalg/eigenpairs/lanczos-process.ts';
import type { Result, Status } from '../../../linalg/result.ts';
import type { VectorSpace } from '../../../linalg/vector-space.ts';
import { type CountedObjective, counted } from '../../../objective/counted.ts';
import { hessianOperator } from '../../../objective/curvature/hessian.ts';
import type { Linearization, Objective } from '../../../objective/objective.ts';
import type { FinderOptions, FoundPoint, StoppingReason } from './finder.ts';

/** A point of a search with its derivatives. */
export interface Standing<V> {
  /** Owned. */
  readonly theta: V;
  /** Owned; `gradient` belongs to it. */
  readonly linearization: Linearization<V>;
  readonly loss: number;
  readonly gradient: V;
  /** ‖∇L‖² */
  readonly square: number;
}

/** What every step of a search may use. */
export interface Search<V> {
  readonly objective: CountedObjective<V>;
  readonly space: VectorSpace<V>;
  readonly options: FinderOptions;
  productsLeft(): number;
}

/** One method of searching: what it keeps from step to step is its own. */
export interface SearchMethod<V> {
  /** The next point, which becomes the loop's, or why there is none. `at` stays the loop's. */
  advance(search: Search<V>, at: Standing<V>): Promise<Standing<V> | StoppingReason>;
  /** Steps are taken even where ‖∇L‖² grows: then the loop keeps the best point. */
  readonly wanders?: boolean;
  release?(): void;
}

/** Beyond so many times 1 + ‖θ_start‖ the search has left every bound. */
const farFactor = 1e8;

/**
 * Steps of a method until ‖∇L‖² is at most the tolerance, the method ends, or a limit is met. Everything is counted, the
 * first point included: one gradient.
 */
export async function searchCriticalPoint<V>(
  objective: Objective<V>,
  start: V,
  options: FinderOptions,
  method: SearchMethod<V>,
): Promise<Result<FoundPoint<V>>> {
  const began = performance.now();
  const watched = counted(objective);
  const { space } = objective;
  const { counts } = watched;
  const search: Search<V> = {
    ...{ objective: watched, space, options },
    productsLeft: () => options.maxProducts - counts.products,
  };
  let at = await standAt(watched, space.copy(start));
  let best: Best<V> | null = null;
  const history = [at.square];
  let iterations = 0;
  try {
    const far = farFactor * (1 + (await lengthOf(space, start)));
    best = { theta: space.copy(at.theta), loss: at.loss, square: at.square };
    let reason = await endOf(at, search, iterations, far);
    while (reason === null) {
      const next = await method.advance(search, at);
      if (typeof next === 'string') {
        reason = next;
        break;
      }
      leave(space, at);
      at = next;
      iterations++;
      history.push(at.square);
      if (!method.wanders || at.square < best.square) {
        space.release(best.theta);
        best = { theta: space.copy(at.theta), loss: at.loss, square: at.square };
      }
      await options.onIteration?.({ iteration: iterations, gradientNormSquared: at.square, products: counts.products });
      reason = await endOf(at, search, iterations, far);
    }
    const { theta, loss, square } = best;
    best = null;
    const value = { theta, loss, gradientNormSquared: square, iterations, history, reason };
    const seconds = (performance.now() - began) / 1000;
    return { value, status: statusOf[reason], stats: { ...counts, seconds } };
  } finally {
    leave(space, at);
    if (best !== null) space.release(best.theta);
    method.release?.();
  }
}

interface Best<V> {
  readonly theta: V;
  readonly loss: number;
  readonly square: number;
}

const statusOf: Readonly<Record<StoppingReason, Status>> = {
  gradientTolerance: 'converged',
  stationary: 'stagnated',
  noProgress: 'stagnated',
  iterations: 'budgetSpent',
  products: 'budgetSpent',
  diverged: 'diverged',
  notFinite: 'notFinite',
  cancelled: 'cancelled',
};

async function endOf<V>(
  at: Standing<V>,
  { space, options, productsLeft }: Search<V>,
  iterations: number,
  far: number,
): Promise<StoppingReason | null> {
  if (!Number.isFinite(at.square) || !Number.isFinite(at.loss)) return iterations === 0 ? 'notFinite' : 'diverged';
  if (at.square <= options.tolerance) return 'gradientTolerance';
  if (options.signal?.aborted) return 'cancelled';
  if (iterations >= options.maxIterations) return 'iterations';
  if (productsLeft() <= 0) return 'products';
  return (await lengthOf(space, at.theta)) > far ? 'diverged' : null;
}

/** L, ∇L and H at θ, which is consumed. Cost: one gradient. */
export async function standAt<V>(objective: Objective<V>, theta: V): Promise<Standing<V>> {
  const { space } = objective;
  try {
    const linearization = await objective.linearize(theta);
    const { loss, gradient } = linearization;
    return { theta, linearization, loss, gradient, square: await squareOf(space, gradient) };
  } catch (problem) {
    space.release(theta);
    throw problem;
  }
}

/** L, ∇L and H at θ + a p. Cost: one gradient. */
export function standBeyond<V>(
  { objective, space }: Search<V>,
  at: Standing<V>,
  a: number,
  p: V,
): Promise<Standing<V>> {
  return standAt(objective, space.addScaled(space.copy(at.theta), a, p));
}

export function leave<V>(space: VectorSpace<V>, { theta, linearization }: Standing<V>): void {
  linearization.dispose();
  space.release(theta);
}

export async function dot<V>(space: VectorSpace<V>, a: V, b: V): Promise<number> {
  return (await space.dots([a], b))[0]!;
}

export function squareOf<V>(space: VectorSpace<V>, v: V): Promise<number> {
  return dot(space, v, v);
}

export async function lengthOf<V>(space: VectorSpace<V>, v: V): Promise<number> {
  return Math.sqrt(await squareOf(space, v));
}

/** ‖H∇L‖ below this share of |λ|max ‖∇L‖: far below the cut 1e-4 of the range by which a point is judged. */
const stationaryShare = { float64: 1e-7, float32: 1e-5 };
const scaleProducts = 8;

/**
 * Watches for ‖H∇L‖ ≤ small |λ|max ‖∇L‖, where ½‖∇L‖² is stationary though ∇L is not zero (Frye et al. 2021). |λ|max is
 * asked for only where the largest ‖Hv‖/‖v‖ so far raises the suspicion, then by 8 Lanczos products at the point.
 */
export function stationaryWatch<V>(): (search: Search<V>, at: Standing<V>, curved: V) => Promise<boolean> {
  let seen = 0;
  return async (search, at, curved) => {
    const ratio = Math.sqrt((await squareOf(search.space, curved)) / at.square);
    const share = stationaryShare[search.space.precision];
    if (seen === 0) seen = await spectralScale(search, at);
    seen = Math.max(seen, ratio);
    if (ratio > share * seen) return false;
    seen = Math.max(ratio, await spectralScale(search, at));
    return ratio <= share * seen;
  };
}

/** The same where H∇L and the largest eigenvalue of H² are known already. */
export function isStationaryWithin<V>(
  { space }: Search<V>,
  { square }: Standing<V>,
  { curvedLength, scale }: { readonly curvedLength: number; readonly scale: number },
): boolean {
  return curvedLength <= stationaryShare[space.precision] * Math.sqrt(scale * square);
}

/** A lower bound of |λ|max, mostly within a factor of two: the largest ‖H vⱼ‖ of a few Lanczos vectors. */
async function spectralScale<V>(
  { space, options, productsLeft }: Search<V>,
  { linearization }: Standing<V>,
): Promise<number> {
  const start = space.random(options.rng, 'sphere');
  const process = await startLanczosProcess(hessianOperator(space, linearization), start);
  if (process === null) return 0;
  try {
    for (let i = 0; i < scaleProducts && productsLeft() > 0; i++) {
      if ((await advanceLanczosProcess(process)) !== 'advanced') break;
    }
    return process.scale;
  } finally {
    releaseLanczosProcess(process);
  }
}
