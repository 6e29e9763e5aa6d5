import { BadInput } from '../../../bad-input.ts';
import { symmetricEigen } from '../../../linalg/dense/dense-symmetric.ts';
import { hostFloat64Space } from '../../../linalg/spaces/float64-space.ts';
import { dot, norm } from '../../../linalg/spaces/host-products.ts';
import type { HostVector, VectorSpace } from '../../../linalg/vector-space.ts';
import type { AnalysisContext } from '../../analysis-run.ts';
import { displacement, type Trajectory } from '../../trajectory.ts';
import { type FoundDirection, foundDirection } from './found-direction.ts';

export interface TrajectoryPca {
  /** Orthonormal, by falling share. Fewer than asked where the displacements span less. */
  readonly directions: readonly Float64Array[];
  /** Share of Σᵢ ‖θᵢ − origin‖² along each direction, over the points that are finite. */
  readonly explained: readonly number[];
  /** Points that are not finite, which have no part in it. */
  readonly leftOut: number;
}

/** Vectors held in memory at once: pairs of blocks of this many. */
const blockSize = 24;

type Space = VectorSpace<Float64Array>;

/** Displacements that are not finite become zero, so that they weigh nothing. To be released. */
async function block(
  space: Space,
  trajectory: Trajectory,
  start: number,
  origin: HostVector,
): Promise<readonly Float64Array[]> {
  const vectors: Float64Array[] = [];
  for (let i = start; i < Math.min(start + blockSize, trajectory.steps.length); i++) {
    const own = await displacement(trajectory, i, origin);
    vectors.push(space.fromHost(Number.isFinite(dot(own, own)) ? own : own.fill(0)));
  }
  return vectors;
}

async function gramMatrix(
  trajectory: Trajectory,
  origin: HostVector,
  signal: { readonly aborted: boolean } | undefined,
): Promise<Float64Array | null> {
  const n = trajectory.steps.length;
  const space = hostFloat64Space(origin.length);
  const gram = new Float64Array(n * n);
  for (let a = 0; a < n; a += blockSize) {
    const left = await block(space, trajectory, a, origin);
    for (let b = a; b < n && !signal?.aborted; b += blockSize) {
      const right = b === a ? left : await block(space, trajectory, b, origin);
      for (const [j, y] of right.entries()) {
        const products = await space.dots(left, y);
        for (const [i, value] of products.entries()) {
          gram[(a + i) * n + b + j] = value;
          gram[(b + j) * n + a + i] = value;
        }
      }
      if (right !== left) space.release(...right);
    }
    space.release(...left);
    if (signal?.aborted) return null;
  }
  return gram;
}

/** Below this share the Gram matrix is rounding: a straight path spans a line and not a plane. */
const leastShare = 1e-13;

/**
 * Principal directions of a trajectory about a point (usually its end, as in Li et al. 2018; not about the mean, so that
 * the plane passes through the point and its coordinates there are zero): the eigenvectors of the Gram matrix of the
 * displacements Dᵢ = θᵢ − origin, d_k = Σᵢ v_ik Dᵢ / σ_k, orthonormalised once more since σ_k² has the rounding of σ₁².
 * Memory O(steps²) and two blocks of 24 vectors, whatever the length of the run; steps / 24 passes over it. Null when
 * aborted.
 */
export async function trajectoryPca(
  trajectory: Trajectory,
  origin: HostVector,
  count: number,
  signal?: { readonly aborted: boolean },
): Promise<TrajectoryPca | null> {
  const n = trajectory.steps.length;
  const gram = await gramMatrix(trajectory, origin, signal);
  if (gram === null) return null;
  const { eigenvalues, eigenvectors } = symmetricEigen({ rows: n, columns: n, data: gram });
  const total = eigenvalues.reduce((sum, value) => sum + Math.max(0, value), 0);
  const wanted = Array.from({ length: Math.min(count, n) }, (_, k) => n - 1 - k).filter(
    (column) => eigenvalues[column]! > leastShare * total,
  );
  const directions = wanted.map(() => new Float64Array(origin.length));
  let leftOut = 0;
  for (let i = 0; i < n; i++) {
    const own = await displacement(trajectory, i, origin);
    if (!Number.isFinite(dot(own, own))) {
      leftOut++;
      continue;
    }
    for (const [k, column] of wanted.entries()) addScaled(directions[k]!, eigenvectors.data[i * n + column]!, own);
  }
  orthonormalise(directions);
  return { directions, explained: wanted.map((column) => eigenvalues[column]! / total), leftOut };
}

function addScaled(y: Float64Array, a: number, x: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i]! += a * x[i]!;
}

/** Modified Gram–Schmidt, in place, twice. */
function orthonormalise(vectors: readonly Float64Array[]): void {
  for (let pass = 0; pass < 2; pass++)
    vectors.forEach((vector, k) => {
      for (const earlier of vectors.slice(0, k)) addScaled(vector, -dot(earlier, vector), earlier);
      const length = norm(vector);
      for (let i = 0; i < vector.length; i++) vector[i]! /= length;
    });
}

const name = 'principal direction';

/** Unit principal directions about the point, for a slice. Throws BadInput where the trajectory spans fewer. */
export async function principalDirections(
  trajectory: Trajectory | undefined,
  origin: HostVector,
  count: number,
  { signal }: Pick<AnalysisContext, 'signal'>,
): Promise<{ readonly directions: readonly FoundDirection[]; readonly warnings: readonly string[] }> {
  if (!trajectory || trajectory.steps.length === 0) throw spansNothing(count);
  const pca = await trajectoryPca(trajectory, origin, count, signal);
  if (!pca) return { directions: Array.from({ length: count }, () => foundDirection(null, name)), warnings: [] };
  const { directions, explained, leftOut } = pca;
  if (directions.length < count) throw spansNothing(count);
  const were = leftOut === 1 ? '1 checkpoint is' : `${leftOut} checkpoints are`;
  return {
    directions: directions.map((vector, k) => foundDirection(vector, name, { explained: explained[k]! })),
    warnings: leftOut > 0 ? [`${were} not finite and left out of the principal directions.`] : [],
  };
}

function spansNothing(count: number): BadInput {
  const [span, needed] = [
    ['line', 'two'],
    ['plane', 'three'],
    ['volume', 'four'],
  ][count - 1]!;
  return new BadInput(
    `The trajectory spans no ${span}.`,
    `Give a run with at least ${needed} different checkpoints, or other directions.`,
  );
}
