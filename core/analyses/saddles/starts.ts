import { BadInput } from '../../bad-input.ts';
import type { HostVector } from '../../linalg/vector-space.ts';
import type { Random } from '../../random/random.ts';
import type { Trajectory } from '../trajectory.ts';
import type { SearchStart } from './saddle.ts';

/** Where searches may start from. */
export interface StartSources {
  /** The point that is looked at. */
  readonly theta: HostVector;
  readonly trajectory?: Trajectory | undefined;
  readonly rng: Random;
}

export interface StartPlan {
  readonly from: 'trajectory' | 'random' | 'point';
  readonly starts: number;
  /** Amplitudes in turn. */
  readonly noise: readonly number[];
  /** Standard deviations in turn. */
  readonly scales: readonly number[];
}

/** `0,1e-4,0.1` as numbers ≥ 0. Throws BadInput for anything else. */
export function readAmplitudes(name: string, text: string): number[] {
  const numbers = text.split(',').map((word) => (word.trim() === '' ? Number.NaN : Number(word)));
  if (numbers.length <= 1000 && numbers.every((x) => Number.isFinite(x) && x >= 0)) return numbers;
  throw new BadInput(`--${name} is “${text}”.`, 'Give numbers of at least 0 with commas: 0,1e-3,0.1.');
}

/**
 * The starts of a search: checkpoints evenly over the trajectory, neighbours with different noise (Dauphin et al. 2014
 * start from iterates of training and from noisy copies of them); Gaussian points of the scales in turn; or copies of one
 * point with the noise in turn.
 */
export function plannedStarts({ from, starts, noise, scales }: StartPlan, steps: readonly number[]): SearchStart[] {
  if (from === 'trajectory' && steps.length === 0)
    throw new BadInput('There is no checkpoint to start from.', 'Train the run first, or use --from random.');
  return Array.from({ length: starts }, (_, number): SearchStart => {
    if (from === 'random')
      return { number, kind: 'random', step: null, noise: 0, scale: scales[number % scales.length]! };
    const amplitude = noise[number % noise.length]!;
    if (from === 'point') return { number, kind: 'point', step: null, noise: amplitude, scale: null };
    const step = steps[checkpointOf(number, starts, steps.length)]!;
    return { number, kind: 'checkpoint', step, noise: amplitude, scale: null };
  });
}

const checkpointOf = (number: number, starts: number, count: number): number =>
  starts === 1 ? count - 1 : Math.round((number * (count - 1)) / (starts - 1));

/** The point of a start: from its own stream, so that it does not matter which starts were made before. */
export async function thetaOfStart(
  start: SearchStart,
  { theta, trajectory, rng }: StartSources,
): Promise<Float64Array> {
  const stream = rng.split(`start ${start.number}`);
  if (start.kind === 'random') {
    const drawn = stream.fill(new Float64Array(theta.length), 'normal');
    return drawn.map((x) => start.scale! * x);
  }
  const origin = start.kind === 'point' ? theta : await trajectory!.theta(trajectory!.steps.indexOf(start.step ?? 0));
  const own = Float64Array.from(origin);
  if (start.noise === 0) return own;
  const noise = stream.fill(new Float64Array(own.length), 'uniform');
  return own.map((x, i) => x + start.noise * noise[i]!);
}
