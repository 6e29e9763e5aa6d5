import { numberText, percentText } from './number-text.ts';

export interface EdgeReading {
  readonly step: number;
  /** λ_max */
  readonly value: number;
  /** The threshold at this step's learning rate; null where there is none. */
  readonly threshold: number | null;
  readonly converged: boolean;
}

/** `2/η` of `2/η (gradient descent); full-batch threshold …`: the formula without the remarks behind it. */
export const shortThresholdName = (name: string): string => name.split(/ for |: |; | \((?=[A-Za-z])/)[0] ?? name;

/** Training is at the edge where the sharpness is at least this share of the threshold. */
export const edgeShare = 0.98;

/** Beyond this multiple training does not hover at the threshold: it runs away from it. */
export const unstableShare = 1.5;

const atEdge = ({ value, threshold }: EdgeReading): boolean => threshold !== null && value >= edgeShare * threshold;

/**
 * The first step from which λ_max ≥ 0.98 · threshold held at every later measurement; null where the last one is below.
 * A value that is not a number does not hold. Cohen et al. (2021) describe the phenomenon.
 */
export function edgeOfStabilitySince(readings: readonly EdgeReading[]): number | null {
  let since: number | null = null;
  for (let i = readings.length - 1; i >= 0 && atEdge(readings[i]!); i--) since = readings[i]!.step;
  return since;
}

/** What the last measurement means: `1.5 % above 2/η = 40. At the edge of stability since step 932.` */
export function edgeSentence(readings: readonly EdgeReading[], thresholdName: string): string {
  const last = readings.at(-1);
  if (!last) return 'The sharpness has not been measured.';
  if (!Number.isFinite(last.value)) return `At step ${last.step} the sharpness is not a finite number.`;
  if (last.threshold === null || !(last.threshold > 0) || !Number.isFinite(last.threshold))
    return 'No threshold of stability is known for this optimiser.';
  const distance = last.value / last.threshold - 1;
  const limit = `${thresholdName} = ${numberText(last.threshold)}`;
  const relation =
    Math.abs(distance) < 5e-5
      ? `At ${limit}.`
      : `${percentText(Math.abs(distance))} ${distance > 0 ? 'above' : 'below'} ${limit}.`;
  if (last.value > unstableShare * last.threshold) return `${relation} Unstable: the loss grows along this direction.`;
  const since = edgeOfStabilitySince(readings);
  if (since !== null) {
    const first = numberText(since, 15);
    return `${relation} ${since === last.step ? `At the edge of stability first at step ${first}.` : `At the edge of stability since step ${first}.`}`;
  }
  const before = readings.filter(atEdge).at(-1);
  return `${relation} ${before ? `Not at the edge of stability: last there at step ${numberText(before.step, 15)}.` : 'Not at the edge of stability yet.'}`;
}
