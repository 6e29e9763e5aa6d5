import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { writeNpy } from '../../../core/formats/npy.ts';
import type { ElementType, NumericData } from '../../../core/formats/numeric-array.ts';
import { openChunkedDataset, readAnyDataset } from '../../../electron/host/large-dataset.ts';
import { readDataset } from '../../../electron/host/read-dataset.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'large-dataset-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function pair(name: string, dtype: ElementType, shape: number[], data: NumericData): Promise<string> {
  const file = path.join(folder, `${name}-images.npy`);
  await writeFile(file, writeNpy({ shape, dtype, data }));
  const labels = Int32Array.from({ length: shape[0]! }, (_, i) => i % 2);
  await writeFile(
    path.join(folder, `${name}-labels.npy`),
    writeNpy({ shape: [shape[0]!], dtype: 'int32', data: labels }),
  );
  return file;
}

/** An IDX file of unsigned bytes. */
const idx = (shape: readonly number[], values: readonly number[]) => {
  const extents = shape.flatMap((extent) => [0, 0, extent >> 8, extent & 255]);
  return Uint8Array.from([0, 0, 8, shape.length, ...extents, ...values]);
};

const bytes = Uint8Array.from({ length: 30 }, (_, i) => (i * 37) % 256);

describe('data sets that are read in pieces', () => {
  it('have the rows and targets of the same file in memory', async () => {
    await writeFile(path.join(folder, 'images-idx3-ubyte'), idx([5, 2, 3], [...bytes]));
    await writeFile(path.join(folder, 'labels-idx1-ubyte'), idx([5], [0, 2, 1, 0, 2]));
    const files = [
      path.join(folder, 'images-idx3-ubyte'),
      await pair('bytes', 'uint8', [5, 2, 3], bytes),
      await pair(
        'single',
        'float32',
        [5, 6],
        Float32Array.from(bytes, (byte) => byte / 7),
      ),
      await pair(
        'double',
        'float64',
        [5, 6],
        Float64Array.from(bytes, (byte) => byte / 7),
      ),
      await pair('whole', 'int16', [5, 6], Int16Array.from(bytes)),
      await pair('column', 'float32', [5], Float32Array.from(bytes.subarray(0, 5))),
    ];
    for (const file of files) {
      const [here, there] = [await readDataset(file), await openChunkedDataset(file)];
      expect([there.examples, there.inputShape, there.targets]).toEqual([here.examples, here.inputShape, here.targets]);
      const width = here.inputs.length / here.examples;
      for (const [from, to] of [
        [0, 5],
        [1, 3],
        [4, 5],
      ] as const)
        expect([...(await there.rows.read(from, to))]).toEqual([...here.inputs.slice(from * width, to * width)]);
      expect('inputs' in (await readAnyDataset(file))).toBe(true);
    }
  });

  it('name what cannot be used', async () => {
    const bad = Float32Array.from(bytes.subarray(0, 30));
    bad[20] = Number.NaN;
    const set = await openChunkedDataset(await pair('nan', 'float32', [5, 6], bad));
    await expect(set.rows.read(0, 3)).resolves.toHaveLength(18);
    await expect(set.rows.read(2, 5)).rejects.toThrow('Number 2 of example 3 of nan-images.npy is NaN');
    const short = await pair('short', 'uint8', [5, 6], bytes);
    await writeFile(short, writeNpy({ shape: [5, 6], dtype: 'uint8', data: bytes }).subarray(0, 100));
    await expect(openChunkedDataset(short)).rejects.toThrow(BadInput);
    const fewer = path.join(folder, 'fewer.npy');
    await writeFile(fewer, writeNpy({ shape: [4], dtype: 'uint8', data: new Uint8Array(4) }));
    const file = await pair('good', 'uint8', [5, 6], bytes);
    await expect(openChunkedDataset(file, { labels: fewer })).rejects.toThrow(
      'fewer.npy has 4 examples but the inputs have 5',
    );
    await expect(openChunkedDataset(path.join(folder, 'nowhere.npy'))).rejects.toThrow('does not exist');
    const csv = path.join(folder, 'table.csv');
    await writeFile(csv, 'x,y\n1,0\n');
    await expect(openChunkedDataset(csv)).rejects.toThrow('cannot be read in pieces');
    const gone = await openChunkedDataset(file);
    await rm(file);
    await expect(gone.rows.read(0, 1)).rejects.toThrow();
  });
});
