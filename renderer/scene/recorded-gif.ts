import { applyPalette, GIFEncoder, quantize } from 'gifenc';
import { nextFrame } from './recorded-film.ts';

export interface GifLength {
  readonly seconds: number;
  /** GIF counts in hundredths of a second, so that 50 is the most that is shown evenly. */
  readonly picturesPerSecond: number;
  onProgress(share: number): void;
}

/** Hundredths of a second that a picture is shown, at least two: viewers slow down what is faster. */
export const gifDelay = (picturesPerSecond: number): number => Math.max(2, Math.round(100 / picturesPerSecond));

/**
 * An endless GIF of a canvas with 256 colours, the same for all pictures, and no dithering; `draw` is told the share of it
 * that is drawn. It takes as long as it takes: no picture is left out. Rejects with the reason of the first signal that is
 * aborted.
 */
export async function recordedGif(
  canvas: HTMLCanvasElement,
  { seconds, picturesPerSecond, onProgress }: GifLength,
  draw: (share: number) => void,
  signals: readonly AbortSignal[],
): Promise<Uint8Array> {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('This window cannot draw the pictures of a film.');
  const { width, height } = canvas;
  const delay = gifDelay(picturesPerSecond);
  const count = Math.max(2, Math.round((100 * seconds) / delay));
  const pixelsAt = (share: number) => {
    draw(share);
    return context.getImageData(0, 0, width, height).data;
  };
  const encoder = GIFEncoder();
  const palette = commonPalette([0, 0.25, 0.5, 0.75].map(pixelsAt));
  for (let i = 0; i < count; i++) {
    await nextFrame();
    for (const signal of signals) signal.throwIfAborted();
    const indices = applyPalette(pixelsAt(i / count), palette);
    encoder.writeFrame(indices, width, height, { delay: 10 * delay, ...(i === 0 ? { palette, repeat: 0 } : {}) });
    onProgress((i + 1) / count);
  }
  encoder.finish();
  return encoder.bytes();
}

/** Of every third pixel, from all parts of the film: quantised three times as fast. */
function commonPalette(pictures: readonly Uint8ClampedArray[]): number[][] {
  const chosen = pictures.map((data) => {
    const pixels = new Uint8ClampedArray(4 * Math.floor(data.length / 12));
    for (let i = 0; i < pixels.length; i += 4) pixels.set(data.subarray(3 * i, 3 * i + 4), i);
    return pixels;
  });
  const all = new Uint8ClampedArray(chosen.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const pixels of chosen) {
    all.set(pixels, at);
    at += pixels.length;
  }
  return quantize(all, 256);
}
