import type { ExactCriticalPoint } from '../../../core/analyses/saddles/saddle.ts';
import type { OpenedExperiment } from '../open-experiment.ts';

/** All critical points where they are known in closed form; null where they are not. */
export function exactPointsOf(_opened: OpenedExperiment): readonly ExactCriticalPoint[] | null {
  return null;
}
