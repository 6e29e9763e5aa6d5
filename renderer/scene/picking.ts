import { alphaAt, betaAt, type Point, type SceneBox } from './scene-box.ts';
import type { SurfaceArrays } from './surface-arrays.ts';

/** The nearest crossing of a ray with the triangles of a surface, in lengths of `direction`; null where it misses. */
export function surfaceHit(
  { positions, index, indexLength }: SurfaceArrays,
  [ox, oy, oz]: Point,
  [dx, dy, dz]: Point,
): number | null {
  let nearest = Number.POSITIVE_INFINITY;
  // Möller and Trumbore (1997), written out: this runs for every triangle at every move of the pointer.
  for (let i = 0; i < indexLength; i += 3) {
    const [a, b, c] = [3 * index[i]!, 3 * index[i + 1]!, 3 * index[i + 2]!];
    const [ax, ay, az] = [positions[a]!, positions[a + 1]!, positions[a + 2]!];
    const [ux, uy, uz] = [positions[b]! - ax, positions[b + 1]! - ay, positions[b + 2]! - az];
    const [vx, vy, vz] = [positions[c]! - ax, positions[c + 1]! - ay, positions[c + 2]! - az];
    const [px, py, pz] = [dy * vz - dz * vy, dz * vx - dx * vz, dx * vy - dy * vx];
    const determinant = ux * px + uy * py + uz * pz;
    if (determinant === 0) continue;
    const [tx, ty, tz] = [ox - ax, oy - ay, oz - az];
    const u = (tx * px + ty * py + tz * pz) / determinant;
    if (u < 0 || u > 1) continue;
    const [qx, qy, qz] = [ty * uz - tz * uy, tz * ux - tx * uz, tx * uy - ty * ux];
    const v = (dx * qx + dy * qy + dz * qz) / determinant;
    if (v < 0 || u + v > 1) continue;
    const t = (vx * qx + vy * qy + vz * qz) / determinant;
    if (t > 0 && t < nearest) nearest = t;
  }
  return Number.isFinite(nearest) ? nearest : null;
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
