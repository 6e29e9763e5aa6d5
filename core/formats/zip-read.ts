import { boundedInflate } from './bounded-inflate.ts';
import { crc32 } from './crc32.ts';
import { FormatError, shown } from './format-error.ts';
import { limits } from './limits.ts';

/**
 * ZIP (PKWARE APPNOTE 6.3) as far as arrays need it: stored or deflated entries, ZIP64 sizes (NumPy writes them in
 * local headers), data descriptors (streaming writers). Stricter than the standard so that every reader sees the same
 * archive: entries tile the file from byte 0 to the directory, the directory ends at the end record, the end record
 * ends the file, local headers repeat the directory. Nothing is unpacked to a disk, so names are labels only.
 */
export interface ZipEntry {
  readonly name: string;
  readonly deflated: boolean;
  readonly checksum: number;
  readonly packedBytes: number;
  readonly claimedBytes: number;
  readonly dataOffset: number;
}

interface DirectoryRecord extends Omit<ZipEntry, 'dataOffset'> {
  readonly nameBytes: Uint8Array;
  readonly flags: number;
  readonly localOffset: number;
}

const endSignature = 0x06054b50;
const directorySignature = 0x02014b50;
const localSignature = 0x04034b50;
const descriptorSignature = 0x08074b50;
const endBytes = 22;
const full32 = 0xffffffff;
const descriptorFlag = 8;
/** Deflate level, data descriptor, UTF-8 name: everything else (encryption, patches, masked headers) is refused. */
const knownFlags = 0b0000_1000_0000_1110;

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function findEnd(bytes: Uint8Array, view: DataView): number {
  const last = bytes.length - endBytes;
  if (last < 0) throw new FormatError('zip-truncated', 'The archive is shorter than an end record.');
  if (view.getUint32(last, true) === endSignature && view.getUint16(last + 20, true) === 0) return last;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    if (view.getUint32(at, true) === endSignature) {
      throw new FormatError('zip-trailing-bytes', 'The archive has a comment or bytes behind its end record.');
    }
  }
  throw new FormatError('zip-truncated', 'The archive has no end record.');
}

function entryName(raw: Uint8Array, utf8: boolean): string {
  let name: string;
  try {
    name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    throw new FormatError('zip-name', 'An entry has a name that is not UTF-8.');
  }
  if (!utf8 && raw.some((byte) => byte > 0x7e))
    throw new FormatError('zip-name', 'An entry has a name of unknown encoding.');
  if (name === '' || /\p{C}/u.test(name)) throw new FormatError('zip-name', `An entry has the name ${shown(name)}.`);
  return name;
}

/** The 64-bit values of a ZIP64 extra field, for exactly the 32-bit fields that hold FFFFFFFF, in their order. */
function wideValues(extra: Uint8Array, narrow: readonly number[], what: string): number[] {
  if (!narrow.includes(full32)) return [...narrow];
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; ) {
    const size = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) !== 1) {
      at += 4 + size;
      continue;
    }
    let from = at + 4;
    return narrow.map((value) => {
      if (value !== full32) return value;
      if (from + 8 > Math.min(at + 4 + size, extra.length))
        throw new FormatError('zip-64', `${what} lacks its 64-bit sizes.`);
      const wide = view.getBigUint64(from, true);
      from += 8;
      if (wide > BigInt(limits.fileBytes)) throw new FormatError('zip-64', `${what} claims ${wide} bytes.`);
      return Number(wide);
    });
  }
  throw new FormatError('zip-64', `${what} lacks its 64-bit sizes.`);
}

