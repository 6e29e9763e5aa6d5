import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readCifar } from '../../../core/formats/cifar.ts';
import { crc32 } from '../../../core/formats/crc32.ts';
import { parseDecimal, readCsv, writeCsv } from '../../../core/formats/csv.ts';
import { gunzip } from '../../../core/formats/gzip.ts';
import { readNpy, writeNpy } from '../../../core/formats/npy.ts';
import { readNpz, writeNpz } from '../../../core/formats/npz.ts';
import { readSafetensors, writeSafetensors } from '../../../core/formats/safetensors.ts';
import {
  bfloat16,
  encodeSmallFloat,
  float16,
  type SmallFloat,
  smallFloatValues,
} from '../../../core/formats/small-floats.ts';
import { parseStrictJson } from '../../../core/formats/strict-json.ts';
import { npyTypes, numericArrays } from './arbitraries.ts';

const runs = { numRuns: 500 };
const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const plainNames = names.filter((name) => !/\p{C}/u.test(name) && name !== '__metadata__');
const named = <T>(values: fc.Arbitrary<T>) =>
  fc.array(fc.tuple(plainNames, values), { maxLength: 5 }).map((list) => new Map(list));

describe('what is written is read back', () => {
  it('npy: any type, shape and value', () => {
    fc.assert(
      fc.property(numericArrays(npyTypes), (array) => {
        expect(readNpy(writeNpy(array))).toEqual(array);
      }),
      runs,
    );
  });

  it('npy: elements begin at a multiple of 64 bytes', () => {
    fc.assert(
      fc.property(numericArrays(npyTypes), (array) => {
        const bytes = writeNpy(array);
        expect((10 + bytes[8]! + 256 * bytes[9]!) % 64).toBe(0);
      }),
      runs,
    );
  });

  it.each([true, false])('npz: any names, deflated: %s', (deflate) => {
    fc.assert(
      fc.property(named(numericArrays(npyTypes)), (arrays) => {
        expect([...readNpz(writeNpz(arrays, { deflate }))]).toEqual([...arrays]);
      }),
      runs,
    );
  });

  it('npz: a program of other origin (fflate) finds the same entries', () => {
    fc.assert(
      fc.property(named(numericArrays(npyTypes)), (arrays) => {
        const entries = unzipSync(writeNpz(arrays));
        expect(Object.keys(entries).sort()).toEqual([...arrays.keys()].map((name) => `${name}.npy`).sort());
        for (const [name, array] of arrays) expect(entries[`${name}.npy`]).toEqual(writeNpy(array));
      }),
      runs,
    );
  });

  it.each(['', 'a\n', '\u001b[31m'])('npz: the name %j is not written, as it would not be read', (name) => {
    const array = { dtype: 'uint8' as const, shape: [1], data: Uint8Array.of(1) };
    expect(() => writeNpz(new Map([[name, array]]))).toThrow(RangeError);
  });

  it.each([
    [{ dtype: 'int64' as const, shape: [1], data: Float64Array.of(2 ** 53) }],
    [{ dtype: 'int32' as const, shape: [1], data: Float64Array.of(0.5) }],
    [{ dtype: 'uint8' as const, shape: [1], data: Float64Array.of(256) }],
    [{ dtype: 'bool' as const, shape: [1], data: Uint8Array.of(2) }],
    [{ dtype: 'float64' as const, shape: [2], data: Float64Array.of(1) }],
  ])('values that do not fit their type or shape are never written: %o', (array) => {
    expect(() => writeNpy(array)).toThrow(RangeError);
    expect(() => writeSafetensors(new Map([['a', array]]))).toThrow(RangeError);
  });

  it('npz: an array of zeros that would look like a bomb is stored, so that it can be read', () => {
    const zeros = { dtype: 'float64' as const, shape: [500_000], data: new Float64Array(500_000) };
    const bytes = writeNpz(new Map([['zeros', zeros]]));
    expect(bytes.length).toBeGreaterThan(4_000_000);
    expect(readNpz(bytes).get('zeros')).toEqual(zeros);
  });

  it('safetensors: any type, shape, value, name and metadata; the order of the tensors does not matter', () => {
    fc.assert(
      fc.property(named(numericArrays()), fc.dictionary(names, fc.string()), (tensors, texts) => {
        const metadata = new Map(Object.entries(texts));
        const bytes = writeSafetensors(tensors, metadata);
        const back = readSafetensors(bytes);
        expect(new Map([...back.tensors].sort())).toEqual(new Map([...tensors].sort()));
        expect(back.metadata).toEqual(metadata);
        expect(writeSafetensors(new Map([...tensors].reverse()), metadata)).toEqual(bytes);
      }),
      runs,
    );
  });

  it('csv: any names and any numbers, to the last bit', () => {
    const tables = fc
      .array(
        plainNames.map((name) => `n${name}`.trim()),
        { minLength: 1, maxLength: 5 },
      )
      .chain((list) => {
        const columns = [...new Set(list)];
        return fc.array(fc.double(), { minLength: 1, maxLength: 20 }).map((values) => {
          const rows = Math.max(1, Math.floor(values.length / columns.length));
          const data = Float64Array.from({ length: rows * columns.length }, (_, i) => values[i % values.length]!);
          return { columns, rows, data };
        });
      });
    fc.assert(
      fc.property(tables, (table) => {
        fc.pre(table.columns.length > 1 || !/[;\t]/.test(table.columns[0]!));
        expect(readCsv(writeCsv(table))).toEqual(table);
      }),
      runs,
    );
  });

  it('gzip: any bytes packed by zlib', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.integer({ min: 0, max: 9 }), (bytes, level) => {
        expect(gunzip(new Uint8Array(gzipSync(bytes, { level })))).toEqual(bytes);
      }),
      runs,
    );
  });

  it('cifar: images, planes first in the file, channels last in memory', () => {
    const record = (label: number) =>
      fc.uint8Array({ minLength: 3072, maxLength: 3072 }).map((planes) => ({ label, planes }));
    fc.assert(
      fc.property(fc.array(fc.nat(9).chain(record), { minLength: 1, maxLength: 3 }), (records) => {
        const bytes = new Uint8Array(records.length * 3073);
        for (const [i, { label, planes }] of records.entries()) bytes.set([label, ...planes], i * 3073);
        const { images, labels } = readCifar(bytes, 'cifar-10');
        expect([...labels.data]).toEqual(records.map(({ label }) => label));
        expect(images.shape).toEqual([records.length, 32, 32, 3]);
        for (const [i, { planes }] of records.entries()) {
          for (const [row, column, channel] of [
            [0, 0, 0],
            [31, 31, 2],
            [3, 17, 1],
            [17, 3, 1],
          ] as const) {
            expect(images.data[((i * 32 + row) * 32 + column) * 3 + channel]).toBe(
              planes[channel * 1024 + row * 32 + column],
            );
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('cifar-100 keeps coarse and fine labels apart', () => {
    const bytes = new Uint8Array(2 * 3074);
    bytes.set([19, 99]);
    bytes.set([3, 42], 3074);
    const { labels, coarseLabels } = readCifar(bytes, 'cifar-100');
    expect([[...labels.data], [...coarseLabels!.data]]).toEqual([
      [99, 42],
      [19, 3],
    ]);
  });
});

const decodeSmallFloat = (bits: number, kind: SmallFloat): number => smallFloatValues(kind)[bits]!;

describe('pieces of the codecs against other implementations', () => {
  it('strict JSON agrees with JSON.parse on every JSON text', () => {
    const plain = (value: unknown): unknown => {
      if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]));
      if (Array.isArray(value)) return value.map(plain);
      return value !== null && typeof value === 'object' && 'digits' in value ? Number(value.digits) : value;
    };
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 1, '\t'), (text, indent) => {
        const value: unknown = JSON.parse(text);
        fc.pre(!text.includes('__proto__'));
        expect(plain(parseStrictJson(JSON.stringify(value, null, indent), 'it'))).toEqual(value);
      }),
      runs,
    );
  });

  it('strict JSON accepts nothing that JSON.parse refuses', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            '{',
            '}',
            '[',
            ']',
            '"',
            ':',
            ',',
            '1',
            '-',
            '.',
            'e',
            'null',
            'true',
            ' ',
            '\\',
            'u',
            '\n',
            'a',
          ),
          { maxLength: 8 },
        ),
        (parts) => {
          const text = parts.join('');
          let accepted = true;
          try {
            parseStrictJson(text, 'it');
          } catch {
            accepted = false;
          }
          if (accepted) expect(() => JSON.parse(text)).not.toThrow();
        },
      ),
      { numRuns: 20_000 },
    );
  });

  it('every one of the 65,536 patterns of float16 and bfloat16 survives decoding and encoding', () => {
    for (const kind of [float16, bfloat16]) {
      for (let bits = 0; bits < 65536; bits++) {
        const value = decodeSmallFloat(bits, kind);
        if (Number.isNaN(value)) expect(decodeSmallFloat(encodeSmallFloat(value, kind), kind)).toBeNaN();
        else if (encodeSmallFloat(value, kind) !== bits) expect.fail(`${bits} became ${encodeSmallFloat(value, kind)}`);
      }
    }
  });

  it('bfloat16 is the upper half of float32', () => {
    const view = new DataView(new ArrayBuffer(4));
    for (let bits = 0; bits < 65536; bits++) {
      view.setUint32(0, bits * 65536);
      const value = decodeSmallFloat(bits, bfloat16);
      if (!Object.is(value, view.getFloat32(0))) expect.fail(`${bits} is ${value}`);
    }
  });

  it('encoding rounds to the nearest, ties to even', () => {
    fc.assert(
      fc.property(fc.constantFrom(float16, bfloat16), fc.double({ min: 0, max: 60000, noNaN: true }), (kind, value) => {
        const bits = encodeSmallFloat(value, kind);
        const [below, at, above] = [bits - 1, bits, bits + 1].map((b) =>
          Math.abs(decodeSmallFloat(Math.max(0, b), kind) - value),
        );
        expect(at).toBeLessThanOrEqual(Math.min(below!, above!));
        if (bits % 2 === 1) expect(at).toBeLessThan(Math.min(below!, above!));
      }),
      runs,
    );
  });

  it('CRC-32 has the check value of the standard: "123456789" gives CBF43926', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });

  it.each([
    '1,5',
    '0x10',
    '1e',
    '--1',
    '1 000',
    '١',
    '1_000',
    '',
    'Infinity1',
    '1e999',
    '.',
    '+',
    'e5',
    'NaN1',
    '1.2.3',
    '1d5',
  ])('"%s" is no number in a table', (text) => {
    expect(parseDecimal(text)).toBeNull();
  });

  it.each([
    ['+1', 1],
    ['.5', 0.5],
    ['5.', 5],
    [' 2 ', 2],
    ['-1E-3', -0.001],
    ['00012', 12],
    ['-INF', Number.NEGATIVE_INFINITY],
    ['NaN', Number.NaN],
  ] as const)('"%s" is %d', (text, value) => {
    expect(parseDecimal(text)).toBe(value);
  });
});
