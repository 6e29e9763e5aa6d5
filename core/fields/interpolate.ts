import type { Axes, Field } from './grid.ts';

/** The value between points of a grid; `known` is false, and the value NaN, where a corner that counts was not computed. */
export interface Interpolated {
  readonly value: number;
  readonly known: boolean;
}

/**
 * Multilinear interpolation at one point: Σ over the 2^d corners of its cell of Π weights · value. A corner of weight
 * zero does not count, so that points of the grid give back their value whatever lies beside them. NaN and infinities
 * that count are data and go through. Outside the grid nothing is known. Axes rise.
 *
 * Error for a smooth function: Σ_k h_k²/8 · max |∂²f/∂x_k²|.
 */
export function valueAt(axes: Axes, field: Field, point: ArrayLike<number>): Interpolated {
  const { values, computed } = interpolated(axes, field, point);
  return { value: values[0]!, known: computed[0] === 1 };
}

/** The same at many points, their coordinates one point after the other (points × axes). O(2^d + log n) a point. */
export function interpolated(axes: Axes, field: Field, points: ArrayLike<number>): Field {
  const dimension = axes.length;
  const count = Math.floor(points.length / dimension);
  const values = new Float64Array(count).fill(Number.NaN);
  const computed = new Uint8Array(count);
  const share = new Float64Array(dimension);
  const strides = stridesOf(axes);
  for (let n = 0; n < count; n++) {
    let base = 0;
    let inside = true;
    for (let k = 0; k < dimension && inside; k++) {
      const axis = axes[k]!;
      const at = points[n * dimension + k]!;
      const cell = cellOf(axis, at);
      inside = cell >= 0;
      base += cell * strides[k]!;
      share[k] = cell + 1 < axis.length ? (at - axis[cell]!) / (axis[cell + 1]! - axis[cell]!) : 0;
    }
    if (!inside) continue;
    let sum = 0;
    let known = true;
    for (let corner = 0; corner < 1 << dimension && known; corner++) {
      let weight = 1;
      let at = base;
      for (let k = 0; k < dimension; k++) {
        const upper = (corner >> k) & 1;
        weight *= upper === 1 ? share[k]! : 1 - share[k]!;
        at += upper * strides[k]!;
      }
      if (weight === 0) continue;
      known = field.computed[at] === 1;
      sum += weight * field.values[at]!;
    }
    if (!known) continue;
    values[n] = sum;
    computed[n] = 1;
  }
  return { values, computed };
}

/** How far apart neighbours along each axis lie in the order of points. */
export function stridesOf(axes: Axes): Int32Array {
  const strides = new Int32Array(axes.length).fill(1);
  for (let k = 1; k < axes.length; k++) strides[k] = strides[k - 1]! * axes[k - 1]!.length;
  return strides;
}

/** The i with axis[i] ≤ at < axis[i+1], the last point belonging to the last cell; −1 outside. By bisection. */
export function cellOf(axis: Float64Array, at: number): number {
  const last = axis.length - 1;
  if (!(last >= 0 && at >= axis[0]! && at <= axis[last]!)) return -1;
  let [low, high] = [0, Math.max(0, last - 1)];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (axis[middle]! <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
