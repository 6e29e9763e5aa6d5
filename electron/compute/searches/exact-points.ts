import type { ExactCriticalPoint } from '../../../core/analyses/saddles/saddle.ts';
import {
  countCriticalSets,
  exactCriticalPoints,
} from '../../../core/models/closed-form/deep-linear/critical-points.ts';
import type { OpenedExperiment } from '../open-experiment.ts';

/** More sets than these are no list to look at. */
const most = 4096;

/** All critical points where they are known in closed form; null where they are not. */
export function exactPointsOf({ closedForm }: OpenedExperiment): readonly ExactCriticalPoint[] | null {
  if (closedForm?.kind !== 'deepLinear') return null;
  const { singularValues, widths } = closedForm.model;
  const [inputs, hidden, outputs] = widths;
  if (widths.length !== 3 || hidden === undefined || countCriticalSets(singularValues, hidden) > most) return null;
  return exactCriticalPoints(singularValues, hidden, { inputs, outputs }).map(({ eigenvalues: _, ...point }) => point);
}
