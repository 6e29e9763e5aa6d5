import { valueAt } from '../../../core/fields/interpolate.ts';
import type { Point, SceneBox } from '../scene-box.ts';
import type { KnownVolume } from './known-volume.ts';
import { coordinatesInBox } from './volume-box.ts';

/**
 * The height at (α, β, γ) between the points of the grid, trilinear; NaN where a point that counts is not known or not
 * finite, and outside. Exact for heights that are linear in each coordinate.
 */
export function heightInVolume(known: KnownVolume, at: readonly [number, number, number]): number {
  return valueAt(known.axes, { values: known.heights, computed: known.computed }, at).value;
}

/** At a point of the box; one that rounding put outside lies on its side. */
export const heightInBox = (known: KnownVolume, box: SceneBox, point: Point): number => {
  const at = coordinatesInBox(box, point);
  return heightInVolume(known, [onto(known, 0, at[0]), onto(known, 1, at[1]), onto(known, 2, at[2])]);
};

function onto({ axes }: KnownVolume, k: 0 | 1 | 2, at: number): number {
  const [low, high] = [axes[k]![0]!, axes[k]![axes[k]!.length - 1]!];
  const slack = 1e-9 * (high - low);
  return at < low && at > low - slack ? low : at > high && at < high + slack ? high : at;
}
