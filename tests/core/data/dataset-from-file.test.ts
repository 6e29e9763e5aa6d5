import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { datasetFromFile, type FileDatasetOptions } from '../../../core/data/dataset-from-file.ts';
import { writeNpy } from '../../../core/formats/npy.ts';
import { writeNpz } from '../../../core/formats/npz.ts';
import type { NumericArray } from '../../../core/formats/numeric-array.ts';

const text = (value: string) => new TextEncoder().encode(value);
const gz = (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes));
const idx = (shape: readonly number[], data: readonly number[]) =>
  Uint8Array.from([0, 0, 8, shape.length, ...shape.flatMap((n) => [0, 0, 0, n]), ...data]);
const npz = (x: NumericArray, y: NumericArray) =>
  writeNpz(
    new Map([
      ['x', x],
      ['y', y],
    ]),
  );
const floats = (shape: number[], ...data: number[]): NumericArray => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(data),
});
const doubles = (shape: number[], ...data: number[]): NumericArray => ({
  dtype: 'float64',
  shape,
  data: Float64Array.from(data),
});
const bytes8 = (shape: number[], ...data: number[]): NumericArray => ({
  dtype: 'uint8',
  shape,
  data: Uint8Array.from(data),
});
const wide = (shape: number[], ...data: number[]): NumericArray => ({
  dtype: 'int64',
  shape,
  data: Float64Array.from(data),
});

const images = idx([2, 2, 2], [0, 51, 102, 153, 204, 255, 1, 2]);
const labels = { name: 'labels', bytes: idx([2], [1, 0]) };
const cifar10 = () => {
  const bytes = new Uint8Array(2 * 3073);
  bytes.set([7, 10, 20], 0);
  bytes[1 + 1024] = 30;
  bytes[3073] = 2;
  return bytes;
};

