import type { Simulations } from '../../simulations/simulation.ts';
import { type Control, knownOnly, type Measured, type Quantity } from './measured.ts';

/** Modes beyond have no quantities of their own. */
const mostModes = 6;

export const modesControls: readonly Control[] = [
  { name: 'u0', title: 'Strength at the start u₀' },
  { name: 'learningRate', title: 'Step size η' },
  { name: 'matrices', title: 'Weight matrices' },
  { name: 'imbalance', title: 'Imbalance a² − b²' },
];

export const modesQuantities: readonly Quantity[] = [
  { name: 'u0', meaning: 'strength of every mode at the start', unit: '' },
  { name: 'learningRate', meaning: 'step size η', unit: '' },
  { name: 'matrices', meaning: 'weight matrices', unit: '' },
  { name: 'imbalance', meaning: 'imbalance a² − b²', unit: '' },
  { name: 'loss', meaning: 'loss at the end', unit: '' },
  { name: 'learnt', meaning: 'modes that are learnt by half', unit: '' },
  { name: 'deviation', meaning: 'largest distance of simulation and theory, as a share of s', unit: '' },
  { name: 'waitPerDecade', meaning: 'first mode: more steps for each tenth of u₀', unit: 'steps' },
  { name: 'decadeTheory', meaning: 'ln 10 / (2 η s₁): steps that a tenth of u₀ costs', unit: 'steps' },
  ...Array.from({ length: mostModes }, (_, i) => i + 1).flatMap((mode): Quantity[] => [
    { name: `s${mode}`, meaning: `singular value of mode ${mode}`, unit: '' },
    { name: `halfTime${mode}`, meaning: `mode ${mode}: steps until half learnt`, unit: 'steps' },
    { name: `theoryHalfTime${mode}`, meaning: `mode ${mode}: the same by the exact solution`, unit: 'steps' },
    { name: `product${mode}`, meaning: `mode ${mode}: half time times s times η`, unit: '' },
  ]),
];

export interface ModesSeen {
  readonly u0: number;
  readonly learningRate: number;
  readonly matrices: number;
  readonly imbalance: number;
}

export function measureModes(
  { u0, learningRate, matrices, imbalance }: ModesSeen,
  { loss, modes }: Simulations['modes']['value'],
  first: Measured | null,
): Measured {
  const all: Record<string, number | null> = {
    u0,
    learningRate,
    matrices,
    imbalance,
    loss: loss[loss.length - 1] ?? null,
    learnt: modes.filter(({ halfTime }) => halfTime !== null).length,
    deviation: Math.max(...modes.map(deviationOf)),
  };
  modes.slice(0, mostModes).forEach(({ singularValue, halfTime, theoryHalfTime }, i) => {
    const time = halfTime ?? Number.POSITIVE_INFINITY;
    all[`s${i + 1}`] = singularValue;
    all[`halfTime${i + 1}`] = time;
    all[`theoryHalfTime${i + 1}`] = theoryHalfTime;
    all[`product${i + 1}`] = time * singularValue * learningRate;
  });
  const [strongest] = modes;
  if (strongest && matrices === 2) all.decadeTheory = Math.log(10) / (2 * learningRate * strongest.singularValue);
  const decades = first?.u0 === undefined ? 0 : Math.log10(first.u0 / u0);
  if (Math.abs(decades) > 0.25) all.waitPerDecade = (all.halfTime1! - (first?.halfTime1 ?? Number.NaN)) / decades;
  return knownOnly(all);
}

function deviationOf({ singularValue, simulated, theory }: Simulations['modes']['value']['modes'][number]): number {
  let most = 0;
  for (let i = 0; i < simulated.length; i++)
    if (Number.isFinite(theory[i])) most = Math.max(most, Math.abs(simulated[i]! - theory[i]!) / singularValue);
  return most;
}
