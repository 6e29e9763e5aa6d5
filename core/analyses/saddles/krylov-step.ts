import { minresQlp } from '../../linalg/least-squares/minres-qlp.ts';
import { norm } from '../../linalg/spaces/host-products.ts';
import { hessianOperator } from '../../objective/curvature/hessian.ts';
import type { Linearization, Objective } from '../../objective/objective.ts';
import type { Interruption } from './dense-hessian.ts';
import { rangeCut } from './residual.ts';

/** Products of one solution at most, fewer where their vectors would fill the memory. */
const mostProducts = 200;
const mostNumbers = 2 ** 26;
/** Steps of the polishing at most. */
const mostSteps = 4;
/** A step must bring ‖∇L‖ below this share of what it was to be followed by another. */
const worthwhile = 0.5;
/** As for dense matrices: polishing moves θ by this share of its size at most. */
const nearby = 0.1;
const stepCondition = 1e9;

export interface KrylovStep {
  /** The shortest p of least ‖H p + ∇L‖, as far as the products went. */
  readonly step: Float64Array;
  /** ‖H p + ∇L‖ / ‖∇L‖ */
  readonly residual: number;
  /** Whether further products would not lower it. */
  readonly settled: boolean;
}

/** By MINRES-QLP, ended where the condition of what is solved passes `condition`. Cost: at most 200 products. */
export async function krylovStep<V>(
  { space }: Objective<V>,
  linearization: Linearization<V>,
  { condition, rtol }: { readonly condition: number; readonly rtol: number },
  { signal }: Interruption,
): Promise<KrylovStep> {
  const length = norm(await space.toHost(linearization.gradient));
  const { value, status } = await minresQlp(hessianOperator(space, linearization), linearization.gradient, {
    conditionLimit: condition,
    rtol,
    maxIterations: Math.max(1, Math.min(mostProducts, space.dim, Math.floor(mostNumbers / space.dim))),
    signal,
  });
  const x = await space.toHost(value.x);
  space.release(value.x);
  return { step: x.map((one) => -one), residual: value.residual / length, settled: status === 'converged' };
}

/**
 * r without the dense matrix: that of the shortest least-squares p whose condition stays below 1e4, the inverse of the range
 * cut. It falls with the products, so where they ended early it is an upper bound: one that is no more than 0.9 is given,
 * a larger one says nothing and is null.
 */
export async function krylovResidual<V>(
  objective: Objective<V>,
  linearization: Linearization<V>,
  interruption: Interruption,
): Promise<number | null> {
  const options = { condition: 1 / rangeCut, rtol: 1e-6 };
  const { residual, settled } = await krylovStep(objective, linearization, options, interruption);
  return settled || residual <= 0.9 ? Math.min(1, residual) : null;
}

export const newtonStepByProducts = <V>(
  objective: Objective<V>,
  linearization: Linearization<V>,
  interruption: Interruption,
): Promise<KrylovStep> => krylovStep(objective, linearization, { condition: stepCondition, rtol: 1e-10 }, interruption);

/**
 * Newton-MR with full steps, each kept only if ‖∇L‖ falls and θ stays within a tenth of max(‖θ‖, `startNorm`). Ends
 * where it does not halve. Cost: at most 4 × 200 products.
 */
export async function polishByProducts<V>(
  objective: Objective<V>,
  origin: Float64Array,
  startNorm: number,
  interruption: Interruption,
): Promise<Float64Array> {
  const { space } = objective;
  const reach = nearby * Math.max(norm(origin), startNorm);
  let host = origin;
  for (let k = 0; k < mostSteps && !interruption.signal?.aborted; k++) {
    const at = space.fromHost(host);
    const linearization = await objective.linearize(at);
    try {
      const length = norm(await space.toHost(linearization.gradient));
      if (length === 0) break;
      const { step } = await newtonStepByProducts(objective, linearization, interruption);
      const there = host.map((x, i) => x + step[i]!);
      if (!(norm(there.map((x, i) => x - origin[i]!)) <= reach)) break;
      const next = space.fromHost(there);
      const { gradient } = await objective.gradient(next);
      const falls = norm(await space.toHost(gradient)) / length;
      if (falls < 1) host = await space.toHost(next);
      space.release(next, gradient);
      if (!(falls <= worthwhile)) break;
    } finally {
      linearization.dispose();
      space.release(at);
    }
  }
  return host;
}
