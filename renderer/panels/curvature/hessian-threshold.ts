import { type ThresholdAt, thresholdAt } from '../../../core/experiment/stability.ts';
import { rowAtOrBefore } from '../../state/columns.ts';
import type { Run } from '../../state/runs.ts';

/** What bounds the sharpness of the Hessian at the step size of the last update at or before a step; null where nothing does. */
export function hessianThreshold(
  { series, description }: Pick<Run, 'series' | 'description'>,
  step: number | null,
): ThresholdAt | null {
  const { updates } = series;
  if (description === null || updates.length === 0) return null;
  const row = Math.max(0, rowAtOrBefore(updates, step ?? Number.POSITIVE_INFINITY));
  const learningRate = updates.data.learningRate[row];
  const threshold = learningRate === undefined ? null : thresholdAt(description.experiment, learningRate);
  return threshold?.of === 'hessian' ? threshold : null;
}
