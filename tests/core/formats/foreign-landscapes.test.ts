import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import type { LandscapeFile } from '../../../core/formats/landscape-file.ts';
import { landscaperArrays } from '../../../core/formats/landscaper-npz.ts';
import { modeConnectivityArrays } from '../../../core/formats/mode-connectivity-npz.ts';
import { readNpz, writeNpz } from '../../../core/formats/npz.ts';
import { readLandscapeNpz, sniffLandscape } from '../../../core/formats/sniff-landscape.ts';
import { asymmetric, bitsOf, landscapeOf, landscapes } from '../../support/landscapes.ts';
import { numpyPython, numpyScript, whyWithoutNumpy } from '../../support/numpy-python.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'foreign-landscapes-'));
afterAll(() => rmSync(folder, { recursive: true }));
if (numpyPython !== null) numpyScript('write-landscapes.py', folder);

const bytesOf = (name: string) => new Uint8Array(readFileSync(path.join(folder, name)));
const read = (name: string): LandscapeFile => readLandscapeNpz(bytesOf(name));
const field = (file: LandscapeFile, quantity: string) => file.fields.find((one) => one.quantity === quantity)!;

/** Every value is the function at the coordinates of its own point: no axis is another's, none is shifted or turned. */
function expectFunction({ axes, fields }: LandscapeFile, scale = 1): void {
  const [xs, ys, zs] = axes.map(({ coordinates }) => coordinates);
  const { values } = fields[0]!;
  for (let k = 0; k < (zs?.length ?? 1); k++)
    for (let j = 0; j < (ys?.length ?? 1); j++)
      for (let i = 0; i < xs!.length; i++) {
        const expected = asymmetric(xs![i]! / scale, (ys?.[j] ?? 0) / scale, (zs?.[k] ?? 0) / scale);
        const at = i + xs!.length * (j + (ys?.length ?? 1) * k);
        expect(Math.abs(values[at]! - expected)).toBeLessThan(1e-12 * (1 + Math.abs(expected)));
      }
}

interface Seen {
  readonly [name: string]: { readonly shape: number[]; readonly type: string; readonly bits: string[] };
}

function seenByNumpy(arrays: Parameters<typeof writeNpz>[0]): Seen {
  const file = path.join(folder, 'ours.npz');
  writeFileSync(file, writeNpz(arrays));
  return numpyScript<Seen[]>('read-arrays.py', file)[0]!;
}

