import { type Axes, pointAt, pointCount } from '../../fields/grid.ts';

/** Spacings from coarse to fine, in points: powers of two, the coarsest with about four points along the shortest axis. */
export function strides(axes: Axes): number[] {
  const shortest = Math.min(...axes.map(({ length }) => length));
  const first = 2 ** Math.floor(Math.log2(Math.max(1, shortest / 4)));
  const found: number[] = [];
  for (let stride = first; stride >= 1; stride /= 2) found.push(stride);
  return found;
}

/** The points of every `stride`-th place along each axis that no coarser level of `strides` has; first axis fastest. */
export function pointsOfLevel(axes: Axes, stride: number): Int32Array {
  const [coarsest = 1] = strides(axes);
  const isNew = (place: readonly number[]) => stride === coarsest || place.some((at) => at % (2 * stride) !== 0);
  const counts = axes.map(({ length }) => Math.ceil(length / stride));
  const found: number[] = [];
  const place = axes.map(() => 0);
  const total = counts.reduce((product, count) => product * count, 1);
  for (let number = 0; number < total; number++) {
    let rest = number;
    for (const [k, count] of counts.entries()) {
      place[k] = (rest % count) * stride;
      rest = Math.floor(rest / count);
    }
    if (isNew(place)) found.push(pointAt(axes, place));
  }
  return Int32Array.from(found);
}

/** All points from coarse to fine, so that an early picture covers the whole slice. Every point comes once. */
export function coarseToFine(axes: Axes): Int32Array {
  const order = new Int32Array(pointCount(axes));
  let filled = 0;
  for (const stride of strides(axes)) {
    const level = pointsOfLevel(axes, stride);
    order.set(level, filled);
    filled += level.length;
  }
  return order;
}

export const evenlySpaced = (low: number, high: number, count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) =>
    count === 1 ? (low + high) / 2 : low + ((high - low) * i) / (count - 1),
  );
