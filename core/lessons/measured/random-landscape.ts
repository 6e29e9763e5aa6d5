import type { Simulations } from '../../simulations/simulation.ts';
import { type Control, knownOnly, type Measured, type Quantity } from './measured.ts';
import { rankCorrelation } from './rank-correlation.ts';

export const randomLandscapeControls: readonly Control[] = [
  { name: 'dimension', title: 'Dimension N' },
  { name: 'points', title: 'Critical points' },
  { name: 'energy', title: 'Energy of the spectrum that is shown' },
  { name: 'seed', title: 'Another draw' },
];

export const randomLandscapeQuantities: readonly Quantity[] = [
  { name: 'dimension', meaning: 'dimension N', unit: '' },
  { name: 'points', meaning: 'Hessians that were drawn', unit: '' },
  { name: 'highestMinimum', meaning: 'highest energy of a minimum', unit: '' },
  { name: 'lowestSaddle', meaning: 'lowest energy of a saddle', unit: '' },
  { name: 'coinMinimum', meaning: '2⁻ᴺ: share of minima if each sign were a coin', unit: '' },
  { name: 'correlation', meaning: 'rank correlation of index and energy', unit: '' },
  { name: 'deviation', meaning: 'root mean square distance from the Bray–Dean curve', unit: '' },
  { name: 'energy', meaning: 'energy of the spectrum that is shown', unit: '' },
  { name: 'negativeShare', meaning: 'share of its eigenvalues below zero', unit: '' },
];

/** `spectrum`: which of the spectra is looked at. */
export function measureRandomLandscape(
  dimension: number,
  value: Simulations['randomLandscape']['value'],
  spectrum: number,
): Measured {
  const { energies, indexFractions, theory, coinMinimum, spectra } = value;
  const n = indexFractions.length;
  // The points are spread evenly over the energies, so that counts of them say nothing; where they lie does.
  const isMinimum = (i: number) => indexFractions[i]! * dimension < 0.5;
  const minima = [...energies].filter((_, i) => isMinimum(i));
  const others = [...energies].filter((_, i) => !isMinimum(i));
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (indexFractions[i]! - onCurve(theory, energies[i]!)) ** 2;
  const shown = spectra[spectrum];
  const eigenvalues = shown?.eigenvalues;
  return knownOnly({
    dimension,
    points: n,
    highestMinimum: minima.length > 0 ? Math.max(...minima) : null,
    lowestSaddle: others.length > 0 ? Math.min(...others) : null,
    coinMinimum,
    correlation: rankCorrelation(energies, indexFractions),
    deviation: Math.sqrt(squares / n),
    energy: shown?.energy,
    negativeShare: eigenvalues && eigenvalues.reduce((sum, one) => sum + (one < 0 ? 1 : 0), 0) / eigenvalues.length,
  });
}

/** Linear between the points of the curve, constant beyond its ends. */
function onCurve({ energies, indexFractions }: Simulations['randomLandscape']['value']['theory'], at: number): number {
  const n = energies.length;
  const rising = energies[n - 1]! >= energies[0]!;
  const place = (i: number) => (rising ? i : n - 1 - i);
  if (at <= energies[place(0)]!) return indexFractions[place(0)]!;
  for (let i = 1; i < n; i++) {
    const [from, to] = [place(i - 1), place(i)];
    if (at > energies[to]!) continue;
    const share = (at - energies[from]!) / (energies[to]! - energies[from]! || 1);
    return (1 - share) * indexFractions[from]! + share * indexFractions[to]!;
  }
  return indexFractions[place(n - 1)]!;
}
