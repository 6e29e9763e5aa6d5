import type { Axes } from '../../../core/fields/grid.ts';
import { type HeightScale, heightOf, heightScale } from '../height-scale.ts';
import type { VolumeContent } from './volume-content.ts';

/** The grid that is drawn: every `stride`-th point of each axis, with heights (log₁₀ of the quantity, or itself). */
export interface KnownVolume {
  readonly axes: Axes;
  /** Of the whole axes, to which the points that are drawn may not reach. */
  readonly ends: readonly (readonly [number, number])[];
  readonly stride: number;
  /** NaN where the quantity is not finite or not known. */
  readonly heights: Float64Array;
  readonly computed: Uint8Array;
  readonly scale: HeightScale;
}

/**
 * The finest stride, a power of two, all of whose points are computed; 1 for a complete volume, whatever it lacks, and
 * where no stride is whole. Cost: one look at each point.
 */
export function knownStride(axes: Axes, computed: ArrayLike<number>, complete: boolean): number {
  if (complete) return 1;
  const most = Math.max(1, Math.min(...axes.map(({ length }) => length)) - 1);
  for (let stride = 1; stride <= most; stride *= 2) if (isWhole(axes, computed, stride)) return stride;
  return 1;
}

function isWhole(axes: Axes, computed: ArrayLike<number>, stride: number): boolean {
  const [columns, rows, layers] = axes.map(({ length }) => length) as [number, number, number];
  for (let k = 0; k < layers; k += stride)
    for (let j = 0; j < rows; j += stride)
      for (let i = 0; i < columns; i += stride) if (computed[i + columns * (j + rows * k)] !== 1) return false;
  return true;
}

/** Null where no finite value is known yet. `coarser`: that many times fewer points a side, for pictures in motion. */
export function knownVolume(
  { axes, fields, complete }: VolumeContent,
  quantity: number,
  wanted: 'log' | 'linear',
  coarser = 1,
): KnownVolume | null {
  const field = fields[quantity] ?? fields[0];
  const scale = heightScale({ loss: field.values, computed: field.computed }, [], wanted);
  if (scale === null) return null;
  const stride = coarser * knownStride(axes, field.computed, complete);
  return { ...thinned(axes, field.values, field.computed, stride, scale), stride, scale };
}

function thinned(axes: Axes, values: Float64Array, computed: Uint8Array, stride: number, scale: HeightScale) {
  const kept = axes.map((axis) => keptPlaces(axis.length, stride));
  const [columns, rows] = axes.map(({ length }) => length) as [number, number, number];
  const count = kept.reduce((product, { length }) => product * length, 1);
  const [heights, known] = [new Float64Array(count), new Uint8Array(count)];
  let point = 0;
  for (const k of kept[2]!)
    for (const j of kept[1]!) {
      const row = columns * (j + rows * k);
      for (const i of kept[0]!) {
        const height = computed[row + i] === 1 ? heightOf(values[row + i]!, scale) : Number.NaN;
        known[point] = computed[row + i]!;
        heights[point] = Number.isFinite(height) ? height : Number.NaN;
        point++;
      }
    }
  return {
    axes: axes.map((axis, k) => Float64Array.from(kept[k]!, (at) => axis[at]!)),
    ends: axes.map((axis): readonly [number, number] => [axis[0] ?? 0, axis[axis.length - 1] ?? 0]),
    heights,
    computed: known,
  };
}

/** Multiples of the stride. */
const keptPlaces = (length: number, stride: number): number[] =>
  Array.from({ length: Math.max(1, Math.floor((length - 1) / stride) + 1) }, (_, i) => i * stride);
