import type { HostVector } from '../linalg/vector-space.ts';
import type { Objective } from '../objective/objective.ts';
import { restoreRandom } from '../random/philox.ts';
import { extremeEigenvalue } from './probes/extreme-eigenvalue.ts';
import { probePoint } from './probes/probe-point.ts';
import type { TrainerState } from './trainer.ts';

/** A measurement of λ_max that sets the step of the gradient flow. */
export interface Curvature<V extends HostVector = HostVector> {
  readonly step: number;
  readonly value: number;
  readonly residual: number;
  /** Leading Ritz vectors, the warm start of the next measurement. */
  readonly vectors: readonly V[];
}

/**
 * λ_max at the present point, measured anew every `sharpnessEvery` steps. It decides the trajectory, so it belongs to
 * training and not to the probes: made at fixed steps whatever time it takes, from a stream of training's own, and kept
 * in the state of the run. Cost: one gradient and some 5 to 40 products a measurement.
 */
export async function followSharpness<V extends HostVector>(
  objective: Objective<V>,
  state: TrainerState<V>,
): Promise<Curvature<V>> {
  const last = state.curvature;
  if (last !== null && state.step - last.step < state.settings.sharpnessEvery) return last;
  const point = probePoint({ objective }, state.theta, state.step, {
    breathe: () => Promise.resolve(),
    signal: { aborted: false } as AbortSignal,
  });
  try {
    const { value, residual, vectors } = await extremeEigenvalue(await point.hessian(), {
      end: 'top',
      rng: restoreRandom(state.rng).split(`flow sharpness ${state.step}`),
      start: last?.vectors ?? [],
      residualTol: 1e-2,
      maxProducts: 100,
    });
    return { step: state.step, value, residual, vectors };
  } finally {
    point.dispose();
  }
}
