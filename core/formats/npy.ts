import { decodeElements, encodeElements } from './elements.ts';
import { FormatError, shown } from './format-error.ts';
import { limits } from './limits.ts';
import {
  claimedElements,
  type ElementType,
  elementCount,
  type NumericArray,
  type NumericData,
  storedBytes,
} from './numeric-array.ts';

/**
 * NumPy's .npy (NEP 1): six magic bytes, version, length of the header, a Python dictionary with descr, fortran_order
 * and shape, then the elements. Read: versions 1.0, 2.0, 3.0; f2 f4 f8 i1 … i8 u1 … u8 b1; both byte orders; both axis
 * orders (given back row-major). Never objects (pickle). Written: version 1.0, little-endian, row-major, byte for byte
 * as numpy.save does.
 */

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const npyTypes: Readonly<Record<string, ElementType>> = {
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
  u1: 'uint8',
  u2: 'uint16',
  u4: 'uint32',
  u8: 'uint64',
  b1: 'bool',
};

interface Header {
  readonly dtype: ElementType;
  readonly little: boolean;
  readonly fortran: boolean;
  readonly shape: readonly number[];
}

/** What the beginning of a file tells of its elements. */
export interface ArrayHeader {
  readonly shape: readonly number[];
  readonly dtype: ElementType;
  readonly little: boolean;
  /** Byte at which the elements begin. */
  readonly dataOffset: number;
}

/** One token of the dictionary: punctuation, a quoted text, a number (with Python 2's L) or a word. */
const tokenPattern = /[ \t\n\r]*(?:([{}()[\],:])|'([^'\\\n]*)'|"([^"\\\n]*)"|(\d+)L?|([A-Za-z]+))/y;

type Token =
  | { readonly kind: 'mark' | 'word'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string };

function tokens(header: string, place: string): Token[] {
  const list: Token[] = [];
  const text = header.trimEnd();
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.length) {
    const at = tokenPattern.lastIndex;
    const match = tokenPattern.exec(text);
    if (match === null) {
      throw new FormatError(
        'npy-header-grammar',
        `The header of ${place} is not understood at ${shown(text.slice(at))}.`,
      );
    }
    const [, mark, single, double, number, word] = match;
    if (mark !== undefined) list.push({ kind: 'mark', text: mark });
    else if (number !== undefined) list.push({ kind: 'number', text: number });
    else if (word !== undefined) list.push({ kind: 'word', text: word });
    else list.push({ kind: 'text', text: (single ?? double)! });
  }
  return list;
}

/** Reads the dictionary of three entries; values stay tokens until their key says what they must be. */
function headerEntries(list: readonly Token[], place: string): Map<string, readonly Token[]> {
  const bad = (what: string) => new FormatError('npy-header-grammar', `The header of ${place} ${what}.`);
  const entries = new Map<string, readonly Token[]>();
  if (list[0]?.text !== '{' || list[0].kind !== 'mark') throw bad('does not begin with a dictionary');
  let at = 1;
  while (list[at] !== undefined && !(list[at]!.kind === 'mark' && list[at]!.text === '}')) {
    const key = list[at]!;
    const colon = list[at + 1];
    if (key.kind !== 'text' || colon?.kind !== 'mark' || colon.text !== ':') throw bad('has a key that is not text');
    if (entries.has(key.text))
      throw new FormatError('npy-header-keys', `The header of ${place} has ${shown(key.text)} twice.`);
    at += 2;
    const from = at;
    let depth = 0;
    for (; list[at] !== undefined; at++) {
      const { kind, text } = list[at]!;
      if (kind !== 'mark') continue;
      if (depth === 0 && (text === ',' || text === '}')) break;
      if (text === '(' || text === '[' || text === '{') depth += 1;
      if (text === ')' || text === ']' || text === '}') depth -= 1;
      if (depth < 0) throw bad('has unbalanced brackets');
    }
    if (at === from) throw bad(`has no value for ${shown(key.text)}`);
    entries.set(key.text, list.slice(from, at));
    if (list[at]?.text === ',') at += 1;
  }
  if (at !== list.length - 1)
    throw bad(list[at] === undefined ? 'ends before its dictionary' : 'goes on behind its dictionary');
  return entries;
}

