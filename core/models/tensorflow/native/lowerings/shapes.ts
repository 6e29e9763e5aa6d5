import { backend_util, slice_util, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import type { NativeValue } from '../binding.ts';
import type { Lowering } from '../lowering.ts';
import { int, text, type } from './attributes.ts';
import { axesOf } from './reductions.ts';
import { concat, handedOn, listed, pad, pairs, slice, transpose } from './values.ts';

/** Rearrangements of entries. */
export const shapeLowerings: Readonly<Record<string, Lowering>> = {
  Reshape: (native, { x }, { shape }) => native.run('Reshape', [x!, native.ints(shape as number[])]),
  ExpandDims: (native, { input }, { dim }) => native.run('ExpandDims', [input!, native.int(dim as number)]),
  Transpose: (native, { x }, { perm }) => native.run('Transpose', [x!, native.ints(perm as number[])]),
  Reverse: (native, { x }, { dims }) => {
    const axes = axesOf(x!, dims);
    return axes.length === 0 ? native.run('Identity', [x!]) : native.run('ReverseV2', [x!, native.ints(axes)]);
  },

  Concat: (native, inputs, { axis }) => {
    const parts = listed(inputs);
    return parts.length === 1 ? native.run('Identity', parts) : concat(native, parts, axesOf(parts[0]!, axis)[0]!);
  },
  SplitV: (native, { x }, { numOrSizeSplits, axis }) => {
    const along = axesOf(x!, axis)[0]!;
    const sizes = backend_util.prepareSplitSize(shaped(x!) as Tensor, numOrSizeSplits as number | number[], along);
    return native.runMany(
      'SplitV',
      [x!, native.ints(sizes), native.int(along)],
      { num_split: int(sizes.length) },
      sizes.length,
    );
  },
  Pack: (native, inputs, { axis }) => {
    const parts = listed(inputs);
    return native.run('Pack', parts, {
      N: int(parts.length),
      T: type(parts[0]!.type),
      axis: int(axis as number),
    });
  },
  Unpack: (native, { value }, { axis }) => {
    const along = axesOf(value!, axis)[0]!;
    const num = value!.shape[along]!;
    return native.runMany('Unpack', [value!], { num: int(num), axis: int(along) }, num);
  },

  Slice: (native, { x }, { begin, size }) => {
    const [from = [], lengths = []] = slice_util.parseSliceParams(
      shaped(x!),
      begin as number | number[],
      size as number | number[],
    );
    return handedOn(native, slice(native, x!, from, lengths), x!);
  },
  StridedSlice: (native, { x }, attributes) => {
    const { begin, end, strides } = attributes as Record<string, number[]>;
    const { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes as Record<string, number>;
    return native.run('StridedSlice', [x!, native.ints(begin!), native.ints(end!), native.ints(strides!)], {
      begin_mask: int(beginMask ?? 0),
      end_mask: int(endMask ?? 0),
      ellipsis_mask: int(ellipsisMask ?? 0),
      new_axis_mask: int(newAxisMask ?? 0),
      shrink_axis_mask: int(shrinkAxisMask ?? 0),
    });
  },
  PadV2: (native, { x }, { paddings, constantValue }) =>
    handedOn(native, pad(native, x!, paddings as number[][], (constantValue as number | undefined) ?? 0), x!),
  MirrorPad: (native, { x }, { paddings, mode }) =>
    native.run('MirrorPad', [x!, pairs(native, paddings as number[][])], { mode: text(String(mode).toUpperCase()) }),

  Tile: (native, { x }, { reps }) => native.run('Tile', [x!, native.ints(reps as number[])]),
  BroadcastTo: (native, { x }, { shape }) => native.run('BroadcastTo', [x!, native.ints(shape as number[])]),
  BroadcastArgs: (native, { s0, s1 }) => native.run('BroadcastArgs', [s0!, s1!]),

  SpaceToBatchND: (native, { x }, { blockShape, paddings }) =>
    native.run('SpaceToBatchND', [x!, native.ints(blockShape as number[]), pairs(native, paddings as number[][])]),
  BatchToSpaceND: (native, { x }, { blockShape, crops }) =>
    native.run('BatchToSpaceND', [x!, native.ints(blockShape as number[]), pairs(native, crops as number[][])]),
  DepthToSpace: (native, { x }, { blockSize, dataFormat }) => {
    if ((blockSize as number) < 2) return native.run('Identity', [x!]);
    const first = dataFormat === 'NCHW';
    const image = first ? transpose(native, x!, [0, 2, 3, 1]) : x!;
    const wide = native.run('DepthToSpace', [image], { block_size: int(blockSize as number) });
    return first ? transpose(native, wide, [0, 3, 1, 2]) : wide;
  },
  FlipLeftRight: (native, { image }) => native.run('ReverseV2', [image!, native.ints([2])]),
  Diag: (native, { x }) => native.run('Diag', [x!]),
};

/** What the library's functions of shapes take; they look at the shape only. */
const shaped = ({ shape }: NativeValue): TensorInfo => ({ shape: [...shape], dtype: 'float32', dataId: {} });
