import type { Matrix } from '../../core/linalg/matrix.ts';
import { gaussianOrthogonalEnsemble, spiked } from '../../core/linalg/random-matrices/gaussian-orthogonal-ensemble.ts';
import { randomFromSeed } from '../../core/random/philox.ts';

/** Q diag(values) Qᵀ with Q a product of reflections, so that no coordinate axis is an eigenvector. */
export function withSpectrum(values: ArrayLike<number>, seed: number): Matrix {
  const n = values.length;
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) data[i * n + i] = values[i]!;
  const rng = randomFromSeed(seed);
  for (let turn = 0; turn < 3; turn++) reflect(data, n, rng.fill(new Float64Array(n), 'sphere'));
  return { rows: n, columns: n, data };
}

/** A ← (I − 2uuᵀ) A (I − 2uuᵀ). */
function reflect(a: Float64Array, n: number, u: Float64Array): void {
  const au = new Float64Array(n);
  let uau = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) au[i] = au[i]! + a[i * n + j]! * u[j]!;
    uau += u[i]! * au[i]!;
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      a[i * n + j] = a[i * n + j]! - 2 * u[i]! * au[j]! - 2 * au[i]! * u[j]! + 4 * uau * u[i]! * u[j]!;
    }
  }
}

function diagonal(values: ArrayLike<number>): Matrix {
  const n = values.length;
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) data[i * n + i] = values[i]!;
  return { rows: n, columns: n, data };
}

/** X Xᵀ/m with X n × m: n − m zero eigenvalues for m < n. */
function wishart(n: number, m: number, seed: number): Matrix {
  const x = randomFromSeed(seed).fill(new Float64Array(n * m), 'normal');
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < m; k++) sum += x[i * m + k]! * x[j * m + k]!;
      data[i * n + j] = sum / m;
    }
  }
  return { rows: n, columns: n, data };
}

/** A bulk around zero, ten outliers above and three below: what Hessians of trained classifiers look like. */
export function hessianLikeSpectrum(n: number): number[] {
  const outliers = [2.2, 2.1, 1.8, 1.6, 1.5, 1.15, 1.05, 0.92, 0.76, 0.35];
  const below = [-0.09, -0.085, -0.07];
  const bulk = Array.from({ length: n - 13 }, (_, i) => {
    const t = (i + 0.5) / (n - 13);
    return t < 0.3 ? -0.06 * (1 - t / 0.3) ** 3 : 0.2 * ((t - 0.3) / 0.7) ** 6;
  });
  return [...below, ...bulk, ...outliers];
}

export interface TestMatrix {
  readonly name: string;
  readonly matrix: Matrix;
  /** One start vector does not see everything: eigenvalues are multiple without the space closing. */
  readonly needsVerification?: boolean;
}

export const testMatrices: readonly TestMatrix[] = [
  { name: 'order 1', matrix: diagonal([-3]) },
  { name: 'order 2', matrix: withSpectrum([-1, 4], 2) },
  { name: 'order 3', matrix: withSpectrum([1, 2, 2], 3) },
  { name: 'zero matrix', matrix: diagonal(new Float64Array(20)) },
  { name: 'identity', matrix: diagonal(new Float64Array(20).fill(1)) },
  {
    name: 'diagonal with clusters',
    matrix: diagonal(Float64Array.from({ length: 90 }, (_, i) => (i % 3) + 1 + 1e-4 * i)),
  },
  {
    name: 'three values, thirty copies each',
    matrix: withSpectrum(
      Float64Array.from({ length: 90 }, (_, i) => i % 3),
      4,
    ),
  },
  {
    name: 'triple ends on a generic bulk',
    matrix: withSpectrum([...Array.from({ length: 84 }, (_, i) => Math.sin(i)), 5, 5, 5, -4, -4, -4], 5),
    needsVerification: true,
  },
  { name: 'GOE', matrix: gaussianOrthogonalEnsemble(120, randomFromSeed(6)) },
  {
    name: 'spiked GOE',
    matrix: spiked(
      gaussianOrthogonalEnsemble(120, randomFromSeed(7)),
      5,
      randomFromSeed(8).fill(new Float64Array(120), 'sphere'),
    ),
  },
  { name: 'singular Wishart', matrix: wishart(100, 30, 9), needsVerification: true },
  {
    name: 'indefinite, graded over eight decades',
    matrix: withSpectrum(
      Float64Array.from({ length: 80 }, (_, i) => (i % 2 ? 1 : -1) * 10 ** (-i / 10)),
      10,
    ),
  },
  { name: 'Hessian-like', matrix: withSpectrum(hessianLikeSpectrum(150), 11) },
];
