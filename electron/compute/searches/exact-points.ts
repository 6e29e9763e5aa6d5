import type { ExactCriticalPoint } from '../../../core/analyses/saddles/saddle.ts';
import {
  countCriticalSets,
  exactCriticalPoints,
} from '../../../core/models/closed-form/deep-linear/critical-points.ts';
import type { Surface } from '../../../core/models/closed-form/surface.ts';
import type { OpenedExperiment } from '../open-experiment.ts';

/** More are not listed in a document. */
const mostListed = 4096;

/** All critical points where they are known in closed form: two-layer linear networks and surfaces; null elsewhere. */
export function exactPointsOf({ closedForm }: OpenedExperiment): readonly ExactCriticalPoint[] | null {
  if (closedForm === null) return null;
  if (closedForm.kind === 'surface') return pointsOfSurface(closedForm.surface);
  const { singularValues, widths } = closedForm.model;
  const [inputs, hidden, outputs] = widths;
  if (widths.length !== 3 || countCriticalSets(singularValues, hidden!) > mostListed) return null;
  return exactCriticalPoints(singularValues, hidden!, { inputs: inputs!, outputs: outputs! }).map(
    ({ eigenvalues: _, ...set }) => set,
  );
}

const pointsOfSurface = ({ criticalPoints, value }: Surface): ExactCriticalPoint[] =>
  criticalPoints.map(({ x, y, index, nullity }) => ({
    modes: [],
    loss: value(x, y),
    negative: index,
    null: nullity,
    positive: 2 - index - nullity,
  }));
