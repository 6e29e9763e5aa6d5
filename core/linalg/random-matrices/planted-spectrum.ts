import type { Random } from '../../random/random.ts';
import type { LinearOperator } from '../linear-operator.ts';
import type { Matrix } from '../matrix.ts';
import type { HostVector, VectorSpace } from '../vector-space.ts';

/**
 * A = Q Λ Qᵀ with given eigenvalues and Q = R₁ … R_k a product of reflections Rⱼ = I − 2 uⱼuⱼᵀ at random unit vectors: no axis is an
 * eigenvector, every eigenpair is known, and no dense matrix is needed. (Q is not Haar distributed unless k ≥ n; a few
 * reflections hide the axes.)
 */
export interface PlantedSpectrum {
  /** λ₁ … λ_n in the order in which they were given. */
  readonly eigenvalues: Float64Array;
  /** u₁ … u_k. */
  readonly reflectors: readonly Float64Array[];
}

/** Draws the reflections. Cost: k n. */
export function plantedSpectrum(eigenvalues: ArrayLike<number>, rng: Random, reflections = 3): PlantedSpectrum {
  const n = eigenvalues.length;
  return {
    eigenvalues: Float64Array.from(eigenvalues),
    reflectors: Array.from({ length: reflections }, () => rng.fill(new Float64Array(n), 'sphere')),
  };
}

/** A v in float64. Cost: 8 k n operations. */
export function plantedProduct({ eigenvalues, reflectors }: PlantedSpectrum, v: HostVector): Float64Array {
  const y = Float64Array.from(v);
  for (const u of reflectors) reflect(y, u);
  for (let i = 0; i < y.length; i++) y[i] = y[i]! * eigenvalues[i]!;
  for (let j = reflectors.length - 1; j >= 0; j--) reflect(y, reflectors[j]!);
  return y;
}

/** Q eᵢ, the unit eigenvector of the i-th eigenvalue. */
export function plantedEigenvector({ eigenvalues, reflectors }: PlantedSpectrum, i: number): Float64Array {
  const y = new Float64Array(eigenvalues.length);
  y[i] = 1;
  for (let j = reflectors.length - 1; j >= 0; j--) reflect(y, reflectors[j]!);
  return y;
}

/** A as an operator on host vectors; products are computed in float64 and stored in the precision of the space. */
export function plantedOperator<V extends HostVector>(
  space: VectorSpace<V>,
  planted: PlantedSpectrum,
): LinearOperator<V> {
  if (space.dim !== planted.eigenvalues.length) {
    throw new RangeError(`${planted.eigenvalues.length} eigenvalues do not act on a space of dimension ${space.dim}.`);
  }
  return {
    space,
    symmetric: true,
    positiveSemidefinite: planted.eigenvalues.every((value) => value >= 0),
    apply: async (v) => space.fromHost(plantedProduct(planted, v)),
  };
}

/** A as a dense matrix, symmetric to the last bit. Cost: 8 k n². */
export function plantedMatrix(planted: PlantedSpectrum): Matrix {
  const n = planted.eigenvalues.length;
  const data = new Float64Array(n * n);
  const unit = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    unit[j] = 1;
    data.set(plantedProduct(planted, unit), j * n);
    unit[j] = 0;
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) data[i * n + j] = data[j * n + i] = 0.5 * (data[i * n + j]! + data[j * n + i]!);
  }
  return { rows: n, columns: n, data };
}

/** y ← (I − 2uuᵀ) y */
function reflect(y: Float64Array, u: Float64Array): void {
  let overlap = 0;
  for (let i = 0; i < y.length; i++) overlap += u[i]! * y[i]!;
  const twice = 2 * overlap;
  for (let i = 0; i < y.length; i++) y[i] = y[i]! - twice * u[i]!;
}
