import type { PlotBars } from '../../charts/quantity-plot.ts';

/**
 * Bars of about equal width over what is finite, √n of them up to `most`; with `density` their area is one. Empty for
 * nothing.
 */
export function histogram(
  values: ArrayLike<number>,
  { most = 40, density = false, whole = false }: { most?: number; density?: boolean; whole?: boolean } = {},
): Pick<PlotBars, 'from' | 'to' | 'height'> {
  const finite = Array.from(values).filter(Number.isFinite);
  if (finite.length === 0) return { from: [], to: [], height: [] };
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const wanted = Math.max(4, Math.min(most, Math.ceil(2 * Math.sqrt(finite.length))));
  const span = high - low || 1;
  const width = whole ? Math.max(1, Math.ceil(span / wanted)) : span / wanted;
  const count = Math.max(1, Math.ceil((high - low) / width + (whole ? 1 / width : 0)));
  const start = whole ? low - 0.5 : low;
  const height = new Float64Array(count);
  for (const value of finite) height[Math.min(count - 1, Math.max(0, Math.floor((value - start) / width)))]!++;
  if (density) for (let i = 0; i < count; i++) height[i]! /= finite.length * width;
  return {
    from: Float64Array.from(height, (_, i) => start + i * width),
    to: Float64Array.from(height, (_, i) => start + (i + 1) * width),
    height,
  };
}
