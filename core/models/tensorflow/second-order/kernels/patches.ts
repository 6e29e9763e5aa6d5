import { backend_util } from '@tensorflow/tfjs-core';
import type { Conv2DAttributes } from '../rules/convolution.ts';

/** A two-dimensional convolution of channels-last images, reduced to numbers. */
export interface ConvWindow {
  readonly batch: number;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly inChannels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  readonly top: number;
  readonly left: number;
}

export function convWindow(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dilations, dimRoundingMode }: Omit<Conv2DAttributes, 'dataFormat'>,
  { depthwise }: { depthwise: boolean } = { depthwise: false },
): ConvWindow {
  const info = backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  );
  return {
    batch: info.batchSize,
    inHeight: info.inHeight,
    inWidth: info.inWidth,
    inChannels: info.inChannels,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    outChannels: info.outChannels,
    filterHeight: info.filterHeight,
    filterWidth: info.filterWidth,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    dilationHeight: info.dilationHeight,
    dilationWidth: info.dilationWidth,
    top: info.padInfo.top,
    left: info.padInfo.left,
  };
}

/** Cells of one patch: filter height × width × input channels. */
export const patchLength = (w: ConvWindow): number => w.filterHeight * w.filterWidth * w.inChannels;
/** Patches of one image. */
export const patchesPerImage = (w: ConvWindow): number => w.outHeight * w.outWidth;

/** At most this many numbers of patches are laid out at a time: 1 MB in single precision, which stays in the cache. */
const patchBudget = 1 << 18;

/** Images whose patches are laid out together, at least one. */
export function imagesPerChunk(w: ConvWindow): number {
  return Math.max(1, Math.min(w.batch, Math.floor(patchBudget / (patchLength(w) * patchesPerImage(w)))));
}

/**
 * The output columns [from, to) of one output row for which filter column j lies inside the image; the others read
 * padding.
 */
function columnsInside(w: ConvWindow, j: number): [number, number] {
  const start = j * w.dilationWidth - w.left;
  const from = Math.max(0, Math.ceil(-start / w.strideWidth));
  const to = Math.min(w.outWidth, Math.floor((w.inWidth - 1 - start) / w.strideWidth) + 1);
  return [from, Math.max(from, to)];
}

/** Patches as columns: out[(i, j, c), (n, y, x)] for images [first, first + count). The layout of filter gradients. */
export function patchColumns(
  w: ConvWindow,
  images: Float32Array,
  first: number,
  count: number,
  out: Float32Array,
): void {
  const perImage = patchesPerImage(w);
  const length = count * perImage;
  const imageSize = w.inHeight * w.inWidth * w.inChannels;
  const step = w.strideWidth * w.inChannels;
  out.fill(0, 0, patchLength(w) * length);
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < w.filterHeight; i++) {
      for (let j = 0; j < w.filterWidth; j++) {
        const [from, to] = columnsInside(w, j);
        for (let c = 0; c < w.inChannels; c++) {
          const row = ((i * w.filterWidth + j) * w.inChannels + c) * length + n * perImage;
          for (let y = 0; y < w.outHeight; y++) {
            const r = y * w.strideHeight - w.top + i * w.dilationHeight;
            if (r < 0 || r >= w.inHeight) continue;
            const column = from * w.strideWidth - w.left + j * w.dilationWidth;
            let p = (first + n) * imageSize + (r * w.inWidth + column) * w.inChannels + c;
            const base = row + y * w.outWidth;
            for (let x = from; x < to; x++, p += step) out[base + x] = images[p]!;
          }
        }
      }
    }
  }
}

/** Patches as rows: out[(n, y, x), (i, j, c)] for images [first, first + count). The layout of the convolution. */
export function patchRows(w: ConvWindow, images: Float32Array, first: number, count: number, out: Float32Array): void {
  const length = patchLength(w);
  out.fill(0, 0, count * patchesPerImage(w) * length);
  eachRun(w, first, count, (patch, cell, run) => {
    for (let c = 0; c < run; c++) out[patch + c] = images[cell + c]!;
  });
}

/** The transpose of `patchRows`: adds every patch back into the images. */
export function addPatchRows(
  w: ConvWindow,
  patches: Float32Array,
  first: number,
  count: number,
  images: Float32Array,
): void {
  eachRun(w, first, count, (patch, cell, run) => {
    for (let c = 0; c < run; c++) images[cell + c]! += patches[patch + c]!;
  });
}

/** Visits the runs of channels that a patch and the image have in common: (place in patches, place in images, length). */
function eachRun(
  w: ConvWindow,
  first: number,
  count: number,
  visit: (patch: number, cell: number, run: number) => void,
): void {
  const channels = w.inChannels;
  const length = patchLength(w);
  const imageSize = w.inHeight * w.inWidth * channels;
  for (let n = 0; n < count; n++) {
    for (let y = 0; y < w.outHeight; y++) {
      for (let i = 0; i < w.filterHeight; i++) {
        const r = y * w.strideHeight - w.top + i * w.dilationHeight;
        if (r < 0 || r >= w.inHeight) continue;
        for (let j = 0; j < w.filterWidth; j++) {
          const [from, to] = columnsInside(w, j);
          for (let x = from; x < to; x++) {
            const column = x * w.strideWidth - w.left + j * w.dilationWidth;
            const patch = ((n * w.outHeight + y) * w.outWidth + x) * length + (i * w.filterWidth + j) * channels;
            visit(patch, (first + n) * imageSize + (r * w.inWidth + column) * channels, channels);
          }
        }
      }
    }
  }
}
