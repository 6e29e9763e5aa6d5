/** Points of one line with rising x; y is null where the line is broken. */
export interface LinePoint {
  readonly x: number;
  readonly y: number | null;
}

/**
 * As many points as a picture can show: of each of `most / 4` stretches the first, lowest, highest and last point, so
 * that no spike is lost. Short lines are returned as they are.
 */
export function thinLine<P extends LinePoint>(points: readonly P[], most = 1600): readonly P[] {
  if (points.length <= most) return points;
  const stretches = Math.max(1, Math.floor(most / 4));
  const kept: P[] = [];
  for (let s = 0; s < stretches; s++) {
    const [from, to] = [s, s + 1].map((k) => Math.floor((k * points.length) / stretches)) as [number, number];
    let [lowest, highest] = [from, from];
    for (let i = from; i < to; i++) {
      const y = points[i]!.y;
      if (y === null) continue;
      if (y < (points[lowest]!.y ?? Number.POSITIVE_INFINITY)) lowest = i;
      if (y > (points[highest]!.y ?? Number.NEGATIVE_INFINITY)) highest = i;
    }
    const chosen = [...new Set([from, lowest, highest, to - 1])].sort((a, b) => a - b);
    for (const i of chosen) kept.push(points[i]!);
  }
  return kept;
}
