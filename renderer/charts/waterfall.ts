import { colourIndex, colourTable } from './colour-map.ts';

/** A density at one step, as its probe recorded it: y over rising x, linear between the points, zero outside. */
export interface DensityColumn {
  readonly step: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/**
 * Decades of density that are told apart by colour: one eigenvalue of a network of ten thousands of parameters, which is
 * what an outlier is, lies five decades below the bulk at zero.
 */
export const waterfallDecades = 6;

/**
 * Mean density in each of `rows` equal bins between low and high, lowest bin first: the exact integral of the curve over
 * the bin, divided by its width. The bins of a range that covers the curve add up to its whole area.
 */
export function binnedDensity(
  { x, y }: Omit<DensityColumn, 'step'>,
  low: number,
  high: number,
  rows: number,
  out: Float64Array,
): void {
  const width = (high - low) / rows;
  out.fill(0, 0, rows);
  for (let i = 0; i + 1 < x.length; i++) {
    const [a, b] = [x[i]!, x[i + 1]!];
    if (!(b > a) || b <= low || a >= high) continue;
    const first = Math.max(0, Math.floor((a - low) / width));
    const last = Math.min(rows - 1, Math.floor((b - low) / width));
    for (let row = first; row <= last; row++) {
      const from = Math.max(a, low + row * width);
      const to = Math.min(b, low + (row + 1) * width);
      if (to <= from) continue;
      const middle = y[i]! + (y[i + 1]! - y[i]!) * (((from + to) / 2 - a) / (b - a));
      out[row] = out[row]! + (middle * (to - from)) / width;
    }
  }
}

export interface WaterfallScale {
  /** λ from the lower to the upper edge. */
  readonly low: number;
  readonly high: number;
  /** log₁₀ of the density with the darkest and with the lightest colour; whole numbers. */
  readonly darkest: number;
  readonly lightest: number;
}

/**
 * The λ where any density is above the darkest colour, and the colours: from the decade that holds the highest density
 * six decades down. Null without a positive density.
 */
export function waterfallScale(densities: readonly DensityColumn[]): WaterfallScale | null {
  let highest = 0;
  for (const { y } of densities) for (const value of y) if (value > highest && Number.isFinite(value)) highest = value;
  if (highest === 0) return null;
  // Without the sign of a negative zero.
  const lightest = Math.ceil(Math.log10(highest) - 1e-9) + 0;
  const darkest = lightest - waterfallDecades;
  const floor = 10 ** darkest;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { x, y } of densities)
    for (let i = 0; i < x.length; i++)
      if (y[i]! > floor) {
        low = Math.min(low, x[i]!);
        high = Math.max(high, x[i]!);
      }
  return low < high ? { low, high, darkest, lightest } : null;
}

/** One column of the picture as RGBA, top row first; `bins` are lowest first. */
export function colourColumn(
  bins: Float64Array,
  rows: number,
  { darkest, lightest }: Pick<WaterfallScale, 'darkest' | 'lightest'>,
  out: Uint8ClampedArray,
  column: number,
  columns: number,
): void {
  const table = colourTable('viridis');
  for (let row = 0; row < rows; row++) {
    const density = bins[rows - 1 - row]!;
    const index = density > 0 ? colourIndex(Math.log10(density), darkest, lightest) : 0;
    const at = 4 * (row * columns + column);
    out[at] = table[3 * index]!;
    out[at + 1] = table[3 * index + 1]!;
    out[at + 2] = table[3 * index + 2]!;
    out[at + 3] = 255;
  }
}