describe('a file of examples becomes a data set', () => {
  it('npz: float inputs as they are, integer targets are classes', () => {
    const data = datasetFromFile('a.npz', npz(floats([3, 2], 1, 2, 3, 4, 5, 6), wide([3], 0, 2, 1)));
    expect(data).toEqual({
      name: 'a.npz',
      examples: 3,
      inputShape: [2],
      inputs: Float32Array.of(1, 2, 3, 4, 5, 6),
      targets: { kind: 'classes', classes: 3, labels: Int32Array.of(0, 2, 1) },
      source: 'a.npz (npz)',
    });
  });

  it('npz: float targets are values, one or several an example; float64 stays float64', () => {
    const data = datasetFromFile('a.npz', npz(doubles([2], 0.1, 0.2), doubles([2, 2], 1, 2, 3, 4)));
    expect(data.inputs).toEqual(Float64Array.of(0.1, 0.2));
    expect([data.inputShape, data.targets]).toEqual([
      [1],
      { kind: 'values', width: 2, values: Float64Array.of(1, 2, 3, 4) },
    ]);
  });

  it('npz: what targets mean can be stated', () => {
    const file = npz(floats([2, 1], 1, 2), doubles([2, 1], 1, 0));
    expect(datasetFromFile('a.npz', file, { targets: 'classes', classes: 5 }).targets).toEqual({
      kind: 'classes',
      classes: 5,
      labels: Int32Array.of(1, 0),
    });
    const integers = npz(floats([2, 1], 1, 2), wide([2], 3, -4));
    expect(datasetFromFile('a.npz', integers, { targets: 'values' }).targets).toEqual({
      kind: 'values',
      width: 1,
      values: Float64Array.of(3, -4),
    });
  });

  it('bytes are intensities byte/255 in float32', () => {
    const data = datasetFromFile('a.npz', npz(bytes8([1, 2, 2], 0, 51, 255, 1), wide([1], 0)));
    expect([...data.inputs]).toEqual([0, 51 / 255, 1, 1 / 255].map(Math.fround));
    expect([data.inputShape, data.source]).toEqual([[2, 2], 'a.npz (npz, bytes divided by 255)']);
  });

  it.each([
    ['plain', images, labels],
    ['gzipped', gz(images), { name: 'labels.gz', bytes: gz(labels.bytes) }],
  ])('IDX images and labels, %s: a channel axis is added', (_, file, own) => {
    const data = datasetFromFile('train-images-idx3-ubyte', file, { labels: own });
    expect([data.examples, data.inputShape, data.targets]).toEqual([
      2,
      [2, 2, 1],
      { kind: 'classes', classes: 2, labels: Int32Array.of(1, 0) },
    ]);
    expect([...data.inputs]).toEqual([0, 51, 102, 153, 204, 255, 1, 2].map((byte) => Math.fround(byte / 255)));
  });

  it('.npy inputs with .npy labels', () => {
    const own = { name: 'y.npy', bytes: writeNpy(wide([2], 1, 0)) };
    expect(datasetFromFile('x.npy', writeNpy(floats([2, 1], 5, 6)), { labels: own })).toMatchObject({
      examples: 2,
      inputShape: [1],
    });
  });

  it.each([
    ['plain', cifar10()],
    ['gzipped', gz(cifar10())],
  ])('CIFAR-10, %s: channels last, ten classes', (_, file) => {
    const data = datasetFromFile('data_batch_1.bin', file);
    expect([data.examples, data.inputShape, data.targets]).toEqual([
      2,
      [32, 32, 3],
      { kind: 'classes', classes: 10, labels: Int32Array.of(7, 2) },
    ]);
    expect([...data.inputs.subarray(0, 4)]).toEqual([10, 30, 0, 20].map((byte) => Math.fround(byte / 255)));
  });

  it('CIFAR-100 is told from CIFAR-10 by its size', () => {
    expect(datasetFromFile('train.bin', new Uint8Array(3 * 3074)).targets).toMatchObject({ classes: 100 });
    expect(() => datasetFromFile('x.bin', new Uint8Array(3073 * 3074))).toThrow(/fits CIFAR-10 and CIFAR-100/);
    expect(datasetFromFile('x.bin', new Uint8Array(3073 * 3074), { cifar: 'cifar-100' }).examples).toBe(3073);
  });

  it('CSV: the label column wherever it stands; whole numbers are classes, others values', () => {
    const data = datasetFromFile('a.csv', text('a,label,b\n0.5,1,7\n1.5,0,8\n'));
    expect([data.inputShape, [...data.inputs], data.targets]).toEqual([
      [2],
      [0.5, 7, 1.5, 8],
      { kind: 'classes', classes: 2, labels: Int32Array.of(1, 0) },
    ]);
    expect(datasetFromFile('a.csv', text('x,y\n1,0.5\n2,-1\n')).targets).toEqual({
      kind: 'values',
      width: 1,
      values: Float64Array.of(0.5, -1),
    });
    expect(datasetFromFile('a.csv', text('x,y\n1,5\n2,1\n'), { targets: 'values' }).targets).toMatchObject({
      kind: 'values',
    });
  });

  it('CSV: another column and delimiter; TSV by its name; without names by number; gzipped', () => {
    expect(datasetFromFile('a.csv', text('p;q\n1;0\n2;1\n'), { labelColumn: 'q', delimiter: ';' }).examples).toBe(2);
    expect(datasetFromFile('a.tsv', text('x\ty\n1\t0\n2\t1\n')).examples).toBe(2);
    expect(datasetFromFile('a.csv', text('3,1\n4,0\n'), { labelColumn: 'column 2' }).targets).toMatchObject({
      classes: 2,
    });
    expect(datasetFromFile('a.tsv.gz', gz(text('x\ty\n1\t0\n2\t1\n'))).examples).toBe(2);
  });
});

type Refusal = readonly [
  title: string,
  name: string,
  bytes: () => Uint8Array,
  message: RegExp,
  options?: FileDatasetOptions,
];

