import { backend_util } from '@tensorflow/tfjs-core';

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
    return {
      batch: p.batchSize,
      channels: p.inChannels,
      axes: [
        { input: 1, output: 1, size: 1, stride: 1, before: 0 },
        { input: p.inHeight, output: p.outHeight, size: p.filterHeight, stride: p.strideHeight, before: p.padInfo.top },
        { input: p.inWidth, output: p.outWidth, size: p.filterWidth, stride: p.strideWidth, before: p.padInfo.left },
      ],
      outputShape: p.outShape,
    };
  }
  const p = backend_util.computePool3DInfo(
    shape as [number, number, number, number, number],
    filterSize as [number, number, number],
    strides as [number, number, number],
    1,
    pad,
    dimRoundingMode,
  );
  return {
    batch: p.batchSize,
    channels: p.inChannels,
    axes: [
      { input: p.inDepth, output: p.outDepth, size: p.filterDepth, stride: p.strideDepth, before: p.padInfo.front },
      { input: p.inHeight, output: p.outHeight, size: p.filterHeight, stride: p.strideHeight, before: p.padInfo.top },
      { input: p.inWidth, output: p.outWidth, size: p.filterWidth, stride: p.strideWidth, before: p.padInfo.left },
    ],
    outputShape: p.outShape,
  };
}

/** For each window along an axis, how many of its cells lie inside the input. */
export function cellsInside({ input, output, size, stride, before }: PoolAxis): number[] {
  return Array.from({ length: output }, (_, i) => {
    const start = i * stride - before;
    return Math.min(input, start + size) - Math.max(0, start);
  });
}
