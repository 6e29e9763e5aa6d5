import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import fs, { type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { BadInput } from '../../../core/bad-input.ts';
import { packedStart, type ZipMember, ZipProblem, zipMembers } from './zip-directory.ts';

/** A Python wheel (PEP 427) that is open: a zip archive with a `METADATA` and the checksums of its files in `RECORD`. */
export interface Wheel {
  readonly file: string;
  /** As in METADATA: `tensorflow-cpu`, `nvidia-cublas-cu12`. */
  readonly name: string;
  readonly version: string;
  /** The lines `Requires-Dist` of METADATA. */
  readonly requirements: readonly string[];
  /** e.g. `cp311-cp311-manylinux_2_17_x86_64`. */
  readonly tags: readonly string[];
  readonly members: readonly ZipMember[];
  /**
   * Writes a member's bytes to a file, streamed, and holds them against the checksum in RECORD. `onBytes` hears of every
   * piece. Throws BadInput where they differ.
   */
  unpack(
    member: ZipMember,
    file: string,
    options: { signal?: AbortSignal | undefined; onBytes?(bytes: number): void },
  ): Promise<void>;
  close(): Promise<void>;
}

const mostTextBytes = 2 ** 26;

const badWheel = (file: string, found: string): BadInput =>
  new BadInput(
    `The wheel ${file} ${found}.`,
    'Get it again; saddlescope engine install without --wheel does so with pip.',
  );

/** What pip, a copy or a disk made of a wheel, told as bad input. */
function wheelProblem(file: string, problem: unknown): unknown {
  if (problem instanceof ZipProblem) return badWheel(file, problem.message);
  const code = (problem as NodeJS.ErrnoException | null)?.code ?? '';
  if (/^Z_/.test(code)) return badWheel(file, 'is damaged: its content cannot be unpacked');
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new BadInput(`The wheel ${file} does not exist.`, 'Check the path.');
  if (code === 'EISDIR') return new BadInput(`The wheel ${file} is a folder.`, 'Give the path of the file.');
  return problem;
}

async function packed(handle: FileHandle, member: ZipMember): Promise<Readable> {
  const start = await packedStart(handle, member);
  if (member.packedBytes === 0) return Readable.from([]);
  // Not the handle's own stream: it would close the handle when it ends.
  return createReadStream('', { fd: handle, autoClose: false, start, end: start + member.packedBytes - 1 });
}

/** Refuses members that are packed by other methods, and those that grow beyond what the directory says. */
function unpacking(member: ZipMember, onBytes: (bytes: Buffer) => void): Transform[] {
  if (member.method !== 0 && member.method !== 8)
    throw new ZipProblem(`packs ${member.name} by a method that is not known`);
  let size = 0;
  const watch = new Transform({
    transform(bytes: Buffer, _, done) {
      size += bytes.length;
      if (size > member.sizeBytes)
        return done(new ZipProblem(`is damaged: ${member.name} has more bytes than it says`));
      onBytes(bytes);
      done(null, bytes);
    },
    flush: (done) =>
      done(size === member.sizeBytes ? null : new ZipProblem(`is damaged: ${member.name} ends too early`)),
  });
  return member.method === 0 ? [watch] : [createInflateRaw({ chunkSize: 2 ** 18 }), watch];
}

async function textOf(handle: FileHandle, member: ZipMember): Promise<string> {
  if (member.sizeBytes > mostTextBytes)
    throw new ZipProblem(`has a ${path.basename(member.name)} of ${member.sizeBytes} bytes`);
  const parts: Buffer[] = [];
  const sink = new Writable({ write: (_bytes, _encoding, done) => done() });
  await pipeline([await packed(handle, member), ...unpacking(member, (bytes) => parts.push(bytes)), sink]);
  return Buffer.concat(parts).toString('utf8');
}

const valuesOf = (text: string, key: string): string[] =>
  [...text.matchAll(new RegExp(`^${key}: *(.*?)\\r?$`, 'gm'))].map((match) => match[1] ?? '');

/** Lines `path,sha256=BASE64URL,size`; paths with commas are quoted, and ours have none. */
const checksums = (record: string): ReadonlyMap<string, string> =>
  new Map([...record.matchAll(/^([^,"\n]+),sha256=([\w-]+)=*,/gm)].map(([, name = '', hash = '']) => [name, hash]));

async function contentOf(
  file: string,
  handle: FileHandle,
): Promise<Omit<Wheel, 'unpack' | 'close'> & { hashes: ReadonlyMap<string, string> }> {
  const members = await zipMembers(handle);
  const text = async (name: string): Promise<string> => {
    const member = members.find((one) => new RegExp(`^[^/]+\\.dist-info/${name}$`).test(one.name));
    if (member === undefined) throw new ZipProblem(`is not a Python wheel: it has no ${name}`);
    return textOf(handle, member);
  };
  // The description of the package comes after an empty line, and may hold anything.
  const header = (await text('METADATA')).split(/\r?\n\r?\n/)[0] ?? '';
  const [name = '', version = ''] = [...valuesOf(header, 'Name'), ...valuesOf(header, 'Version')];
  const requirements = valuesOf(header, 'Requires-Dist');
  const tags = valuesOf(await text('WHEEL'), 'Tag');
  return {
    file,
    name: name.toLowerCase().replaceAll(/[-_.]+/g, '-'),
    version,
    requirements,
    tags,
    members,
    hashes: checksums(await text('RECORD')),
  };
}

/** Opens a wheel and reads what it says of itself. Throws BadInput where it is none. */
export async function openWheel(file: string): Promise<Wheel> {
  let handle: FileHandle;
  try {
    // A pipe would block open() for ever.
    if (!(await fs.stat(file)).isFile()) throw badWheel(file, 'is no regular file');
    handle = await fs.open(file, 'r');
  } catch (problem) {
    throw wheelProblem(file, problem);
  }
  try {
    const { hashes, ...content } = await contentOf(file, handle);
    return {
      ...content,
      async unpack(member, target, { signal, onBytes }) {
        const hash = createHash('sha256');
        try {
          await pipeline(
            [
              await packed(handle, member),
              ...unpacking(member, (bytes) => {
                hash.update(bytes);
                onBytes?.(bytes.length);
              }),
              createWriteStream(target, { flags: 'wx', flush: true }),
            ],
            signal ? { signal } : {},
          );
        } catch (problem) {
          throw wheelProblem(file, problem);
        }
        if (hash.digest('base64url') !== hashes.get(member.name))
          throw badWheel(file, `is damaged: ${member.name} does not have the checksum that its RECORD says`);
      },
      close: () => handle.close(),
    };
  } catch (problem) {
    await handle.close();
    throw wheelProblem(file, problem);
  }
}
