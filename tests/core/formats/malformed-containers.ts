import { zipSync } from 'fflate';
import { readCsv } from '../../../core/formats/csv.ts';
import type { FormatRule } from '../../../core/formats/format-error.ts';
import { writeNpy } from '../../../core/formats/npy.ts';
import { readNpz, writeNpz } from '../../../core/formats/npz.ts';
import { readSafetensors, writeSafetensors } from '../../../core/formats/safetensors.ts';
import { ascii, joined, type Malformed, patched, rows } from './malformed-arrays.ts';

type Row = readonly [title: string, rule: FormatRule, bytes: () => Uint8Array];

// --- npz -------------------------------------------------------------------------------------------------------------

const arrays = new Map([
  ['x', { dtype: 'float64' as const, shape: [2], data: Float64Array.of(1, 2) }],
  ['y', { dtype: 'int32' as const, shape: [2], data: Int32Array.of(0, 1) }],
]);
/** Two stored entries: x.npy (local header at 0, 144 bytes of data) and y.npy. */
const stored = writeNpz(arrays, { deflate: false });
const deflated = writeNpz(arrays);
const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const endAt = stored.length - 22;
const directoryAt = view(stored).getUint32(endAt + 16, true);
const recordBytes = 46 + 'x.npy'.length;
const secondAt = view(stored).getUint32(directoryAt + recordBytes + 42, true);
const deflatedDirectory = view(deflated).getUint32(deflated.length - 6, true);
const u32 = (n: number) => [n & 255, (n >> 8) & 255, (n >> 16) & 255, n >>> 24];

/** The same change in the local header of x.npy and in its directory record. */
const both = (localOffset: number, recordOffset: number, values: readonly number[]) =>
  patched(patched(stored, localOffset, values), directoryAt + recordOffset, values);
const record = (offset: number, values: readonly number[]) => patched(stored, directoryAt + offset, values);
const end = (offset: number, values: readonly number[]) => patched(stored, endAt + offset, values);

/** An archive by another writer, with any entries at all. */
const archive = (entries: Record<string, Uint8Array>) => zipSync(entries, { level: 6, mtime: new Date(2000, 0, 1) });
const one = writeNpy(arrays.get('x')!);

/** The directory moved by the bytes inserted before `at`, all offsets behind it corrected. */
function inserted(at: number, count: number): Uint8Array {
  const bytes = joined(stored.slice(0, at), new Array(count).fill(0x20), stored.slice(at));
  const v = view(bytes);
  const start = directoryAt + count;
  if (at === 0) v.setUint32(start + 42, count, true);
  if (at <= secondAt) v.setUint32(start + recordBytes + 42, secondAt + count, true);
  v.setUint32(bytes.length - 6, start, true);
  return bytes;
}

