import { depthwiseConv2d, type GradConfig, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { runKernel } from '../../engine-access.ts';
import { rule } from './rule.ts';

interface DepthwiseAttributes {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number;
  dilations: [number, number] | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** The same pattern as for full convolutions; dilation is an attribute of the kernels here. */
export const depthwiseRules: readonly GradConfig[] = [
  rule<['x', 'filter'], DepthwiseAttributes>(
    'DepthwiseConv2dNative',
    ['x', 'filter'],
    (dy, { x, filter }, attributes) => ({
      x: () =>
        runKernel(
          'DepthwiseConv2dNativeBackpropInput',
          { dy, filter },
          { ...ofFilter(attributes), inputShape: x.shape },
        ),
      filter: () =>
        runKernel(
          'DepthwiseConv2dNativeBackpropFilter',
          { x, dy },
          { ...ofFilter(attributes), filterShape: filter.shape },
        ),
    }),
  ),

  rule<['x', 'dy'], DepthwiseAttributes>(
    'DepthwiseConv2dNativeBackpropFilter',
    ['x', 'dy'],
    (u, { x, dy }, attributes) => ({
      x: () =>
        runKernel(
          'DepthwiseConv2dNativeBackpropInput',
          { dy, filter: u },
          { ...ofFilter(attributes), inputShape: x.shape },
        ),
      dy: () => convolve(x, u, attributes),
    }),
  ),

  rule<['dy', 'filter'], DepthwiseAttributes>(
    'DepthwiseConv2dNativeBackpropInput',
    ['dy', 'filter'],
    (u, { dy, filter }, attributes) => ({
      dy: () => convolve(u, filter, attributes),
      filter: () =>
        runKernel(
          'DepthwiseConv2dNativeBackpropFilter',
          { x: u, dy },
          { ...ofFilter(attributes), filterShape: filter.shape },
        ),
    }),
  ),
];

function ofFilter({ strides, pad, dilations, dimRoundingMode }: DepthwiseAttributes): Record<string, unknown> {
  return { strides, pad, dilations, dimRoundingMode };
}

function convolve(
  x: Tensor,
  filter: Tensor,
  { strides, pad, dilations, dimRoundingMode }: DepthwiseAttributes,
): Tensor {
  return depthwiseConv2d(x as Tensor4D, filter as Tensor4D, strides, pad, 'NHWC', dilations, dimRoundingMode);
}
