import { describe, expect, it } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { FormatError, formatRules } from '../../../core/formats/format-error.ts';
import { limits } from '../../../core/formats/limits.ts';
import { readNpz } from '../../../core/formats/npz.ts';
import { readSafetensors, writeSafetensors } from '../../../core/formats/safetensors.ts';
import { malformedArrays } from './malformed-arrays.ts';
import { malformedContainers } from './malformed-containers.ts';
import { malformedLandscapes } from './malformed-landscapes.ts';

const corpus = [...malformedArrays, ...malformedContainers, ...malformedLandscapes];

/** Rules that no small file can break; their tests are named beside them. */
const elsewhere = new Set([
  'unknown-format', // tests/core/data/dataset-from-file.test.ts
  'csv-too-large', // below
  'safetensors-too-many-tensors', // below
  // tests/electron/host/hdf5/hostile-files.test.ts
  ...[
    'hdf5-signature',
    'hdf5-damaged',
    'hdf5-link',
    'hdf5-virtual',
    'hdf5-depth',
    'hdf5-objects',
    'hdf5-claims',
    'hdf5-memory',
    'hdf5-time',
  ],
  // tests/core/formats/loss-landscape/round-trip.test.ts
  ...['landscape-numbering', 'landscape-direction', 'landscape-version', 'landscape-projection'],
]);

describe('broken files are refused by name', () => {
  it('the corpus is as large as promised and every title is its own', () => {
    expect(corpus.length).toBeGreaterThanOrEqual(300);
    expect(new Set(corpus.map(({ title }) => title)).size).toBe(corpus.length);
  });

  it('every rule is broken by some row', () => {
    const broken = new Set(corpus.map(({ rule }) => rule));
    expect(formatRules.filter((rule) => !broken.has(rule) && !elsewhere.has(rule))).toEqual([]);
  });

  it.each(corpus)('$title → $rule', ({ rule, bytes, read }) => {
    const file = bytes();
    const started = performance.now();
    let problem: unknown;
    try {
      read(file);
    } catch (thrown) {
      problem = thrown;
    }
    expect(problem).toBeInstanceOf(FormatError);
    const { found, advice, message, rule: named } = problem as FormatError;
    expect([named, message]).toEqual([rule, `${found} ${advice}`]);
    expect(problem).toBeInstanceOf(BadInput);
    // One sentence each, and nothing of the file that could act on a terminal.
    expect(found).toMatch(/^[A-Z].{5,500}\.$/su);
    expect(advice).toMatch(/^[A-Z].{5,200}\.$/);
    expect(message).not.toMatch(/\p{Cc}/u);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('limits hold before memory is taken', () => {
  it('claims of gigabytes cost no memory and no time', () => {
    const claims = corpus.filter(({ rule, title }) => rule === 'array-too-large' || /GiB|2\^/.test(title));
    expect(claims.length).toBeGreaterThan(15);
    const files = claims.map(({ bytes, read }) => ({ file: bytes(), read }));
    const before = process.memoryUsage().arrayBuffers;
    const started = performance.now();
    for (const { file, read } of files) expect(() => read(file)).toThrow(FormatError);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50e6);
    expect(performance.now() - started).toBeLessThan(200 * files.length);
  });

  it('the limits are those that the documentation states', () => {
    expect([limits.fileBytes, limits.arrayBytes, limits.npyHeaderBytes, limits.zipEntries]).toEqual([
      2 ** 31,
      2 ** 30,
      10_000,
      1024,
    ]);
    expect([limits.inflationRatio, limits.inflationFreeBytes, limits.jsonDepth]).toEqual([200, 2 ** 20, 32]);
    expect([limits.safetensorsHeaderBytes, limits.safetensorsTensors]).toEqual([8 * 2 ** 20, 100_000]);
  });

  it('100,001 tensors are refused, 100,000 read', () => {
    const named = (count: number) =>
      Array.from({ length: count }, (_, i) => `"${i}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`).join(',');
    const file = (count: number) => {
      const header = new TextEncoder().encode(`{${named(count)}}`);
      const bytes = new Uint8Array(8 + header.length);
      new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
      bytes.set(header, 8);
      return bytes;
    };
    expect(readSafetensors(file(100_000)).tensors.size).toBe(100_000);
    expect(() => readSafetensors(file(100_001))).toThrow(
      expect.objectContaining({ rule: 'safetensors-too-many-tensors' }),
    );
  });

  it('tensors and arrays named like inherited properties are only names', () => {
    const one = { dtype: 'uint8' as const, shape: [1], data: Uint8Array.of(7) };
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const tensors = new Map(names.map((name) => [name, one]));
    expect(readSafetensors(writeSafetensors(tensors)).tensors).toEqual(tensors);
    expect(({} as Record<string, unknown>).dtype).toBeUndefined();
    expect(readNpz).toBeTypeOf('function');
  });
});
