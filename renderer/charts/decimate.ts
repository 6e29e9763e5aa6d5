/** Stands for a gap among the rows that `rowsToDraw` chooses. */
export const gap = -1;

/** Rows that `rowsToDraw` may choose for a line of this many pixels. */
export const rowsCapacity = (pixels: number): number => 4 * (Math.ceil(pixels) + 4);

export interface StepWindow {
  readonly low: number;
  readonly high: number;
}

/**
 * Which rows of a line are to be drawn into a window of so many pixels: of those that fall on one pixel the first, the
 * lowest, the highest and the last, so that no extreme is lost. One row on either side of the window belongs to it,
 * because the line enters and leaves there. A pixel without any drawable value becomes a gap. Values are drawable when
 * they are finite, and positive where `positive` is asked for. Writes into `out` and answers how many it wrote; O(rows).
 */
export function rowsToDraw(
  x: Float64Array,
  y: Float64Array,
  length: number,
  { low, high }: StepWindow,
  pixels: number,
  positive: boolean,
  out: Int32Array,
): number {
  const scale = pixels / (high - low);
  const start = Math.max(0, firstRowAtOrAfter(x, length, low) - 1);
  const end = Math.min(length, firstRowAtOrAfter(x, length, high) + 1);
  let count = 0;
  let pixel = Number.NaN;
  let [first, lowest, highest, last] = [-1, -1, -1, -1];
  for (let row = start; row < end; row++) {
    const at = Math.min(pixels, Math.max(-1, Math.floor((x[row]! - low) * scale)));
    if (at !== pixel) {
      if (row > start) count = choose(out, count, first, lowest, highest, last);
      pixel = at;
      first = -1;
    }
    const value = y[row]!;
    if (!(value - value === 0) || (positive && value <= 0)) continue;
    if (first < 0) first = lowest = highest = row;
    else if (value < y[lowest]!) lowest = row;
    else if (value > y[highest]!) highest = row;
    last = row;
  }
  return end > start ? choose(out, count, first, lowest, highest, last) : count;
}

/** The rows of one pixel in their order, each once; a gap where there are none. */
function choose(out: Int32Array, count: number, first: number, lowest: number, highest: number, last: number): number {
  if (first < 0) {
    if (count > 0 && out[count - 1] !== gap) out[count++] = gap;
    return count;
  }
  const [middle, later] = lowest < highest ? [lowest, highest] : [highest, lowest];
  out[count++] = first;
  if (middle !== first) out[count++] = middle;
  if (later !== middle) out[count++] = later;
  if (last !== later) out[count++] = last;
  return count;
}

/** The first row whose x is at or after `at`; `length` where none is. */
export function firstRowAtOrAfter(x: Float64Array, length: number, at: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
