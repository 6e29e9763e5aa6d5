import { decodeElements, encodeElements } from './elements.ts';
import { FormatError, shown } from './format-error.ts';
import { limits } from './limits.ts';
import { claimedElements, type ElementType, elementCount, type NumericArray, storedBytes } from './numeric-array.ts';
import { type JsonValue, parseStrictJson } from './strict-json.ts';

/**
 * safetensors: 8 bytes of length, a JSON header {name: {dtype, shape, data_offsets}}, the elements of all tensors,
 * little-endian, row-major. The tensors tile the data: no overlap, no hole, exact end. Written like the library does
 * (wide types first, then by name; header padded by spaces to a multiple of 8), byte for byte.
 */
export interface Safetensors {
  readonly tensors: Map<string, NumericArray>;
  readonly metadata: Map<string, string>;
}

/** In the order of the library's own list, which decides the order of the tensors in a file. */
const codes: readonly (readonly [string, ElementType])[] = [
  ['BOOL', 'bool'],
  ['U8', 'uint8'],
  ['I8', 'int8'],
  ['I16', 'int16'],
  ['U16', 'uint16'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['I32', 'int32'],
  ['U32', 'uint32'],
  ['F32', 'float32'],
  ['F64', 'float64'],
  ['I64', 'int64'],
  ['U64', 'uint64'],
];
const typeByCode = new Map(codes);

interface Claim {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  readonly count: number;
  readonly begin: number;
  readonly end: number;
}

/** A list of whole numbers ≥ 0 below 2⁵³, else null. */
function wholeNumbers(value: JsonValue | undefined): number[] | null {
  if (!Array.isArray(value)) return null;
  const numbers: number[] = [];
  for (const item of value as readonly JsonValue[]) {
    if (item === null || typeof item !== 'object' || !('digits' in item) || !/^\d+$/.test(item.digits)) return null;
    const number = Number(item.digits);
    if (!Number.isSafeInteger(number)) return null;
    numbers.push(number);
  }
  return numbers;
}

function claim(name: string, entry: JsonValue): Claim {
  const what = `Tensor ${shown(name)}`;
  if (
    !(entry instanceof Map) ||
    entry.size !== 3 ||
    !['dtype', 'shape', 'data_offsets'].every((key) => entry.has(key))
  ) {
    throw new FormatError('safetensors-entry', `${what} is not described by dtype, shape and data_offsets.`);
  }
  const code = entry.get('dtype') as JsonValue;
  const dtype = typeof code === 'string' ? typeByCode.get(code) : undefined;
  if (dtype === undefined) {
    throw new FormatError(
      'safetensors-dtype',
      `${what} has the type ${typeof code === 'string' ? shown(code) : 'of no text'}.`,
    );
  }
  const shape = wholeNumbers(entry.get('shape'));
  if (shape === null || shape.length > limits.axes) {
    throw new FormatError(
      'safetensors-shape',
      `${what} has a shape that is not a list of up to ${limits.axes} whole numbers.`,
    );
  }
  const offsets = wholeNumbers(entry.get('data_offsets'));
  if (offsets === null || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    throw new FormatError('safetensors-offsets', `${what} has offsets that are not two ascending whole numbers.`);
  }
  const [begin, end] = offsets as [number, number];
  const count = claimedElements(shape, dtype, what);
  const wanted = count * storedBytes[dtype];
  if (end - begin !== wanted) {
    throw new FormatError('safetensors-size', `${what} wants ${wanted} bytes but has ${end - begin}.`);
  }
  return { name, dtype, shape, count, begin, end };
}

function metadataOf(value: JsonValue | undefined): Map<string, string> {
  const metadata = new Map<string, string>();
  if (value === undefined) return metadata;
  if (!(value instanceof Map)) throw new FormatError('safetensors-metadata', 'The __metadata__ are not a table.');
  for (const [key, text] of value as ReadonlyMap<string, JsonValue>) {
    if (typeof text !== 'string')
      throw new FormatError('safetensors-metadata', `The __metadata__ ${shown(key)} are not text.`);
    metadata.set(key, text);
  }
  return metadata;
}

function readHeader(bytes: Uint8Array): { header: ReadonlyMap<string, JsonValue>; dataOffset: number } {
  if (bytes.length === 0) throw new FormatError('file-empty', 'The .safetensors file is empty.');
  if (bytes.length > limits.fileBytes) throw new FormatError('file-too-large', `The file has ${bytes.length} bytes.`);
  if (bytes.length < 8)
    throw new FormatError('safetensors-truncated', 'The .safetensors file ends inside its first eight bytes.');
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(limits.safetensorsHeaderBytes)) {
    throw new FormatError('safetensors-header-too-long', `The .safetensors file claims a header of ${length} bytes.`);
  }
  const dataOffset = 8 + Number(length);
  if (dataOffset > bytes.length) {
    throw new FormatError('safetensors-truncated', `The .safetensors file ends inside its header of ${length} bytes.`);
  }
  if (bytes[8] !== 0x7b || length < 2n) {
    throw new FormatError('safetensors-header', 'The header of the .safetensors file does not begin with {.');
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, dataOffset));
  } catch {
    throw new FormatError('json-encoding', 'The header of the .safetensors file is not UTF-8.');
  }
  const header = parseStrictJson(text, 'The header of the .safetensors file') as ReadonlyMap<string, JsonValue>;
  return { header, dataOffset };
}

