import { gzipSync } from 'node:zlib';
import { readCifar } from '../../../core/formats/cifar.ts';
import type { FormatRule } from '../../../core/formats/format-error.ts';
import { gunzip } from '../../../core/formats/gzip.ts';
import { readIdx } from '../../../core/formats/idx.ts';
import { readNpy, writeNpy } from '../../../core/formats/npy.ts';

/** One broken file and the rule that it breaks. A bug found later becomes a row. */
export interface Malformed {
  readonly title: string;
  readonly rule: FormatRule;
  readonly bytes: () => Uint8Array;
  readonly read: (bytes: Uint8Array) => unknown;
}

type Row = readonly [title: string, rule: FormatRule, bytes: () => Uint8Array];

export const rows = (format: string, read: Malformed['read'], list: readonly Row[]): Malformed[] =>
  list.map(([title, rule, bytes]) => ({ title: `${format}: ${title}`, rule, bytes, read }));

export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
export const joined = (...pieces: readonly (Uint8Array | readonly number[])[]): Uint8Array =>
  Uint8Array.from(pieces.flatMap((piece) => [...piece]));
export const patched = (bytes: Uint8Array, at: number, values: readonly number[]): Uint8Array => {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
};

// --- npy -------------------------------------------------------------------------------------------------------------

const magic = [0x93, ...ascii('NUMPY')];

/** A .npy file with any header text, any claimed length, and `count` zero bytes behind it. */
function npy(
  header: string,
  count = 16,
  { version = [1, 0], length = header.length }: { version?: number[]; length?: number } = {},
): Uint8Array {
  const wide = version[0]! > 1;
  const lengthBytes = wide ? [length, length >> 8, length >> 16, length >>> 24] : [length, length >> 8];
  return joined(magic, version, lengthBytes, ascii(header), new Uint8Array(count));
}

const good = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }\n";
const descr = (text: string) => npy(good.replace("'<f8'", text));
const shape = (text: string, count?: number) => npy(good.replace('(2,)', text), count);
const valid = npy(good);

