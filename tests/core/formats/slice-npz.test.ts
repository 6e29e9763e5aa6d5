import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { readNpz, writeNpz } from '../../../core/formats/npz.ts';
import type { NumericArray } from '../../../core/formats/numeric-array.ts';
import { arraysOfLandscape, sliceArrays, sliceKeys } from '../../../core/formats/slice-npz.ts';
import { readLandscapeNpz, sniffLandscape } from '../../../core/formats/sniff-landscape.ts';
import { bitsOf, landscapeOf, landscapes } from '../../support/landscapes.ts';
import { numpyPython, numpyScript, whyWithoutNumpy } from '../../support/numpy-python.ts';

interface Seen {
  readonly [name: string]: { readonly shape: number[]; readonly type: string; readonly bits: string[] };
}

describe('a slice in a .npz', () => {
  it('comes back whole: axes, masks, NaN, uncertainties, path and directions, in one to three axes', () => {
    fc.assert(
      fc.property(landscapes, (file) => {
        const bytes = writeNpz(arraysOfLandscape(file));
        const back = readLandscapeNpz(bytes);
        const length = (data: Float64Array) => Math.sqrt(data.reduce((sum, value) => sum + value * value, 0));
        const axes = file.axes.map((axis, k) => {
          const vector = file.directions?.[k]?.[0]?.data;
          // Without a length of its own an axis has that of its direction.
          return { ...axis, norm: axis.norm ?? (vector ? length(vector) : null) };
        });
        expect(back).toEqual({ ...file, axes });
        expect(sniffLandscape(bytes)).toBe('saddlescope npz');
      }),
      { numRuns: 100 },
    );
  });

  it('writes only keys that are documented', () => {
    const { fields, axes } = landscapeOf(3, 2, 2);
    const mask = fields[0]!.computed.map((_, i) => i % 2);
    const vector = new Float64Array(7);
    const arrays = sliceArrays({
      axes: axes.map(({ coordinates }) => coordinates),
      fields: [fields[0]!, { quantity: 'error', values: fields[0]!.values, computed: mask, uncertainty: vector }].map(
        (field) => ({ ...field, uncertainty: fields[0]!.values }),
      ),
      directions: axes,
      notes: { seed: '1' },
      vectors: [vector, vector, vector],
      trajectory: {
        steps: [0],
        coordinates: [1, 2, 3].map((x) => Float64Array.of(x)),
        distance: Float64Array.of(1),
        trueLoss: Float64Array.of(1),
        projectedLoss: Float64Array.of(1),
      },
    });
    const documented = new Set(
      Object.keys(sliceKeys).flatMap((key) =>
        ['loss', 'error'].flatMap((quantity) => [key.replace('QUANTITY', quantity), quantity]),
      ),
    );
    expect([...arrays.keys()].filter((key) => !documented.has(key))).toEqual([]);
    expect(Object.keys(sliceKeys).filter((key) => !key.startsWith('QUANTITY') && !arrays.has(key))).toEqual([]);
  });

  it('files of before are still read: one loss on a plane, rows by beta', () => {
    const alpha = Float64Array.of(-1, 0, 1);
    const beta = Float64Array.of(0, 5);
    const data = Float64Array.of(1, 2, 3, 4, Number.NaN, 6);
    const computed = Uint8Array.of(1, 1, 1, 1, 1, 0);
    const vectors = [Float64Array.of(3, 4), Float64Array.of(0, 2)] as const;
    const array = (shape: number[], values: Float64Array): NumericArray => ({ shape, dtype: 'float64', data: values });
    const before = new Map<string, NumericArray>([
      ['alpha', array([3], alpha)],
      ['beta', array([2], beta)],
      ['loss', array([2, 3], data)],
      ['computed', { shape: [2, 3], dtype: 'bool', data: computed }],
      ['d1', array([2], vectors[0])],
      ['d2', array([2], vectors[1])],
    ]);
    const file = readLandscapeNpz(writeNpz(before));
    expect(file.axes.map(({ name, coordinates, norm }) => [name, [...coordinates], norm])).toEqual([
      ['alpha', [-1, 0, 1], 5],
      ['beta', [0, 5], 2],
    ]);
    expect(file.fields).toEqual([{ quantity: 'loss', values: data, computed, uncertainty: null }]);
    expect(file.directions?.map(([one]) => one!.data)).toEqual(vectors);
    // The same slice gives the same arrays today.
    const again = sliceArrays({
      axes: [alpha, beta],
      fields: [{ quantity: 'loss', values: data, computed }],
      directions: [],
      vectors,
      trajectory: null,
    });
    expect(again).toEqual(before);
  });

  it('a quantity cannot take the name of an axis, of a direction or of another quantity', () => {
    const { axes, fields } = landscapeOf(2, 2);
    for (const quantities of [
      ['alpha'],
      ['loss', 'd1'],
      ['path_loss'],
      ['loss', 'loss'],
      ['loss_computed'],
      [''],
      ['a\nb'],
    ])
      expect(() =>
        sliceArrays({
          axes: axes.map(({ coordinates }) => coordinates),
          fields: quantities.map((quantity) => ({ ...fields[0]!, quantity })),
          directions: [],
          vectors: [],
          trajectory: null,
        }),
      ).toThrow(BadInput);
  });

  it('a mask that only another quantity has is kept under its name', () => {
    const file = landscapeOf(3, 2);
    const error = { ...file.fields[0]!, quantity: 'error', computed: Uint8Array.of(1, 0, 1, 0, 1, 0) };
    const arrays = arraysOfLandscape({ ...file, fields: [file.fields[0]!, error] });
    expect(arrays.get('error_computed')?.data).toEqual(error.computed);
    expect(
      readNpz(
        writeNpz(arraysOfLandscape({ ...file, fields: [file.fields[0]!, { ...file.fields[0]!, quantity: 'error' }] })),
      ).has('error_computed'),
    ).toBe(false);
  });

  it.skipIf(numpyPython === null)(`NumPy finds loss[k, j, i] at alpha[i], beta[j], gamma[k]${whyWithoutNumpy}`, () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'slice-npz-'));
    try {
      const files = [landscapeOf(5), landscapeOf(5, 3), landscapeOf(4, 3, 2)];
      const names = files.map((file, i) => {
        const name = path.join(folder, `${i}.npz`);
        writeFileSync(name, writeNpz(arraysOfLandscape(file)));
        return name;
      });
      const seen = numpyScript<Seen[]>('read-arrays.py', ...names);
      expect(seen.map(({ loss }) => loss!.shape)).toEqual([[5], [3, 5], [2, 3, 4]]);
      seen.forEach((arrays, n) => {
        const file = files[n]!;
        expect(arrays.computed!.type).toBe('bool');
        for (const { name, coordinates } of file.axes) expect(arrays[name]!.bits).toEqual(bitsOf(coordinates));
        // In C order the last index, that of alpha, is fastest: the order of a landscape.
        expect(arrays.loss!.bits).toEqual(bitsOf(file.fields[0]!.values));
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
