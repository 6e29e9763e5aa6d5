import type { Trajectory } from '../../core/analyses/trajectory.ts';
import type { ParameterLayout } from '../../core/objective/parameter-layout.ts';
import { checkpointSteps, readCheckpoint } from '../host/run-folder.ts';
import { thetaOfCheckpoint } from './checkpoint-state.ts';

/** Principal directions look at each point several times; so much of a trajectory is kept in memory meanwhile. */
const keptBytes = 128 << 20;

/** The checkpoints of a run up to a step, read from disk as they are asked for. A run under way may add to them meanwhile. */
export async function runTrajectory(run: string, layout: ParameterLayout, upTo: number): Promise<Trajectory> {
  const steps = (await checkpointSteps(run)).filter((step) => step <= upTo);
  const kept = new Map<number, Float64Array>();
  return {
    steps,
    async theta(index) {
      const known = kept.get(index);
      if (known) return known;
      const theta = thetaOfCheckpoint(await readCheckpoint(run, steps[index] ?? 0), layout);
      if ((kept.size + 1) * theta.byteLength <= keptBytes) kept.set(index, theta);
      return theta;
    },
  };
}
