import { pad, reshape, type Tensor } from '@tensorflow/tfjs-core';
import { volume } from './strided-slice.ts';

/**
 * Padding of more than four axes, one axis after the other with the axes before and after it taken together: the GPU
 * backend pads four at most. Undefined for fewer axes.
 */
export function paddedAxisByAxis(
  { x }: Record<string, Tensor>,
  { paddings, constantValue }: Record<string, unknown>,
): Tensor | undefined {
  if (x!.shape.length <= 4) return undefined;
  return (paddings as [number, number][]).reduce((t, [before, after], axis) => {
    if (before === 0 && after === 0) return t;
    const { shape } = t;
    const n = shape[axis]!;
    const flat = reshape(t, [volume(shape.slice(0, axis)), n, volume(shape.slice(axis + 1))]);
    const padded = pad(
      flat,
      [
        [0, 0],
        [before, after],
        [0, 0],
      ],
      constantValue as number,
    );
    return reshape(
      padded,
      shape.map((extent, i) => (i === axis ? before + n + after : extent)),
    );
  }, x!);
}
