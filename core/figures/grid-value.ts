import type { ContourGrid } from './contours.ts';

/**
 * The value at (x, y) between the points of a grid, bilinear in its cell: exact for a + bx + cy + dxy. NaN outside the
 * grid and where a corner is not finite. Columns and rows may be spaced unevenly, ascending.
 */
export function gridValue({ x, y, values }: ContourGrid, atX: number, atY: number): number {
  const [column, row] = [cellOf(x, atX), cellOf(y, atY)];
  if (column < 0 || row < 0) return Number.NaN;
  const node = row * x.length + column;
  const [u, v] = [share(x, column, atX), share(y, row, atY)];
  const [a, b] = [values[node]!, values[node + 1]!];
  const [c, d] = [values[node + x.length]!, values[node + x.length + 1]!];
  if (![a, b, c, d].every(Number.isFinite)) return Number.NaN;
  return (1 - v) * ((1 - u) * a + u * b) + v * ((1 - u) * c + u * d);
}

/** The interval that holds `at`; −1 outside. */
function cellOf(values: ArrayLike<number>, at: number): number {
  const last = values.length - 1;
  if (last < 1 || !(at >= values[0]!) || !(at <= values[last]!)) return -1;
  let [low, high] = [0, last - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (values[middle]! <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

const share = (values: ArrayLike<number>, cell: number, at: number): number =>
  (at - values[cell]!) / (values[cell + 1]! - values[cell]!);
