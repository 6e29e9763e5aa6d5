import {
  conv2d,
  conv3d,
  type GradConfig,
  pad as padTensor,
  reshape,
  slice,
  type Tensor,
  type Tensor4D,
  type Tensor5D,
} from '@tensorflow/tfjs-core';
import { runKernel } from '../../engine-access.ts';
import { rule } from './rule.ts';

type Padding = 'valid' | 'same' | number;
export interface Conv2DAttributes {
  strides: [number, number] | number;
  pad: Padding;
  dataFormat: 'NHWC' | 'NCHW';
  dilations?: [number, number] | number | null;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}
export interface Conv3DAttributes {
  strides: [number, number, number] | number;
  pad: 'valid' | 'same';
  dilations?: number | number[];
}

/**
 * Convolutions and the two linear maps that are their derivatives, which the library cannot differentiate again.
 * With y = conv(x, w): x̄ = Input(dy, w) and w̄ = Filter(x, dy) are bilinear, and each is again one of the three:
 * Filter(x, dy) with cotangent u has x̄ = Input(dy, u), d̄y = conv(x, u); Input(dy, w) has d̄y = conv(u, w), w̄ = Filter(u, dy).
 */
export const convolutionRules: readonly GradConfig[] = [
  rule<['x', 'filter'], Conv2DAttributes>('Conv2D', ['x', 'filter'], (dy, { x, filter }, attributes) => {
    const [dh, dw] = pair(attributes.dilations ?? 1);
    const rest = undilated(attributes);
    const [kh = 0, kw = 0, ci = 0, co = 0] = filter.shape;
    const stuffedShape = [(kh - 1) * dh + 1, (kw - 1) * dw + 1, ci, co];
    return {
      x: () =>
        runKernel('Conv2DBackpropInput', { dy, filter: stuffTaps(filter, dh, dw) }, { ...rest, inputShape: x.shape }),
      filter: () =>
        pickTaps(
          runKernel('Conv2DBackpropFilter', { x, dy }, { ...rest, filterShape: stuffedShape }),
          filter.shape,
          dh,
          dw,
        ),
    };
  }),

  rule<['x', 'dy'], Conv2DAttributes>('Conv2DBackpropFilter', ['x', 'dy'], (u, { x, dy }, attributes) => ({
    x: () => runKernel('Conv2DBackpropInput', { dy, filter: u }, { ...undilated(attributes), inputShape: x.shape }),
    dy: () => convolve2d(x, u, attributes),
  })),

  rule<['dy', 'filter'], Conv2DAttributes>(
    'Conv2DBackpropInput',
    ['dy', 'filter'],
    (u, { dy, filter }, attributes) => ({
      dy: () => convolve2d(u, filter, attributes),
      filter: () =>
        runKernel('Conv2DBackpropFilter', { x: u, dy }, { ...undilated(attributes), filterShape: filter.shape }),
    }),
  ),

  rule<['x', 'filter'], Conv3DAttributes>(
    'Conv3D',
    ['x', 'filter'],
    // Dilated ones are recorded with zeros between the filter's taps.
    (dy, { x, filter }, { strides, pad }) => ({
      x: () => runKernel('Conv3DBackpropInputV2', { dy, filter }, { strides, pad, inputShape: x.shape }),
      filter: () => runKernel('Conv3DBackpropFilterV2', { x, dy }, { strides, pad, filterShape: filter.shape }),
    }),
  ),

  rule<['x', 'dy'], Conv3DAttributes>('Conv3DBackpropFilterV2', ['x', 'dy'], (u, { x, dy }, { strides, pad }) => ({
    x: () => runKernel('Conv3DBackpropInputV2', { dy, filter: u }, { strides, pad, inputShape: x.shape }),
    dy: () => conv3d(x as Tensor5D, u as Tensor5D, strides, pad),
  })),

  rule<['dy', 'filter'], Conv3DAttributes>(
    'Conv3DBackpropInputV2',
    ['dy', 'filter'],
    (u, { dy, filter }, { strides, pad }) => ({
      dy: () => conv3d(u as Tensor5D, filter as Tensor5D, strides, pad),
      filter: () => runKernel('Conv3DBackpropFilterV2', { x: u, dy }, { strides, pad, filterShape: filter.shape }),
    }),
  ),
];

function convolve2d(
  x: Tensor,
  filter: Tensor,
  { strides, pad, dataFormat, dimRoundingMode }: Conv2DAttributes,
): Tensor {
  return conv2d(x as Tensor4D, filter as Tensor4D, strides, pad, dataFormat, 1, dimRoundingMode);
}

function undilated({ strides, pad, dataFormat, dimRoundingMode }: Conv2DAttributes): Record<string, unknown> {
  return { strides, pad, dataFormat, dimRoundingMode };
}

export const pair = (v: [number, number] | number): [number, number] => (typeof v === 'number' ? [v, v] : v);

/**
 * A dilated filter as an ordinary one with zeros between its taps. 'same' and 'valid' depend only on the effective
 * size, so the padding is unchanged.
 */
function stuffTaps(filter: Tensor, dh: number, dw: number): Tensor {
  if (dh === 1 && dw === 1) return filter;
  const [kh = 0, kw = 0, ci = 0, co = 0] = filter.shape;
  const tall = (kh - 1) * dh + 1;
  const rows = padTensor(reshape(filter, [kh, 1, kw, ci * co]), [
    [0, 0],
    [0, dh - 1],
    [0, 0],
    [0, 0],
  ]);
  const stretched = slice(reshape(rows, [kh * dh, kw, ci, co]), [0, 0, 0, 0], [tall, kw, ci, co]);
  const columns = padTensor(reshape(stretched, [tall, kw, 1, ci * co]), [
    [0, 0],
    [0, 0],
    [0, dw - 1],
    [0, 0],
  ]);
  return slice(reshape(columns, [tall, kw * dw, ci, co]), [0, 0, 0, 0], [tall, (kw - 1) * dw + 1, ci, co]);
}

/** The transpose of `stuffTaps`. */
function pickTaps(stuffed: Tensor, shape: number[], dh: number, dw: number): Tensor {
  if (dh === 1 && dw === 1) return stuffed;
  const [kh = 0, kw = 0, ci = 0, co = 0] = shape;
  const wide = (kw - 1) * dw + 1;
  const padded = padTensor(stuffed, [
    [0, dh - 1],
    [0, dw - 1],
    [0, 0],
    [0, 0],
  ]);
  const rows = slice(reshape(padded, [kh, dh, wide + dw - 1, ci * co]), [0, 0, 0, 0], [kh, 1, wide + dw - 1, ci * co]);
  const columns = slice(reshape(rows, [kh, kw, dw, ci * co]), [0, 0, 0, 0], [kh, kw, 1, ci * co]);
  return reshape(columns, shape);
}
