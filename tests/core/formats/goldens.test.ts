import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCsv } from '../../../core/formats/csv.ts';
import { gunzip } from '../../../core/formats/gzip.ts';
import { readIdx } from '../../../core/formats/idx.ts';
import { readNpy, writeNpy } from '../../../core/formats/npy.ts';
import { readNpz } from '../../../core/formats/npz.ts';
import type { NumericArray } from '../../../core/formats/numeric-array.ts';
import { readSafetensors, writeSafetensors } from '../../../core/formats/safetensors.ts';

const folder = new URL('../../goldens/formats/', import.meta.url);
const file = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));

type Described = { dtype: string; shape: number[]; data: (number | string)[] };
const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as {
  arrays: Record<string, Described>;
  archives: Record<string, Record<string, Described>>;
};

const spelled: Record<string, number> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};

function expectSame(array: NumericArray, { dtype, shape, data }: Described, how = 'as in the file'): void {
  expect([array.dtype, array.shape], how).toEqual([dtype, shape]);
  // Object.is tells −0 from 0 and NaN from everything.
  expect(array.data.length).toBe(data.length);
  data.forEach((value, i) => {
    expect(array.data[i], `element ${i}`).toBe(typeof value === 'string' ? spelled[value] : value);
  });
}

function readAny(name: string): NumericArray {
  if (name.endsWith('.npy')) return readNpy(file(name));
  if (name.endsWith('.idx.gz')) return readIdx(gunzip(file(name)));
  if (name.endsWith('.idx')) return readIdx(file(name));
  const { columns, rows, data } = readCsv(file(name));
  return { dtype: 'float64', shape: [rows, columns.length], data };
}

describe('files written by NumPy, safetensors and gzip themselves', () => {
  it('every golden is read by a test below', () => {
    const known = new Set([
      ...Object.keys(expected.arrays),
      ...Object.keys(expected.archives),
      'make.py',
      'expected.json',
    ]);
    expect(readdirSync(folder).filter((name) => !known.has(name))).toEqual([]);
    expect(known.size).toBeGreaterThan(50);
  });

  it.each(Object.keys(expected.arrays))('%s holds what its writer put in', (name) => {
    expectSame(readAny(name), expected.arrays[name]!);
  });

  it.each(Object.keys(expected.archives))('%s holds what its writer put in', (name) => {
    const arrays = name.endsWith('.npz') ? readNpz(file(name)) : readSafetensors(file(name)).tensors;
    const wanted = expected.archives[name]!;
    expect([...arrays.keys()].sort()).toEqual(Object.keys(wanted).sort());
    for (const [key, array] of arrays) expectSame(array, wanted[key]!, key);
  });

  it('safetensors metadata are read', () => {
    expect(readSafetensors(file('metadata.safetensors')).metadata).toEqual(new Map([['format', 'pt']]));
  });

  const rewritable = Object.keys(expected.arrays).filter(
    (name) => name.endsWith('-little.npy') || /^(scalar|one-axis|empty|twelve-axes)\.npy$/.test(name),
  );
  it.each(rewritable)('%s read and written again is the same file, byte for byte', (name) => {
    const bytes = file(name);
    expect(writeNpy(readNpy(bytes))).toEqual(bytes);
  });

  it.each(Object.keys(expected.archives).filter((name) => name.endsWith('.safetensors')))(
    '%s read and written again is the same file, byte for byte',
    (name) => {
      const bytes = file(name);
      const { tensors, metadata } = readSafetensors(bytes);
      expect(writeSafetensors(tensors, metadata)).toEqual(bytes);
    },
  );
});
