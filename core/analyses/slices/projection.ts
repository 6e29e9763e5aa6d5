import type { HostVector } from '../../linalg/vector-space.ts';
import { displacement, type Trajectory } from '../trajectory.ts';
import { dot } from './trajectory-pca.ts';

/** A run as it is seen on a plane, and how far it really is from it. */
export interface ProjectedTrajectory {
  readonly steps: readonly number[];
  readonly alpha: Float64Array;
  readonly beta: Float64Array;
  /** ‖θᵢ − (origin + αᵢ d₁ + βᵢ d₂)‖: the part of the displacement that the picture does not show. */
  readonly distance: Float64Array;
  /** ‖θᵢ − origin‖ */
  readonly length: Float64Array;
}

/**
 * Least-squares coordinates of each point on the plane origin + α d₁ + β d₂, for directions that need be neither
 * orthogonal nor of unit length, with the residual distance of each.
 */
export async function projectTrajectory(
  trajectory: Trajectory,
  origin: HostVector,
  d1: Float64Array,
  d2: Float64Array,
): Promise<ProjectedTrajectory> {
  const n = trajectory.steps.length;
  const [a, b, c] = [dot(d1, d1), dot(d1, d2), dot(d2, d2)];
  const determinant = a * c - b * b;
  const result = {
    alpha: new Float64Array(n),
    beta: new Float64Array(n),
    distance: new Float64Array(n),
    length: new Float64Array(n),
  };
  for (let i = 0; i < n; i++) {
    const own = await displacement(trajectory, i, origin);
    const [p, q] = [dot(own, d1), dot(own, d2)];
    const alpha = (c * p - b * q) / determinant;
    const beta = (a * q - b * p) / determinant;
    let residual = 0;
    for (let j = 0; j < own.length; j++) residual += (own[j]! - alpha * d1[j]! - beta * d2[j]!) ** 2;
    result.alpha[i] = alpha;
    result.beta[i] = beta;
    result.distance[i] = Math.sqrt(residual);
    result.length[i] = Math.sqrt(dot(own, own));
  }
  return { steps: trajectory.steps, ...result };
}
