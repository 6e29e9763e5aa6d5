import type { HostVector } from '../linalg/vector-space.ts';
import type { Objective } from '../objective/objective.ts';
import type { Random } from '../random/random.ts';
import { extremeEigenvalue, type WarmStart } from './probes/extreme-eigenvalue.ts';
import { probePoint } from './probes/probe-point.ts';

/** A measurement of λ_max that sets the step of the gradient flow. */
export interface Curvature<V extends HostVector = HostVector> {
  readonly step: number;
  readonly value: number;
  readonly residual: number;
  readonly next: WarmStart<V> | null;
}

/** Where the flow is, and what it knows. */
export interface FlowPoint<V extends HostVector> {
  readonly theta: V;
  readonly step: number;
  readonly last: Curvature<V> | null;
  /** Steps between two measurements. */
  readonly every: number;
  /** The stream of training. */
  readonly rng: Random;
}

/**
 * λ_max at the present point, measured anew every `sharpnessEvery` steps. It decides the trajectory, so it belongs to
 * training and not to the probes: made at fixed steps whatever time it takes, from a stream of training's own, and kept
 * in the state of the run. Cost: one gradient and some 5 to 40 products a measurement.
 */
export async function followSharpness<V extends HostVector>(
  objective: Objective<V>,
  { theta, step, last, every, rng }: FlowPoint<V>,
): Promise<Curvature<V>> {
  if (last !== null && step - last.step < every) return last;
  const point = probePoint({ objective }, theta, step, {
    breathe: () => Promise.resolve(),
    signal: { aborted: false } as AbortSignal,
  });
  try {
    const { value, residual, next } = await extremeEigenvalue(await point.hessian(), {
      end: 'top',
      rng: rng.split(`flow sharpness ${step}`),
      start: last?.next ?? null,
      residualTol: 1e-2,
      maxProducts: 100,
    });
    return { step, value, residual, next };
  } finally {
    point.dispose();
  }
}
