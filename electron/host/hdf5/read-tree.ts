import { decodeElements } from '../../../core/formats/elements.ts';
import { FormatError, shown } from '../../../core/formats/format-error.ts';
import { hdf5Limits, limits } from '../../../core/formats/limits.ts';
import type { Hdf5Group, Hdf5Node, Hdf5Value } from '../../../core/formats/loss-landscape/hdf5-tree.ts';
import { type ElementType, storedBytes } from '../../../core/formats/numeric-array.ts';
import type { H5Metadata, Library } from './library.ts';
import { refuseOthers } from './signature.ts';

/** HDF5's classes of types. */
const integerClass = 0;
const floatClass = 1;
const textClass = 3;
const enumClass = 8;

interface Reading {
  readonly library: Library;
  readonly file: bigint;
  readonly fileBytes: number;
  /** Running totals over the file. */
  objects: number;
  heldBytes: bigint;
  texts: number;
}

const placeOf = (path: string): string => `the file's ${shown(path)}`;

/** Runs a call into the library; whatever goes wrong in there, with damaged files also traps of its memory, is one error. */
function asked<T>(reading: Pick<Reading, 'library'>, path: string, call: () => T): T {
  try {
    return call();
  } catch (problem) {
    if (problem instanceof FormatError) throw problem;
    const found = `HDF5 cannot read ${path === '/' ? 'the root of the file' : placeOf(path)}${reading.library.lastComplaint()}.`;
    throw new FormatError('hdf5-damaged', found);
  }
}

function elementTypeOf({ type, size, signed, enum_type: members }: H5Metadata): ElementType | null {
  if (type === floatClass) return size === 8 ? 'float64' : size === 4 ? 'float32' : size === 2 ? 'float16' : null;
  // How h5py stores truth values.
  if (type === enumClass) {
    const isBoolean =
      size === 1 && members?.nmembers === 2 && members.members.FALSE === 0 && members.members.TRUE === 1;
    return isBoolean ? 'bool' : null;
  }
  if (type !== integerClass || ![1, 2, 4, 8].includes(size)) return null;
  return `${signed ? 'int' : 'uint'}${8 * size}` as ElementType;
}

/** Counts what an array will hold against the limits, in exact integers, before any memory is taken for it. */
function claim(reading: Reading, metadata: H5Metadata, place: string): void {
  const shape = metadata.shape ?? [];
  if (shape.length > limits.axes) throw new FormatError('hdf5-claims', `${place} has ${shape.length} axes.`);
  if (shape.some((extent) => !Number.isSafeInteger(extent) || extent < 0))
    throw new FormatError('array-too-large', `${place} claims an axis of ${Math.max(...shape)} elements.`);
  const count = shape.reduce((product, extent) => product * BigInt(extent), 1n);
  const bytes = count * BigInt(metadata.size);
  if (bytes > BigInt(limits.arrayBytes))
    throw new FormatError(
      'array-too-large',
      `${place} claims ${bytes} bytes (shape ${shape.slice(0, 6).join(' × ')}).`,
    );
  reading.heldBytes += bytes;
  const most = BigInt(Math.max(hdf5Limits.freeBytes, reading.fileBytes * hdf5Limits.ratio));
  if (reading.heldBytes > BigInt(limits.fileBytes) || reading.heldBytes > most) {
    const found = `With ${place} the arrays claim ${reading.heldBytes} bytes, the file has ${reading.fileBytes}.`;
    throw new FormatError('hdf5-claims', found);
  }
}

/** `read` fills memory of the library with the values; its status is below zero where it failed. */
function readValue(reading: Reading, metadata: H5Metadata, place: string, from: Source): Hdf5Value {
  const shape = metadata.shape;
  if (shape === null) return { shape: [0], dtype: 'float64', data: new Float64Array(0) };
  const dtype = elementTypeOf(metadata);
  if (dtype === null && metadata.type !== textClass) return { shape, dtype: 'unread', data: null };
  claim(reading, metadata, place);
  const count = shape.reduce((product, extent) => product * extent, 1);
  if (dtype === null) {
    reading.texts += count;
    if (reading.texts > hdf5Limits.texts)
      throw new FormatError('hdf5-claims', `With ${place} the file has ${reading.texts} texts.`);
    return { shape, dtype: 'text', data: texts(reading, metadata, count, from, place) };
  }
  if (count === 0) return { shape, dtype, data: decodeElements(new Uint8Array(0), 0, 0, dtype, true, place) };
  return reading.library.borrowed(count * storedBytes[dtype], (pointer, bytes) => {
    check(reading, from.read(pointer), place);
    return { shape, dtype, data: decodeElements(bytes(), 0, count, dtype, true, place) };
  });
}

interface Source {
  /** The status of the library: below zero where it failed. */
  read(pointer: bigint): number;
  /** Gives texts of variable length back. */
  reclaim(pointer: bigint): void;
}

function check(reading: Reading, status: number, place: string): void {
  if (status >= 0) return;
  const why = reading.library.lastComplaint();
  if (/external raw data|External file list/i.test(reading.library.complaints()))
    throw new FormatError('hdf5-virtual', `${place[0]!.toUpperCase()}${place.slice(1)} lies in another file.`);
  throw new FormatError('hdf5-damaged', `HDF5 cannot read ${place}${why}.`);
}

