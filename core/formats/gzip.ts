import { boundedInflate } from './bounded-inflate.ts';
import { crc32 } from './crc32.ts';
import { FormatError } from './format-error.ts';

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

const truncated = (place: string) =>
  new FormatError('gzip-truncated', `${place} ends inside its gzip header or trailer.`);

/** First byte behind the header (RFC 1952, section 2.3). */
function headerEnd(bytes: Uint8Array, place: string): number {
  if (bytes.length < 18) throw truncated(place);
  const [method, flags] = [bytes[2]!, bytes[3]!];
  if (method !== 8 || (flags & 0xe0) !== 0) {
    throw new FormatError('gzip-header', `${place} has gzip method ${method} and flags 0x${flags.toString(16)}.`);
  }
  let at = 10;
  if ((flags & 4) !== 0) at += 2 + (bytes[at]! | (bytes[at + 1]! << 8));
  for (const text of [8, 16]) {
    if ((flags & text) === 0) continue;
    const zero = bytes.indexOf(0, at);
    if (zero < 0) throw truncated(place);
    at = zero + 1;
  }
  if ((flags & 2) !== 0) at += 2;
  if (at + 8 > bytes.length) throw truncated(place);
  return at;
}

/** The content of a gzip file of one member, checked by its size and CRC-32. Throws FormatError. */
export function gunzip(bytes: Uint8Array, place = 'the .gz file'): Uint8Array<ArrayBuffer> {
  if (bytes.length === 0) throw new FormatError('file-empty', `${place} is empty.`);
  if (!isGzip(bytes)) throw new FormatError('gzip-header', `${place} does not begin like a gzip file.`);
  const start = headerEnd(bytes, place);
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 8);
  const data = boundedInflate(bytes.subarray(start, -8), trailer.getUint32(4, true), place);
  if (crc32(data) !== trailer.getUint32(0, true)) {
    throw new FormatError('gzip-checksum', `${place} does not match its checksum.`);
  }
  return data;
}
