import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createAssembly,
  largestInline,
  mostArrayBytes,
  piecesOf,
  splitArrays,
} from '../../../core/protocol/chunking.ts';
import { Unsendable } from '../../../core/protocol/plain-values.ts';

/** Over the border and back: what a message port would do between the two halves. */
function travel(value: unknown): unknown {
  const { value: body, arrays } = splitArrays(value);
  const assembly = createAssembly();
  for (const piece of piecesOf(arrays)) expect(assembly.add(structuredClone(piece))).toBeNull();
  const joined = assembly.join(structuredClone(body));
  if ('failure' in joined) throw new Error(joined.failure.found);
  return joined.value;
}

const typedArray = fc.oneof(
  fc.float64Array({ maxLength: 20 }),
  fc.float32Array({ maxLength: 20 }),
  fc.uint8Array({ maxLength: 20 }),
  fc.uint8ClampedArray({ maxLength: 20 }),
  fc.int32Array({ maxLength: 20 }),
  fc.uint16Array({ maxLength: 20 }),
  fc.bigInt64Array({ maxLength: 5 }),
);

const key = fc.oneof(fc.string(), fc.constantFrom('$array', '__proto__', 'constructor', 'length', 'type', 'value'));
const { plain } = fc.letrec((tie) => ({
  leaf: fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.constantFrom(null, undefined), typedArray),
  plain: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc.array(tie('plain'), { maxLength: 5 }),
    fc.dictionary(key, tie('plain'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

/** More than one piece, and a last one that is not full. */
const large = (seed: number) =>
  Float64Array.from({ length: 300_000 + (seed % 1000) }, (_, i) => (i % 97 === 0 ? Number.NaN : i * seed));

describe('what is split comes back', () => {
  test('property: any plain value with typed arrays, hostile keys included', () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(travel(value)).toEqual(structuredClone(value));
      }),
      { numRuns: 500 },
    );
  });

  test('property: large arrays anywhere among other things', () => {
    fc.assert(
      fc.property(plain, fc.nat(), fc.array(key, { maxLength: 3 }), (beside, seed, path) => {
        let value: unknown = [large(seed + 1), beside, new Uint8Array(largestInline + 3).fill(seed)];
        for (const step of path) value = { beside, [`.${step}`]: value };
        expect(isDeepStrictEqual(travel(value), structuredClone(value))).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test('an array of 1 MiB stays in its message, and one byte more leaves it', () => {
    expect(splitArrays(new Uint8Array(largestInline)).arrays).toHaveLength(0);
    const { value, arrays } = splitArrays({ grid: new Uint8Array(largestInline + 1) });
    expect(value).toEqual({ grid: { $array: 0, type: 'Uint8Array', length: largestInline + 1 } });
    expect(arrays).toHaveLength(1);
  });

  test('a small view of a large buffer is sent without the rest of it', () => {
    const view = new Float64Array(1 << 16).fill(7).subarray(10, 13);
    const { value } = splitArrays([view]);
    const [sent] = value as [Float64Array];
    expect(sent).toEqual(Float64Array.of(7, 7, 7));
    expect(sent.buffer.byteLength).toBe(24);
  });

  test('pieces are at most 2 MiB, and each has a buffer of its own', () => {
    const pieces = [...piecesOf([large(3).subarray(5)])];
    expect(pieces.map(({ offset }) => offset)).toEqual([0, 2 << 20]);
    for (const { bytes } of pieces) expect(bytes.buffer.byteLength).toBe(bytes.byteLength);
  });
});

describe('what cannot be sent is refused before anything is', () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const detached = new Float64Array(4);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  class Custom {
    value = 1;
  }
  test.each<[string, unknown, RegExp]>([
    ['shared memory', { a: [new Float64Array(new SharedArrayBuffer(64))] }, /^\.a\[0\] lies in shared memory/],
    ['large shared memory', new Uint8Array(new SharedArrayBuffer(largestInline + 8)), /lies in shared memory/],
    ['a detached buffer', { theta: detached }, /^\.theta lies in a buffer that was transferred away/],
    ['a cycle', cyclic, /nested too deeply, or in itself/],
    ['a function', { onProgress: () => 0 }, /^\.onProgress is a function/],
    ['a symbol', Symbol('x'), /is a symbol/],
    ['a big integer', 3n, /is a bigint/],
    ['an instance of a class', new Custom(), /neither plain data nor a typed array/],
    ['a map', new Map(), /neither plain data nor a typed array/],
    ['a date', new Date(0), /neither plain data nor a typed array/],
    ['a view of no element type', new DataView(new ArrayBuffer(8)), /neither plain data nor a typed array/],
    ['a bare buffer', new ArrayBuffer(8), /neither plain data nor a typed array/],
  ])('%s', (_, value, sentence) => {
    expect(() => splitArrays(value)).toThrow(Unsendable);
    expect(() => splitArrays(value)).toThrow(sentence);
  });
});

describe('an assembly claims memory only for bytes that have come', () => {
  const join = (value: unknown, ...bytes: number[]) => {
    const assembly = createAssembly();
    let offset = 0;
    for (const size of bytes) {
      assembly.add({ array: 0, offset, bytes: new Uint8Array(size) });
      offset += size;
    }
    return assembly.join(value);
  };
  const marked = (length: number, type = 'Float64Array') => ({ $array: 0, type, length });

  test.each<[string, unknown, number[]]>([
    ['a claim of 2³¹ numbers', marked(2 ** 31), [16]],
    ['a claim of 2⁵³ numbers', marked(2 ** 53 - 1), [16]],
    ['a claim beyond what has come', marked(3), [16]],
    ['a claim below what has come', marked(1), [16]],
    ['a claim that ends inside a number', marked(2), [8, 7]],
    ['an array of which nothing has come', marked(0), []],
    ['an unknown type', marked(2, 'DataView'), [16]],
    ['a type inherited by every object', marked(2, 'constructor'), [16]],
    ['a negative length', marked(-2), [16]],
    ['a broken mark', { $array: 'x' }, [16]],
    ['pieces that nobody announces', { a: 1 }, [16]],
    ['an escape without its value', { $array: null }, []],
  ])('%s', (_, value, bytes) => {
    expect(join(value, ...bytes)).toMatchObject({ failure: { kind: 'malformed' } });
  });

  test('gaps, overlaps and the same array twice are refused; pieces out of order are not', () => {
    const pieces = [0, 8, 16].map((offset) => ({ array: 0, offset, bytes: new Uint8Array(8).fill(offset) }));
    const joined = (order: readonly number[], value: unknown = marked(order.length)) => {
      const assembly = createAssembly();
      for (const i of order) assembly.add(pieces[i]!);
      return assembly.join(value);
    };
    expect(joined([2, 0, 1])).toEqual({
      value: new Float64Array(Uint8Array.from({ length: 24 }, (_, i) => i - (i % 8)).buffer),
    });
    expect(joined([0, 2])).toHaveProperty('failure');
    expect(joined([0, 1, 1])).toHaveProperty('failure');
    expect(joined([0, 1, 2], [marked(3), marked(3)])).toHaveProperty('failure');
  });

  test('an assembly can be used again after a refusal', () => {
    const assembly = createAssembly();
    assembly.add({ array: 4, offset: 0, bytes: new Uint8Array(8) });
    expect(assembly.join({})).toHaveProperty('failure');
    assembly.add({ array: 0, offset: 0, bytes: new Uint8Array(8) });
    expect(assembly.join(marked(1))).toEqual({ value: new Float64Array(1) });
  });

  test('more than 1 GiB of pieces is refused', () => {
    const assembly = createAssembly();
    // One buffer, named many times: only its claims are added up.
    const bytes = new Uint8Array(4 << 20);
    const refused = Array.from({ length: mostArrayBytes / bytes.length + 1 }, (_, i) =>
      assembly.add({ array: 0, offset: i * bytes.length, bytes }),
    );
    expect(refused.filter((failure) => failure !== null)).toHaveLength(1);
    expect(refused.at(-1)).toMatchObject({ kind: 'malformed' });
  });
});