const npyRows: Row[] = [
  ['empty file', 'file-empty', () => new Uint8Array(0)],
  ['other magic', 'npy-magic', () => patched(valid, 0, [0x92])],
  ['magic in lower case', 'npy-magic', () => patched(valid, 1, [...ascii('numpy')])],
  ['a text file', 'npy-magic', () => ascii('1,2,3\n')],
  ['a pickle', 'npy-magic', () => Uint8Array.from([0x80, 4, 0x95, 0, 0, 0, 0, 0, 0, 0, 0, 0x2e])],
  ['an HDF5 file', 'npy-magic', () => joined([0x89], ascii('HDF\r\n\x1a\n'), new Uint8Array(40))],
  ...[1, 5, 6, 7].map((n): Row => [`cut after ${n} bytes`, 'npy-truncated', () => valid.slice(0, n)]),
  ['cut inside the length', 'npy-truncated', () => valid.slice(0, 9)],
  ['cut inside the length, version 2', 'npy-truncated', () => npy(good, 16, { version: [2, 0] }).slice(0, 11)],
  ['cut behind the length', 'npy-truncated', () => valid.slice(0, 10)],
  ['cut inside the header', 'npy-truncated', () => valid.slice(0, 40)],
  ['cut behind the header', 'npy-truncated', () => npy(good, 0)],
  ['cut inside the elements', 'npy-truncated', () => npy(good, 15)],
  ['one byte too many', 'npy-trailing-bytes', () => npy(good, 17)],
  ['two arrays behind each other', 'npy-trailing-bytes', () => joined(valid, valid)],
  ['version 0.0', 'npy-version', () => npy(good, 16, { version: [0, 0] })],
  ['version 1.1', 'npy-version', () => npy(good, 16, { version: [1, 1] })],
  ['version 4.0', 'npy-version', () => npy(good, 16, { version: [4, 0] })],
  ['version 255.255', 'npy-version', () => npy(good, 16, { version: [255, 255] })],
  ['header of 10,001 bytes', 'npy-header-too-long', () => npy(good.padEnd(10_001))],
  ['header of 65,535 bytes claimed', 'npy-header-too-long', () => npy(good, 16, { length: 65_535 })],
  ['header of 4 GiB claimed', 'npy-header-too-long', () => npy(good, 16, { version: [2, 0], length: -1 })],
  [
    'header of 2 GiB claimed, version 3',
    'npy-header-too-long',
    () => npy(good, 16, { version: [3, 0], length: 2 ** 31 - 1 }),
  ],
  ['header length beyond the file', 'npy-truncated', () => npy(good, 0, { length: 9_999 })],
  ['header length too short by one brace', 'npy-header-grammar', () => npy(good, 16, { length: good.length - 2 })],
  ['header length 0', 'npy-header-grammar', () => npy('', 16)],
  ['a zero byte in the header', 'npy-header-encoding', () => npy(good.replace(' ', '\0'))],
  ['a byte above 127 in the header', 'npy-header-encoding', () => npy(good.replace(' ', 'é'))],
  ['a control character in the header', 'npy-header-encoding', () => npy(good.replace(' ', '\x1b'))],
  [
    'UTF-8 in a header of version 3',
    'npy-header-encoding',
    () => npy(good.replace(' ', '\xce\xb8'), 16, { version: [3, 0] }),
  ],
  ['a list for the dictionary', 'npy-header-grammar', () => npy("['<f8', False, (2,)]")],
  ['text behind the dictionary', 'npy-header-grammar', () => npy(`${good.trim()} + 1`)],
  ['two dictionaries', 'npy-header-grammar', () => npy(good.trim() + good.trim())],
  ['no closing brace', 'npy-header-grammar', () => npy(good.replace('}', ''))],
  ['a call', 'npy-header-grammar', () => npy(good.replace('False', '__import__("os")'))],
  ['a backslash in a text', 'npy-header-grammar', () => npy(good.replace('<f8', '\\x3cf8'))],
  ['an unclosed text', 'npy-header-grammar', () => npy(good.replace("'<f8'", "'<f8"))],
  ['brackets closed twice', 'npy-header-grammar', () => npy(good.replace('(2,)', '(2,))'))],
  ['deeply nested brackets', 'npy-shape', () => shape('('.repeat(2000) + ')'.repeat(2000))],
  ['a key without a value', 'npy-header-grammar', () => npy(good.replace('False', ''))],
  ['a key that is a number', 'npy-header-grammar', () => npy(good.replace("'descr'", '1'))],
  ['a key that is a word', 'npy-header-grammar', () => npy(good.replace("'descr'", 'descr'))],
  ['a comment', 'npy-header-grammar', () => npy(`# x\n${good}`)],
  ['fortran_order is a number', 'npy-header-grammar', () => npy(good.replace('False', '0'))],
  ['fortran_order is a text', 'npy-header-grammar', () => npy(good.replace('False', "'False'"))],
  ['fortran_order is None', 'npy-header-grammar', () => npy(good.replace('False', 'None'))],
  ['fortran_order in lower case', 'npy-header-grammar', () => npy(good.replace('False', 'false'))],
  ['no entries', 'npy-header-keys', () => npy('{}')],
  ['shape is missing', 'npy-header-keys', () => npy("{'descr': '<f8', 'fortran_order': False}")],
  ['descr is missing', 'npy-header-keys', () => npy("{'fortran_order': False, 'shape': (2,)}")],
  ['an entry too many', 'npy-header-keys', () => npy(good.replace('{', "{'extra': 1, "))],
  ['an entry twice', 'npy-header-keys', () => npy(good.replace('{', "{'shape': (1,), "))],
  ['__proto__ for descr', 'npy-header-keys', () => npy(good.replace('descr', '__proto__'))],
  ['objects', 'npy-object-dtype', () => descr("'|O'")],
  ['objects with a size', 'npy-object-dtype', () => descr("'|O8'")],
  ['objects in a structure', 'npy-object-dtype', () => descr("[('a', '|O'), ('b', '<f8')]")],
  ['a structure of numbers', 'npy-dtype', () => descr("[('a', '<f8')]")],
  ['text', 'npy-dtype', () => descr("'<U4'")],
  ['bytes', 'npy-dtype', () => descr("'|S8'")],
  ['raw memory', 'npy-dtype', () => descr("'|V8'")],
  ['complex', 'npy-dtype', () => descr("'<c16'")],
  ['long double', 'npy-dtype', () => descr("'<f16'")],
  ['dates', 'npy-dtype', () => descr("'<M8'")],
  ['no byte order for a wide type', 'npy-dtype', () => descr("'f8'")],
  ['byte order "|" for a wide type', 'npy-dtype', () => descr("'|f8'")],
  ['native byte order', 'npy-dtype', () => descr("'=f8'")],
  ['a width that does not exist', 'npy-dtype', () => descr("'<f3'")],
  ['an empty type', 'npy-dtype', () => descr("''")],
  ['a type named like an inherited property', 'npy-dtype', () => descr("'<toString'")],
  ['a type that is a number', 'npy-dtype', () => descr('8')],
  ['a negative extent', 'npy-header-grammar', () => shape('(-2,)')],
  ['a fractional extent', 'npy-header-grammar', () => shape('(2.0,)')],
  ['a list for the shape', 'npy-shape', () => shape('[2]')],
  ['a bare number for the shape', 'npy-shape', () => shape('2')],
  ['a parenthesised number for the shape', 'npy-shape', () => shape('(2)')],
  ['two commas', 'npy-shape', () => shape('(2,,1)')],
  ['a text in the shape', 'npy-shape', () => shape("('2',)")],
  ['a tuple in the shape', 'npy-shape', () => shape('((2,),)')],
  ['33 axes', 'npy-shape', () => shape(`(${'1,'.repeat(33)})`, 8)],
  ['an extent beyond 2^53', 'npy-shape', () => shape('(9007199254740992,)')],
  ['an extent of 300 digits', 'npy-shape', () => shape(`(${'9'.repeat(300)},)`)],
  ['more elements than stored', 'npy-truncated', () => shape('(3,)')],
  ['fewer elements than stored', 'npy-trailing-bytes', () => shape('(1,)')],
  ['no elements but bytes', 'npy-trailing-bytes', () => shape('(0,)')],
  ['a scalar with two elements stored', 'npy-trailing-bytes', () => shape('()')],
  ['1 GiB and one element claimed', 'array-too-large', () => shape('(134217729,)')],
  ['a product that overflows 2^53', 'array-too-large', () => shape('(4294967296, 4294967296)')],
  ['a product that overflows 2^64 to a small number', 'array-too-large', () => shape('(4294967296, 4294967296, 1)')],
  ['a product beyond float64', 'array-too-large', () => shape(`(${'9007199254740991, '.repeat(32)})`)],
  ['a boolean byte of 2', 'boolean-byte', () => joined(npy(good.replace('<f8', '|b1'), 0), [1, 2])],
  ['int64 of 2^53', 'integer-unsafe', () => joined(npy(good.replace('<f8', '<i8'), 8), [0, 0, 0, 0, 0, 0, 0x20, 0])],
  [
    'int64 of −2^53',
    'integer-unsafe',
    () => joined(npy(good.replace('<f8', '<i8'), 8), [0, 0, 0, 0, 0, 0, 0xe0, 0xff]),
  ],
  ['int64, the least', 'integer-unsafe', () => joined(npy(good.replace('<f8', '>i8'), 8), [0x80, 0, 0, 0, 0, 0, 0, 0])],
  ['uint64, the largest', 'integer-unsafe', () => joined(npy(good.replace('<f8', '>u8'), 8), new Array(8).fill(255))],
];