function elementType(value: readonly Token[], place: string): { dtype: ElementType; little: boolean } {
  const [token] = value;
  if (value.length !== 1 || token?.kind !== 'text') {
    if (value.some(({ kind, text }) => kind === 'text' && /^[<>=|]?O/.test(text))) {
      throw new FormatError('npy-object-dtype', `${place} holds Python objects in a structure.`);
    }
    throw new FormatError('npy-dtype', `${place} has a structured element type.`);
  }
  const match = /^([<>|]?)([A-Za-z]\d*)$/.exec(token.text);
  if (match !== null && match[2]!.startsWith('O')) {
    throw new FormatError('npy-object-dtype', `${place} holds Python objects (${shown(token.text)}).`);
  }
  const dtype = match === null ? undefined : Object.hasOwn(npyTypes, match[2]!) ? npyTypes[match[2]!] : undefined;
  if (match === null || dtype === undefined || (match[1] !== '<' && match[1] !== '>' && storedBytes[dtype] > 1)) {
    throw new FormatError('npy-dtype', `${place} has the element type ${shown(token.text)}.`);
  }
  return { dtype, little: match[1] !== '>' };
}

function shapeOf(value: readonly Token[], place: string): number[] {
  const bad = (what: string) => new FormatError('npy-shape', `The shape of ${place} ${what}.`);
  const [open, close] = [value[0]!, value[value.length - 1]!];
  if (value.length < 2 || open.text !== '(' || close.text !== ')') throw bad('is not a tuple of whole numbers');
  const inner = value.slice(1, -1);
  const shape: number[] = [];
  for (const [i, { kind, text }] of inner.entries()) {
    if (i % 2 === 1) {
      if (kind !== 'mark' || text !== ',') throw bad('is not a tuple of whole numbers');
      continue;
    }
    if (kind !== 'number') throw bad('is not a tuple of whole numbers');
    if (!Number.isSafeInteger(Number(text))) throw bad(`has an extent of ${text.slice(0, 40)}`);
    shape.push(Number(text));
  }
  if (shape.length === 1 && inner.length === 1) throw bad('is not a tuple of whole numbers');
  if (shape.length > limits.axes) throw bad(`has ${shape.length} axes`);
  return shape;
}

function parseHeader(text: string, place: string): Header {
  const entries = headerEntries(tokens(text, place), place);
  const [descr, order, shape] = [entries.get('descr'), entries.get('fortran_order'), entries.get('shape')];
  if (descr === undefined || order === undefined || shape === undefined || entries.size !== 3) {
    const names = [...entries.keys()].map(shown).join(', ');
    throw new FormatError('npy-header-keys', `The header of ${place} has the entries ${names || 'none'}.`);
  }
  const type = elementType(descr, place);
  const word = order[0]!;
  if (order.length !== 1 || word.kind !== 'word' || (word.text !== 'True' && word.text !== 'False')) {
    throw new FormatError('npy-header-grammar', `The axis order of ${place} is neither True nor False.`);
  }
  return { ...type, fortran: word.text === 'True', shape: shapeOf(shape, place) };
}

