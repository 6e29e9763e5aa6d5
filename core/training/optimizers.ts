import { adam } from './optimizers/adam.ts';
import { adamw } from './optimizers/adamw.ts';
import { gradientDescent } from './optimizers/gradient-descent.ts';
import { gradientFlow } from './optimizers/gradient-flow.ts';
import { momentum } from './optimizers/momentum.ts';
import { nesterov } from './optimizers/nesterov.ts';
import { newton } from './optimizers/newton.ts';
import type { Optimizer, OptimizerId, StabilityThreshold, TrainingSettings } from './optimizers/optimizer.ts';
import { saddleFreeNewton } from './optimizers/saddle-free-newton.ts';
import { sgd } from './optimizers/sgd.ts';

/** The optimisers, by the name that an experiment gives. */
export const optimizers: Readonly<Record<OptimizerId, Optimizer>> = {
  gradientDescent,
  sgd,
  momentum,
  nesterov,
  adam,
  adamw,
  gradientFlow,
  newton,
  saddleFreeNewton,
};

/**
 * The curvature above which this optimiser at learning rate η would leave a quadratic, from the gradient of all
 * examples. With mini-batches the same number is given and labelled, because training need not respect it. Null at η = 0.
 */
export function stabilityThreshold(settings: TrainingSettings, learningRate: number): StabilityThreshold {
  const { value, of, label } = optimizers[settings.optimizer].threshold(settings, learningRate);
  return {
    value: value !== null && learningRate > 0 ? value : null,
    of,
    label:
      settings.batchSize === null ? label : `${label}; full-batch threshold, mini-batch training need not respect it`,
  };
}

/** The line to draw beside λ_max of the plain Hessian; null where the optimiser has no threshold for it. */
export function sharpnessThreshold(settings: TrainingSettings, learningRate: number): number | null {
  const { value, of } = stabilityThreshold(settings, learningRate);
  return of === 'hessian' ? value : null;
}
