import { BadInput } from '../bad-input.ts';
import type { Random } from '../random/random.ts';
import type { Dataset } from './dataset.ts';

/**
 * Made-up sets with known shape. Every number is rounded to float32, so that both precisions compute on the same
 * numbers. Classes take turns (example i has class i mod classes): any even piece of the set is balanced.
 */

const rounded = (values: ArrayLike<number>): Float32Array => Float32Array.from(values, Math.fround);

function classSet(name: string, source: string, points: readonly (readonly number[])[], classes: number): Dataset {
  const width = points[0]!.length;
  return {
    name,
    examples: points.length,
    inputShape: [width],
    inputs: rounded(points.flat()),
    targets: { kind: 'classes', classes, labels: Int32Array.from(points, (_, i) => i % classes) },
    source,
  };
}

export interface TwoMoons {
  readonly examples: number;
  /** Standard deviation of the Gaussian noise on both coordinates. */
  readonly noise: number;
}

/**
 * Two interleaved half circles of radius 1: (cos t, sin t) and (1 − cos t, ½ − sin t) with t uniform in [0, π), plus
 * noise (the shape of scikit-learn's make_moons).
 */
export function twoMoons({ examples, noise }: TwoMoons, rng: Random): Dataset {
  const points = Array.from({ length: examples }, (_, i) => {
    const t = Math.PI * rng.uniform();
    const moon = i % 2 === 0 ? [Math.cos(t), Math.sin(t)] : [1 - Math.cos(t), 0.5 - Math.sin(t)];
    return moon.map((coordinate) => coordinate + noise * rng.normal());
  });
  return classSet('two-moons', `two half circles, noise ${noise}`, points, 2);
}

export interface Spirals {
  readonly examples: number;
  readonly noise: number;
  /** Arms, one a class. */
  readonly classes: number;
  /** How often an arm goes round from the centre to radius 1. */
  readonly turns: number;
}

/** Archimedean arms r (cos φ, sin φ) with r uniform in [0, 1) and φ = 2π (turns · r + class / classes), plus noise. */
export function spirals({ examples, noise, classes, turns }: Spirals, rng: Random): Dataset {
  const points = Array.from({ length: examples }, (_, i) => {
    const radius = rng.uniform();
    const angle = 2 * Math.PI * (turns * radius + (i % classes) / classes);
    return [radius * Math.cos(angle) + noise * rng.normal(), radius * Math.sin(angle) + noise * rng.normal()];
  });
  return classSet('spirals', `${classes} spiral arms of ${turns} turns, noise ${noise}`, points, classes);
}

export interface GaussianMixture {
  readonly examples: number;
  readonly classes: number;
  readonly dimensions: number;
  /** Distance of the class centres from the origin; the standard deviation within a class is 1. */
  readonly separation: number;
}

/**
 * x = separation · u_c + z with unit vectors u_c drawn once a class from `centres` and z standard normal from `rng`:
 * training and test sets share `centres` and differ in `rng`.
 */
export function gaussianMixture(
  { examples, classes, dimensions, separation }: GaussianMixture,
  rng: Random,
  centres: Random,
): Dataset {
  const units = Array.from({ length: classes }, () => centres.fill(new Float64Array(dimensions), 'sphere'));
  const points = Array.from({ length: examples }, (_, i) =>
    Array.from(units[i % classes]!, (coordinate) => separation * coordinate + rng.normal()),
  );
  const source = `${classes} unit Gaussians in ${dimensions} dimensions, centres at distance ${separation}`;
  return classSet('gaussian-mixture', source, points, classes);
}

export interface GaussianPairs {
  readonly examples: number;
  readonly inputs: number;
  readonly outputs: number;
}

/**
 * Pairs (x, y) of independent standard normal vectors: nothing to be learnt, only to be memorised (Pennington and Bahri
 * 2017; Frye et al. 2021).
 */
export function gaussianPairs({ examples, inputs, outputs }: GaussianPairs, rng: Random): Dataset {
  const drawn = (name: string, width: number) =>
    rounded(rng.split(name).fill(new Float64Array(examples * width), 'normal'));
  return {
    name: 'gaussian-pairs',
    examples,
    inputShape: [inputs],
    inputs: drawn('inputs', inputs),
    targets: { kind: 'values', width: outputs, values: drawn('targets', outputs) },
    source: `${examples} pairs of standard normal vectors of ${inputs} and ${outputs} numbers`,
  };
}

/** T_k(x) by the recurrence T_{k+1} = 2x T_k − T_{k−1}. */
export function chebyshevPolynomial(degree: number, x: number): number {
  let [before, now] = [1, x];
  if (degree === 0) return 1;
  for (let k = 1; k < degree; k++) [before, now] = [now, 2 * x * now - before];
  return now;
}

/**
 * Regression of the Chebyshev polynomial T_degree at `points` places evenly spaced in [−1, 1], ends included (Cohen,
 * Kaur, Li, Kolter, Talwalkar 2021, "Gradient descent on neural networks typically occurs at the edge of stability",
 * whose repository uses degrees 3 to 5 at 20 points). The test set lies on the midpoints between the training places.
 */
export function chebyshev(degree: number, points: number, split: 'train' | 'test'): Dataset {
  if (points < 2 || degree > 1000) {
    throw new BadInput(
      `chebyshev-${degree}-${points} is out of range.`,
      'Give a degree up to 1000 and at least 2 points.',
    );
  }
  const examples = split === 'train' ? points : points - 1;
  const places = rounded(
    Array.from({ length: examples }, (_, i) => -1 + (2 * i + (split === 'train' ? 0 : 1)) / (points - 1)),
  );
  return {
    name: `chebyshev-${degree}-${points}`,
    examples,
    inputShape: [1],
    inputs: places,
    targets: { kind: 'values', width: 1, values: rounded(Array.from(places, (x) => chebyshevPolynomial(degree, x))) },
    source: `Chebyshev polynomial of degree ${degree} at ${split === 'train' ? 'evenly spaced points' : 'their midpoints'}`,
  };
}
