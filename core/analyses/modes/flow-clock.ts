import type { TrainingSettings } from '../../training/optimizers/optimizer.ts';
import type { StepRecord } from '../../training/records.ts';

/** The time of the gradient flow that a run follows, by its steps. */
export interface FlowClock {
  /** Error of a step by its length: 1 for descent, 4 for the integrator of the flow. */
  readonly order: 1 | 4;
  /** Σ η over the updates before a step (times 1/(1 − β) with momentum). */
  time(step: number): number;
  /** The step of a time, between steps linearly; beyond the last record with its rate. */
  step(time: number): number;
}

/** Why the exact flow is not that of a run; null for gradient descent, and momentum but for its time. */
export function notTheFlow({ optimizer, weightDecay, clipNorm, momentum }: TrainingSettings): string | null {
  const descents: readonly TrainingSettings['optimizer'][] = [
    'gradientDescent',
    'sgd',
    'gradientFlow',
    'momentum',
    'nesterov',
  ];
  if (!descents.includes(optimizer))
    return `The exact solution is of gradient descent; this run was made with ${optimizer}, so no theory is drawn.`;
  if (weightDecay > 0) return 'The exact solution knows no weight decay, so no theory is drawn.';
  if (clipNorm !== null) return 'The exact solution knows no clipped gradients, so no theory is drawn.';
  return momentum < 1 ? null : `With a momentum of ${momentum} there is no time of a flow.`;
}

/** Null where the run has no records to tell its time. Steps that were made again count as they were made last. */
export function flowClock(
  records: readonly Pick<StepRecord, 'step' | 'time' | 'learningRate'>[],
  { optimizer, momentum }: TrainingSettings,
): FlowClock | null {
  const byStep = [...new Map(records.map((record) => [record.step, record])).values()];
  const known = byStep.sort((a, b) => a.step - b.step);
  const last = known.at(-1);
  if (last === undefined) return null;
  const factor = optimizer === 'momentum' || optimizer === 'nesterov' ? 1 / (1 - momentum) : 1;
  const steps = [...known.map(({ step }) => step), last.step + 1];
  const times = [...known.map(({ time }) => factor * time), factor * (last.time + last.learningRate)];
  const order = optimizer === 'gradientFlow' ? 4 : 1;
  return { order, time: (step) => between(steps, times, step), step: (time) => between(times, steps, time) };
}

/** Linear between and beyond ascending places. */
function between(places: readonly number[], values: readonly number[], at: number): number {
  let [low, high] = [0, places.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (places[middle]! <= at) low = middle;
    else high = middle;
  }
  const [from, to] = [places[low]!, places[high]!];
  return values[low]! + ((at - from) * (values[high]! - values[low]!)) / (to - from);
}