function directoryRecord(bytes: Uint8Array, view: DataView, at: number, end: number): [DirectoryRecord, number] {
  if (at + 46 > end || view.getUint32(at, true) !== directorySignature) {
    throw new FormatError('zip-directory', `The directory is broken at byte ${at}.`);
  }
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
    number,
    number,
    number,
  ];
  const next = at + 46 + nameLength + extraLength + commentLength;
  if (next > end) throw new FormatError('zip-directory', `The directory is cut at byte ${at}.`);
  const flags = view.getUint16(at + 8, true);
  const nameBytes = bytes.subarray(at + 46, at + 46 + nameLength);
  const name = entryName(nameBytes, (flags & 0x800) !== 0);
  const what = `Entry ${shown(name)}`;
  if ((flags & ~knownFlags) !== 0) {
    throw new FormatError('zip-flags', `${what} is encrypted or has unknown flags (${flags.toString(2)}).`);
  }
  const method = view.getUint16(at + 10, true);
  if (method !== 0 && method !== 8) throw new FormatError('zip-method', `${what} is packed by method ${method}.`);
  if (view.getUint16(at + 34, true) !== 0)
    throw new FormatError('zip-multiple-disks', `${what} begins on another disk.`);
  const narrow = [24, 20, 42].map((offset) => view.getUint32(at + offset, true));
  const extra = bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
  const [claimedBytes, packedBytes, localOffset] = wideValues(extra, narrow, what) as [number, number, number];
  const checksum = view.getUint32(at + 16, true);
  return [{ name, nameBytes, flags, deflated: method === 8, checksum, claimedBytes, packedBytes, localOffset }, next];
}

function readDirectory(bytes: Uint8Array, view: DataView): { records: DirectoryRecord[]; start: number } {
  const end = findEnd(bytes, view);
  const [disk, startDisk, here, total] = [4, 6, 8, 10].map((offset) => view.getUint16(end + offset, true));
  const [size, start] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)];
  if (total === 0xffff || size === full32 || start === full32) {
    throw new FormatError('zip-64', 'The archive has a 64-bit directory.');
  }
  if (disk !== 0 || startDisk !== 0 || here !== total) {
    throw new FormatError('zip-multiple-disks', `The archive is disk ${disk! + 1} of several.`);
  }
  if (total! > limits.zipEntries) throw new FormatError('zip-too-many-entries', `The archive has ${total} entries.`);
  if (start + size !== end) {
    throw new FormatError(
      'zip-directory',
      `The directory claims bytes ${start} to ${start + size} but must end at ${end}.`,
    );
  }
  const records: DirectoryRecord[] = [];
  const names = new Set<string>();
  let at = start;
  for (let i = 0; i < total!; i++) {
    const [record, next] = directoryRecord(bytes, view, at, end);
    if (names.has(record.name))
      throw new FormatError('zip-duplicate-name', `Entry ${shown(record.name)} occurs twice.`);
    names.add(record.name);
    records.push(record);
    at = next;
  }
  if (at !== end) throw new FormatError('zip-directory', `The directory has ${end - at} bytes behind its last entry.`);
  return { records, start };
}

/** Checks the local header against the directory; gives the first byte of the data and the first byte behind the entry. */
function locate(bytes: Uint8Array, view: DataView, record: DirectoryRecord, limit: number): [number, number] {
  const what = `Entry ${shown(record.name)}`;
  const at = record.localOffset;
  if (at + 30 > limit || view.getUint32(at, true) !== localSignature) {
    throw new FormatError('zip-local-mismatch', `${what} has no local header at byte ${at}.`);
  }
  const [nameLength, extraLength] = [view.getUint16(at + 26, true), view.getUint16(at + 28, true)];
  const dataOffset = at + 30 + nameLength + extraLength;
  const end = dataOffset + record.packedBytes;
  if (end > limit)
    throw new FormatError('zip-overlap', `${what} claims bytes up to ${end}, inside or behind the directory.`);
  const name = bytes.subarray(at + 30, at + 30 + nameLength);
  const sameName = name.length === record.nameBytes.length && name.every((byte, i) => byte === record.nameBytes[i]);
  const streamed = (record.flags & descriptorFlag) !== 0;
  const sizes = [view.getUint32(at + 22, true), view.getUint32(at + 18, true)];
  const extra = bytes.subarray(at + 30 + nameLength, dataOffset);
  const [claimed, packed] = streamed ? [record.claimedBytes, record.packedBytes] : wideValues(extra, sizes, what);
  const same =
    sameName &&
    view.getUint16(at + 6, true) === record.flags &&
    view.getUint16(at + 8, true) === (record.deflated ? 8 : 0) &&
    claimed === record.claimedBytes &&
    packed === record.packedBytes &&
    (streamed || view.getUint32(at + 14, true) === record.checksum);
  if (!same)
    throw new FormatError('zip-local-mismatch', `${what} is described differently at its data and in the directory.`);
  return [dataOffset, streamed ? behindDescriptor(view, end, record, limit) : end];
}