describe(`files of Landscaper${whyWithoutNumpy}`, () => {
  it.skipIf(numpyPython === null).each([2, 3])(
    'of %i axes: the value of a point is that of its true offsets',
    (dim) => {
      const file = read(`landscaper-${dim}.npz`);
      expect(file.form).toBe('landscaper');
      expect(file.axes).toHaveLength(dim);
      expect([...file.axes[0]!.coordinates]).toEqual([-0.4, -0.2, 0, 0.2, 0.4]);
      expectFunction(file);
      expect(file.announcements.join(' ')).toMatch(/swapped/);
      expect(file.announcements.join(' ')).toMatch(/last step lies at 0\.8000 of the stated distance/);
      expect(file.announcements.join(' ')).toMatch(/not finite/);
      expect(file.announcements.join(' ')).not.toMatch(/repeats the middle/);
    },
  );

  it('with 41 steps the last lies at 0.9756 of the stated distance', () => {
    const coordinates = Float64Array.from({ length: 82 }, (_, i) => ((2 * (i % 41)) / 40 - 1) * 0.01);
    const loss = Float64Array.from({ length: 41 * 41 }, (_, i) => i);
    const file = readLandscapeNpz(
      writeNpz(
        new Map([
          ['loss', { shape: [41, 41], dtype: 'float64' as const, data: loss }],
          ['coordinates', { shape: [2, 41], dtype: 'float64' as const, data: coordinates }],
        ]),
      ),
    );
    expect(file.axes[1]!.coordinates[40]).toBeCloseTo(0.01 * (40 / 41), 15);
    expect(file.axes[1]!.coordinates[20]).toBe(0);
    expect(file.announcements.join(' ')).toContain('0.9756');
  });

  it.skipIf(numpyPython === null).each([2, 3])(
    'of %i axes by an early version: half of each axis is one value, and told',
    (dim) => {
      expect(read(`landscaper-early-${dim}.npz`).announcements.join(' ')).toMatch(/repeats the middle/);
    },
  );

  it.skipIf(numpyPython === null)('coordinates of another kind are taken as they stand', () => {
    const arrays = readNpz(bytesOf('landscaper-2.npz'));
    const odd = { ...arrays.get('coordinates')!, data: Float64Array.of(-1, 0, 1, 2, 9, -1, 0, 1, 2, 9) };
    const file = readLandscapeNpz(writeNpz(new Map([...arrays, ['coordinates', odd]])));
    expect([...file.axes[0]!.coordinates]).toEqual([-1, 0, 1, 2, 9]);
    expect(file.announcements.join(' ')).toMatch(/as they stand/);
  });

  it.skipIf(numpyPython === null)(
    'written here: NumPy finds loss[i, j] at the i-th step of the first direction',
    () => {
      const file = landscapeOf(4, 4);
      const seen = seenByNumpy(landscaperArrays(file, file.fields[0]!).arrays);
      expect([seen.loss!.shape, seen.coordinates!.shape]).toEqual([
        [4, 4],
        [2, 4],
      ]);
      const [xs, ys] = file.axes.map(({ coordinates }) => coordinates);
      const expected = [...xs!].flatMap((x) => [...ys!].map((y) => asymmetric(x, y)));
      expect(seen.loss!.bits).toEqual(bitsOf(expected));
      expect(seen.coordinates!.bits).toEqual(bitsOf([...xs!, ...ys!]));
    },
  );

  it.each([
    [3, 3],
    [2, 2, 2],
  ])('written here and read again: the true coordinates, %i × %i', (...lengths) => {
    const file = landscapeOf(...lengths);
    const back = readLandscapeNpz(writeNpz(landscaperArrays(file, file.fields[0]!).arrays));
    expect(back.axes.map(({ coordinates }) => coordinates)).toEqual(file.axes.map(({ coordinates }) => coordinates));
    expect(back.fields[0]!.values).toEqual(file.fields[0]!.values);
    expectFunction(back);
  });

  it.each([[5], [5, 3], [3, 3, 2]])('grids that are not square are refused: %j', (...lengths) => {
    const file = landscapeOf(...lengths);
    expect(() => landscaperArrays(file, file.fields[0]!)).toThrow(BadInput);
  });
});

