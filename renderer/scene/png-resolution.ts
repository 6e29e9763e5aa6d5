import { crc32 } from '../../core/formats/crc32.ts';

const [header, endOfHeader] = [8, 33];

/** A PNG that says how many pixels an inch of it has: a pHYs chunk after its header (W3C PNG, 11.3.4.3). */
export function withResolution(png: Uint8Array, dotsPerInch: number): Uint8Array {
  const chunk = new Uint8Array(21);
  const view = new DataView(chunk.buffer);
  const perMetre = Math.round(dotsPerInch / 0.0254);
  view.setUint32(0, 9);
  chunk.set([0x70, 0x48, 0x59, 0x73], 4);
  view.setUint32(header, perMetre);
  view.setUint32(12, perMetre);
  chunk[16] = 1;
  view.setUint32(17, crc32(chunk.subarray(4, 17)));
  const made = new Uint8Array(png.length + chunk.length);
  made.set(png.subarray(0, endOfHeader));
  made.set(chunk, endOfHeader);
  made.set(png.subarray(endOfHeader), endOfHeader + chunk.length);
  return made;
}
