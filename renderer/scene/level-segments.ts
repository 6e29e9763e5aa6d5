import type { SurfaceArrays } from './surface-arrays.ts';

/**
 * Where the triangles of a surface cross the heights y = level, as pairs of points (x, y, z): level lines that lie on the
 * drawn surface exactly and end at its holes. Error for a smooth function: O(h²) of the spacing.
 */
export function levelSegments({ positions, index, indexLength }: SurfaceArrays, levels: readonly number[]): number[] {
  const segments: number[] = [];
  for (let i = 0; i < indexLength; i += 3) {
    const corners = [3 * index[i]!, 3 * index[i + 1]!, 3 * index[i + 2]!] as const;
    const [p, q, r] = corners.map((corner) => positions[corner + 1]!) as [number, number, number];
    const [low, high] = [Math.min(p, q, r), Math.max(p, q, r)];
    for (const level of levels) {
      if (level <= low || level > high) continue;
      for (let side = 0; side < 3; side++) {
        const [from, to] = [corners[side]!, corners[(side + 1) % 3]!];
        const [start, end] = [positions[from + 1]!, positions[to + 1]!];
        if (start < level === end < level) continue;
        const share = (level - start) / (end - start);
        segments.push(
          positions[from]! + share * (positions[to]! - positions[from]!),
          level,
          positions[from + 2]! + share * (positions[to + 2]! - positions[from + 2]!),
        );
      }
    }
  }
  return segments;
}