// --- IDX -------------------------------------------------------------------------------------------------------------

const idxFile = (type: number, shapeBytes: readonly number[], data: readonly number[]) =>
  joined([0, 0, type, shapeBytes.length / 4], shapeBytes, data);
const idx = idxFile(8, [0, 0, 0, 2, 0, 0, 0, 3], [1, 2, 3, 4, 5, 6]);

const idxRows: Row[] = [
  ['empty file', 'file-empty', () => new Uint8Array(0)],
  ['first byte', 'idx-magic', () => patched(idx, 0, [1])],
  ['second byte', 'idx-magic', () => patched(idx, 1, [1])],
  ['little-endian magic', 'idx-magic', () => patched(idx, 0, [2, 8, 0, 0])],
  ['a gzip file', 'idx-magic', () => new Uint8Array(gzipSync(idx))],
  ['type 0', 'idx-type', () => patched(idx, 2, [0])],
  ['type 10', 'idx-type', () => patched(idx, 2, [10])],
  ['type 15', 'idx-type', () => patched(idx, 2, [15])],
  ['type 255', 'idx-type', () => patched(idx, 2, [255])],
  ['no axes', 'idx-shape', () => patched(idx, 3, [0])],
  ['33 axes', 'idx-shape', () => patched(idx, 3, [33])],
  ['255 axes', 'idx-shape', () => patched(idx, 3, [255])],
  ...[1, 2, 3].map((n): Row => [`cut after ${n} bytes`, 'idx-truncated', () => idx.slice(0, n)]),
  ...[4, 7, 8, 11].map((n): Row => [`cut after ${n} bytes, inside the shape`, 'idx-truncated', () => idx.slice(0, n)]),
  ['cut behind the shape', 'idx-truncated', () => idx.slice(0, 12)],
  ['cut by one byte', 'idx-truncated', () => idx.slice(0, -1)],
  ['one byte too many', 'idx-trailing-bytes', () => joined(idx, [0])],
  ['claims one row more', 'idx-truncated', () => patched(idx, 7, [3])],
  ['claims one row less', 'idx-trailing-bytes', () => patched(idx, 7, [1])],
  ['claims no rows', 'idx-trailing-bytes', () => patched(idx, 7, [0])],
  ['claims wider elements', 'idx-truncated', () => patched(idx, 2, [0x0e])],
  ['claims 4 GiB', 'array-too-large', () => patched(idx, 4, [255, 255, 255, 255, 0, 0, 0, 1])],
  ['claims 2^64 elements', 'array-too-large', () => patched(idx, 4, [255, 255, 255, 255, 255, 255, 255, 255])],
  ['claims a little over 1 GiB', 'array-too-large', () => patched(idx, 4, [0, 0, 128, 0, 0, 0, 128, 1])],
  ['claims 1 GiB, holds 6 bytes', 'idx-truncated', () => patched(idx, 4, [0, 0, 128, 0, 0, 0, 128, 0])],
  ['little-endian shape', 'array-too-large', () => patched(idx, 4, [2, 0, 0, 0, 3, 0, 0, 0])],
];

