import type { Trajectory } from '../../../core/analyses/trajectory.ts';
import { trainingSettings } from '../../../core/training/settings.ts';
import { createTrainer } from '../../../core/training/trainer.ts';
import type { OpenedExperiment } from '../open-experiment.ts';
import { turnOfEventLoop } from '../turn-of-event-loop.ts';

/** Points of a trajectory in memory. */
const mostPoints = 60;

/**
 * The experiment trained in memory, its points closer at the beginning, where the index falls: steps T (k/(K − 1))². Null
 * where it was stopped. Cost: the gradients of the run.
 */
export async function trainedTrajectory(
  opened: OpenedExperiment,
  starts: number,
  signal: { readonly aborted: boolean } | undefined,
  onStep: (step: number, steps: number) => void,
): Promise<Trajectory | null> {
  const { experiment, objective, initialTheta, rng } = opened;
  const { kind, settings } = experiment.optimizer;
  const trainer = createTrainer(objective, trainingSettings(kind, settings), {
    theta: initialTheta,
    rng: rng.split('training'),
  });
  const wanted = new Set(spacedSteps(experiment.steps, Math.min(mostPoints, Math.max(2, starts))));
  const kept: { readonly step: number; readonly theta: Float64Array }[] = [];
  for (;;) {
    if (wanted.has(trainer.step)) kept.push({ step: trainer.step, theta: Float64Array.from(trainer.theta) });
    if (trainer.step >= experiment.steps || trainer.status !== null) break;
    if (signal?.aborted) return null;
    await trainer.advance();
    if (trainer.step % 16 === 0) {
      onStep(trainer.step, experiment.steps);
      await turnOfEventLoop();
    }
  }
  return { steps: kept.map(({ step }) => step), theta: async (index) => kept[index]!.theta };
}

function spacedSteps(steps: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) => Math.round(steps * (k / (count - 1)) ** 2));
}
