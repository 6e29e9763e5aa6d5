import { backend_util } from '@tensorflow/tfjs-core';
import type { NativeAttributes } from '../binding.ts';
import type { KernelAttributes, Lowering } from '../lowering.ts';
import { ints, text } from './attributes.ts';
import { transpose } from './values.ts';
import { spread } from './window.ts';

type Five = [number, number, number, number, number];

/** Convolutions of volumes, padded 'same' or 'valid' (the library knows no other), and their derivatives. */
export const convolution3dLowerings: Readonly<Record<string, Lowering>> = {
  Conv3D: (native, { x, filter }, attributes) => {
    const first = attributes.dataFormat === 'NCDHW';
    const volume = first ? transpose(native, x!, [0, 2, 3, 4, 1]) : x!;
    // TensorFlow's CPU does not dilate volumes: the filter gets zeros between its taps.
    const dilations = triple(attributes.dilations ?? 1);
    const taps = dilations.reduce((filter, step, axis) => spread(native, filter, axis, step), filter!);
    const y = native.run('Conv3D', [volume, taps], options(volume.shape, taps.shape, attributes));
    return first ? transpose(native, y, [0, 4, 1, 2, 3]) : y;
  },
  Conv3DBackpropInputV2: (native, { dy, filter }, attributes) => {
    const inputShape = attributes.inputShape as number[];
    const attrs = options(inputShape, filter!.shape, attributes);
    return native.run('Conv3DBackpropInputV2', [native.ints(inputShape), filter!, dy!], attrs);
  },
  Conv3DBackpropFilterV2: (native, { x, dy }, attributes) => {
    const filterShape = attributes.filterShape as number[];
    const attrs = options(x!.shape, filterShape, attributes);
    return native.run('Conv3DBackpropFilterV2', [x!, native.ints(filterShape), dy!], attrs);
  },
};

function options(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad }: KernelAttributes,
): NativeAttributes {
  const info = backend_util.computeConv3DInfo(
    [...inputShape] as Five,
    [...filterShape] as Five,
    strides as number,
    1,
    pad as 'same',
  );
  const { type } = info.padInfo;
  if (type !== 'SAME' && type !== 'VALID')
    throw new Error(`A convolution of volumes is padded ${String(pad)}; 'same' and 'valid' exist.`);
  return {
    strides: ints([1, info.strideDepth, info.strideHeight, info.strideWidth, 1]),
    padding: text(type),
  };
}

function triple(value: unknown): number[] {
  return typeof value === 'number' ? [value, value, value] : (value as number[]);
}
