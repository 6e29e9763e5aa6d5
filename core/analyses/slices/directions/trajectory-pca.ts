import { BadInput } from '../../../bad-input.ts';
import { symmetricEigen } from '../../../linalg/dense/dense-symmetric.ts';
import type { HostVector } from '../../../linalg/vector-space.ts';
import type { AnalysisContext } from '../../analysis-run.ts';
import { displacement, type Trajectory } from '../../trajectory.ts';
import { type FoundDirection, foundDirection } from './found-direction.ts';
import { dot } from './inner-product.ts';

export interface TrajectoryPca {
  /** Orthonormal, by falling share. Fewer than asked where the displacements span less. */
  readonly directions: readonly Float64Array[];
  /** Share of Σᵢ ‖θᵢ − origin‖² along each direction. */
  readonly explained: readonly number[];
}

/** Vectors held in memory at once: pairs of blocks of this many. */
const blockSize = 24;

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

/** Unit principal directions about the point, for a slice. Throws BadInput where the trajectory spans fewer. */
export async function principalDirections(
  trajectory: Trajectory | undefined,
  origin: HostVector,
  count: number,
  { signal }: Pick<AnalysisContext, 'signal'>,
): Promise<{ readonly directions: readonly FoundDirection[]; readonly warnings: readonly string[] }> {
  if (!trajectory || trajectory.steps.length <= count) throw spansNothing(count);
  if (signal?.aborted)
    return { directions: Array.from({ length: count }, () => foundDirection(null, name)), warnings: [] };
  const { directions, explained } = await trajectoryPca(trajectory, origin, count);
  if (directions.length < count) throw spansNothing(count);
  return {
    directions: directions.map((vector, k) => foundDirection(vector, name, { explained: explained[k]! })),
    warnings: [],
  };
}

const name = 'principal direction';

const spansNothing = (count: number): BadInput =>
  new BadInput(
    `The trajectory spans no ${['line', 'plane', 'volume'][count - 1]}.`,
    `Give a run with at least ${['two', 'three', 'four'][count - 1]} different checkpoints, or other directions.`,
  );
