import { householderTridiagonal } from '../dense/householder-tridiagonal.ts';
import { tridiagonalEigen } from '../dense/tridiagonal-eigen.ts';
import type { LanczosProcess } from './lanczos-process.ts';

/**
 * Shrinks the basis of a Lanczos process to the span of the chosen Ritz vectors and leaves it a Lanczos process (thick
 * restart, Wu and Simon 2000; in exact arithmetic the implicit restart of Sorensen 1992 with the other Ritz values as
 * shifts).
 *
 * Departure from Wu and Simon: the kept block is rotated so that T stays tridiagonal instead of an arrowhead, hence one
 * small eigen-solver and one formula for residuals serve before and after. Cost: no products, 2 m k p operations.
 *
 * @param kept ascending indices into the Ritz values, ascending
 */
export function thickRestart<V>(process: LanczosProcess<V>, kept: readonly number[]): void {
  const { space } = process.operator;
  const m = process.basis.length;
  const k = kept.length;
  const coupling = process.beta[m - 1]!;
  const { values, vectors } = tridiagonalEigen(
    Float64Array.from(process.alpha),
    Float64Array.from(process.beta),
    'all',
  );
  const arrow = { rows: k + 1, columns: k + 1, data: new Float64Array((k + 1) * (k + 1)) };
  kept.forEach((ritz, i) => {
    arrow.data[i * (k + 1) + i] = values[ritz]!;
    arrow.data[k * (k + 1) + i] = coupling * vectors[ritz * m + m - 1]!;
  });
  const { alpha, beta, basis: rotation } = householderTridiagonal(arrow);
  const restarted: V[] = [];
  for (let j = 0; j < k; j++) {
    const coefficients = new Float64Array(m);
    kept.forEach((ritz, i) => {
      const q = rotation.data[i * (k + 1) + j]!;
      for (let row = 0; row < m; row++) coefficients[row] = coefficients[row]! + q * vectors[ritz * m + row]!;
    });
    restarted.push(space.combine(process.basis, coefficients));
  }
  space.release(...process.basis);
  process.basis = restarted;
  process.alpha = Array.from(alpha.subarray(0, k));
  process.beta = Array.from(beta);
}

/**
 * Which Ritz pairs to keep: the wanted ones at each end and as many again, so that neighbours go on converging, with room
 * for `free` products before the next restart.
 */
export function keptRitzIndices(basisSize: number, top: number, bottom: number, free = 2): number[] {
  const spare = (wanted: number) => (wanted === 0 ? 0 : wanted + 10);
  const room = Math.max(1, basisSize - free);
  const ask = top + bottom + spare(top) + spare(bottom);
  const share = Math.min(1, room / ask);
  const atTop = Math.min(room, Math.max(top, Math.floor((top + spare(top)) * share)));
  const atBottom = Math.min(room - atTop, Math.max(bottom, Math.floor((bottom + spare(bottom)) * share)));
  const low = Array.from({ length: atBottom }, (_, i) => i);
  const high = Array.from({ length: atTop }, (_, i) => basisSize - atTop + i);
  return [...low, ...high];
}
