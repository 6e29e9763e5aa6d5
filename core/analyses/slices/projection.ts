import { dot } from '../../linalg/spaces/host-products.ts';
import type { HostVector } from '../../linalg/vector-space.ts';
import { displacement, type Trajectory } from '../trajectory.ts';
import type { SliceTrajectory } from './slice.ts';

/** A run as it is seen on a slice, and how far it really is from it. */
export type ProjectedTrajectory = Omit<SliceTrajectory, 'trueLoss' | 'projectedLoss'>;

/**
 * Least-squares coordinates of each point on origin + Σ_k c_k d_k, for one to three directions that need be neither
 * orthogonal nor of unit length, with the residual distance of each: by an orthonormal basis of the directions (modified
 * Gram–Schmidt, twice), so that nearly parallel ones lose no more digits than they must.
 */
export async function projectTrajectory(
  trajectory: Trajectory,
  origin: HostVector,
  vectors: readonly Float64Array[],
): Promise<ProjectedTrajectory> {
  const n = trajectory.steps.length;
  const { basis, triangle } = triangular(vectors);
  const coordinates = vectors.map(() => new Float64Array(n));
  const [distance, length] = [new Float64Array(n), new Float64Array(n)];
  for (let i = 0; i < n; i++) {
    const rest = await displacement(trajectory, i, origin);
    length[i] = Math.sqrt(dot(rest, rest));
    const inBasis = basis.map((unit) => {
      const share = dot(rest, unit);
      for (let j = 0; j < rest.length; j++) rest[j]! -= share * unit[j]!;
      return share;
    });
    distance[i] = Math.sqrt(dot(rest, rest));
    for (let k = vectors.length - 1; k >= 0; k--) {
      let sum = inBasis[k]!;
      for (let later = k + 1; later < vectors.length; later++) sum -= triangle[k]![later]! * coordinates[later]![i]!;
      coordinates[k]![i] = sum / triangle[k]![k]!;
    }
  }
  return { steps: trajectory.steps, coordinates, distance, length };
}

/** vectors[k] = Σ_j triangle[j][k] basis[j], j ≤ k. */
function triangular(vectors: readonly Float64Array[]) {
  const triangle = vectors.map(() => vectors.map(() => 0));
  const basis: Float64Array[] = [];
  for (const [k, vector] of vectors.entries()) {
    const unit = vector.slice();
    for (let pass = 0; pass < 2; pass++)
      for (const [j, other] of basis.entries()) {
        const share = dot(unit, other);
        triangle[j]![k]! += share;
        for (let i = 0; i < unit.length; i++) unit[i]! -= share * other[i]!;
      }
    const norm = Math.sqrt(dot(unit, unit));
    triangle[k]![k] = norm;
    for (let i = 0; i < unit.length; i++) unit[i]! /= norm;
    basis.push(unit);
  }
  return { basis, triangle };
}

/** Share of Σᵢ ‖θᵢ − origin‖² over the finite points that lies in the slice; NaN where nothing moved. */
export function sliceShare({ distance, length }: Pick<ProjectedTrajectory, 'distance' | 'length'>): number {
  const squares = (values: Float64Array) =>
    values.reduce((sum, value, i) => (Number.isFinite(length[i]) ? sum + value * value : sum), 0);
  return 1 - squares(distance) / squares(length);
}
