import type { HostVector } from '../../core/linalg/vector-space.ts';
import { hessianOperator } from '../../core/objective/curvature/hessian.ts';
import type { Objective } from '../../core/objective/objective.ts';
import { optimizers } from '../../core/training/optimizers.ts';
import type { TrainerState } from '../../core/training/trainer.ts';

export interface OptimizerDirections {
  /** The running mean of gradients, or the velocity; undefined for optimisers without memory. */
  readonly moment: Float64Array | undefined;
  /** What the next update with the gradient of the whole training set would add to θ. */
  readonly update: Float64Array;
}

/** Where an optimiser is heading at a checkpoint. Cost: one gradient, and products for Newton's methods. The state stays as it was. */
export async function optimizerDirections(
  objective: Objective<HostVector>,
  { theta, optimizer: memory, settings }: TrainerState,
): Promise<OptimizerDirections> {
  const { space } = objective;
  const moved = theta.slice();
  const buffers = Object.entries(memory.buffers).map(([name, vector]) => [name, vector.slice()]);
  const gradientAt = async (point: HostVector): Promise<HostVector> => (await objective.gradient(point)).gradient;
  const optimizer = optimizers[settings.optimizer];
  const start = space.copy(theta);
  const linearization = optimizer.productsPerStep ? await objective.linearize(start) : undefined;
  await optimizer.update({
    theta: moved,
    gradient: await gradientAt(start),
    ...(linearization
      ? {
          hessian: hessianOperator(space, linearization),
          lossAt: async (point: HostVector) => (await objective.evaluate(point)).loss,
        }
      : {}),
    state: { updates: memory.updates, scalars: { ...memory.scalars }, buffers: Object.fromEntries(buffers) },
    learningRate: settings.learningRate,
    settings,
    gradientAt,
  });
  linearization?.dispose();
  const moment = memory.buffers.firstMoment ?? memory.buffers.velocity;
  return {
    moment: moment && Float64Array.from(moment),
    update: Float64Array.from(moved, (after: number, i: number) => after - theta[i]!),
  };
}