function texts(reading: Reading, metadata: H5Metadata, count: number, from: Source, place: string): string[] {
  if (count === 0) return [];
  return reading.library.borrowed(count * metadata.size, (pointer, bytes) => {
    check(reading, from.read(pointer), place);
    const raw = bytes();
    if (!metadata.vlen) {
      return Array.from({ length: count }, (_, i) => {
        const piece = raw.subarray(i * metadata.size, (i + 1) * metadata.size);
        const end = piece.indexOf(0);
        return new TextDecoder().decode(end < 0 ? piece : piece.subarray(0, end));
      });
    }
    const pointers = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    const read = Array.from({ length: count }, (_, i) => reading.library.text(pointers.getUint32(4 * i, true)));
    from.reclaim(pointer);
    return read;
  });
}

function attributesOf(reading: Reading, path: string): Map<string, Hdf5Value> {
  const { library, file } = reading;
  const names = asked(reading, path, () => library.module.get_attribute_names(file, path));
  count(reading, names.length, path);
  return new Map(
    names.map((name) => {
      const place = `the attribute ${shown(name)} of ${shown(path)}`;
      const value = asked(reading, path, () => {
        const metadata = library.module.get_attribute_metadata(file, path, name);
        return readValue(reading, metadata, place, {
          read: (pointer) => library.module.get_attribute_data(file, path, name, pointer),
          reclaim: (pointer) => library.module.reclaim_vlen_memory(file, path, name, pointer),
        });
      });
      return [name, value];
    }),
  );
}

function count(reading: Reading, more: number, path: string): void {
  reading.objects += more;
  if (reading.objects > hdf5Limits.objects)
    throw new FormatError(
      'hdf5-objects',
      `By ${placeOf(path)} the file has ${reading.objects} groups, arrays and attributes.`,
    );
}

function datasetOf(reading: Reading, path: string): Hdf5Node {
  const { library, file } = reading;
  const metadata = library.module.get_dataset_metadata(file, path);
  const place = placeOf(path);
  if (metadata.virtual_sources !== undefined)
    throw new FormatError(
      'hdf5-virtual',
      `The file's ${shown(path)} is a virtual dataset, put together from other files.`,
    );
  const value = readValue(reading, metadata, place, {
    read: (pointer) => library.module.get_dataset_data(file, path, null, null, null, pointer),
    reclaim: (pointer) => library.module.reclaim_vlen_memory(file, path, '', pointer),
  });
  return { kind: 'dataset', attributes: attributesOf(reading, path), value };
}

function groupOf(reading: Reading, path: string, depth: number): Hdf5Group {
  const { library, file } = reading;
  if (depth > hdf5Limits.depth) throw new FormatError('hdf5-depth', `${placeOf(path)} lies ${depth} groups deep.`);
  const names = asked(reading, path, () => library.module.get_names(file, path, false));
  count(reading, names.length, path);
  const members = names.map((name): [string, Hdf5Node] => {
    const below = path === '/' ? `/${name}` : `${path}/${name}`;
    return [name, asked(reading, below, () => memberOf(reading, below, depth))];
  });
  return { kind: 'group', attributes: attributesOf(reading, path), members: new Map(members) };
}

function memberOf(reading: Reading, path: string, depth: number): Hdf5Node {
  const { module, groupType, datasetType } = reading.library;
  // Asked before the type, which follows links.
  if (module.get_symbolic_link(reading.file, path) !== null)
    throw new FormatError('hdf5-link', `The file's ${shown(path)} is a soft link.`);
  if (module.get_external_link(reading.file, path).filename !== undefined)
    throw new FormatError('hdf5-link', `The file's ${shown(path)} is a link to another file.`);
  const type = module.get_type(reading.file, path);
  if (type === groupType) return groupOf(reading, path, depth + 1);
  if (type === datasetType) return datasetOf(reading, path);
  // A named type says nothing by itself.
  if (type === reading.library.namedType) return { kind: 'group', attributes: new Map(), members: new Map() };
  throw new FormatError('hdf5-link', `The file's ${shown(path)} is neither group nor array.`);
}

/**
 * The tree of an HDF5 file out of bytes that nobody vouches for. Nothing of a disk is read: the file lies in memory of the
 * library, links of any kind, virtual datasets and external storage are refused, and what arrays claim is counted before
 * memory is taken. Throws FormatError. The caller bounds time and memory (`hdf5Thread`).
 */
export function readTree(library: Library, bytes: Uint8Array): Hdf5Group {
  refuseOthers(bytes);
  return library.withFile(bytes, (name) => {
    library.forget();
    const file = asked({ library }, '/', () => {
      const id = library.module.open(name, library.readOnly, false, -1, -1);
      if (id < 0n) throw new Error('not opened');
      return id;
    });
    try {
      const reading: Reading = { library, file, fileBytes: bytes.length, objects: 0, heldBytes: 0n, texts: 0 };
      return groupOf(reading, '/', 0);
    } finally {
      library.close(file);
    }
  });
}
