import { add, backend_util, maximum, pad, slice, type Tensor } from '@tensorflow/tfjs-core';
import { everyNth } from './strided-slice.ts';

export interface DilationAttributes {
  strides: number | [number, number];
  pad: 'valid' | 'same';
  dilations: number | [number, number];
}

/** Below every number that a model computes; the maximum never takes a padded cell. */
const belowAll = -3e38;

/**
 * Greyscale dilation, y = max over taps (h, w) of x moved by the tap + filter[h, w]: one strided slice and one maximum
 * for every tap.
 */
export function dilationByTaps(x: Tensor, filter: Tensor, attributes: DilationAttributes): Tensor {
  const info = backend_util.computeDilation2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number],
    attributes.strides,
    attributes.pad,
    'NHWC',
    attributes.dilations,
  );
  const { top, bottom, left, right } = info.padInfo;
  const padded = pad(
    x,
    [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    belowAll,
  );
  const taps: Tensor[] = [];
  for (let h = 0; h < info.filterHeight; h++) {
    const rows = everyNth(padded, 1, h * info.dilationHeight, info.outHeight, info.strideHeight);
    for (let w = 0; w < info.filterWidth; w++) {
      const cells = everyNth(rows, 2, w * info.dilationWidth, info.outWidth, info.strideWidth);
      taps.push(add(cells, slice(filter, [h, w, 0], [1, 1, info.inChannels])));
    }
  }
  return taps.reduce((most, tap) => maximum(most, tap));
}
