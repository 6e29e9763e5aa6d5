import { distance, norm } from '../../linalg/spaces/host-products.ts';
import type { Objective } from '../../objective/objective.ts';
import {
  type DenseHessian,
  type DenseOutcome,
  denseHessianAt,
  type Interruption,
  pseudoInverseStep,
} from './dense-hessian.ts';
import { gradientFloor } from './residual.ts';

/** Eigenvalues up to this share of |λ|_max take no part in a step. */
const stepCut = 1e-9;
/** Matrices at most. */
const mostMatrices = 10;
/** Steps with one matrix at most. */
const mostSteps = 20;
/** A step must bring ‖∇L‖ below this share of what it was, or the next matrix is due … */
const worthwhile = 0.5;
/** … and the steps of one matrix together below this, or it is the last. */
const worthAMatrix = 0.9;
/** Polishing may move θ by this share of its size: the point is to be the one that was found. */
const nearby = 0.1;

export interface Polished<V> {
  /** Belongs to the caller. */
  readonly theta: V;
  readonly host: Float64Array;
  /** At `theta`. */
  readonly dense: DenseOutcome;
}

/**
 * Newton's method with the pseudo-inverse, θ ← θ − H⁺∇L, in the precision of the objective. Each matrix serves as long as
 * its steps halve ‖∇L‖ (Newton's simplified method: a gradient a step); a step counts only if ‖∇L‖ falls and θ has not
 * left a tenth of max(‖θ‖, `startNorm`) about where it was. Ends at the floor of the precision, or where a matrix no longer
 * brings a tenth. Cost: a dense Hessian at every point that is kept, two for a regular critical point; at least the one
 * at the end, which is returned.
 */
export async function polish<V>(
  objective: Objective<V>,
  theta: V,
  startNorm: number,
  interruption: Interruption,
): Promise<Polished<V>> {
  const { space } = objective;
  const origin = await space.toHost(theta);
  const reach = nearby * Math.max(norm(origin), startNorm);
  let at: V = space.copy(theta);
  let host = origin;
  let dense = await denseHessianAt(objective, at, interruption);
  for (let matrices = 1; matrices < mostMatrices && dense.status === 'converged'; matrices++) {
    const before = norm(dense.value.gradient);
    const next = await steps(objective, host, dense.value, { origin, reach });
    if (next === null) break;
    space.release(at);
    ({ at, host } = next);
    dense = await denseHessianAt(objective, at, interruption);
    if (next.length > worthAMatrix * before) break;
  }
  return { theta: at, host, dense };
}

interface Kept<V> {
  readonly at: V;
  readonly host: Float64Array;
  /** ‖∇L‖ there. */
  readonly length: number;
}

/** The steps of one matrix; null where the first of them was none. */
async function steps<V>(
  objective: Objective<V>,
  from: Float64Array,
  hessian: DenseHessian,
  { origin, reach }: { readonly origin: Float64Array; readonly reach: number },
): Promise<Kept<V> | null> {
  const { space } = objective;
  let best: Kept<V> | null = null;
  let host = from;
  let gradient = hessian.gradient;
  let length = norm(gradient);
  for (let step = 0; step < mostSteps; step++) {
    if (!(length > gradientFloor(space.precision, hessian.scale, norm(host)))) break;
    const move = pseudoInverseStep(hessian, gradient, stepCut);
    const there = host.map((x, i) => x + move[i]!);
    if (!(distance(there, origin) <= reach)) break;
    const at = space.fromHost(there);
    const found = await objective.gradient(at);
    const slope = await space.toHost(found.gradient);
    space.release(found.gradient);
    const falls = norm(slope) / length;
    if (!(falls < 1)) {
      space.release(at);
      break;
    }
    if (best) space.release(best.at);
    gradient = slope;
    length = norm(slope);
    host = await space.toHost(at);
    best = { at, host, length };
    if (falls > worthwhile) break;
  }
  return best;
}
