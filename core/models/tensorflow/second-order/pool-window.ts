import { backend_util, type Tensor, tensor } from '@tensorflow/tfjs-core';

/** What the library's pooling operations carry; two numbers for images, three for volumes. */
export interface PoolAttributes {
  filterSize: number | number[];
  strides: number | number[];
  pad: 'valid' | 'same' | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** One spatial axis of a pooling: window i covers input cells [i·stride − before, i·stride − before + size). */
export interface PoolAxis {
  readonly input: number;
  readonly output: number;
  readonly size: number;
  readonly stride: number;
  readonly before: number;
}

/** A pooling of [batch, depth, height, width, channels]; images have depth 1. */
export interface PoolWindow {
  readonly batch: number;
  readonly channels: number;
  readonly axes: readonly [PoolAxis, PoolAxis, PoolAxis];
  readonly outputShape: number[];
}

export function poolWindow(shape: readonly number[], attributes: PoolAttributes): PoolWindow {
  const { filterSize, strides, pad, dimRoundingMode } = attributes;
  if (shape.length === 4) {
    const p = backend_util.computePool2DInfo(
      shape as [number, number, number, number],
      filterSize as [number, number],
      strides as [number, number],
      1,
      pad,
      dimRoundingMode,
    );
    const { top, left } = p.padInfo;
    const axes: PoolWindow['axes'] = [
      { input: 1, output: 1, size: 1, stride: 1, before: 0 },
      counted(
        { input: p.inHeight, output: p.outHeight, size: p.filterHeight, stride: p.strideHeight, before: top },
        attributes,
      ),
      counted(
        { input: p.inWidth, output: p.outWidth, size: p.filterWidth, stride: p.strideWidth, before: left },
        attributes,
      ),
    ];
    const outputShape = [p.batchSize, axes[1].output, axes[2].output, p.inChannels];
    return { batch: p.batchSize, channels: p.inChannels, axes, outputShape };
  }
  const p = backend_util.computePool3DInfo(
    shape as [number, number, number, number, number],
    filterSize as [number, number, number],
    strides as [number, number, number],
    1,
    pad,
    dimRoundingMode,
  );
  const { front, top, left } = p.padInfo;
  const axes: PoolWindow['axes'] = [
    counted(
      { input: p.inDepth, output: p.outDepth, size: p.filterDepth, stride: p.strideDepth, before: front },
      attributes,
    ),
    counted(
      { input: p.inHeight, output: p.outHeight, size: p.filterHeight, stride: p.strideHeight, before: top },
      attributes,
    ),
    counted(
      { input: p.inWidth, output: p.outWidth, size: p.filterWidth, stride: p.strideWidth, before: left },
      attributes,
    ),
  ];
  const outputShape = [p.batchSize, ...axes.map(({ output }) => output), p.inChannels];
  return { batch: p.batchSize, channels: p.inChannels, axes, outputShape };
}

/** With padding by a number the library counts the windows of every axis by the filter's height and stride. */
function counted(axis: PoolAxis, { pad, dimRoundingMode }: PoolAttributes): PoolAxis {
  if (typeof pad !== 'number') return axis;
  return { ...axis, output: windowsAlong(axis.input + 2 * pad, axis.size, axis.stride, dimRoundingMode) };
}

/** How many windows of `size` fit into `cells`; part of one counts by the rounding asked for. */
export function windowsAlong(
  cells: number,
  size: number,
  stride: number,
  rounding: PoolAttributes['dimRoundingMode'],
): number {
  return Math[rounding ?? 'trunc']((cells - size) / stride + 1);
}

/** For each window along an axis, how many of its cells lie inside the input. */
export function cellsInside({ input, output, size, stride, before }: PoolAxis): number[] {
  return Array.from({ length: output }, (_, i) => {
    const start = i * stride - before;
    return Math.min(input, start + size) - Math.max(0, start);
  });
}

/** For each window the share of its cells that lies inside the input; undefined where all lie inside. */
export function shareInside(shape: readonly number[], attributes: PoolAttributes): Tensor | undefined {
  const { axes, outputShape } = poolWindow(shape, attributes);
  const [depth, height, width] = axes;
  const volume = depth.size * height.size * width.size;
  const shares: number[] = [];
  for (const d of cellsInside(depth)) {
    for (const h of cellsInside(height)) for (const w of cellsInside(width)) shares.push((d * h * w) / volume);
  }
  if (shares.every((share) => share === 1)) return undefined;
  const broadcast = [1, ...outputShape.slice(1, -1), 1];
  return tensor(shares, broadcast);
}