/** Contiguous, without overlap, to the exact end. */
function checkTiling(claims: readonly Claim[], dataBytes: number): void {
  let expected = 0;
  for (const { name, begin, end } of [...claims].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < expected)
      throw new FormatError('safetensors-overlap', `Tensor ${shown(name)} overlaps the one before it.`);
    if (begin > expected) {
      throw new FormatError(
        'safetensors-hole',
        `Bytes ${expected} to ${begin} before tensor ${shown(name)} belong to none.`,
      );
    }
    expected = end;
  }
  if (expected > dataBytes) {
    throw new FormatError(
      'safetensors-truncated',
      `The .safetensors file has ${dataBytes} of ${expected} bytes of data.`,
    );
  }
  if (expected < dataBytes) {
    throw new FormatError(
      'safetensors-trailing-bytes',
      `The last ${dataBytes - expected} bytes of the .safetensors file belong to no tensor.`,
    );
  }
}

/** The tensors in the order of their data. Throws FormatError. */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  const { header, dataOffset } = readHeader(bytes);
  const metadata = metadataOf(header.get('__metadata__'));
  const names = [...header.keys()].filter((name) => name !== '__metadata__');
  if (names.length > limits.safetensorsTensors) {
    throw new FormatError('safetensors-too-many-tensors', `The file has ${names.length} tensors.`);
  }
  const claims = names.map((name) => claim(name, header.get(name)!));
  checkTiling(claims, bytes.length - dataOffset);
  const tensors = new Map<string, NumericArray>();
  for (const { name, dtype, shape, count, begin } of claims.sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    const data = decodeElements(bytes, dataOffset + begin, count, dtype, true, `tensor ${shown(name)}`);
    tensors.set(name, { shape, dtype, data });
  }
  return { tensors, metadata };
}

const rank = (dtype: ElementType): number => codes.findIndex(([, type]) => type === dtype);
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The bytes of a file with these tensors: the same bytes whatever order they come in. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, NumericArray>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array<ArrayBuffer> {
  if (tensors.has('__metadata__')) throw new RangeError('no tensor may be called __metadata__');
  const sorted = [...tensors].sort(([a, { dtype: da }], [b, { dtype: db }]) => rank(db) - rank(da) || byText(a, b));
  const fields: string[] = [];
  if (metadata.size > 0) {
    const texts = [...metadata]
      .sort(([a], [b]) => byText(a, b))
      .map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`);
    fields.push(`"__metadata__":{${texts.join(',')}}`);
  }
  let end = 0;
  for (const [name, { dtype, shape }] of sorted) {
    const begin = end;
    end += elementCount(shape) * storedBytes[dtype];
    const code = codes[rank(dtype)]![0];
    fields.push(
      `${JSON.stringify(name)}:{"dtype":"${code}","shape":[${shape.join(',')}],"data_offsets":[${begin},${end}]}`,
    );
  }
  const json = new TextEncoder().encode(`{${fields.join(',')}}`);
  const headerBytes = Math.ceil(json.length / 8) * 8;
  if (headerBytes > limits.safetensorsHeaderBytes) throw new RangeError(`a header of ${headerBytes} bytes`);
  const bytes = new Uint8Array(8 + headerBytes + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.set(json, 8);
  bytes.fill(0x20, 8 + json.length, 8 + headerBytes);
  let at = 8 + headerBytes;
  for (const [, array] of sorted) {
    const size = elementCount(array.shape) * storedBytes[array.dtype];
    encodeElements(array, bytes.subarray(at, at + size));
    at += size;
  }
  return bytes;
}