const refusals: readonly Refusal[] = [
  [
    'NaN in npz',
    'a.npz',
    () => npz(floats([2, 2, 2], 1, 2, 3, 4, 5, Number.NaN, 7, 8), wide([2], 0, 1)),
    /element \[1, 0, 1\] of x of a\.npz is NaN/,
  ],
  [
    'infinity in npz',
    'a.npz',
    () => npz(doubles([2, 1], 1, Number.NEGATIVE_INFINITY), wide([2], 0, 1)),
    /\[1, 0\].* is -Infinity/,
  ],
  ['NaN in a table', 'a.csv', () => text('x,y\n1,0\nnan,1\n'), /element \[1, 0\] of a\.csv is NaN/],
  [
    'NaN target',
    'a.npz',
    () => npz(floats([2, 1], 1, 2), doubles([2], 1, Number.NaN)),
    /element \[1\] of y of a\.npz is NaN/,
  ],
  [
    'NaN class',
    'a.csv',
    () => text('x,y\n1,0\n2,nan\n'),
    /element \[1\] of column "y" of a\.csv is NaN/,
    { targets: 'classes' },
  ],
  [
    'unequal counts',
    'a.npz',
    () => npz(floats([2, 1], 1, 2), wide([3], 0, 1, 0)),
    /x of a\.npz has 2 examples but y of a\.npz has 3/,
  ],
  ['a scalar', 'a.npz', () => npz(floats([], 1), wide([1], 0)), /x of a\.npz is a single number/],
  ['no examples', 'a.npz', () => npz(floats([0, 3]), wide([0])), /holds no examples \(shape 0 × 3\)/],
  ['examples without numbers', 'a.npz', () => npz(floats([2, 0]), wide([2], 0, 1)), /holds no examples/],
  [
    'no y',
    'a.npz',
    () =>
      writeNpz(
        new Map([
          ['x', floats([1, 1], 1)],
          ['labels', wide([1], 0)],
        ]),
      ),
    /holds the arrays "x", "labels"\. Save the inputs as x and the targets as y/,
  ],
  [
    'a negative label',
    'a.npz',
    () => npz(floats([2, 1], 1, 2), wide([2], 0, -1)),
    /element \[1\] of y of a\.npz is -1, no class from 0 to 1/,
  ],
  [
    'a label beyond the stated classes',
    'a.npz',
    () => npz(floats([2, 1], 1, 2), wide([2], 0, 3)),
    /is 3, no class from 0 to 2/,
    { classes: 3 },
  ],
  [
    'a label beyond 2^31',
    'a.npz',
    () => npz(floats([2, 1], 1, 2), wide([2], 0, 2 ** 32 + 1)),
    /is 4294967297, no class/,
  ],
  [
    'a fractional label',
    'a.npz',
    () => npz(floats([2, 1], 1, 2), doubles([2], 0, 0.5)),
    /is 0\.5, no class/,
    { targets: 'classes' },
  ],
  [
    'several labels an example',
    'a.npz',
    () => npz(floats([2, 1], 1, 2), wide([2, 2], 0, 1, 1, 0)),
    /shape 2 × 2\. Give one class number/,
    { targets: 'classes' },
  ],
  [
    'targets of three axes',
    'a.npz',
    () => npz(floats([1, 1], 1), floats([1, 1, 2], 1, 2)),
    /shape 1 × 1 × 2\. Give one row of target values/,
  ],
  ['one class', 'a.npz', () => npz(floats([1, 1], 1), wide([1], 0)), /number of classes is 1/, { classes: 1 }],
  ['IDX without labels', 'images', () => images, /one array and no labels\. Give the file of the labels/],
  [
    'IDX with fewer labels',
    'images',
    () => images,
    /images has 2 examples but labels has 1/,
    { labels: { name: 'labels', bytes: idx([1], [0]) } },
  ],
  [
    'labels that are no array',
    'images',
    () => images,
    /labels does not begin with two zero bytes/,
    { labels: { name: 'labels', bytes: text('0,1') } },
  ],
  [
    'no label column',
    'a.csv',
    () => text('a,b\n1,2\n'),
    /columns "a", "b" and none beside others called label or y or target/,
  ],
  ['a label column that is not there', 'a.csv', () => text('a,y\n1,2\n'), /called class\./, { labelColumn: 'class' }],
  ['a table of labels only', 'a.csv', () => text('y\n1\n'), /none beside others/],
  ['a cut gzip file', 'a.csv.gz', () => gz(text('x,y\n1,2\n')).slice(0, -3), /a\.csv\.gz/],
  ['an empty file', 'a.npz', () => new Uint8Array(0), /a\.npz is empty/],
  ['a gzip file of nothing', 'a.csv.gz', () => gz(new Uint8Array(0)), /a\.csv\.gz is empty/],
  [
    'a picture',
    'a.png',
    () => Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10),
    /a\.png is no file of examples that is known/,
  ],
  [
    'a cut CIFAR file',
    'data_batch_1.bin',
    () => new Uint8Array(5000),
    /5000 bytes, no multiple of a CIFAR-10 or CIFAR-100 record/,
  ],
  [
    'a CIFAR label out of range',
    'data_batch_1.bin',
    () => new Uint8Array(3073).fill(10),
    /Record 0 of data_batch_1\.bin has the label 10/,
  ],
];

describe('files that are no data set are refused, naming the place', () => {
  for (const [title, name, bytes, message, options] of refusals) {
    it(title, () => {
      const read = () => datasetFromFile(name, bytes(), options ?? {});
      expect(read).toThrow(BadInput);
      expect(read).toThrow(message);
    });
  }

  it('an unknown format has a rule of its own', () => {
    expect(() => datasetFromFile('x', text('hello'))).toThrow(expect.objectContaining({ rule: 'unknown-format' }));
  });
});

describe('files of real programs', () => {
  it("NumPy's savetxt with NaN is refused at the cell that holds it", () => {
    const bytes = new Uint8Array(readFileSync(new URL('../../goldens/formats/savetxt.csv', import.meta.url)));
    expect(() => datasetFromFile('savetxt.csv', bytes)).toThrow('element [1, 0] of savetxt.csv is NaN');
  });
});
