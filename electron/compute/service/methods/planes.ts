import { pathLosses } from '../../../../core/analyses/slices/path-losses.ts';
import { projectTrajectory } from '../../../../core/analyses/slices/projection.ts';
import { thinned } from '../../../../core/analyses/trajectory.ts';
import { BadInput } from '../../../../core/bad-input.ts';
import { breathingObjective } from '../../../../core/objective/breathing.ts';
import type { ParameterLayout } from '../../../../core/objective/parameter-layout.ts';
import { readCheckpoint, readProvenance, readStoredExperiment } from '../../../host/run-folder.ts';
import { thetaOfCheckpoint } from '../../checkpoint-state.ts';
import { sliceContent } from '../../documents/slice-contents.ts';
import { hostTheta } from '../../open-experiment.ts';
import { runTrajectory } from '../../run-trajectory.ts';
import { sliceObjective } from '../../slice-objective.ts';
import { turnOfEventLoop } from '../../turn-of-event-loop.ts';
import { Cancelled, type Method, type MethodContext, outcomeOf } from '../method.ts';
import type { HeldPlane } from '../worker-messages.ts';

/** As many as a slice draws. */
const mostPathPoints = 200;

function planeOf({ plane }: MethodContext<'pathOnPlane' | 'sliceFile'>): HeldPlane {
  if (plane === null) throw new BadInput('This plane is no longer held.', 'Compute the slice again.');
  return plane;
}

const originOf = async ({ origin }: HeldPlane, layout: ParameterLayout): Promise<Float64Array> =>
  origin instanceof Float64Array ? origin : thetaOfCheckpoint(await readCheckpoint(origin.run, origin.step), layout);

/** The checkpoints of a run after a step on a plane: the same numbers as in the slice of that plane. */
export const pathOnPlane: Method<'pathOnPlane'> = async ({ run: reference, afterStep }, context) => {
  const run = context.path(reference);
  const plane = planeOf(context);
  const { vectors } = plane.document;
  const [{ experiment }, { baseFolder }] = await Promise.all([readStoredExperiment(run), readProvenance(run)]);
  return context.experiments.use(experiment, baseFolder, async (opened) => {
    const { layout } = opened.objective;
    if (vectors.some(({ length }) => length !== layout.dim))
      throw new BadInput(
        `The plane lies in a space of ${vectors[0]?.length} parameters, and this run has ${layout.dim}.`,
        'Compute a plane for this run.',
      );
    const origin = await originOf(plane, layout);
    const whole = await runTrajectory(run, layout, Number.POSITIVE_INFINITY);
    const first = whole.steps.findIndex((step) => step > afterStep);
    const steps = first < 0 ? [] : whole.steps.slice(first);
    const trajectory = thinned({ steps, theta: (index) => whole.theta(first + index) }, mostPathPoints);
    const began = performance.now();
    const path = await projectTrajectory(trajectory, origin, vectors);
    // Losses of the set, the examples and the statistics that the plane was computed with.
    const { on, statistics, center } = plane.document;
    const evaluated = await sliceObjective(opened, hostTheta(opened.objective, origin), {
      on,
      statistics,
      examples: center.examples,
    });
    const objective = breathingObjective(evaluated.objective, turnOfEventLoop);
    const { space } = objective;
    const centre = space.fromHost(origin);
    const directions = vectors.map((vector) => space.fromHost(vector));
    try {
      const {
        trueLoss,
        projectedLoss,
        evaluated: points,
      } = await pathLosses(objective, centre, directions, path, trajectory, context);
      if (context.signal.aborted) throw new Cancelled();
      const seconds = (performance.now() - began) / 1000;
      return {
        value: { ...path, trueLoss, projectedLoss },
        status: 'converged',
        stats: { products: 0, gradients: 0, losses: 2 * points, seconds },
      };
    } finally {
      space.release(centre, ...directions);
      await evaluated.close();
    }
  });
};

/** A surface and its directions have the shapes of the model: of the run that the call names. */
export const sliceFile: Method<'sliceFile'> = ({ run: reference, kind, directionFile }, context) =>
  outcomeOf(async () => {
    const { document } = planeOf(context);
    const { content, announcements } =
      kind === 'surface' || kind === 'directions'
        ? await sliceContent(document, kind, {
            layout: await layoutOf(context.path(reference), context),
            directionFile,
          })
        : await sliceContent(document, kind);
    return { bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content, announcements };
  });

async function layoutOf(run: string, { experiments }: MethodContext<'sliceFile'>): Promise<ParameterLayout> {
  const [{ experiment }, { baseFolder }] = await Promise.all([readStoredExperiment(run), readProvenance(run)]);
  return experiments.use(experiment, baseFolder, async ({ objective: { layout } }) => layout);
}
