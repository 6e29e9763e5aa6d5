import type { FileHandle } from 'node:fs/promises';

/** One file inside a zip archive, as the archive's directory tells. */
export interface ZipMember {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  /** Where its local header starts. */
  readonly offset: number;
}

/** The archive breaks a rule of its format; the message is half a sentence. */
export class ZipProblem extends Error {}

const signature = { end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50, entry: 0x02014b50, local: 0x04034b50 };
const endBytes = 22;
const locatorBytes = 20;
const longestComment = 0xffff;
/** Wheels of TensorFlow have some ten thousand files; this is room for a hundred times as many. */
const mostDirectoryBytes = 2 ** 28;

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) throw new ZipProblem('ends too early');
    filled += bytesRead;
  }
  return bytes;
}

const whole = (bytes: Buffer, at: number): number => {
  const value = Number(bytes.readBigUInt64LE(at));
  if (!Number.isSafeInteger(value)) throw new ZipProblem('names a size that no file has');
  return value;
};

interface Directory {
  readonly offset: number;
  readonly size: number;
}

/** Of archives beyond 4 GiB or 65,535 files: a second end record, found through the locator before the first. */
async function directory64(handle: FileHandle, end: number): Promise<Directory> {
  const locator = await readAt(handle, end - locatorBytes, locatorBytes);
  if (locator.readUInt32LE(0) !== signature.locator64) throw new ZipProblem('has no zip64 end record');
  const record = await readAt(handle, whole(locator, 8), 56);
  if (record.readUInt32LE(0) !== signature.end64) throw new ZipProblem('has no zip64 end record');
  return { size: whole(record, 40), offset: whole(record, 48) };
}

async function findDirectory(handle: FileHandle, fileBytes: number): Promise<Directory> {
  const tail = await readAt(
    handle,
    Math.max(0, fileBytes - endBytes - longestComment),
    Math.min(fileBytes, endBytes + longestComment),
  );
  for (let at = tail.length - endBytes; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== signature.end || at + endBytes + tail.readUInt16LE(at + 20) !== tail.length) continue;
    const [size, offset] = [tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
    const isLarge = tail.readUInt16LE(at + 10) === 0xffff || size === 0xffffffff || offset === 0xffffffff;
    return isLarge ? directory64(handle, fileBytes - tail.length + at) : { size, offset };
  }
  throw new ZipProblem('is not a zip file, or it ends too early');
}

/** Sizes that do not fit in 32 bits stand in an extra field, in this order and only where the field proper is full. */
function largeSizes(extra: Buffer, member: ZipMember): ZipMember {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    const full = (value: number) => {
      if (value !== 0xffffffff) return value;
      next += 8;
      if (next > extra.length) throw new ZipProblem('has a damaged directory');
      return whole(extra, next - 8);
    };
    const sizeBytes = full(member.sizeBytes);
    const packedBytes = full(member.packedBytes);
    return { ...member, sizeBytes, packedBytes, offset: full(member.offset) };
  }
  return member;
}

/** Every file of a zip archive, zip64 or not, read from its directory alone. Throws ZipProblem. */
export async function zipMembers(handle: FileHandle): Promise<ZipMember[]> {
  const { size: fileBytes } = await handle.stat();
  const { offset, size } = await findDirectory(handle, fileBytes);
  if (size > mostDirectoryBytes || offset + size > fileBytes) throw new ZipProblem('has a damaged directory');
  const directory = await readAt(handle, offset, size);
  const members: ZipMember[] = [];
  for (let at = 0; at + 46 <= size && directory.readUInt32LE(at) === signature.entry; ) {
    const nameEnd = at + 46 + directory.readUInt16LE(at + 28);
    const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
    const member = {
      name: directory.toString('utf8', at + 46, nameEnd),
      method: directory.readUInt16LE(at + 10),
      packedBytes: directory.readUInt32LE(at + 20),
      sizeBytes: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    };
    members.push(largeSizes(directory.subarray(nameEnd, extraEnd), member));
    at = extraEnd + directory.readUInt16LE(at + 32);
  }
  return members;
}

/** Where the packed bytes of a member start; its local header repeats the name with a length of its own. */
export async function packedStart(handle: FileHandle, { offset }: ZipMember): Promise<number> {
  const header = await readAt(handle, offset, 30);
  if (header.readUInt32LE(0) !== signature.local) throw new ZipProblem('has a damaged directory');
  return offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
}
