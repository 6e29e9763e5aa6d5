import { pad, reshape, reverse, slice, slice_util, type Tensor } from '@tensorflow/tfjs-core';

export interface StridedSliceAttributes {
  begin: number[];
  end: number[];
  strides: number[];
  beginMask: number;
  endMask: number;
  ellipsisMask: number;
  newAxisMask: number;
  shrinkAxisMask: number;
}

/** `x[begin:end:stride, …]` as slices, paddings, reversals and reshapes, each of which has a derivative rule. */
export function stridedSliceByParts(x: Tensor, attributes: StridedSliceAttributes): Tensor {
  const { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes;
  const { begin, end, strides, finalShape } = slice_util.sliceInfo(
    x.shape,
    attributes.begin,
    attributes.end,
    attributes.strides,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  );
  const counts = slice_util.computeOutShape(begin, end, strides);
  const y = counts.reduce((part, count, axis) => everyNth(part, axis, begin[axis]!, count, strides[axis]!), x);
  return reshape(y, finalShape);
}

/** The cells begin, begin + stride, … along one axis, `count` of them; a negative stride goes backwards. */
export function everyNth(x: Tensor, axis: number, begin: number, count: number, stride: number): Tensor {
  const n = x.shape[axis]!;
  if (stride < 0) return everyNth(reverse(x, axis), axis, n - 1 - begin, count, -stride);
  const length = Math.max(0, (count - 1) * stride + 1);
  const part =
    begin === 0 && length === n
      ? x
      : slice(
          x,
          x.shape.map((_, i) => (i === axis ? begin : 0)),
          x.shape.map((extent, i) => (i === axis ? length : extent)),
        );
  if (stride === 1 || count <= 1) return part;
  // Blocks of `stride` cells, of which the first is taken.
  const before = volume(x.shape.slice(0, axis));
  const after = volume(x.shape.slice(axis + 1));
  const whole = pad(reshape(part, [before, length, after]), [
    [0, 0],
    [0, stride - 1],
    [0, 0],
  ]);
  const first = slice(reshape(whole, [before, count, stride * after]), [0, 0, 0], [before, count, after]);
  return reshape(
    first,
    x.shape.map((extent, i) => (i === axis ? count : extent)),
  );
}

export const volume = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
