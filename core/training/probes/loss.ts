import type { HostVector } from '../../linalg/vector-space.ts';
import type { LossReading } from '../records.ts';
import type { ProbePoint } from './probe-point.ts';

/** L(θ) with its standard error over the examples, and the share of misclassified ones. Cost: one loss. */
export async function lossReading<V extends HostVector>(point: ProbePoint<V>): Promise<LossReading> {
  const { loss, standardError, error } = await point.evaluate();
  await point.interruption.breathe();
  return { loss, standardError, error, examples: point.examples };
}