describe(`files of dnn-mode-connectivity${whyWithoutNumpy}`, () => {
  it.skipIf(numpyPython === null)('a plane: [i][j] is at alphas[i], betas[j]; lengths, curve and percentages', () => {
    const file = read('plane.npz');
    expect(sniffLandscape(bytesOf('plane.npz'))).toBe('mode-connectivity plane');
    expect(file.axes.map(({ coordinates }) => coordinates.length)).toEqual([7, 4]);
    expect(file.axes.map(({ norm }) => norm)).toEqual([8, 3]);
    expectFunction(file);
    expect(file.fields.map(({ quantity }) => quantity)).toEqual([
      'loss',
      'error',
      'tr_loss',
      'test_loss',
      'test_error',
      'te_loss',
    ]);
    const [loss, error] = [field(file, 'loss').values, field(file, 'error').values];
    error.forEach((share, i) => {
      expect(share).toBeCloseTo((50 + loss[i]! / 1000) / 100, 14);
    });
    expect(file.path).toEqual({
      steps: [0, 0.25, 0.5, 0.75, 1],
      coordinates: [Float64Array.of(0, 0.25, 0.5, 0.75, 1), Float64Array.of(0, 0.75, 1, 0.75, 0)],
      distance: null,
      loss: null,
    });
    expect(file.announcements.join(' ')).toMatch(/tr_loss holds the regulariser.*cannot be compared/);
  });

  it.skipIf(numpyPython === null)('a curve: many quantities on a line, NaN and infinity among them', () => {
    const file = read('curve.npz');
    expect(sniffLandscape(bytesOf('curve.npz'))).toBe('mode-connectivity curve');
    expect(file.axes.map(({ name }) => name)).toEqual(['t']);
    expectFunction(file);
    const test = field(file, 'test_loss');
    expect([test.values[2], test.values[3]]).toEqual([Number.NaN, Number.POSITIVE_INFINITY]);
    expect([...test.computed]).toEqual(new Array(6).fill(1));
    expect([...field(file, 'segment_length').values]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(Number(file.notes.tr_nll_max)).toBe(1);
    expect(file.announcements.join(' ')).toMatch(/not a straight line/);
  });

  it.skipIf(numpyPython === null).each(['plane.npz', 'curve.npz'])(
    '%s, read and written again, is the same to the last key',
    (name) => {
      const before = readNpz(bytesOf(name));
      const { arrays, announcements } = modeConnectivityArrays(read(name));
      const after = readNpz(writeNpz(arrays));
      expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
      for (const [key, array] of before) {
        expect(after.get(key)!.shape).toEqual(array.shape);
        array.data.forEach((value, i) => {
          const written = after.get(key)!.data[i]!;
          // Percentages go through shares of one; means are sums in another order.
          if (Number.isFinite(value)) expect(Math.abs(written - value)).toBeLessThan(1e-13 * (1 + Math.abs(value)));
          else expect(written).toBe(value);
        });
      }
      expect(announcements).toEqual([]);
    },
  );

  it.skipIf(numpyPython === null)(
    'written here: NumPy finds a plane of ours at [i][j], and the loss under both names',
    () => {
      const file = landscapeOf(5, 3);
      const { arrays, announcements } = modeConnectivityArrays(file);
      const seen = seenByNumpy(arrays);
      const [xs, ys] = file.axes.map(({ coordinates }) => coordinates);
      const expected = bitsOf([...xs!].flatMap((x) => [...ys!].map((y) => asymmetric(x, y))));
      expect([seen.tr_nll!.shape, seen.grid!.shape]).toEqual([
        [5, 3],
        [5, 3, 2],
      ]);
      expect([seen.tr_nll!.bits, seen.tr_loss!.bits]).toEqual([expected, expected]);
      expect(seen.grid!.bits).toEqual(bitsOf([...xs!].flatMap((x) => [...ys!].flatMap((y) => [2 * x, 3 * y]))));
      expect(announcements.join(' ')).toMatch(/has no regulariser/);
    },
  );

  it('volumes, and quantities without a name there, are refused', () => {
    const file = landscapeOf(3, 2);
    expect(() => modeConnectivityArrays(landscapeOf(2, 2, 2))).toThrow(/lines and planes/);
    expect(() => modeConnectivityArrays({ ...file, fields: [{ ...file.fields[0]!, quantity: 'lambda_max' }] })).toThrow(
      BadInput,
    );
  });

  it('any line or plane survives: NaN is data, what was not computed is NaN and told', () => {
    fc.assert(
      fc.property(landscapes, (file) => {
        fc.pre(file.axes.length < 3);
        const { arrays, announcements } = modeConnectivityArrays(file);
        const back = readLandscapeNpz(writeNpz(arrays));
        const { values, computed } = file.fields[0]!;
        expect(field(back, 'loss').values).toEqual(values.map((value, i) => (computed[i] === 1 ? value : Number.NaN)));
        expect(back.axes.map(({ coordinates }) => coordinates)).toEqual(
          file.axes.map(({ coordinates }) => coordinates),
        );
        expect(announcements.some((text) => text.includes('not computed'))).toBe(
          file.fields.some((one) => one.computed.includes(0)),
        );
      }),
      { numRuns: 60 },
    );
  });
});