// --- CIFAR -----------------------------------------------------------------------------------------------------------

const cifarRows: Row[] = [
  ['empty file', 'file-empty', () => new Uint8Array(0)],
  ['one byte', 'cifar-size', () => new Uint8Array(1)],
  ['a record without its label', 'cifar-size', () => new Uint8Array(3072)],
  ['a record and a byte', 'cifar-size', () => new Uint8Array(3074)],
  ['cut inside the second record', 'cifar-size', () => new Uint8Array(3073 + 1000)],
  ['two records less one byte', 'cifar-size', () => new Uint8Array(2 * 3073 - 1)],
  ['label 10', 'cifar-label', () => patched(new Uint8Array(3073), 0, [10])],
  ['label 255 in the second record', 'cifar-label', () => patched(new Uint8Array(2 * 3073), 3073, [255])],
];
const cifar100Rows: Row[] = [
  ['empty file', 'file-empty', () => new Uint8Array(0)],
  ['a CIFAR-10 record', 'cifar-size', () => new Uint8Array(3073)],
  ['coarse label 20', 'cifar-label', () => patched(new Uint8Array(3074), 0, [20])],
  ['fine label 100', 'cifar-label', () => patched(new Uint8Array(3074), 1, [100])],
];

// --- gzip ------------------------------------------------------------------------------------------------------------

