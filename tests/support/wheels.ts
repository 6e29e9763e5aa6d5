import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { writeZip } from '../../core/formats/zip-write.ts';
import { engineLibraries } from '../../electron/host/engine/engines-home.ts';

export interface WheelParts {
  readonly name?: string;
  readonly version?: string;
  readonly tag?: string;
  readonly requirements?: readonly string[];
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** Replaces the checksum of a file in RECORD. */
  readonly wrongChecksumOf?: string;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const linux = 'cp311-cp311-manylinux2014_x86_64';

/** The three files that tell what a wheel is. */
function information(parts: WheelParts, record: string): Record<string, Uint8Array> {
  const { name = 'tensorflow_cpu', version = '2.15.1', tag = linux, requirements = [] } = parts;
  const folder = `${name}-${version}.dist-info`;
  const requires = requirements.map((requirement) => `Requires-Dist: ${requirement}\n`).join('');
  return {
    [`${folder}/METADATA`]: bytes(
      `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${requires}\nName: not this\n`,
    ),
    [`${folder}/WHEEL`]: bytes(`Wheel-Version: 1.0\nTag: ${tag}\n`),
    [`${folder}/RECORD`]: bytes(record),
  };
}

const recordLine = (file: string, hash: string, size: number): string => `${file},sha256=${hash},${size}\n`;

/** Files that have the names of TensorFlow's libraries and are none. */
export const fakeLibraries = (size = 1000): Record<string, Uint8Array> =>
  Object.fromEntries(engineLibraries.map((name, i) => [`tensorflow/${name}`, new Uint8Array(size).fill(65 + i)]));

/** Writes a small wheel into a folder and answers its path. */
export function writeWheel(folder: string, parts: WheelParts = {}): string {
  const { name = 'tensorflow_cpu', version = '2.15.1', tag = linux, files = fakeLibraries(), wrongChecksumOf } = parts;
  const record = Object.entries(files).map(([file, data]) => {
    const hash = createHash('sha256').update(file === wrongChecksumOf ? 'something else' : data);
    return recordLine(file, hash.digest('base64url'), data.length);
  });
  const all = { ...files, ...information(parts, record.join('')) };
  const file = path.join(folder, `${name}-${version}-${tag}.whl`);
  writeFileSync(
    file,
    writeZip(
      Object.entries(all).map(([name, data]) => ({ name, data })),
      true,
    ),
  );
  return file;
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), hash);
  return hash.digest('base64url');
}

interface Stored {
  readonly name: string;
  readonly size: number;
  open(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** A zip of unpacked members; the CRCs are left 0, for readers of wheels go by RECORD. */
async function* storedZip(members: readonly Stored[]): AsyncGenerator<Uint8Array> {
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, size, open } of members) {
    const encoded = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(size, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(encoded.length, 22);
    const entry = Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\0', 'latin1'), common, Buffer.alloc(14), encoded]);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry);
    yield Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), common, encoded]);
    yield* open();
    offset += 30 + encoded.length + size;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(offset, 16);
  yield listing;
  yield end;
}

/** The wheel that an installed engine's libraries came out of, made again of them: as large, and nothing is fetched. */
export async function wheelOfEngine(libraries: string, version: string, folder: string): Promise<string> {
  const members: Stored[] = [];
  let record = '';
  for (const library of engineLibraries) {
    const file = path.join(libraries, library);
    const { size } = statSync(file);
    record += recordLine(`tensorflow/${library}`, await sha256(file), size);
    members.push({
      name: `tensorflow/${library}`,
      size,
      open: () => createReadStream(file, { highWaterMark: 2 ** 20 }),
    });
  }
  for (const [name, data] of Object.entries(information({ version }, record)))
    members.push({ name, size: data.length, open: () => [data] });
  const wheel = path.join(folder, `tensorflow_cpu-${version}-${linux}.whl`);
  await pipeline(Readable.from(storedZip(members)), createWriteStream(wheel));
  return wheel;
}
