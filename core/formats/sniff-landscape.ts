import { FormatError, shown } from './format-error.ts';
import type { LandscapeFile } from './landscape-file.ts';
import { isLandscaper, landscapeOfLandscaper } from './landscaper-npz.ts';
import { limits } from './limits.ts';
import { isCurve, isPlane, landscapeOfCurve, landscapeOfPlane } from './mode-connectivity-npz.ts';
import { readNpz } from './npz.ts';
import type { NumericArray } from './numeric-array.ts';
import { isSlice, landscapeOfArrays } from './slice-npz.ts';
import { readZipDirectory } from './zip-read.ts';

/** What a file holds, told by its bytes and never by its name. */
export type LandscapeKind =
  | 'hdf5'
  | 'saddlescope npz'
  | 'landscaper npz'
  | 'mode-connectivity curve'
  | 'mode-connectivity plane';

const hdf5Signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

const startsWith = (bytes: Uint8Array, start: readonly number[], at = 0): boolean =>
  start.every((byte, i) => bytes[at + i] === byte);

/** At byte 0, or behind a user block of 512, 1024, 2048 … bytes (HDF5 specification, II.A). */
function isHdf5(bytes: Uint8Array): boolean {
  if (startsWith(bytes, hdf5Signature)) return true;
  for (let at = 512; at + 8 <= bytes.length; at *= 2) if (startsWith(bytes, hdf5Signature, at)) return true;
  return false;
}

const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes.subarray(0, 64));

/** Files that people have beside such ones, and why they are not read. */
const foreign: readonly (readonly [is: (bytes: Uint8Array) => boolean, found: string])[] = [
  [
    (bytes) => bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5,
    'The file is a Python pickle, which can carry code and is never read.',
  ],
  [(bytes) => startsWith(bytes, [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]), 'The file is one .npy array without axes.'],
  [(bytes) => startsWith(bytes, [0x1f, 0x8b]), 'The file is packed with gzip.'],
  [(bytes) => /^\s*(?:<\?xml|<VTKFile)/.test(text(bytes)), 'The file is XML; VTK files are written here, not read.'],
  [(bytes) => /^\s*[{[]/.test(text(bytes)), 'The file is JSON.'],
  [(bytes) => startsWith(bytes, [0x89, 0x50, 0x4e, 0x47]), 'The file is a picture.'],
];

const npzKinds: readonly (readonly [
  kind: LandscapeKind,
  is: (names: ReadonlySet<string>) => boolean,
  read: (arrays: ReadonlyMap<string, NumericArray>) => LandscapeFile,
])[] = [
  ['mode-connectivity plane', isPlane, landscapeOfPlane],
  ['mode-connectivity curve', isCurve, landscapeOfCurve],
  ['landscaper npz', isLandscaper, landscapeOfLandscaper],
  ['saddlescope npz', isSlice, landscapeOfArrays],
];

function npzKind(bytes: Uint8Array) {
  const entries = readZipDirectory(bytes).map(({ name }) => name);
  const names = new Set(entries.filter((name) => name.endsWith('.npy')).map((name) => name.slice(0, -'.npy'.length)));
  const found = npzKinds.find(([, is]) => is(names));
  if (found) return found;
  if (entries.some((name) => name.endsWith('.pkl')))
    throw new FormatError(
      'landscape-unknown',
      'The file is a checkpoint of PyTorch, which is a pickle and never read.',
    );
  const some = entries.slice(0, 6).map(shown).join(', ');
  throw new FormatError(
    'landscape-unknown',
    `The archive holds ${some || 'nothing'}${entries.length > 6 ? ' and more' : ''}, which is no landscape that is known here.`,
  );
}

/** The kind of a landscape file. Throws FormatError with a sentence on what the file is instead. */
export function sniffLandscape(bytes: Uint8Array): LandscapeKind {
  if (bytes.length === 0) throw new FormatError('file-empty', 'The file is empty.');
  if (bytes.length > limits.fileBytes) throw new FormatError('file-too-large', `The file has ${bytes.length} bytes.`);
  if (startsWith(bytes, [0x50, 0x4b, 3, 4]) || startsWith(bytes, [0x50, 0x4b, 5, 6])) return npzKind(bytes)[0];
  if (isHdf5(bytes)) return 'hdf5';
  const other = foreign.find(([is]) => is(bytes));
  if (other) throw new FormatError('landscape-unknown', other[1]);
  throw new FormatError(
    'landscape-unknown',
    `The file begins with ${shown(text(bytes.subarray(0, 16)))}, which is no landscape that is known here.`,
  );
}

/** The landscape in any .npz that is known. Throws FormatError; HDF5 is read elsewhere. */
export function readLandscapeNpz(bytes: Uint8Array): LandscapeFile {
  return npzKind(bytes)[2](readNpz(bytes));
}