const packed = new Uint8Array(gzipSync(Uint8Array.from({ length: 500 }, (_, i) => (i * i) % 251)));
/** gzip writes its size as the last four bytes. */
const claimingBytes = (n: number) =>
  patched(
    packed,
    packed.length - 4,
    [n, n >> 8, n >> 16, n >>> 24].map((b) => b & 255),
  );

const gzipRows: Row[] = [
  ['empty file', 'file-empty', () => new Uint8Array(0)],
  ['other magic', 'gzip-header', () => patched(packed, 0, [0x1e])],
  ['a ZIP archive', 'gzip-header', () => joined(ascii('PK\x03\x04'), new Uint8Array(30))],
  ['other method', 'gzip-header', () => patched(packed, 2, [7])],
  ['a reserved flag', 'gzip-header', () => patched(packed, 3, [0x20])],
  ...[2, 3, 9, 10, 17].map((n): Row => [`cut after ${n} bytes`, 'gzip-truncated', () => packed.slice(0, n)]),
  ['an extra field beyond the file', 'gzip-truncated', () => patched(packed, 3, [4, 0, 0, 0, 0, 0, 0, 255, 255])],
  [
    'a name that never ends',
    'gzip-truncated',
    () => joined(patched(packed, 3, [8]).slice(0, 10), new Array(40).fill(65)),
  ],
  [
    'a comment that never ends',
    'gzip-truncated',
    () => joined(patched(packed, 3, [16]).slice(0, 10), new Array(40).fill(65)),
  ],
  [
    'a header checksum where the stream is',
    'deflate-corrupt',
    () => joined(packed.slice(0, 10), [0xff, 0xff, 0xff, 0xff], packed.slice(-8)),
  ],
  ['size claimed too small', 'inflated-size', () => claimingBytes(499)],
  ['size claimed too large', 'inflated-size', () => claimingBytes(501)],
  ['size claimed 0', 'inflated-size', () => claimingBytes(0)],
  ['size claimed 2 GiB', 'inflation-ratio', () => claimingBytes(2 ** 31)],
  ['size claimed 4 GiB', 'file-too-large', () => claimingBytes(2 ** 32 - 1)],
  ['a bomb that says so', 'inflation-ratio', () => new Uint8Array(gzipSync(new Uint8Array(2 ** 24), { level: 9 }))],
  [
    'a bomb that claims little',
    'inflated-size',
    () =>
      patched(
        new Uint8Array(gzipSync(new Uint8Array(2 ** 24), { level: 9 })),
        gzipSync(new Uint8Array(2 ** 24), { level: 9 }).length - 4,
        [0, 4, 0, 0],
      ),
  ],
  ['another checksum', 'gzip-checksum', () => patched(packed, packed.length - 8, [0, 0, 0, 0])],
  [
    'a byte of the stream changed',
    'gzip-checksum',
    () => patched(new Uint8Array(gzipSync(ascii('stored'), { level: 0 })), 16, [0x53]),
  ],
  ['two members', 'inflated-size', () => joined(packed, new Uint8Array(gzipSync(ascii('second'))))],
  ['bytes behind the member', 'inflation-ratio', () => joined(packed, new Array(8).fill(65))],
];

export const malformedArrays: readonly Malformed[] = [
  ...rows('npy', readNpy, npyRows),
  ...rows('IDX', readIdx, idxRows),
  ...rows('CIFAR-10', (bytes) => readCifar(bytes, 'cifar-10'), cifarRows),
  ...rows('CIFAR-100', (bytes) => readCifar(bytes, 'cifar-100'), cifar100Rows),
  ...rows('gzip', gunzip, gzipRows),
];

/** Intact files: what the mutants are made of. */
export const intactArrays = {
  npy: [
    writeNpy({ dtype: 'float64', shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) }),
    npy(good, 16, { version: [2, 0] }),
  ],
  idx: [idx],
  gzip: [packed],
} as const;
