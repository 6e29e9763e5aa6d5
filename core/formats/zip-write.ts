import { deflateSync } from 'fflate';
import { crc32 } from './crc32.ts';
import { limits } from './limits.ts';

export interface ZipInput {
  readonly name: string;
  readonly data: Uint8Array;
}

interface Packed {
  readonly name: Uint8Array;
  readonly flags: number;
  readonly method: 0 | 8;
  readonly checksum: number;
  readonly bytes: Uint8Array;
  readonly size: number;
}

/** 1 January 1980, 00:00, the earliest date of the format: the same bytes on every day. */
const dosDate = 0x0021;

function pack({ name, data }: ZipInput, deflate: boolean): Packed {
  const encoded = new TextEncoder().encode(name);
  const flags = encoded.some((byte) => byte > 0x7e) ? 0x800 : 0;
  const deflated = deflate ? deflateSync(data, { level: 9 }) : data;
  // What the reader would refuse as a bomb is stored instead, so that everything written can be read.
  const bomb = data.length > Math.max(limits.inflationFreeBytes, limits.inflationRatio * deflated.length);
  const worth = deflate && deflated.length < data.length && !bomb;
  return {
    name: encoded,
    flags,
    method: worth ? 8 : 0,
    checksum: crc32(data),
    bytes: worth ? deflated : data,
    size: data.length,
  };
}

/** The fields that a local header and a directory record share, from "version needed" to the length of the name. */
function commonFields(view: DataView, at: number, entry: Packed): void {
  view.setUint16(at, 20, true);
  view.setUint16(at + 2, entry.flags, true);
  view.setUint16(at + 4, entry.method, true);
  view.setUint16(at + 8, dosDate, true);
  view.setUint32(at + 10, entry.checksum, true);
  view.setUint32(at + 14, entry.bytes.length, true);
  view.setUint32(at + 18, entry.size, true);
  view.setUint16(at + 22, entry.name.length, true);
}

/** An archive of the entries in the given order; a pure function of names, data and `deflate`. */
export function writeZip(inputs: readonly ZipInput[], deflate: boolean): Uint8Array<ArrayBuffer> {
  if (inputs.length > limits.zipEntries) throw new RangeError(`${inputs.length} entries; at most ${limits.zipEntries}`);
  const entries = inputs.map((input) => pack(input, deflate));
  const localBytes = entries.reduce((sum, entry) => sum + 30 + entry.name.length + entry.bytes.length, 0);
  const directoryBytes = entries.reduce((sum, entry) => sum + 46 + entry.name.length, 0);
  const bytes = new Uint8Array(localBytes + directoryBytes + 22);
  const view = new DataView(bytes.buffer);
  let at = 0;
  let record = localBytes;
  for (const entry of entries) {
    view.setUint32(record, 0x02014b50, true);
    view.setUint16(record + 4, 20, true);
    commonFields(view, record + 6, entry);
    view.setUint32(record + 42, at, true);
    bytes.set(entry.name, record + 46);
    record += 46 + entry.name.length;
    view.setUint32(at, 0x04034b50, true);
    commonFields(view, at + 4, entry);
    bytes.set(entry.name, at + 30);
    bytes.set(entry.bytes, at + 30 + entry.name.length);
    at += 30 + entry.name.length + entry.bytes.length;
  }
  view.setUint32(record, 0x06054b50, true);
  view.setUint16(record + 8, entries.length, true);
  view.setUint16(record + 10, entries.length, true);
  view.setUint32(record + 12, directoryBytes, true);
  view.setUint32(record + 16, localBytes, true);
  return bytes;
}
