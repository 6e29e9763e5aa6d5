import { FormatError, shown } from './format-error.ts';
import { readNpy, writeNpy } from './npy.ts';
import type { NumericArray } from './numeric-array.ts';
import { readZipDirectory, readZipEntry } from './zip-read.ts';
import { writeZip } from './zip-write.ts';

/** NumPy's .npz: a ZIP archive whose entries NAME.npy are .npy files. */

const startsWith = (bytes: Uint8Array, ...start: readonly number[]) => start.every((byte, i) => bytes[i] === byte);

/** The arrays by name, in the order of the archive. Throws FormatError. */
export function readNpz(bytes: Uint8Array): Map<string, NumericArray> {
  const entries = readZipDirectory(bytes);
  const foreign = entries.find(({ name }) => !name.endsWith('.npy') || name === '.npy');
  if (foreign !== undefined) {
    throw new FormatError(
      'npz-entry-name',
      `The archive has the entry ${shown(foreign.name)}, which is not a .npy array.`,
    );
  }
  const arrays = new Map<string, NumericArray>();
  for (const entry of entries) {
    const data = readZipEntry(bytes, entry);
    if (startsWith(data, 0x50, 0x4b, 3, 4) || startsWith(data, 0x1f, 0x8b)) {
      throw new FormatError('npz-nested-archive', `Entry ${shown(entry.name)} is itself an archive.`);
    }
    arrays.set(entry.name.slice(0, -'.npy'.length), readNpy(data, `entry ${shown(entry.name)}`));
  }
  return arrays;
}

/**
 * The archive of the arrays in the given order: the same bytes for the same arrays. Throws RangeError for names that the
 * reader would refuse (empty, or with control characters).
 */
export function writeNpz(
  arrays: ReadonlyMap<string, NumericArray>,
  { deflate = true }: { readonly deflate?: boolean } = {},
): Uint8Array<ArrayBuffer> {
  const odd = [...arrays.keys()].find((name) => name === '' || /\p{C}/u.test(name));
  if (odd !== undefined) throw new RangeError(`no array can be called ${shown(odd)}`);
  const inputs = [...arrays].map(([name, array]) => ({ name: `${name}.npy`, data: writeNpy(array) }));
  return writeZip(inputs, deflate);
}