/** Data descriptor: [signature] crc packed claimed, with 32- or 64-bit sizes; whichever form repeats the directory. */
function behindDescriptor(view: DataView, at: number, record: DirectoryRecord, limit: number): number {
  const numbers = [record.checksum, record.packedBytes, record.claimedBytes];
  for (const signed of [true, false]) {
    for (const wide of [false, true]) {
      const from = signed ? at + 4 : at;
      const end = from + (wide ? 20 : 12);
      if (end > limit || (signed && view.getUint32(at, true) !== descriptorSignature)) continue;
      const found = wide
        ? [
            view.getUint32(from, true),
            Number(view.getBigUint64(from + 4, true)),
            Number(view.getBigUint64(from + 12, true)),
          ]
        : [0, 4, 8].map((offset) => view.getUint32(from + offset, true));
      if (found.every((value, i) => value === numbers[i])) return end;
    }
  }
  throw new FormatError(
    'zip-local-mismatch',
    `Entry ${shown(record.name)} lacks the sizes that belong behind its data.`,
  );
}

/** The entries of an archive in the order of its directory, all checks done but the data's. Throws FormatError. */
export function readZipDirectory(bytes: Uint8Array): ZipEntry[] {
  if (bytes.length === 0) throw new FormatError('file-empty', 'The archive is empty.');
  if (bytes.length > limits.fileBytes)
    throw new FormatError('file-too-large', `The archive has ${bytes.length} bytes.`);
  const view = viewOf(bytes);
  const { records, start } = readDirectory(bytes, view);
  const placed = new Map<DirectoryRecord, number>();
  let expected = 0;
  let total = 0;
  for (const record of [...records].sort((a, b) => a.localOffset - b.localOffset)) {
    const what = `Entry ${shown(record.name)}`;
    if (record.localOffset < expected)
      throw new FormatError('zip-overlap', `${what} begins inside the entry before it.`);
    if (record.localOffset > expected)
      throw new FormatError('zip-hole', `Bytes ${expected} to ${record.localOffset} belong to no entry.`);
    const [dataOffset, next] = locate(bytes, view, record, start);
    if (!record.deflated && record.packedBytes !== record.claimedBytes) {
      throw new FormatError(
        'inflated-size',
        `${what} is stored in ${record.packedBytes} bytes but claims ${record.claimedBytes}.`,
      );
    }
    total += record.claimedBytes;
    placed.set(record, dataOffset);
    expected = next;
  }
  if (expected !== start) throw new FormatError('zip-hole', `Bytes ${expected} to ${start} belong to no entry.`);
  if (total > limits.fileBytes)
    throw new FormatError('file-too-large', `The archive claims to unpack to ${total} bytes.`);
  return records.map(({ name, deflated, checksum, packedBytes, claimedBytes }, i) => ({
    name,
    deflated,
    checksum,
    packedBytes,
    claimedBytes,
    dataOffset: placed.get(records[i]!)!,
  }));
}

/** The unpacked, checksummed bytes of one entry (a view into the archive where it is stored). */
export function readZipEntry(bytes: Uint8Array, entry: ZipEntry): Uint8Array {
  const what = `Entry ${shown(entry.name)}`;
  const packed = bytes.subarray(entry.dataOffset, entry.dataOffset + entry.packedBytes);
  const data = entry.deflated ? boundedInflate(packed, entry.claimedBytes, what) : packed;
  if (crc32(data) !== entry.checksum) throw new FormatError('zip-checksum', `${what} does not match its checksum.`);
  return data;
}
