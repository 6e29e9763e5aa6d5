import { encodeElements } from '../../../core/formats/elements.ts';
import type { Hdf5Group, Hdf5Value } from '../../../core/formats/loss-landscape/hdf5-tree.ts';
import { type ElementType, storedBytes } from '../../../core/formats/numeric-array.ts';
import type { H5Node, Library } from './library.ts';

/** h5wasm's letters for types. Truth values are written as bytes. */
const letters: Partial<Record<ElementType, string>> = {
  float64: '<d',
  float32: '<f',
  int8: '<b',
  int16: '<h',
  int32: '<i',
  int64: '<q',
  uint8: '<B',
  uint16: '<H',
  uint32: '<I',
  uint64: '<Q',
  bool: '<B',
};

/** Types that h5wasm takes as typed arrays; bytes are put together here, so that no realm's arrays matter. */
function encoded(value: Exclude<Hdf5Value, { dtype: 'text' | 'unread' }>): unknown {
  const bytes = new Uint8Array(value.data.length * storedBytes[value.dtype]);
  encodeElements(value, bytes);
  const { buffer } = bytes;
  switch (value.dtype) {
    case 'float64':
      return new Float64Array(buffer);
    case 'float32':
      return new Float32Array(buffer);
    case 'int8':
      return new Int8Array(buffer);
    case 'int16':
      return new Int16Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'int64':
      return new BigInt64Array(buffer);
    case 'uint16':
      return new Uint16Array(buffer);
    case 'uint32':
      return new Uint32Array(buffer);
    case 'uint64':
      return new BigUint64Array(buffer);
    default:
      return bytes;
  }
}

/** NUL would end the text. */
const plain = (text: string): string => text.replace(/[\0\p{Cs}]/gu, '\uFFFD');

function prepared(value: Hdf5Value): { data: unknown; shape: number[]; dtype: string } {
  const shape = [...value.shape];
  if (value.dtype === 'unread') throw new TypeError('what was not read cannot be written');
  if (value.dtype === 'text') return { data: value.data.map(plain), shape, dtype: 'S' };
  const dtype = letters[value.dtype];
  if (dtype === undefined) throw new TypeError(`no arrays of ${value.dtype} are written`);
  return { data: encoded(value), shape, dtype };
}

function writeAttributes(node: H5Node, attributes: Hdf5Group['attributes']): void {
  for (const [name, value] of attributes) {
    const { data, shape, dtype } = prepared(value);
    node.create_attribute(name, data, shape, dtype);
  }
}

function fill(parent: H5Node, { members, attributes }: Hdf5Group): void {
  writeAttributes(parent, attributes);
  for (const [name, node] of members) {
    if (node.kind === 'group') fill(parent.create_group(name), node);
    else writeAttributes(parent.create_dataset({ name, ...prepared(node.value) }), node.attributes);
  }
}

/** An HDF5 file of a tree: contiguous arrays, the oldest layout that holds them, readable by HDF5 1.8 and later. */
export const writeTree = (library: Library, tree: Hdf5Group): Uint8Array => library.written((root) => fill(root, tree));
