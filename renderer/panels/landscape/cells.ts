import { coordinatesOf } from '../../../core/fields/grid.ts';
import type { ShownLandscape } from '../../state/results.ts';

type Slice = ShownLandscape['slice'];

export const axisNames = ['α', 'β', 'γ'] as const;

/** ‖Σ_k c_k d_k‖ = √(Σ_kl c_k c_l ‖d_k‖‖d_l‖ cos ∠(d_k, d_l)) */
export function distanceFromOrigin({ directions, cosines }: Slice, coordinates: readonly number[]): number {
  const pairs = [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const;
  const lengths = coordinates.map((at, k) => at * directions[k]!.norm);
  let square = lengths.reduce((sum, length) => sum + length * length, 0);
  const known = lengths.length === 1 ? [] : pairs.filter(([, l]) => l < lengths.length);
  for (const [i, [k, l]] of known.entries()) square += 2 * lengths[k]! * lengths[l]! * (cosines[i] ?? 0);
  return Math.sqrt(Math.max(0, square));
}

export const coordinatesOfCell = ({ axes }: Slice, index: number): readonly number[] => coordinatesOf(axes, index);

/** The cell nearest to coordinates, by its index in the fields. */
export function nearestCell({ axes }: Slice, coordinates: readonly number[]): number {
  let [index, stride] = [0, 1];
  axes.forEach((axis, k) => {
    let best = 0;
    for (let i = 1; i < axis.length; i++)
      if (Math.abs(axis[i]! - coordinates[k]!) < Math.abs(axis[best]! - coordinates[k]!)) best = i;
    index += stride * best;
    stride *= axis.length;
  });
  return index;
}

/** The checkpoint whose shadow is nearest, in parameter length along the axes; null without a path or lengths. */
export function nearestStep(
  { slice, newer }: ShownLandscape,
  coordinates: readonly number[],
): { readonly step: number; readonly distance: number } | null {
  let best: { step: number; distance: number } | null = null;
  for (const path of [slice.trajectory, newer])
    path?.steps.forEach((step, i) => {
      const apart = coordinates.map((at, k) => at - (path.coordinates[k]?.[i] ?? 0));
      const distance = distanceFromOrigin(slice, apart);
      if (Number.isFinite(distance) && (best === null || distance < best.distance)) best = { step, distance };
    });
  return best;
}
