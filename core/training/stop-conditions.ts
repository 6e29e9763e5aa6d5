import { BadInput } from '../bad-input.ts';
import type { Status } from '../linalg/result.ts';
import type { ProbeRecord, StepRecord } from './records.ts';

/** What a condition may speak of. `loss` is that of the step (its batch); the others are measured by probes. */
export const stopQuantities = [
  'loss',
  'trainLoss',
  'testLoss',
  'trainError',
  'testError',
  'sharpness',
  'lowestEigenvalue',
  'preconditionedSharpness',
  'gradientNorm',
  'noiseScale',
] as const;

export type StopQuantity = (typeof stopQuantities)[number];

/** `threshold` is the stability threshold of the optimiser at the learning rate of that step. */
export type StopCondition =
  | { readonly quantity: StopQuantity; readonly above: number | 'threshold' }
  | { readonly quantity: StopQuantity; readonly below: number | 'threshold' };

export interface MetCondition {
  readonly condition: StopCondition;
  readonly value: number;
  readonly limit: number;
}

/** Of a measurement that did not converge nothing is concluded. */
const usable: readonly Status[] = ['converged', 'invariantSubspace'];

const thresholded: readonly StopQuantity[] = ['sharpness', 'preconditionedSharpness'];

/** Conditions as an experiment gives them; unknown quantities and thresholds of what has none are BadInput. */
export function readStopCondition(given: {
  readonly quantity: string;
  readonly above?: number | 'threshold';
  readonly below?: number | 'threshold';
}): StopCondition {
  const quantity = stopQuantities.find((name) => name === given.quantity);
  if (quantity === undefined)
    throw new BadInput(
      `${given.quantity} is not a quantity that ends a run.`,
      `Use one of ${stopQuantities.join(', ')}.`,
    );
  const { above, below } = given;
  if ((above === undefined) === (below === undefined))
    throw new BadInput(`The condition on ${quantity} has not exactly one of above and below.`, 'Give one of them.');
  if ((above ?? below) === 'threshold' && !thresholded.includes(quantity))
    throw new BadInput(
      `${quantity} has no stability threshold.`,
      `Give a number; ${thresholded.join(' and ')} have one.`,
    );
  return above !== undefined ? { quantity, above } : { quantity, below: below! };
}

/** The first condition that a record meets. */
export function metCondition(
  conditions: readonly StopCondition[],
  record: StepRecord | ProbeRecord,
): MetCondition | null {
  for (const condition of conditions) {
    const value = quantityIn(record, condition.quantity);
    const wanted = 'above' in condition ? condition.above : condition.below;
    const limit = wanted === 'threshold' ? thresholdIn(record) : wanted;
    if (value === null || limit === null) continue;
    if ('above' in condition ? value > limit : value < limit) return { condition, value, limit };
  }
  return null;
}

function quantityIn(record: StepRecord | ProbeRecord, quantity: StopQuantity): number | null {
  if (record.record === 'step') return quantity === 'loss' && record.status === null ? record.loss : null;
  if (!usable.includes(record.status)) return null;
  switch (record.kind) {
    case 'loss':
      if (quantity === 'trainLoss') return record.train.loss;
      if (quantity === 'trainError') return record.train.error;
      if (quantity === 'testLoss') return record.test?.loss ?? null;
      return quantity === 'testError' ? (record.test?.error ?? null) : null;
    case 'density':
    case 'eigenvalues':
      return null;
    default:
      return record.kind === quantity ? record.value : null;
  }
}

function thresholdIn(record: StepRecord | ProbeRecord): number | null {
  return 'threshold' in record ? record.threshold : null;
}
