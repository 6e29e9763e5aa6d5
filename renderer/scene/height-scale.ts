import type { SliceGrid } from './slice-grid.ts';

/** What is drawn upwards: log₁₀ L, or L itself. */
export interface HeightScale {
  readonly logarithmic: boolean;
  /** The ends of the colours: the heights of the grid, as far as they are drawn. */
  readonly low: number;
  readonly high: number;
  /** The ends of the box: the grid, and the path above or below it. */
  readonly bottom: number;
  readonly top: number;
  /** The height at which everything higher is cut off; absent where nothing is. */
  readonly clip?: number;
}

/** Losses that several pictures reach together: their grids, and their grids with the paths over them. */
export interface ScaleReach {
  readonly colours: readonly [number, number];
  readonly box: readonly [number, number];
}

/**
 * From the finite losses of a grid and of a path over it; null without any. Losses that are not all positive have no
 * logarithm and are drawn linearly, whatever was wanted. `clip`: the highest loss that is drawn; it cuts where it lies
 * above the lowest loss and below the highest. `reach`: of pictures in the same
 * scale.
 */
export function heightScale(
  { loss, computed }: Pick<SliceGrid, 'loss' | 'computed'>,
  pathLosses: ArrayLike<number>,
  wanted: 'log' | 'linear',
  clip: number | null = null,
  reach: ScaleReach | null = null,
): HeightScale | null {
  const own = rangeOf(loss, computed);
  if (own === null) return null;
  const grid = joinedRange(own, reach?.colours ?? null);
  const box = joinedRange(rangeOf(pathLosses, null) ?? grid, reach?.box ?? null);
  const logarithmic = wanted === 'log' && grid[0] > 0 && box[0] > 0;
  const heights = (range: readonly [number, number]) => (logarithmic ? log10(range) : range);
  const [low, high] = widened(heights(grid));
  const [bottom, top] = heights(box);
  const cut = clip === null ? Number.NaN : logarithmic ? Math.log10(clip) : clip;
  if (cut > low && cut < Math.max(high, top)) {
    const end = Math.min(high, cut);
    return { logarithmic, low, high: end, bottom: Math.min(low, bottom), top: cut, clip: cut };
  }
  return { logarithmic, low, high, bottom: Math.min(low, bottom), top: Math.max(high, top) };
}

/** Of a loss, as high as it is drawn. */
export function heightOf(loss: number, { logarithmic, clip }: HeightScale): number {
  const height = logarithmic ? Math.log10(loss) : loss;
  return clip !== undefined && height > clip ? clip : height;
}

export const lossAt = (height: number, { logarithmic }: Pick<HeightScale, 'logarithmic'>): number =>
  logarithmic ? 10 ** height : height;

/** The least and the greatest finite value; null without any. */
export function rangeOf(
  values: ArrayLike<number>,
  computed: ArrayLike<number> | null,
): readonly [number, number] | null {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if ((computed !== null && computed[i] !== 1) || value - value !== 0) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}

/** The least range that holds both. */
export const joinedRange = (
  [low, high]: readonly [number, number],
  other: readonly [number, number] | null,
): readonly [number, number] => [Math.min(low, other?.[0] ?? low), Math.max(high, other?.[1] ?? high)];

const log10 = ([low, high]: readonly [number, number]): readonly [number, number] => [
  Math.log10(low),
  Math.log10(high),
];

/** A constant has a height too. */
export const widened = ([low, high]: readonly [number, number]): readonly [number, number] => {
  const least = 1e-12 * Math.max(1, Math.abs(low));
  return high - low > least ? [low, high] : [low - 0.5, high + 0.5];
};
