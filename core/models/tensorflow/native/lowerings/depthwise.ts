import type { NativeAttributes, NativeValue } from '../binding.ts';
import type { KernelAttributes, Lowering, NativeOperations } from '../lowering.ts';
import { activated } from './activations.ts';
import { ints, text } from './attributes.ts';
import { convolution } from './convolution.ts';
import { covered, everyNth, fitted, spread, unfitted, type WindowAxis } from './window.ts';

/**
 * Depthwise convolutions. TensorFlow's CPU overlooks dilations and refuses strides that differ: taps are spread with
 * zeros, and unequal strides are steps through the result for stride 1.
 */
export const depthwiseLowerings: Readonly<Record<string, Lowering>> = {
  DepthwiseConv2dNative: (native, { x, filter }, attributes) => convolve(native, x!, filter!, attributes),
  FusedDepthwiseConv2D: (native, { x, filter, ...rest }, attributes) =>
    activated(native, convolve(native, x!, filter!, attributes), rest, attributes),

  DepthwiseConv2dNativeBackpropInput: (native, { dy, filter }, attributes) => {
    const shape = attributes.inputShape as number[];
    const plan = planOf(shape, filter!.shape, attributes);
    const inputs = [
      native.ints(plan.padding === undefined ? [shape[0]!, ...plan.axes.map(covered), shape[3]!] : shape),
      plan.dilated(native, filter!),
      plan.strided(native, dy!),
    ];
    const dx = native.run('DepthwiseConv2dNativeBackpropInput', inputs, plan.options);
    return plan.padding === undefined ? unfitted(native, dx, plan.axes) : dx;
  },

  DepthwiseConv2dNativeBackpropFilter: (native, { x, dy }, attributes) => {
    const shape = attributes.filterShape as number[];
    const plan = planOf(x!.shape, shape, attributes);
    const [height, width] = plan.axes;
    const inputs = [
      plan.padding === undefined ? fitted(native, x!, plan.axes) : x!,
      native.ints([height.size, width.size, shape[2]!, shape[3]!]),
      plan.strided(native, dy!),
    ];
    const dw = native.run('DepthwiseConv2dNativeBackpropFilter', inputs, plan.options);
    const [tall, wide] = plan.dilations;
    return everyNth(native, everyNth(native, dw, 0, tall), 1, wide);
  },
};

function convolve(
  native: NativeOperations,
  x: NativeValue,
  filter: NativeValue,
  attributes: KernelAttributes,
): NativeValue {
  const plan = planOf(x.shape, filter.shape, attributes);
  const cells = plan.padding === undefined ? fitted(native, x, plan.axes) : x;
  const y = native.run('DepthwiseConv2dNative', [cells, plan.dilated(native, filter)], plan.options);
  if (plan.uniform) return y;
  const [rows, columns] = plan.axes;
  return everyNth(native, everyNth(native, y, 1, rows.stride), 2, columns.stride);
}

interface Plan {
  readonly axes: readonly [WindowAxis, WindowAxis];
  readonly dilations: readonly [number, number];
  readonly uniform: boolean;
  readonly padding: 'SAME' | 'VALID' | undefined;
  readonly options: NativeAttributes;
  dilated(native: NativeOperations, filter: NativeValue): NativeValue;
  strided(native: NativeOperations, dy: NativeValue): NativeValue;
}

function planOf(inputShape: readonly number[], filterShape: readonly number[], attributes: KernelAttributes): Plan {
  const { axes, dilations, padding: named } = convolution(inputShape, filterShape, attributes, true);
  const [rows, columns] = axes;
  const uniform = rows.stride === columns.stride;
  const padding = uniform ? named : undefined;
  const stride = uniform ? rows.stride : 1;
  return {
    axes,
    dilations,
    uniform,
    padding,
    options: { strides: ints([1, stride, stride, 1]), padding: text(padding ?? 'VALID') },
    dilated: (native, filter) => spread(native, spread(native, filter, 0, dilations[0]), 1, dilations[1]),
    strided: (native, dy) => (uniform ? dy : spread(native, spread(native, dy, 1, rows.stride), 2, columns.stride)),
  };
}
