import type { HostVector } from '../linalg/vector-space.ts';

/** The stored points of a run, loaded one at a time: a trajectory need not fit in memory. */
export interface Trajectory {
  readonly steps: readonly number[];
  /** To look at, not to change. */
  theta(index: number): Promise<HostVector>;
}

/** θ_i − origin in float64. */
export async function displacement(trajectory: Trajectory, index: number, origin: HostVector): Promise<Float64Array> {
  const theta = await trajectory.theta(index);
  const own = new Float64Array(theta.length);
  for (let i = 0; i < own.length; i++) own[i] = theta[i]! - origin[i]!;
  return own;
}

/** At most `most` points, evenly taken, the first and the last among them. */
export function thinned(trajectory: Trajectory, most: number): Trajectory {
  const { length } = trajectory.steps;
  if (length <= most) return trajectory;
  const kept = Array.from({ length: most }, (_, i) => Math.round((i * (length - 1)) / (most - 1)));
  return { steps: kept.map((index) => trajectory.steps[index]!), theta: (i) => trajectory.theta(kept[i]!) };
}