const npzRows: Row[] = [
  ['empty file', 'file-empty', () => new Uint8Array(0)],
  ...[1, 4, 21].map((n): Row => [`cut after ${n} bytes`, 'zip-truncated', () => stored.slice(0, n)]),
  ['cut behind the first local header', 'zip-truncated', () => stored.slice(0, 35)],
  ['cut inside the first data', 'zip-truncated', () => stored.slice(0, 100)],
  ['cut behind the first entry', 'zip-truncated', () => stored.slice(0, secondAt)],
  ['cut before the directory', 'zip-truncated', () => stored.slice(0, directoryAt)],
  ['cut inside the directory', 'zip-truncated', () => stored.slice(0, directoryAt + 60)],
  ['cut before the end record', 'zip-truncated', () => stored.slice(0, endAt)],
  ['cut by one byte', 'zip-truncated', () => stored.slice(0, -1)],
  ['a text file', 'zip-truncated', () => ascii('x,y\n'.repeat(20))],
  ['one byte behind the end', 'zip-trailing-bytes', () => joined(stored, [0])],
  ['1,000 bytes behind the end', 'zip-trailing-bytes', () => joined(stored, new Array(1000).fill(7))],
  ['a comment', 'zip-trailing-bytes', () => joined(end(20, [3, 0]), ascii('abc'))],
  ['a comment claimed but not there', 'zip-trailing-bytes', () => end(20, [3, 0])],
  ['this is disk 2', 'zip-multiple-disks', () => end(4, [1, 0])],
  ['the directory is on disk 2', 'zip-multiple-disks', () => end(6, [1, 0])],
  ['more entries on this disk than in all', 'zip-multiple-disks', () => end(8, [3, 0])],
  ['an entry on disk 2', 'zip-multiple-disks', () => record(34, [1, 0])],
  ['a 64-bit directory by its count', 'zip-64', () => end(8, [255, 255, 255, 255])],
  ['a 64-bit directory by its place', 'zip-64', () => end(16, u32(2 ** 32 - 1))],
  ['a 64-bit directory by its size', 'zip-64', () => end(12, u32(2 ** 32 - 1))],
  ['1,025 entries claimed', 'zip-too-many-entries', () => end(8, [1, 4, 1, 4])],
  ['one entry more claimed', 'zip-directory', () => end(8, [3, 0, 3, 0])],
  ['one entry less claimed', 'zip-directory', () => end(8, [1, 0, 1, 0])],
  ['no entries claimed', 'zip-directory', () => end(8, [0, 0, 0, 0])],
  ['the directory begins one byte late', 'zip-directory', () => end(16, u32(directoryAt + 1))],
  ['the directory is one byte shorter', 'zip-directory', () => end(12, u32(2 * recordBytes - 1))],
  ['the directory begins behind the file', 'zip-directory', () => end(16, u32(2 ** 31))],
  ['the directory covers the whole file', 'zip-directory', () => patched(end(12, u32(endAt)), endAt + 16, u32(0))],
  ['a broken record signature', 'zip-directory', () => record(0, [0x51])],
  ['a broken second record', 'zip-directory', () => record(recordBytes, [0])],
  ['a name longer than the directory', 'zip-directory', () => record(28, [255, 255])],
  ['an extra field longer than the directory', 'zip-directory', () => record(30, [255, 255])],
  ['a comment longer than the directory', 'zip-directory', () => record(32, [255, 255])],
  ['encrypted', 'zip-flags', () => both(6, 8, [1, 0])],
  ['strongly encrypted', 'zip-flags', () => both(6, 8, [0x41, 0])],
  ['patch data', 'zip-flags', () => both(6, 8, [0x20, 0])],
  ['masked local header', 'zip-flags', () => both(6, 8, [0, 0x20])],
  ['method 12 (bzip2)', 'zip-method', () => both(8, 10, [12, 0])],
  ['method 14 (LZMA)', 'zip-method', () => both(8, 10, [14, 0])],
  ['method 93 (Zstandard)', 'zip-method', () => both(8, 10, [93, 0])],
  ['method 99 (AES)', 'zip-method', () => both(8, 10, [99, 0])],
  ['a zero byte in a name', 'zip-name', () => both(30, 46, [0])],
  ['a line end in a name', 'zip-name', () => both(30, 46, [10])],
  ['a name of unknown encoding', 'zip-name', () => patched(both(30, 46, [0xc3, 0xa9]), 0, [0x50])],
  ['a name that is no UTF-8', 'zip-name', () => both(30, 46, [0xff])],
  [
    'a name twice',
    'zip-duplicate-name',
    () => patched(record(recordBytes + 46, ascii('x') as unknown as number[]), secondAt + 30, [...ascii('x')]),
  ],
  ['an empty name', 'npz-entry-name', () => archive({ '.npy': one })],
  ['an entry that is no array', 'npz-entry-name', () => archive({ 'x.npy': one, 'README.txt': ascii('hello') })],
  ['a folder', 'npz-entry-name', () => archive({ 'x.npy': one, 'inner/': new Uint8Array(0) })],
  ['an upper-case extension', 'npz-entry-name', () => archive({ 'x.NPY': one })],
  ['a pickle entry', 'npz-entry-name', () => archive({ 'x.pkl': one })],
  ['another name at the data', 'zip-local-mismatch', () => patched(stored, 30, [...ascii('z')])],
  ['another name in the directory', 'zip-local-mismatch', () => record(46, [...ascii('z')])],
  ['another name length at the data', 'zip-local-mismatch', () => patched(stored, 26, [4, 0])],
  ['another method at the data', 'zip-local-mismatch', () => patched(stored, 8, [8, 0])],
  ['other flags at the data', 'zip-local-mismatch', () => patched(stored, 6, [2, 0])],
  ['another checksum at the data', 'zip-local-mismatch', () => patched(stored, 14, [0, 0, 0, 0])],
  ['another size at the data', 'zip-local-mismatch', () => patched(stored, 22, u32(9))],
  ['another packed size at the data', 'zip-local-mismatch', () => patched(stored, 18, u32(9))],
  ['no local header', 'zip-local-mismatch', () => patched(stored, 0, [0])],
  ['a descriptor claimed but not there', 'zip-local-mismatch', () => both(6, 8, [8, 0])],
  ['the second entry begins inside the first', 'zip-overlap', () => record(recordBytes + 42, u32(secondAt - 1))],
  ['both entries at one place', 'zip-overlap', () => record(recordBytes + 42, u32(0))],
  ['data up to inside the directory', 'zip-overlap', () => both(18, 20, u32(stored.length))],
  ['an entry behind the directory', 'zip-hole', () => record(recordBytes + 42, u32(directoryAt))],
  ['bytes before the first entry', 'zip-hole', () => inserted(0, 5)],
  ['bytes between the entries', 'zip-hole', () => inserted(secondAt, 5)],
  ['bytes before the directory', 'zip-hole', () => inserted(directoryAt, 5)],
  ['a program before the archive', 'zip-hole', () => inserted(0, 4096)],
  ['stored, but sizes differ', 'inflated-size', () => both(22, 24, u32(7))],
  ['deflated, claims one byte less', 'inflated-size', () => claimInDeflated(-1)],
  ['deflated, claims one byte more', 'inflated-size', () => claimInDeflated(1)],
  ['deflated, claims 1 MiB', 'inflated-size', () => claimInDeflated(2 ** 20 - 144)],
  ['deflated, claims 2 GiB from 100 bytes', 'inflation-ratio', () => claimInDeflated(2 ** 31 - 1000)],
  ['deflated, claims 3 GiB', 'file-too-large', () => claimInDeflated(3 * 2 ** 30)],
  ['a bomb of 64 MiB zeros', 'inflation-ratio', () => archive({ 'x.npy': new Uint8Array(2 ** 26) })],
  ['64-bit size without its field', 'zip-64', () => record(24, u32(2 ** 32 - 1))],
  ['a damaged deflate stream', 'deflate-corrupt', () => patched(deflated, 35, [0xff, 0xff, 0xff])],
  ['a changed element', 'zip-checksum', () => patched(stored, 35 + 130, [0xff])],
  ['the same wrong checksum in both places', 'zip-checksum', () => both(14, 16, [1, 2, 3, 4])],
  ['an archive inside', 'npz-nested-archive', () => archive({ 'x.npy': stored })],
  ['a gzip file inside', 'npz-nested-archive', () => archive({ 'x.npy': Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0) })],
  ['an entry that is no .npy file', 'npy-magic', () => archive({ 'x.npy': ascii('hello, world') })],
  ['an empty entry', 'file-empty', () => archive({ 'x.npy': new Uint8Array(0) })],
  ['an entry with objects', 'npy-object-dtype', () => archive({ 'x.npy': objects() })],
  ['an entry that lies about its shape', 'npy-truncated', () => archive({ 'x.npy': one.slice(0, -1) })],
];

