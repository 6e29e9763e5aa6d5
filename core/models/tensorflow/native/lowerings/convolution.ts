import { backend_util } from '@tensorflow/tfjs-core';
import type { NativeAttributes, NativeValue } from '../binding.ts';
import type { KernelAttributes, Lowering, NativeOperations } from '../lowering.ts';
import { activated } from './activations.ts';
import { ints, text } from './attributes.ts';
import { transpose } from './values.ts';
import { covered, fitted, unfitted, type WindowAxis } from './window.ts';

type Pair = [number, number];
type Four = [number, number, number, number];

/** Convolutions of images and the two linear maps that are their derivatives. Channels-first images are transposed. */
export const convolutionLowerings: Readonly<Record<string, Lowering>> = {
  Conv2D: (native, { x, filter }, attributes) => convolve(native, x!, filter!, attributes),
  FusedConv2D: (native, { x, filter, ...rest }, attributes) =>
    activated(native, convolve(native, x!, filter!, attributes), rest, attributes),

  Conv2DBackpropInput: (native, { dy, filter }, attributes) => {
    const back = layoutOf(attributes);
    const window = convolution(back.shapeIn(attributes.inputShape as number[]), filter!.shape, attributes);
    const dys = back.in(native, dy!);
    if (window.padding !== undefined) {
      const sizes = native.ints(window.inputShape);
      const dx = native.run('Conv2DBackpropInput', [sizes, filter!, dys], options(window));
      return back.out(native, dx);
    }
    const sizes = native.ints([window.inputShape[0], ...window.axes.map(covered), window.inputShape[3]]);
    const dx = native.run('Conv2DBackpropInput', [sizes, filter!, dys], options(window));
    return back.out(native, unfitted(native, dx, window.axes));
  },

  Conv2DBackpropFilter: (native, { x, dy }, attributes) => {
    const filterShape = attributes.filterShape as number[];
    const back = layoutOf(attributes);
    const image = back.in(native, x!);
    const window = convolution(image.shape, filterShape, attributes);
    const cells = window.padding === undefined ? fitted(native, image, window.axes) : image;
    return native.run('Conv2DBackpropFilter', [cells, native.ints(filterShape), back.in(native, dy!)], options(window));
  },
};

function convolve(
  native: NativeOperations,
  x: NativeValue,
  filter: NativeValue,
  attributes: KernelAttributes,
): NativeValue {
  const layout = layoutOf(attributes);
  const image = layout.in(native, x);
  const window = convolution(image.shape, filter.shape, attributes);
  const cells = window.padding === undefined ? fitted(native, image, window.axes) : image;
  return layout.out(native, native.run('Conv2D', [cells, filter], options(window)));
}

interface Convolution {
  readonly inputShape: Four;
  readonly axes: readonly [WindowAxis, WindowAxis];
  readonly dilations: Pair;
  /** One that TensorFlow knows by the same name; for any other the input is padded first. */
  readonly padding: 'SAME' | 'VALID' | undefined;
}

/** The window of a convolution of channels-last images. */
export function convolution(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dilations, dimRoundingMode }: KernelAttributes,
  depthwise = false,
): Convolution {
  const info = backend_util.computeConv2DInfo(
    [...inputShape] as Four,
    [...filterShape] as Four,
    strides as Pair,
    (dilations ?? 1) as Pair,
    pad as 'same',
    dimRoundingMode as 'floor' | undefined,
    depthwise,
  );
  const { type } = info.padInfo;
  return {
    inputShape: [...inputShape] as Four,
    axes: [
      {
        input: info.inHeight,
        output: info.outHeight,
        size: info.effectiveFilterHeight,
        stride: info.strideHeight,
        before: info.padInfo.top,
      },
      {
        input: info.inWidth,
        output: info.outWidth,
        size: info.effectiveFilterWidth,
        stride: info.strideWidth,
        before: info.padInfo.left,
      },
    ],
    dilations: [info.dilationHeight, info.dilationWidth],
    padding: type === 'SAME' || type === 'VALID' ? type : undefined,
  };
}

function options({ axes: [rows, columns], dilations, padding = 'VALID' }: Convolution): NativeAttributes {
  return {
    strides: ints([1, rows.stride, columns.stride, 1]),
    dilations: ints([1, ...dilations, 1]),
    padding: text(padding),
  };
}

/** How images come in and go out: TensorFlow's CPU convolves channels-last images only. */
function layoutOf({ dataFormat }: KernelAttributes) {
  const first = dataFormat === 'NCHW';
  return {
    in: (native: NativeOperations, x: NativeValue) => (first ? transpose(native, x, [0, 2, 3, 1]) : x),
    out: (native: NativeOperations, y: NativeValue) => (first ? transpose(native, y, [0, 3, 1, 2]) : y),
    shapeIn: ([n = 0, a = 0, b = 0, c = 0]: readonly number[]) => (first ? [n, b, c, a] : [n, a, b, c]),
  };
}
