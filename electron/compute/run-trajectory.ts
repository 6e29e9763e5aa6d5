import type { Trajectory } from '../../core/analyses/slices/trajectory.ts';
import type { ParameterLayout } from '../../core/objective/parameter-layout.ts';
import { checkpointSteps, readCheckpoint } from '../host/run-folder.ts';
import { thetaOfCheckpoint } from './checkpoint-state.ts';

/** The checkpoints of a run up to a step, read from disk one at a time. */
export async function runTrajectory(run: string, layout: ParameterLayout, upTo: number): Promise<Trajectory> {
  const steps = (await checkpointSteps(run)).filter((step) => step <= upTo);
  return { steps, theta: async (index) => thetaOfCheckpoint(await readCheckpoint(run, steps[index] ?? 0), layout) };
}
