import type { Simulations } from '../../simulations/simulation.ts';
import { type Control, knownOnly, type Measured, type Quantity } from './measured.ts';

export const escapeTimesControls: readonly Control[] = [
  { name: 'noise', title: 'Noise' },
  { name: 'curvature', title: 'Negative curvature' },
  { name: 'dimension', title: 'Dimension' },
  { name: 'negative', title: 'Negative directions' },
  { name: 'distance', title: 'Distance of the start' },
  { name: 'learningRate', title: 'Step size η' },
  { name: 'seed', title: 'Another draw' },
];

export const escapeTimesQuantities: readonly Quantity[] = [
  { name: 'noise', meaning: 'size of the noise', unit: '' },
  { name: 'curvature', meaning: 'negative curvature c', unit: '' },
  { name: 'dimension', meaning: 'dimension', unit: '' },
  { name: 'negative', meaning: 'directions that lead down', unit: '' },
  { name: 'distance', meaning: 'distance of the start from the saddle', unit: '' },
  { name: 'learningRate', meaning: 'step size η', unit: '' },
  { name: 'repeats', meaning: 'descents', unit: '' },
  { name: 'escaped', meaning: 'share of the descents that left', unit: '' },
  { name: 'mean', meaning: 'mean escape time', unit: 'steps' },
  { name: 'standardError', meaning: 'standard error of the mean', unit: 'steps' },
  { name: 'theory', meaning: 'escape time by theory', unit: 'steps' },
  { name: 'overTheory', meaning: 'mean over theory', unit: '' },
  { name: 'noisePerDecade', meaning: 'more steps for each tenth of the noise', unit: 'steps' },
  { name: 'decadeTheory', meaning: 'ln 10 / ln(1 + ηc): steps that a tenth costs', unit: 'steps' },
];

export interface EscapesSeen {
  readonly noise: number;
  readonly curvature: number;
  readonly dimension: number;
  readonly negative: number;
  readonly distance: number;
  readonly learningRate: number;
}

export function measureEscapeTimes(
  seen: EscapesSeen,
  { times, mean, standardError, theory }: Simulations['escapeTimes']['value'],
  first: Measured | null,
): Measured {
  const { noise, curvature, dimension, negative, distance, learningRate } = seen;
  const left = times.reduce((count, time) => count + (Number.isFinite(time) ? 1 : 0), 0);
  const decades = first?.noise === undefined ? 0 : Math.log10(first.noise / noise);
  return knownOnly({
    noise,
    curvature,
    dimension,
    negative,
    distance,
    learningRate,
    repeats: times.length,
    escaped: left / times.length,
    mean,
    standardError,
    theory,
    overTheory: theory === null ? null : mean / theory,
    noisePerDecade: Math.abs(decades) > 0.25 ? (mean - (first?.mean ?? Number.NaN)) / decades : null,
    decadeTheory: Math.log(10) / Math.log(1 + learningRate * curvature),
  });
}
