import { symmetricEigen } from '../../linalg/dense/dense-symmetric.ts';
import type { HostVector } from '../../linalg/vector-space.ts';
import { displacement, type Trajectory } from '../trajectory.ts';

export interface TrajectoryPca {
  /** Orthonormal, by falling share. Fewer than asked where the displacements span less. */
  readonly directions: readonly Float64Array[];
  /** Share of Σᵢ ‖θᵢ − origin‖² along each direction. */
  readonly explained: readonly number[];
}

/** Vectors held in memory at once: pairs of blocks of this many. */
const blockSize = 24;

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

async function block(trajectory: Trajectory, start: number, origin: HostVector): Promise<Float64Array[]> {
  const vectors: Float64Array[] = [];
  for (let i = start; i < Math.min(start + blockSize, trajectory.steps.length); i++)
    vectors.push(await displacement(trajectory, i, origin));
  return vectors;
}

async function gramMatrix(trajectory: Trajectory, origin: HostVector): Promise<Float64Array> {
  const n = trajectory.steps.length;
  const gram = new Float64Array(n * n);
  for (let a = 0; a < n; a += blockSize) {
    const left = await block(trajectory, a, origin);
    for (let b = a; b < n; b += blockSize) {
      const right = b === a ? left : await block(trajectory, b, origin);
      left.forEach((x, i) => {
        right.forEach((y, j) => {
          const value = dot(x, y);
          gram[(a + i) * n + b + j] = value;
          gram[(b + j) * n + a + i] = value;
        });
      });
    }
  }
  return gram;
}

/**
 * Principal directions of a trajectory about a point (usually its end, as in Li et al. 2018; not about the mean, so that
 * the plane passes through the point): the eigenvectors of the Gram matrix of the displacements Dᵢ = θᵢ − origin,
 * d_k = Σᵢ v_ik Dᵢ / σ_k. Memory O(steps²) and two blocks of vectors, whatever the length of the run.
 */
export async function trajectoryPca(trajectory: Trajectory, origin: HostVector, count: number): Promise<TrajectoryPca> {
  const n = trajectory.steps.length;
  const gram = await gramMatrix(trajectory, origin);
  const { eigenvalues, eigenvectors } = symmetricEigen({ rows: n, columns: n, data: gram });
  const total = eigenvalues.reduce((sum, value) => sum + Math.max(0, value), 0);
  const wanted = Array.from({ length: Math.min(count, n) }, (_, k) => n - 1 - k).filter(
    (column) => eigenvalues[column]! > 1e-14 * total,
  );
  const directions = wanted.map(() => new Float64Array(origin.length));
  for (let i = 0; i < n; i++) {
    const own = await displacement(trajectory, i, origin);
    wanted.forEach((column, k) => {
      const weight = eigenvectors.data[i * n + column]! / Math.sqrt(eigenvalues[column]!);
      const direction = directions[k]!;
      for (let j = 0; j < own.length; j++) direction[j]! += weight * own[j]!;
    });
  }
  return { directions, explained: wanted.map((column) => eigenvalues[column]! / total) };
}