/** Header text and where the elements begin; the length is held against the cap before anything is read. */
function headerText(bytes: Uint8Array, place: string): { text: string; dataOffset: number } {
  if (bytes.length === 0) throw new FormatError('file-empty', `${place} is empty.`);
  if (magic.some((byte, i) => i < bytes.length && bytes[i] !== byte)) {
    throw new FormatError('npy-magic', `${place} does not begin like a .npy file.`);
  }
  if (bytes.length < 8) throw new FormatError('npy-truncated', `${place} ends inside its first eight bytes.`);
  const [major, minor] = [bytes[6]!, bytes[7]!];
  if (major < 1 || major > 3 || minor !== 0)
    throw new FormatError('npy-version', `${place} has version ${major}.${minor}.`);
  const lengthBytes = major === 1 ? 2 : 4;
  if (bytes.length < 8 + lengthBytes)
    throw new FormatError('npy-truncated', `${place} ends inside the length of its header.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > limits.npyHeaderBytes) {
    throw new FormatError('npy-header-too-long', `${place} claims a header of ${length} bytes.`);
  }
  const dataOffset = 8 + lengthBytes + length;
  if (bytes.length < dataOffset) throw new FormatError('npy-truncated', `${place} ends inside its header.`);
  let text = '';
  for (let i = 8 + lengthBytes; i < dataOffset; i++) {
    const byte = bytes[i]!;
    if (byte > 0x7e || (byte < 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) {
      throw new FormatError('npy-header-encoding', `Byte ${i} of ${place}, in its header, is 0x${byte.toString(16)}.`);
    }
    text += String.fromCharCode(byte);
  }
  return { text, dataOffset };
}

/** Elements in column-major order put into row-major order. */
function rowMajor(data: NumericData, shape: readonly number[]): NumericData {
  const out = data.slice();
  const index = new Array<number>(shape.length).fill(0);
  const strides = shape.map((_, axis) => elementCount(shape.slice(0, axis)));
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      index[axis]! += 1;
      if (index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}

/** The header of a .npy file out of its first bytes (`limits.npyHeaderBytes` + 12 are enough), of any size. Throws FormatError. */
export function readNpyHeader(bytes: Uint8Array, place = 'the .npy file'): ArrayHeader & { readonly fortran: boolean } {
  const { text, dataOffset } = headerText(bytes, place);
  return { ...parseHeader(text, place), dataOffset };
}

/** The array in a .npy file. `place` names the file or archive entry in messages. Throws FormatError. */
export function readNpy(bytes: Uint8Array, place = 'the .npy file'): NumericArray {
  const { dtype, little, fortran, shape, dataOffset } = readNpyHeader(bytes, place);
  const count = claimedElements(shape, dtype, place);
  const wanted = count * storedBytes[dtype];
  const stored = bytes.length - dataOffset;
  if (stored < wanted) {
    throw new FormatError(
      'npy-truncated',
      `${place} holds ${stored} bytes of elements where its shape wants ${wanted}.`,
    );
  }
  if (stored > wanted)
    throw new FormatError('npy-trailing-bytes', `${place} has ${stored - wanted} bytes behind its elements.`);
  const data = decodeElements(bytes, dataOffset, count, dtype, little, place);
  return { shape, dtype, data: fortran && shape.length > 1 ? rowMajor(data, shape) : data };
}

/** The bytes of a .npy file; bfloat16 has no NumPy type and is refused with a RangeError. */
export function writeNpy(array: NumericArray): Uint8Array<ArrayBuffer> {
  const code = Object.keys(npyTypes).find((name) => npyTypes[name] === array.dtype);
  if (code === undefined) throw new RangeError(`NumPy has no type for ${array.dtype}`);
  const width = storedBytes[array.dtype];
  const shape = array.shape.length === 1 ? `(${array.shape[0]},)` : `(${array.shape.join(', ')})`;
  const dictionary = `{'descr': '${width === 1 ? '|' : '<'}${code}', 'fortran_order': False, 'shape': ${shape}, }`;
  // numpy.save leaves room for the first axis to grow to 20 digits, then pads so that elements begin at a multiple of 64.
  const room = array.shape.length === 0 ? 0 : 21 - String(array.shape[0]).length;
  const header = dictionary + ' '.repeat(Math.max(room, 0));
  const unpadded = 10 + header.length + 1;
  const dataOffset = unpadded + (64 - (unpadded % 64));
  if (dataOffset - 10 > limits.npyHeaderBytes) throw new RangeError(`a header of ${dataOffset - 10} bytes`);
  const bytes = new Uint8Array(dataOffset + elementCount(array.shape) * width);
  bytes.set([...magic, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, dataOffset - 10, true);
  bytes.set(new TextEncoder().encode(`${header.padEnd(dataOffset - 11)}\n`), 10);
  encodeElements(array, bytes.subarray(dataOffset));
  return bytes;
}
