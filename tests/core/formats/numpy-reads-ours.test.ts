import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeNpy } from '../../../core/formats/npy.ts';
import { writeNpz } from '../../../core/formats/npz.ts';
import type { NumericArray } from '../../../core/formats/numeric-array.ts';
import { npyTypes, numericArrays } from './arbitraries.ts';

/** A Python that has NumPy: the first on the path, else the system's own (where Debian's python3-numpy installs). */
function pythonWithNumpy(): string | null {
  for (const python of ['python3', '/usr/bin/python3']) {
    try {
      execFileSync(python, ['-c', 'import numpy'], { stdio: 'ignore' });
      return python;
    } catch {
      // Not this one; the skipped title says so when none is left.
    }
  }
  return null;
}

const python = pythonWithNumpy();
const why = python === null ? ' (skipped: python3 has no numpy here; install python3-numpy)' : '';

/** Prints, for every array of every file, name, type, shape and the elements' bytes, little-endian and row-major. */
const program = `
import json, sys, numpy
out = []
for file in sys.argv[1:]:
    loaded = numpy.load(file, allow_pickle=False)
    pairs = [("", loaded)] if isinstance(loaded, numpy.ndarray) else [(name, loaded[name]) for name in loaded.files]
    out.append([[n, a.dtype.name, list(a.shape), a.astype(a.dtype.newbyteorder("<")).tobytes().hex()] for n, a in pairs])
print(json.dumps(out))
`;

type Seen = [name: string, dtype: string, shape: number[], hex: string][];

function seenByNumpy(files: readonly Uint8Array[], extension: string): Seen[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'numpy-reads-'));
  try {
    const names = files.map((bytes, i) => {
      const name = path.join(folder, `${i}.${extension}`);
      writeFileSync(name, bytes);
      return name;
    });
    return JSON.parse(execFileSync(python!, ['-c', program, ...names], { encoding: 'utf8', maxBuffer: 1e8 })) as Seen[];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The elements as NumPy keeps them, by typed arrays and BigInt rather than by the writer under test. */
function littleEndianHex({ dtype, data }: NumericArray): string {
  if (dtype === 'int64' || dtype === 'uint64')
    return Buffer.from(BigInt64Array.from(data, (v) => BigInt(v)).buffer).toString('hex');
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex');
}

const describedHere = (name: string, array: NumericArray): Seen[number] => [
  name,
  array.dtype,
  [...array.shape],
  littleEndianHex(array),
];

// float16 is held as float32 here, so its bytes cannot be compared in this way; its patterns are tested one by one elsewhere.
const types = npyTypes.filter((type) => type !== 'float16');

describe(`NumPy itself reads what is written here${why}`, () => {
  it.skipIf(python === null)(`100 .npy files of any type and shape${why}`, () => {
    const arrays = fc.sample(numericArrays(types), { numRuns: 100, seed: 7 });
    const seen = seenByNumpy(arrays.map(writeNpy), 'npy');
    expect(seen).toEqual(arrays.map((array) => [describedHere('', array)]));
  });

  it.skipIf(python === null)(`60 .npz files, stored and deflated, with names outside ASCII${why}`, () => {
    const archives = fc.sample(
      fc.array(fc.tuple(fc.constantFrom('x', 'y', 'θ/räume', 'fc1.weight', '数字'), numericArrays(types)), {
        maxLength: 4,
      }),
      { numRuns: 60, seed: 8 },
    );
    const maps = archives.map((list) => new Map(list));
    const seen = seenByNumpy(
      maps.map((map, i) => writeNpz(map, { deflate: i % 2 === 0 })),
      'npz',
    );
    expect(seen).toEqual(maps.map((map) => [...map].map(([name, array]) => describedHere(name, array))));
  });

  it.skipIf(python === null)(`the bundled digits${why}`, () => {
    const file = new URL('../../../assets/data/digits.npz', import.meta.url).pathname;
    const text = `import numpy; f = numpy.load(${JSON.stringify(file)}); print(f["x"].shape, f["x"].dtype, f["y"].shape, f["x"].sum(dtype="u8"), numpy.bincount(f["y"]).tolist())`;
    expect(execFileSync(python!, ['-c', text], { encoding: 'utf8' })).toMatch(
      /^\(10000, 28, 28, 1\) uint8 \(10000,\) \d+ \[1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978\]$/m,
    );
  });
});
