import type { Specification } from './figure.ts';
import { type Frame, framed } from './theme.ts';

const channels = ['color', 'fill', 'stroke', 'shape', 'size', 'strokeDash'];

/** Several plots as one picture, each as large as it says itself: in a row, or one above the other. */
export function panels(frame: Frame, order: 'hconcat' | 'vconcat', plots: readonly Specification[]): Specification {
  const { width, height, ...rest } = framed(frame, {});
  return {
    ...rest,
    autosize: { type: 'pad', contains: 'padding' },
    spacing: order === 'hconcat' ? 18 : 14,
    // Vega-Lite would take a colour of one plot to mean the same in the next.
    resolve: { scale: Object.fromEntries(channels.map((channel) => [channel, 'independent'])) },
    [order]: plots,
  };
}
