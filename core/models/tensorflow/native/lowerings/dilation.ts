import { backend_util } from '@tensorflow/tfjs-core';
import type { NativeAttributes, NativeValue } from '../binding.ts';
import type { KernelAttributes, Lowering } from '../lowering.ts';
import { ints, text } from './attributes.ts';

/** Morphological dilation of grey images, and its derivatives. */
export const dilationLowerings: Readonly<Record<string, Lowering>> = {
  Dilation2D: (native, { x, filter }, attributes) =>
    native.run('Dilation2D', [x!, filter!], options(x!, filter!, attributes)),
  Dilation2DBackpropInput: (native, { x, filter, dy }, attributes) =>
    native.run('Dilation2DBackpropInput', [x!, filter!, dy!], options(x!, filter!, attributes)),
  Dilation2DBackpropFilter: (native, { x, filter, dy }, attributes) =>
    native.run('Dilation2DBackpropFilter', [x!, filter!, dy!], options(x!, filter!, attributes)),
};

function options(x: NativeValue, filter: NativeValue, { strides, pad, dilations }: KernelAttributes): NativeAttributes {
  const info = backend_util.computeDilation2DInfo(
    [...x.shape] as [number, number, number, number],
    [...filter.shape] as [number, number, number],
    strides as number,
    pad as 'same',
    'NHWC',
    dilations as number,
  );
  return {
    strides: ints([1, info.strideHeight, info.strideWidth, 1]),
    rates: ints([1, info.dilationHeight, info.dilationWidth, 1]),
    padding: text(String(pad).toUpperCase()),
  };
}
