import { applyPalette, quantize } from 'gifenc';

/** A picture of at most 256 colours: for each pixel its entry in the palette. */
export interface QuantisedPicture {
  readonly width: number;
  readonly height: number;
  readonly palette: readonly (readonly number[])[];
  readonly entries: readonly number[];
}

async function pixelsOf(png: ArrayLike<number>): Promise<ImageData> {
  const bitmap = await createImageBitmap(new Blob([Uint8Array.from(png)], { type: 'image/png' }));
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}

export async function quantisedPicture(png: ArrayLike<number>): Promise<QuantisedPicture> {
  const { width, height, data } = await pixelsOf(png);
  const palette = quantize(data, 256, { format: 'rgb565' });
  return { width, height, palette, entries: [...applyPalette(data, palette, 'rgb565')] };
}

/** How far two pictures are apart. */
export interface PictureDifference {
  /** Share of pixels with a channel that differs by more than 24 of 255. */
  readonly share: number;
  /** Of all channels, of 255. */
  readonly mean: number;
}

const noticed = 24;

/** Pictures of different sizes have nothing in common. */
export async function pictureDifference(a: ArrayLike<number>, b: ArrayLike<number>): Promise<PictureDifference> {
  const [first, second] = await Promise.all([pixelsOf(a), pixelsOf(b)]);
  if (first.width !== second.width || first.height !== second.height) return { share: 1, mean: 255 };
  let [many, sum] = [0, 0];
  for (let i = 0; i < first.data.length; i += 4) {
    const away = [0, 1, 2].map((k) => Math.abs(first.data[i + k]! - second.data[i + k]!));
    sum += away[0]! + away[1]! + away[2]!;
    if (Math.max(...away) > noticed) many++;
  }
  const pixels = first.data.length / 4;
  return { share: many / pixels, mean: sum / (3 * pixels) };
}

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
const textOf = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};

/** The same as text: it crosses to the test quickly. */
export const differenceOf = (a: string, b: string) => pictureDifference(bytesOf(a), bytesOf(b));
export async function quantisedText(png: string) {
  const { entries, ...rest } = await quantisedPicture(bytesOf(png));
  return { ...rest, entries: textOf(Uint8Array.from(entries)) };
}
export { textOf };
