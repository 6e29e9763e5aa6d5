import type { LinearOperator } from '../../../../core/linalg/linear-operator.ts';
import { matrixOperator } from '../../../../core/linalg/matrix-operator.ts';
import {
  plantedEigenvector,
  plantedMatrix,
  plantedSpectrum,
} from '../../../../core/linalg/random-matrices/planted-spectrum.ts';
import { hostFloat64Space } from '../../../../core/linalg/spaces/float64-space.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

export interface Rotated {
  readonly operator: LinearOperator<Float64Array>;
  readonly eigenvalues: Float64Array;
  eigenvector(i: number): Float64Array;
}

/** Known eigenvalues with eigenvectors spread over all coordinates: ±1 probes of a near-diagonal matrix would look too good. */
export function rotated(values: ArrayLike<number>, seed: number): Rotated {
  const planted = plantedSpectrum(values, randomFromSeed(seed), Math.ceil(values.length / 2));
  return {
    operator: matrixOperator(hostFloat64Space(values.length), plantedMatrix(planted)),
    eigenvalues: planted.eigenvalues,
    eigenvector: (i) => plantedEigenvector(planted, i),
  };
}

export function sumOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0);
}

const of = (n: number, f: (i: number) => number) => Array.from({ length: n }, (_, i) => f(i));

/** Spectra on which estimates of a trace differ most. */
export const traceSpectra: Readonly<Record<string, number[]>> = {
  'falling as i⁻²': of(120, (i) => (i + 1) ** -2),
  'falling as 0.7ⁱ': of(120, (i) => 0.7 ** i),
  flat: of(120, (i) => 1 + 0.1 * Math.sin(i)),
  'indefinite with a trace near 0': of(120, (i) => (i % 2 ? 1 : -1) * (1 + 0.3 * Math.sin(7 * i)) + 0.001),
  'one spike': of(120, (i) => (i === 0 ? 50 : 0.1 + 0.05 * Math.sin(i))),
  'a spike on either side': of(120, (i) => (i === 0 ? 50 : i === 1 ? -48 : 0.1 * Math.sin(i))),
};

/** Spectra with gaps, multiple eigenvalues and clusters at zero, and a threshold δ that cuts them. */
export const massSpectra: readonly { readonly name: string; readonly values: number[]; readonly delta: number }[] = [
  {
    name: 'three groups with gaps',
    values: of(150, (i) => (i < 4 ? -1 - 0.1 * i : i < 110 ? 0.01 * Math.sin(i) : 1 + 0.02 * (i - 110))),
    delta: 0.3,
  },
  { name: 'exact zeros', values: of(150, (i) => (i < 2 ? -0.5 : i < 100 ? 0 : 0.1 + 0.01 * (i - 100))), delta: 0.01 },
  { name: 'three values, many copies', values: of(150, (i) => [-1, 0, 0, 2, 2][i % 5]!), delta: 0.5 },
  { name: 'a single negative eigenvalue', values: of(150, (i) => (i === 0 ? -1 : 0.5 + 0.01 * i)), delta: 0.1 },
  {
    name: 'a smooth density through the thresholds',
    values: of(150, (i) => 2 * Math.cos((Math.PI * (i + 0.5)) / 150)),
    delta: 0.5,
  },
  { name: 'graded over six decades', values: of(150, (i) => (i % 3 ? 1 : -1) * 10 ** (-6 * (i / 150))), delta: 1e-3 },
];
