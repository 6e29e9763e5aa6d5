import { BadInput } from '../bad-input.ts';
import { crc32 } from './crc32.ts';

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Signature, then the chunk IHDR with its 13 bytes. */
const headEnd = 8 + 12 + 13;
const metresPerInch = 0.0254;

/**
 * The same picture with its resolution in a pHYs chunk (PNG, third edition, 11.3.4.3), so that programs place it in its
 * right size on paper. The chunk holds whole pixels a metre: 300 dots an inch are stored as 11,811, which is 299.9994.
 */
export function withDotsPerInch(png: Uint8Array, dotsPerInch: number): Uint8Array {
  if (png.length < headEnd || signature.some((byte, i) => png[i] !== byte))
    throw new BadInput('This is not a PNG picture.', 'Give the bytes of a PNG file.');
  const chunk = new Uint8Array(4 + 4 + 9 + 4);
  const view = new DataView(chunk.buffer);
  const perMetre = Math.round(dotsPerInch / metresPerInch);
  view.setUint32(0, 9);
  chunk.set([0x70, 0x48, 0x59, 0x73], 4);
  view.setUint32(8, perMetre);
  view.setUint32(12, perMetre);
  // Unit: the metre.
  view.setUint8(16, 1);
  view.setUint32(17, crc32(chunk.subarray(4, 17)));
  const made = new Uint8Array(png.length + chunk.length);
  made.set(png.subarray(0, headEnd));
  made.set(chunk, headEnd);
  made.set(png.subarray(headEnd), headEnd + chunk.length);
  return made;
}
