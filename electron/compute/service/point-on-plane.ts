import { BadInput } from '../../../core/bad-input.ts';
import { readCheckpoint } from '../../host/run-folder.ts';
import { thetaOfCheckpoint } from '../checkpoint-state.ts';
import { hostTheta, type OpenedExperiment } from '../open-experiment.ts';
import type { OpenedPoint } from '../open-point.ts';
import type { HeldPlane } from './worker-messages.ts';

/** θ = origin + Σ_k coordinate_k d_k of a slice that is held, summed in double precision. */
export async function pointOnPlane(
  opened: OpenedExperiment,
  plane: HeldPlane | null,
  coordinates: readonly number[],
): Promise<OpenedPoint> {
  if (plane === null) throw new BadInput('This slice is no longer held.', 'Compute the slice again.');
  const { origin, document } = plane;
  const { layout } = opened.objective;
  const { vectors } = document;
  if (vectors.length !== coordinates.length || vectors.some(({ length }) => length !== layout.dim))
    throw new BadInput(
      `The point has ${coordinates.length} coordinates on ${vectors.length} directions of ${vectors[0]?.length} parameters; the run has ${layout.dim}.`,
      'Choose a point of a slice of this run.',
    );
  const theta =
    origin instanceof Float64Array
      ? Float64Array.from(origin)
      : Float64Array.from(thetaOfCheckpoint(await readCheckpoint(origin.run, origin.step), layout));
  vectors.forEach((vector, k) => {
    for (let i = 0; i < theta.length; i++) theta[i]! += coordinates[k]! * vector[i]!;
  });
  const point = hostTheta(opened.objective, theta);
  await opened.settle(point);
  return { opened, theta: point, step: null, preconditioner: null };
}
