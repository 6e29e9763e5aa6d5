import type { OptimizerId } from '../training/optimizers/optimizer.ts';
import { stabilityThreshold } from '../training/optimizers.ts';
import { trainingSettings } from '../training/settings.ts';
import type { Experiment } from './experiment.ts';

/** The stability threshold of an experiment's optimiser at a learning rate, with its formula in few words. */
export interface ThresholdAt {
  /** `2/η`, `(2 + 2β)/η`. */
  readonly name: string;
  readonly value: number;
  /** Of which matrix it bounds the largest eigenvalue. */
  readonly of: 'hessian' | 'preconditionedHessian';
  /** False with mini-batches, whose training need not respect it. */
  readonly binding: boolean;
}

/** Null where the optimiser has no threshold, or none at this learning rate. */
export function thresholdAt({ optimizer }: Experiment, learningRate: number): ThresholdAt | null {
  const settings = trainingSettings(optimizer.kind as OptimizerId, optimizer.settings);
  const { value, of, label } = stabilityThreshold(settings, learningRate);
  if (value === null) return null;
  const [name = label] = label.split(/ for |: |; | \((?=[A-Za-z])/);
  return { name, value, of, binding: settings.batchSize === null };
}
