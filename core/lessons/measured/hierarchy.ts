import type { Simulations } from '../../simulations/simulation.ts';
import { type Control, knownOnly, type Measured, type Quantity } from './measured.ts';

const mostLevels = 4;

export const hierarchyControls: readonly Control[] = [
  { name: 'flip', title: 'Flips on an edge ε' },
  { name: 'step', title: 'Step that is shown' },
  { name: 'seed', title: 'Another draw' },
];

export const hierarchyQuantities: readonly Quantity[] = [
  { name: 'flip', meaning: 'probability of a flip on an edge ε', unit: '' },
  { name: 'deviation', meaning: 'largest relative distance of sampled eigenvalue and theory', unit: '' },
  ...Array.from({ length: mostLevels }, (_, level) => level).flatMap((level): Quantity[] => [
    { name: `learntAt${level}`, meaning: `level ${level}: steps until half learnt`, unit: 'steps' },
    { name: `eigenvalue${level}`, meaning: `level ${level}: eigenvalue by theory`, unit: '' },
  ]),
];

export function measureHierarchy(flip: number, { eigenvalues }: Simulations['hierarchy']['value']): Measured {
  const all: Record<string, number> = {
    flip,
    deviation: Math.max(...eigenvalues.map(({ theory, sampled }) => Math.abs(sampled - theory) / theory)),
  };
  for (let level = 0; level < mostLevels; level++) {
    const first = eigenvalues.find((one) => one.level === level);
    if (!first) continue;
    all[`eigenvalue${level}`] = first.theory;
    all[`learntAt${level}`] = first.halfTime ?? Number.POSITIVE_INFINITY;
  }
  return knownOnly(all);
}