function claimInDeflated(more: number): Uint8Array {
  const size = one.length + more;
  return patched(patched(deflated, 22, u32(size)), deflatedDirectory + 24, u32(size));
}

function objects(): Uint8Array {
  const header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n";
  return joined([0x93], ascii('NUMPY'), [1, 0, header.length, 0], ascii(header), [0x80, 4, 0x4e, 0x2e]);
}

// --- safetensors -----------------------------------------------------------------------------------------------------

function tensors(header: string | Uint8Array, data = 16, length?: bigint): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const size = new Uint8Array(8);
  view(size).setBigUint64(0, length ?? BigInt(text.length), true);
  return joined(size, text, new Uint8Array(data));
}

const entry = (dtype: string, shape: string, offsets: string) =>
  `{"dtype":${dtype},"shape":${shape},"data_offsets":${offsets}}`;
const a = entry('"F64"', '[2]', '[0,16]');
const only = `{"a":${a}}`;
const two = (offsetsA: string, offsetsB: string) =>
  `{"a":${entry('"F64"', '[1]', offsetsA)},"b":${entry('"F64"', '[1]', offsetsB)}}`;
const withType = (dtype: string) => `{"a":${entry(dtype, '[2]', '[0,16]')}}`;
const withShape = (shape: string, offsets = '[0,16]') => `{"a":${entry('"F64"', shape, offsets)}}`;
const goodTensors = tensors(only);

