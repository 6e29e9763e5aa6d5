import { backend_util, div, pad as padTensor, reshape, slice, type Tensor, transpose } from '@tensorflow/tfjs-core';
import type { EngineInternals } from '../../engine-access.ts';
import { type PoolAttributes, poolWindow, shareInside, windowsAlong } from '../pool-window.ts';

type Run = EngineInternals['runKernel'];
type Inputs = Record<string, Tensor>;
type Attributes = Record<string, unknown>;
type Margins = [before: number, after: number];

/** Operations on images, by the input that carries the images. */
const imagesOf: Readonly<Record<string, string>> = {
  Conv2D: 'x',
  FusedConv2D: 'x',
  DepthwiseConv2dNative: 'x',
  FusedDepthwiseConv2D: 'x',
  Conv2DBackpropInput: 'dy',
  DepthToSpace: 'x',
};
const pools = ['MaxPool', 'MaxPool3D', 'AvgPool', 'AvgPool3D'];
export const operationsOnImages: readonly string[] = [...Object.keys(imagesOf), ...pools];
/** Below every number that a model computes, so that no padded cell is a maximum. */
const belowAll = -3e38;

/**
 * Brings an operation on images into the form that every backend has: channels last, and padding that is 'valid' or
 * 'same'. Other layouts are transposed, paddings by numbers become cells of their own. Undefined where there is nothing
 * to do.
 */
export function inCommonLayout(name: string, inputs: Inputs, attributes: Attributes, run: Run): Tensor | undefined {
  if (Object.hasOwn(imagesOf, name)) {
    if (attributes.dataFormat === 'NCHW') return channelsLast(name, inputs, attributes, run);
    if (name === 'DepthToSpace' || typeof attributes.pad === 'string') return undefined;
    return name === 'Conv2DBackpropInput'
      ? withoutPaddedInput(inputs, attributes, run)
      : padded(name, inputs, attributes, run);
  }
  if (typeof attributes.pad === 'string') return undefined;
  return paddedPool(name, inputs.x!, attributes, run);
}

function channelsLast(name: string, inputs: Inputs, attributes: Attributes, run: Run): Tensor {
  const { bias, preluActivationWeights: slopes } = inputs;
  const last = (t: Tensor) => transpose(t, [0, 2, 3, 1]);
  const key = imagesOf[name]!;
  const changed: Inputs = { ...inputs, [key]: last(inputs[key]!) };
  if (bias != null) changed.bias = reshape(bias, [bias.size]);
  if (slopes != null && slopes.shape.length === 3) changed.preluActivationWeights = transpose(slopes, [1, 2, 0]);
  const { pad, inputShape } = attributes as { pad?: unknown; inputShape?: number[] };
  const [n, c, h, w] = inputShape ?? [];
  const y = run(name, changed, {
    ...attributes,
    dataFormat: 'NHWC',
    ...(Array.isArray(pad) ? { pad: [pad[0], pad[2], pad[3], pad[1]] } : {}),
    ...(inputShape ? { inputShape: [n, h, w, c] } : {}),
  });
  return transpose(y as Tensor, [0, 3, 1, 2]);
}

function padded(name: string, inputs: Inputs, attributes: Attributes, run: Run): Tensor {
  const { x, filter } = inputs;
  const margins = marginsOf(x!.shape, filter!.shape, attributes, name.includes('Depthwise'));
  return run(name, { ...inputs, x: padTensor(x!, margins) }, valid(attributes)) as Tensor;
}

/** The cotangent of padded images, of which the padding is cut off. */
function withoutPaddedInput(inputs: Inputs, attributes: Attributes, run: Run): Tensor {
  const inputShape = attributes.inputShape as number[];
  const margins = marginsOf(inputShape, inputs.filter!.shape, attributes, false);
  const larger = inputShape.map((n, i) => n + margins[i]![0] + margins[i]![1]);
  const whole = run('Conv2DBackpropInput', inputs, { ...valid(attributes), inputShape: larger });
  return slice(
    whole as Tensor,
    margins.map(([before]) => before),
    inputShape,
  );
}

/** Padded cells are no part of a maximum nor of an average, which the kernel for 'valid' divides by the whole window. */
function paddedPool(name: string, x: Tensor, attributes: Attributes, run: Run): Tensor {
  const pool = attributes as unknown as PoolAttributes;
  const { axes } = poolWindow(x.shape, pool);
  const spatial = axes
    .slice(x.shape.length === 4 ? 1 : 0)
    .map(
      (axis): Margins => [
        axis.before,
        Math.max(0, (axis.output - 1) * axis.stride + axis.size - axis.before - axis.input),
      ],
    );
  const largest = name.startsWith('Max');
  const whole = padTensor(x, [[0, 0], ...spatial, [0, 0]], largest ? belowAll : 0);
  const y = run(name, { x: whole }, valid(attributes)) as Tensor;
  if (largest) return y;
  const share = shareInside(x.shape, pool);
  return share === undefined ? y : div(y, share);
}

const valid = (attributes: Attributes): Attributes => ({ ...attributes, pad: 'valid', dimRoundingMode: undefined });

/** How far the windows reach beyond the images, which also holds where the number of windows is rounded up. */
function marginsOf(
  shape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dilations, dimRoundingMode }: Attributes,
  depthwise: boolean,
): Margins[] {
  const info = backend_util.computeConv2DInfo(
    shape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides as [number, number],
    (dilations ?? 1) as [number, number],
    pad as number,
    dimRoundingMode as 'floor' | undefined,
    depthwise,
  );
  const { top, bottom, left, right } = info.padInfo;
  const after = (cells: number, before: number, end: number, size: number, stride: number): number => {
    const windows = windowsAlong(
      cells + before + end,
      size,
      stride,
      dimRoundingMode as PoolAttributes['dimRoundingMode'],
    );
    return Math.max(end, (windows - 1) * stride + size - before - cells);
  };
  return [
    [0, 0],
    [top, after(info.inHeight, top, bottom, info.effectiveFilterHeight, info.strideHeight)],
    [left, after(info.inWidth, left, right, info.effectiveFilterWidth, info.strideWidth)],
    [0, 0],
  ];
}
