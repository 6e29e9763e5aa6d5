import { lossOnSurface, surfaceHit } from './height-field-ray.ts';
import type { Point } from './scene-box.ts';
import { alphaAt, betaAt, type SceneBox } from './scene-box.ts';
import type { SceneContent } from './scene-model.ts';
import type { SurfaceArrays } from './surface-arrays.ts';

export { surfaceHit };

/** A point of the plane. */
export interface Picked {
  readonly alpha: number;
  readonly beta: number;
  /** Between the points of the grid, bilinear; not cut off. */
  readonly loss: number;
  /** The nearest point of the grid. */
  readonly row: number;
  readonly column: number;
  /** Of (α, β) from the origin of the plane, in parameter length. */
  readonly distance: number;
}

/** The point of the plane under a ray: on the surface; null where the ray misses it. */
export function pickedPoint(
  surface: SurfaceArrays,
  box: SceneBox,
  eye: Point,
  direction: Point,
): { readonly alpha: number; readonly beta: number } | null {
  const t = surfaceHit(surface, eye, direction);
  if (t === null) return null;
  return { alpha: alphaAt(box, eye[0] + t * direction[0]), beta: betaAt(box, eye[2] + t * direction[2]) };
}

/** What is known of a point of the plane. */
export function describedPoint(
  { grid, norms, cosine = 0 }: Pick<SceneContent, 'grid' | 'norms' | 'cosine'>,
  surface: SurfaceArrays,
  { alpha, beta }: Pick<Picked, 'alpha' | 'beta'>,
): Picked {
  return {
    alpha,
    beta,
    loss: lossOnSurface(surface, grid, alpha, beta),
    row: nearestIndex(grid.beta, beta),
    column: nearestIndex(grid.alpha, alpha),
    distance: planeDistance(alpha, beta, norms, cosine),
  };
}

/** ‖α d₁ + β d₂‖ = √(α²‖d₁‖² + β²‖d₂‖² + 2αβ‖d₁‖‖d₂‖ cos ∠(d₁, d₂)) */
export function planeDistance(
  alpha: number,
  beta: number,
  [n1, n2]: readonly [number, number],
  cosine: number,
): number {
  const [a, b] = [alpha * n1, beta * n2];
  return Math.sqrt(Math.max(0, a * a + b * b + 2 * a * b * cosine));
}

function nearestIndex(places: ArrayLike<number>, at: number): number {
  let best = 0;
  for (let i = 1; i < places.length; i++) if (Math.abs(places[i]! - at) < Math.abs(places[best]! - at)) best = i;
  return best;
}
