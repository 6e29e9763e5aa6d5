import { minresQlp } from '../../../linalg/least-squares/minres-qlp.ts';
import type { Result } from '../../../linalg/result.ts';
import { hessianOperator } from '../../../objective/curvature/hessian.ts';
import type { Objective } from '../../../objective/objective.ts';
import type { FinderOptions, FoundPoint, StoppingReason } from './finder.ts';
import {
  leave,
  type Search,
  type SearchMethod,
  type Standing,
  searchCriticalPoint,
  standBeyond,
  stationaryWatch,
} from './search-loop.ts';

/**
 * Most products of one step. Frye et al. take 25; with fewer than H has separate eigenvalues p is no least-squares solution
 * but its Krylov approximation, whose steps lower ‖∇L‖ slowly, and beyond 100 a step costs more than it brings.
 */
const mostStepProducts = 100;
const rtol = 1e-10;
const maxNorm = 1e4;
const conditionLimit = 1e7;
/** ρ of a step of length 1: half of what the model predicts. At ρ = ½, as Frye et al. have it, it must bring all of it. */
const pureDecrease = 0.25;
/** ρ of a shorter one. */
const decrease = 1e-4;
const shrink = 0.5;
const firstLength = 0.1;
const leastLength = 1e-12;
/** Below this gain ½‖∇L‖² may have become stationary. */
const slowGain = 0.1;

/**
 * Newton-MR: p = argmin ‖Hp + ∇L‖ of least length by MINRES-QLP, then θ + αp with ‖∇L(θ + αp)‖² ≤ ‖∇L‖² + 2ρα⟨Hp, ∇L⟩
 * (Roosta, Liu, Xu and Mahoney 2018; parameters of Frye et al. 2021): α = 1 where ρ = ¼ holds there, otherwise halved with
 * ρ = 10⁻⁴ from twice the last α. Finds critical points of every index.
 *
 * Cost of an iteration: min(p, 100) products, one gradient a trial. A step that brings nothing is `noProgress` (not the zero
 * vector, on which a known implementation goes on).
 */
export function newtonMr<V>(objective: Objective<V>, start: V, options: FinderOptions): Promise<Result<FoundPoint<V>>> {
  return searchCriticalPoint(objective, start, options, minimumResidualSteps<V>());
}

function minimumResidualSteps<V>(): SearchMethod<V> {
  const stationary = stationaryWatch<V>();
  let length = firstLength;
  let gain = 1;
  return {
    async advance(search, at) {
      const { space, options } = search;
      if (gain < slowGain && (await isStationary(search, at, stationary))) return 'stationary';
      const { value, status } = await minresQlp(hessianOperator(space, at.linearization), at.gradient, {
        ...{ rtol, maxNorm, conditionLimit, signal: options.signal },
        maxIterations: Math.min(space.dim, mostStepProducts, search.productsLeft()),
      });
      try {
        if (status === 'cancelled' || status === 'notFinite') return status;
        // Hx is orthogonal to the residual, so that with p = −x ⟨Hp, ∇L⟩ = −‖Hx‖².
        const slope = Math.max(0, at.square - value.residual ** 2);
        const found = await searchAlong(search, at, value.x, slope, length);
        if (typeof found === 'string') return found;
        length = found.length === 1 ? length : Math.min(1, 2 * found.length);
        gain = 1 - found.standing.square / at.square;
        return found.standing;
      } finally {
        space.release(value.x);
      }
    },
  };
}

async function isStationary<V>(
  search: Search<V>,
  at: Standing<V>,
  watch: ReturnType<typeof stationaryWatch<V>>,
): Promise<boolean> {
  const curved = await at.linearization.hessianProduct(at.gradient);
  try {
    return await watch(search, at, curved);
  } finally {
    search.space.release(curved);
  }
}

/** Along −x; `slope` is ‖Hx‖², `start` the length that is tried after 1. */
async function searchAlong<V>(
  search: Search<V>,
  at: Standing<V>,
  x: V,
  slope: number,
  start: number,
): Promise<{ standing: Standing<V>; length: number } | StoppingReason> {
  let length = 1;
  while (length >= leastLength) {
    if (search.options.signal?.aborted) return 'cancelled';
    const standing = await standBeyond(search, at, -length, x);
    const share = length === 1 && start < 1 ? pureDecrease : decrease;
    const wanted = at.square - 2 * share * length * slope;
    if (standing.square < at.square && standing.square <= wanted) return { standing, length };
    leave(search.space, standing);
    length = length === 1 && start < 1 ? start : length * shrink;
  }
  return 'noProgress';
}
