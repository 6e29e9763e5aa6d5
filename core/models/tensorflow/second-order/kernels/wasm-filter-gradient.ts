import { getKernel } from '@tensorflow/tfjs-core';
import type { Conv2DAttributes } from '../rules/convolution.ts';
import { hostBackend } from './host-view.ts';
import { installKernel } from './kernel.ts';
import { type ConvWindow, convWindow } from './patches.ts';
import { wasmSimd } from './wasm-simd.ts';

/** Images and their cotangents that are gone through together stay in the second cache. */
const chunkBytes = 128 << 10;
/** Fewer output channels do not fill a tile. */
const leastChannels = 8;

/**
 * The filter's gradient on wasm straight from the images: for each row i of the filter, W̄ᵢ = Σ xᵀ dy over all places, where
 * the part of a row of the image under the filter (width × channels) lies in one piece. No patches are laid out.
 */
export function installWasmFilterGradient(): void {
  const general = getKernel('Conv2DBackpropFilter', 'wasm');
  installKernel({
    ...general,
    kernelFunc({ inputs, attrs, backend }) {
      const attributes = attrs as unknown as Conv2DAttributes & { filterShape: number[] };
      const { x, dy } = inputs;
      const simd = wasmSimd(backend);
      const isDirect = attributes.dataFormat !== 'NCHW' && attributes.filterShape[3]! >= leastChannels;
      if (simd === null || !isDirect) return general.kernelFunc({ inputs, attrs: attrs!, backend });
      const host = hostBackend(backend);
      const w = convWindow(x!.shape, attributes.filterShape, attributes);
      const frame = frameOf(w);
      const out = host.allocate(attributes.filterShape, 'float32');
      const images = imagesTogether(w, frame);
      const padded = frame.isWider ? host.allocate([images, frame.height, frame.width, w.inChannels], 'float32') : null;
      if (padded) host.floats(padded).fill(0);
      host.floats(out).fill(0);
      const [source, cotangents, sums] = [x!, dy!, out].map((tensor) => host.floats(tensor).byteOffset) as [
        number,
        number,
        number,
      ];
      // Columns of the filter are next to each other in the image too, unless it is dilated.
      const together = w.dilationWidth === 1 ? w.filterWidth : 1;
      const pixel = 4 * w.inChannels;
      const row = frame.width * pixel;
      const bColumn = 4 * w.outChannels;
      const bImage = w.outHeight * w.outWidth * bColumn;
      for (let first = 0; first < w.batch; first += images) {
        const count = Math.min(images, w.batch - first);
        if (padded) copyInside(w, frame, host.floats(x!), first, count, host.floats(padded));
        const at = padded ? host.floats(padded).byteOffset : source + first * frame.height * row;
        for (let i = 0; i < w.filterHeight; i++) {
          for (let j = 0; j < w.filterWidth; j += together) {
            simd.addTransposedProduct(
              at + i * w.dilationHeight * row + j * w.dilationWidth * pixel,
              cotangents + first * bImage,
              sums + (i * w.filterWidth + j) * w.inChannels * bColumn,
              together * w.inChannels,
              w.outChannels,
              count,
              w.outHeight,
              w.outWidth,
              frame.height * row,
              w.strideHeight * row,
              w.strideWidth * pixel,
              bImage,
              w.outWidth * bColumn,
              bColumn,
            );
          }
        }
      }
      if (padded) host.dispose(padded);
      return out;
    },
  });
}

/** What the filter sees of an image: the image itself, or wider with a border of zeros. */
interface Frame {
  readonly height: number;
  readonly width: number;
  readonly isWider: boolean;
}

function frameOf(w: ConvWindow): Frame {
  const seenHeight = (w.outHeight - 1) * w.strideHeight + (w.filterHeight - 1) * w.dilationHeight + 1;
  const seenWidth = (w.outWidth - 1) * w.strideWidth + (w.filterWidth - 1) * w.dilationWidth + 1;
  const isWider = w.top > 0 || w.left > 0 || seenHeight > w.inHeight || seenWidth > w.inWidth;
  if (!isWider) return { height: w.inHeight, width: w.inWidth, isWider };
  return { height: Math.max(seenHeight, w.top + w.inHeight), width: Math.max(seenWidth, w.left + w.inWidth), isWider };
}

function imagesTogether(w: ConvWindow, frame: Frame): number {
  const bytes = 4 * (frame.height * frame.width * w.inChannels + w.outHeight * w.outWidth * w.outChannels);
  return Math.min(w.batch, Math.max(1, Math.floor(chunkBytes / bytes)));
}

/** Copies images into the middle of frames whose border stays zero. */
function copyInside(
  w: ConvWindow,
  frame: Frame,
  images: Float32Array,
  first: number,
  count: number,
  to: Float32Array,
): void {
  const length = w.inWidth * w.inChannels;
  for (let n = 0; n < count; n++) {
    for (let y = 0; y < w.inHeight; y++) {
      const from = ((first + n) * w.inHeight + y) * length;
      const place = ((n * frame.height + w.top + y) * frame.width + w.left) * w.inChannels;
      to.set(images.subarray(from, from + length), place);
    }
  }
}
