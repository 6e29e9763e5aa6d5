import { shareStandardError } from '../../../core/experiment/run-figures.ts';
import type { Status } from '../../../core/linalg/result.ts';
import type { EigenvalueProbe } from '../../../core/training/records.ts';
import { stabilitySentence, type ValuesAtStep, valuesAtStep } from '../../state/edge.ts';
import type { ShownLandscape } from '../../state/results.ts';
import { probeStatuses } from '../../state/run-series.ts';
import type { Run } from '../../state/runs.ts';

/** A value with the step that it was measured at, which may lie before the step that is looked at. */
export interface Measured {
  readonly step: number;
  readonly value: number;
  /** One standard error, or a bound; null where the value is exact for what it speaks of. */
  readonly uncertainty: number | null;
}

export interface MeasuredEigenvalue extends Measured {
  readonly kind: EigenvalueProbe['kind'];
  /** ‖Hv − λv‖: an eigenvalue lies within it. */
  readonly uncertainty: number;
  readonly threshold: number | null;
  readonly converged: boolean;
  readonly status: Status;
  readonly products: number;
  readonly seconds: number;
}

/** What is known of a run at a step: of each quantity the last measurement at or before it. */
export interface StepReading {
  readonly step: number;
  readonly sharpness: MeasuredEigenvalue | null;
  /** What the sharpness means; empty without one. */
  readonly edge: string;
  readonly lowest: MeasuredEigenvalue | null;
  /** Of the whole set that is probed, with the standard error over its examples. */
  readonly loss: Measured | null;
  readonly testLoss: Measured | null;
  readonly accuracy: Measured | null;
  readonly testAccuracy: Measured | null;
  /** Of the batch of the update at the step. */
  readonly batchLoss: Measured | null;
  readonly gradientNorm: Measured | null;
  readonly learningRate: Measured | null;
  readonly noiseScale: Measured | null;
}

const measured = (step: number, value: number, uncertainty: number | null): Measured | null =>
  Number.isNaN(value) && uncertainty === null ? null : { step, value, uncertainty: known(uncertainty) };

const known = (uncertainty: number | null): number | null =>
  uncertainty === null || Number.isNaN(uncertainty) ? null : uncertainty;

function eigenvalue(row: ValuesAtStep['sharpness'], kind: EigenvalueProbe['kind']): MeasuredEigenvalue | null {
  if (row === null) return null;
  const { step, value, residual, threshold, converged, products, seconds, status } = row;
  return {
    kind,
    step,
    value,
    uncertainty: residual,
    threshold: Number.isNaN(threshold) ? null : threshold,
    converged: converged === 1,
    // A value of an unknown status is not to be believed.
    status: probeStatuses[status] ?? 'budgetSpent',
    products,
    seconds,
  };
}

const accuracy = (step: number, error: number, examples: number): Measured | null =>
  Number.isNaN(error) ? null : { step, value: 1 - error, uncertainty: shareStandardError(error, examples) };

/** The sharpness of the Hessian itself; the preconditioned one, which Adam's threshold speaks of, where that is all there is. */
export function readingAt(run: Pick<Run, 'series' | 'description'>, at: number): StepReading {
  const known = valuesAtStep(run, at);
  const { step, losses, update, gradientNorm: norm, noiseScale: noise } = known;
  const sharpness =
    eigenvalue(known.sharpness, 'sharpness') ?? eigenvalue(known.preconditionedSharpness, 'preconditionedSharpness');
  const isProbed = norm !== null && (update === null || norm.step >= update.step);
  return {
    step,
    sharpness,
    edge: sharpness ? stabilitySentence(run, at) : '',
    lowest: eigenvalue(known.lowestEigenvalue, 'lowestEigenvalue'),
    loss: losses && measured(losses.step, losses.train, losses.trainStandardError),
    testLoss:
      losses && !Number.isNaN(losses.testExamples)
        ? measured(losses.step, losses.test, losses.testStandardError)
        : null,
    accuracy: losses && accuracy(losses.step, losses.trainError, losses.examples),
    testAccuracy: losses && accuracy(losses.step, losses.testError, losses.testExamples),
    batchLoss: update && measured(update.step, update.loss, null),
    gradientNorm: isProbed
      ? measured(norm.step, norm.value, null)
      : update && measured(update.step, update.gradientNorm, null),
    learningRate: update && measured(update.step, update.learningRate, null),
    noiseScale: noise && measured(noise.step, noise.value, noise.standardError),
  };
}

/** How far a point of the path lies from the plane that is shown, and how far from its centre. */
export interface PlaneDistance {
  readonly step: number;
  readonly distance: number;
  readonly length: number;
}

/** At the last checkpoint at or before a step; of the path as it was first and as it went on since. */
export function distanceAt(landscape: ShownLandscape | undefined, step: number): PlaneDistance | null {
  let best: PlaneDistance | null = null;
  for (const path of [landscape?.slice.trajectory, landscape?.newer])
    path?.steps.forEach((at, i) => {
      const [distance, length] = [path.distance[i], path.length[i]];
      if (at <= step && at >= (best?.step ?? 0) && distance !== undefined && length !== undefined)
        best = { step: at, distance, length };
    });
  return best;
}

/** The last checkpoint at or before a step, else the first one; null while there is none. */
export function checkpointFor(checkpoints: readonly number[], step: number): number | null {
  let found: number | null = checkpoints[0] ?? null;
  for (const checkpoint of checkpoints) if (checkpoint <= step) found = checkpoint;
  return found;
}
