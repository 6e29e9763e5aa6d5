import type { SliceGrid } from './slice-grid.ts';

/** What is drawn upwards: log₁₀ L, or L itself. */
export interface HeightScale {
  readonly logarithmic: boolean;
  /** The ends of the colours: the heights of the grid. */
  readonly low: number;
  readonly high: number;
  /** The ends of the box: the grid, and the path above or below it. */
  readonly bottom: number;
  readonly top: number;
}

/**
 * From the finite losses of a grid and of a path over it; null without any. Losses that are not all positive have no
 * logarithm and are drawn linearly, whatever was wanted.
 */
export function heightScale(
  { loss, computed }: Pick<SliceGrid, 'loss' | 'computed'>,
  pathLosses: ArrayLike<number>,
  wanted: 'log' | 'linear',
): HeightScale | null {
  const drawn: number[] = [];
  for (let i = 0; i < loss.length; i++) if (computed[i] === 1 && Number.isFinite(loss[i])) drawn.push(loss[i]!);
  if (drawn.length === 0) return null;
  const path = Array.from(pathLosses).filter(Number.isFinite);
  const logarithmic = wanted === 'log' && drawn.every((one) => one > 0) && path.every((one) => one > 0);
  const [low, high] = widened(range(drawn, logarithmic));
  const [bottom, top] = range(path.length > 0 ? path : drawn, logarithmic);
  return { logarithmic, low, high, bottom: Math.min(low, bottom), top: Math.max(high, top) };
}

export const heightOf = (loss: number, { logarithmic }: HeightScale): number => (logarithmic ? Math.log10(loss) : loss);

export const lossAt = (height: number, { logarithmic }: HeightScale): number => (logarithmic ? 10 ** height : height);

function range(values: readonly number[], logarithmic: boolean): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return logarithmic ? [Math.log10(low), Math.log10(high)] : [low, high];
}

/** A constant loss has a height too. */
const widened = ([low, high]: readonly [number, number]): readonly [number, number] => {
  const least = 1e-12 * Math.max(1, Math.abs(low));
  return high - low > least ? [low, high] : [low - 0.5, high + 0.5];
};