const safetensorsRows: Row[] = [
  ['empty file', 'file-empty', () => new Uint8Array(0)],
  ...[1, 7].map((n): Row => [`cut after ${n} bytes`, 'safetensors-truncated', () => goodTensors.slice(0, n)]),
  ['cut behind the length', 'safetensors-truncated', () => goodTensors.slice(0, 8)],
  ['cut inside the header', 'safetensors-truncated', () => goodTensors.slice(0, 20)],
  ['cut behind the header', 'safetensors-truncated', () => tensors(only, 0)],
  ['cut inside the data', 'safetensors-truncated', () => tensors(only, 15)],
  ['one byte too many', 'safetensors-trailing-bytes', () => tensors(only, 17)],
  ['no tensors but data', 'safetensors-trailing-bytes', () => tensors('{}', 1)],
  ['a header of 8 MiB + 1 claimed', 'safetensors-header-too-long', () => tensors(only, 16, 8n * 2n ** 20n + 1n)],
  ['a header of 2^63 claimed', 'safetensors-header-too-long', () => tensors(only, 16, 2n ** 63n)],
  ['a header of 2^64 − 1 claimed', 'safetensors-header-too-long', () => tensors(only, 16, 2n ** 64n - 1n)],
  [
    'a big-endian length',
    'safetensors-header-too-long',
    () => joined(goodTensors.slice(0, 8).reverse(), goodTensors.slice(8)),
  ],
  ['a header as long as the limit, not there', 'safetensors-truncated', () => tensors(only, 16, 8n * 2n ** 20n)],
  ['a length of 0', 'safetensors-header', () => tensors(only, 16, 0n)],
  ['a length of 1', 'safetensors-header', () => tensors(only, 16, 1n)],
  ['a length too short', 'json-syntax', () => tensors(only, 16, BigInt(only.length - 1))],
  ['a length too long by 8', 'json-syntax', () => tensors(only, 16, BigInt(only.length + 8))],
  ['a space before the header', 'safetensors-header', () => tensors(` ${only}`)],
  ['a byte-order mark', 'safetensors-header', () => tensors(`\ufeff${only}`)],
  ['a list', 'safetensors-header', () => tensors('[1,2]')],
  ['null', 'safetensors-header', () => tensors('null')],
  ['a pickle', 'safetensors-header-too-long', () => Uint8Array.from({ length: 40 }, (_, i) => 0x80 + i)],
  ['UTF-16', 'json-syntax', () => tensors(Uint8Array.from([...only].flatMap((c) => [c.charCodeAt(0), 0])))],
  ['a broken UTF-8 sequence', 'json-encoding', () => tensors(patched(ascii(only), 2, [0xc3]))],
  ['an overlong UTF-8 sequence', 'json-encoding', () => tensors(joined(ascii('{"'), [0xc0, 0x80], ascii(`":${a}}`)))],
  ['a surrogate in UTF-8', 'json-encoding', () => tensors(joined(ascii('{"'), [0xed, 0xa0, 0x80], ascii(`":${a}}`)))],
  ['a comment', 'json-syntax', () => tensors(`{/**/"a":${a}}`)],
  ['single quotes', 'json-syntax', () => tensors(only.replaceAll('"', "'"))],
  ['a trailing comma', 'json-syntax', () => tensors(`{"a":${a},}`)],
  ['a missing colon', 'json-syntax', () => tensors(`{"a"${a}}`)],
  ['an unclosed text', 'json-syntax', () => tensors('{"a')],
  ['a raw line end in a name', 'json-syntax', () => tensors(`{"a\n":${a}}`)],
  ['a zero byte in a name', 'json-syntax', () => tensors(`{"a\0":${a}}`)],
  ['an escape that does not exist', 'json-syntax', () => tensors(`{"\\x":${a}}`)],
  ['a short \\u escape', 'json-syntax', () => tensors('{"\\u12":1}')],
  ['NaN', 'json-syntax', () => tensors('{"a":NaN}')],
  ['a number with a leading zero', 'json-syntax', () => tensors(withShape('[02]'))],
  ['a hexadecimal number', 'json-syntax', () => tensors(withShape('[0x2]'))],
  ['two values', 'json-syntax', () => tensors(`${only}${only}`)],
  ['zero bytes for padding', 'json-syntax', () => tensors(`${only}\0\0`)],
  ['33 levels', 'json-depth', () => tensors(`{"a":${'['.repeat(33)}${']'.repeat(33)}}`)],
  ['100,000 levels', 'json-depth', () => tensors(`{"a":${'['.repeat(100_000)}`)],
  ['nested tables', 'json-depth', () => tensors(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`)],
  ['a tensor twice', 'json-duplicate-key', () => tensors(`{"a":${a},"a":${a}}`)],
  ['a tensor twice, once escaped', 'json-duplicate-key', () => tensors(`{"a":${a},"\\u0061":${a}}`)],
  ['a field twice', 'json-duplicate-key', () => tensors(only.replace('{"dtype"', '{"dtype":"F32","dtype"'))],
  ['metadata twice', 'json-duplicate-key', () => tensors(`{"__metadata__":{},"__metadata__":{},"a":${a}}`)],
  ['metadata with a number', 'safetensors-metadata', () => tensors(`{"__metadata__":{"n":1},"a":${a}}`)],
  ['metadata with a table', 'safetensors-metadata', () => tensors(`{"__metadata__":{"n":{}},"a":${a}}`)],
  ['metadata is a list', 'safetensors-metadata', () => tensors(`{"__metadata__":[],"a":${a}}`)],
  ['metadata is null', 'safetensors-metadata', () => tensors(`{"__metadata__":null,"a":${a}}`)],
  ['a tensor is a number', 'safetensors-entry', () => tensors('{"a":1}')],
  ['a tensor is null', 'safetensors-entry', () => tensors('{"a":null}')],
  ['a tensor is a list', 'safetensors-entry', () => tensors('{"a":["F64",[2],[0,16]]}')],
  ['no dtype', 'safetensors-entry', () => tensors('{"a":{"shape":[2],"data_offsets":[0,16]}}')],
  ['no shape', 'safetensors-entry', () => tensors('{"a":{"dtype":"F64","data_offsets":[0,16]}}')],
  ['no offsets', 'safetensors-entry', () => tensors('{"a":{"dtype":"F64","shape":[2]}}')],
  ['a field too many', 'safetensors-entry', () => tensors(only.replace('{"dtype"', '{"strides":[1],"dtype"'))],
  ['__proto__ for dtype', 'safetensors-entry', () => tensors(only.replace('dtype', '__proto__'))],
  ['dtype in lower case', 'safetensors-dtype', () => tensors(withType('"f64"'))],
  ['an 8-bit float', 'safetensors-dtype', () => tensors(withType('"F8_E4M3"'))],
  ['complex', 'safetensors-dtype', () => tensors(withType('"C64"'))],
  ['an inherited property as dtype', 'safetensors-dtype', () => tensors(withType('"constructor"'))],
  ['an empty dtype', 'safetensors-dtype', () => tensors(withType('""'))],
  ['dtype is a number', 'safetensors-dtype', () => tensors(withType('64'))],
  ['dtype is null', 'safetensors-dtype', () => tensors(withType('null'))],
  ['a dtype with control characters', 'safetensors-dtype', () => tensors(withType('"\\u001b[31m"'))],
  ['shape is a number', 'safetensors-shape', () => tensors(withShape('2'))],
  ['shape is a table', 'safetensors-shape', () => tensors(withShape('{"0":2}'))],
  ['a negative extent', 'safetensors-shape', () => tensors(withShape('[-2]'))],
  ['minus zero', 'safetensors-shape', () => tensors(withShape('[-0]'))],
  ['a fractional extent', 'safetensors-shape', () => tensors(withShape('[2.5]'))],
  ['an extent of 2.0', 'safetensors-shape', () => tensors(withShape('[2.0]'))],
  ['an extent of 2e0', 'safetensors-shape', () => tensors(withShape('[2e0]'))],
  ['an extent of 1e400', 'safetensors-shape', () => tensors(withShape('[1e400]'))],
  ['an extent of 2^53', 'safetensors-shape', () => tensors(withShape('[9007199254740992]'))],
  ['a text extent', 'safetensors-shape', () => tensors(withShape('["2"]'))],
  ['a nested shape', 'safetensors-shape', () => tensors(withShape('[[2]]'))],
  ['33 axes', 'safetensors-shape', () => tensors(withShape(`[${new Array(33).fill(1).join()}]`, '[0,8]'), 8)],
  ['a product beyond 1 GiB', 'array-too-large', () => tensors(withShape('[134217729]'))],
  ['a product that wraps round 2^64', 'array-too-large', () => tensors(withShape('[4294967296,4294967296]'))],
  [
    'a product beyond float64',
    'array-too-large',
    () => tensors(withShape(`[${new Array(32).fill('9007199254740991').join()}]`)),
  ],
  ['one element more than its bytes', 'safetensors-size', () => tensors(withShape('[3]'))],
  ['one element less than its bytes', 'safetensors-size', () => tensors(withShape('[1]'))],
  ['a scalar with two elements', 'safetensors-size', () => tensors(withShape('[]'))],
  ['no elements but bytes', 'safetensors-size', () => tensors(withShape('[0,2]'))],
  ['another type than its bytes', 'safetensors-size', () => tensors(withType('"F32"'))],
  ['offsets is a number', 'safetensors-offsets', () => tensors(withShape('[2]', '16'))],
  ['one offset', 'safetensors-offsets', () => tensors(withShape('[2]', '[16]'))],
  ['three offsets', 'safetensors-offsets', () => tensors(withShape('[2]', '[0,16,32]'))],
  ['a negative offset', 'safetensors-offsets', () => tensors(withShape('[2]', '[-16,0]'))],
  ['offsets the wrong way round', 'safetensors-offsets', () => tensors(withShape('[2]', '[16,0]'))],
  ['fractional offsets', 'safetensors-offsets', () => tensors(withShape('[2]', '[0.0,16.0]'))],
  [
    'offsets of 2^60',
    'safetensors-offsets',
    () => tensors(withShape('[2]', '[1152921504606846976,1152921504606846992]')),
  ],
  ['offsets behind the file', 'safetensors-hole', () => tensors(withShape('[2]', '[1000,1016]'))],
  ['both tensors at one place', 'safetensors-overlap', () => tensors(two('[0,8]', '[0,8]'), 8)],
  ['tensors that overlap by four bytes', 'safetensors-overlap', () => tensors(two('[0,8]', '[4,12]'), 12)],
  ['a hole before the first', 'safetensors-hole', () => tensors(two('[8,16]', '[16,24]'), 24)],
  ['a hole between', 'safetensors-hole', () => tensors(two('[0,8]', '[9,17]'), 17)],
  [
    'an empty tensor inside another',
    'safetensors-overlap',
    () => tensors(`{"a":${a},"e":${entry('"F64"', '[0]', '[8,8]')}}`),
  ],
  [
    'an empty tensor behind a hole',
    'safetensors-hole',
    () => tensors(`{"a":${a},"e":${entry('"F64"', '[0]', '[24,24]')}}`),
  ],
  [
    'a boolean byte of 7',
    'boolean-byte',
    () =>
      patched(
        tensors(`{"a":${entry('"BOOL"', '[2]', '[0,2]')}}`, 2),
        8 + `{"a":${entry('"BOOL"', '[2]', '[0,2]')}}`.length,
        [7],
      ),
  ],
  [
    'int64 of 2^53',
    'integer-unsafe',
    () => joined(tensors(`{"a":${entry('"I64"', '[1]', '[0,8]')}}`, 0), [0, 0, 0, 0, 0, 0, 0x20, 0]),
  ],
];

// --- CSV -------------------------------------------------------------------------------------------------------------

const csvRows: Row[] = [
  ['empty file', 'file-empty', () => new Uint8Array(0)],
  ['only a byte-order mark', 'csv-no-rows', () => Uint8Array.of(0xef, 0xbb, 0xbf)],
  ['only names', 'csv-no-rows', () => ascii('a,b\n')],
  ['Latin-1', 'csv-encoding', () => ascii('größe,b\n1,2\n')],
  ['UTF-16', 'csv-encoding', () => Uint8Array.of(0xff, 0xfe, 0x61, 0, 0x2c, 0, 0x62, 0)],
  ['a cut UTF-8 sequence', 'csv-encoding', () => joined(ascii('a,b\n1,'), [0xe2, 0x82])],
  ['semicolons', 'csv-delimiter', () => ascii('a;b\n1;2\n')],
  ['semicolons and decimal commas', 'csv-number', () => ascii('1;5,2\n3;5,4\n')],
  ['tabs', 'csv-delimiter', () => ascii('a\tb\n1\t2\n')],
  ['a field too few', 'csv-ragged', () => ascii('a,b\n1,2\n3\n')],
  ['a field too many', 'csv-ragged', () => ascii('a,b\n1,2,3\n')],
  ['a comma at the end of a line', 'csv-ragged', () => ascii('a,b\n1,2,\n')],
  ['an empty line inside', 'csv-ragged', () => ascii('a,b\n1,2\n\n3,4\n')],
  ['cut inside the last line', 'csv-ragged', () => ascii('a,b,c\n1,2,3\n4,5')],
  ['cut behind a comma', 'csv-ragged', () => ascii('a,b,c\n1,2,3\n4,')],
  ['an empty field', 'csv-number', () => ascii('a,b\n1,\n')],
  ['an unclosed quote', 'csv-quote', () => ascii('a,"b\n1,2\n')],
  ['a quote inside a field', 'csv-quote', () => ascii('a,b"c\n1,2\n')],
  ['text behind a closed quote', 'csv-quote', () => ascii('"a"x,b\n1,2\n')],
  ['old Macintosh line ends', 'csv-line-end', () => ascii('a,b\r1,2\r')],
  ['a word for a number', 'csv-number', () => ascii('a,b\n1,two\n')],
  ['a number of thousands', 'csv-number', () => ascii('a,b\n1,"2,000"\n')],
  ['a decimal comma', 'csv-number', () => ascii('a,b\n1,"2,5"\n')],
  ['a hexadecimal number', 'csv-number', () => ascii('a,b\n1,0xff\n')],
  ['a number that overflows', 'csv-number', () => ascii('a,b\n1,1e999\n')],
  ['a formula', 'csv-number', () => ascii('a,b\n1,=1+1\n')],
  ['a percentage', 'csv-number', () => ascii('a,b\n1,5%\n')],
  ['a date', 'csv-number', () => ascii('a,b\n1,2020-01-01\n')],
  ['a zero byte', 'csv-number', () => ascii('a,b\n1,2\0\n')],
  ['100,000 digits and a letter', 'csv-number', () => ascii(`a,b\n1,${'1'.repeat(100_000)}x\n`)],
  ['a second line of names', 'csv-number', () => ascii('a,b\na,b\n1,2\n')],
  ['a column twice', 'csv-columns', () => ascii('a,a\n1,2\n')],
  ['a column without a name', 'csv-columns', () => ascii('a,,c\n1,2,3\n')],
  ['100,001 columns', 'csv-columns', () => ascii(`${'1,'.repeat(100_000)}1\n`)],
  ['a safetensors file', 'csv-encoding', () => joined(tensors(only), [0xff])],
];

export const malformedContainers: readonly Malformed[] = [
  ...rows('npz', readNpz, npzRows),
  ...rows('safetensors', readSafetensors, safetensorsRows),
  ...rows('CSV', (bytes) => readCsv(bytes), csvRows),
];

/** Intact files: what the mutants are made of. */
export const intactContainers = {
  npz: [stored, deflated],
  safetensors: [
    goodTensors,
    tensors(two('[0,8]', '[8,16]'), 16),
    writeSafetensors(arrays, new Map([['format', 'pt']])),
  ],
  csv: [ascii('a,b,"c ""d"""\r\n1,2.5,-3e-4\r\n4,nan,inf\r\n'), ascii('label,x\n0,1\n1,2\n')],
} as const;
