import { pad, reshape, slice, type Tensor } from '@tensorflow/tfjs-core';
import type { EngineInternals } from '../../engine-access.ts';
import { volume } from './strided-slice.ts';

/**
 * A dilated convolution of volumes as an ordinary one whose filter has zeros between its taps: few backends have the
 * former. Undefined where nothing is dilated.
 */
export function undilatedConv3d(
  { x, filter }: Record<string, Tensor>,
  attributes: Record<string, unknown>,
  run: EngineInternals['runKernel'],
): Tensor | undefined {
  const given = attributes.dilations ?? 1;
  const dilations = Array.isArray(given) ? (given as number[]) : [given, given, given].map(Number);
  if (dilations.every((d) => d === 1)) return undefined;
  const stuffed = dilations.reduce(zerosBetween, filter!);
  return run('Conv3D', { x, filter: stuffed }, { ...attributes, dilations: 1 }) as Tensor;
}

/** Puts d − 1 zeros between the cells of an axis. */
function zerosBetween(t: Tensor, d: number, axis: number): Tensor {
  if (d === 1) return t;
  const n = t.shape[axis]!;
  const before = volume(t.shape.slice(0, axis));
  const after = volume(t.shape.slice(axis + 1));
  const long = pad(reshape(t, [before * n, 1, after]), [
    [0, 0],
    [0, d - 1],
    [0, 0],
  ]);
  const length = (n - 1) * d + 1;
  const cut = slice(reshape(long, [before, n * d, after]), [0, 0, 0], [before, length, after]);
  return reshape(
    cut,
    t.shape.map((extent, i) => (i === axis ? length : extent)),
  );
}
