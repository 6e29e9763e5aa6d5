import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { bundledDataset, bundledSets, type Split } from '../../../core/data/bundled-datasets.ts';
import { readNpz } from '../../../core/formats/npz.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';

const root = new URL('../../../', import.meta.url);
const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name, root)));
const digitsBytes = bytesOf('assets/data/digits.npz');
const make = (name: string, split: Split, parameters: Record<string, number> = {}, seed = 1) =>
  bundledDataset(name, split, { rng: randomFromSeed(seed), digitsBytes, parameters });
const labelsOf = (name: string, split: Split, parameters: Record<string, number> = {}) => {
  const { targets } = make(name, split, parameters);
  return targets.kind === 'classes' ? targets.labels : expect.fail('no classes');
};

describe('digits', () => {
  it('the file is the one that its notice describes', () => {
    const notice = readFileSync(new URL('assets/data/NOTICE.md', root), 'utf8');
    expect(notice).toContain(createHash('sha256').update(digitsBytes).digest('hex'));
    expect(notice).toMatch(/The MIT License[\s\S]*Juan Cazala/);
    expect(digitsBytes.length).toBeLessThan(2.5e6);
  });

  it('10,000 images of bytes, every digit as often as the notice says', () => {
    const arrays = readNpz(digitsBytes);
    expect(arrays.get('x')).toMatchObject({ dtype: 'uint8', shape: [10_000, 28, 28, 1] });
    const counts = new Array<number>(10).fill(0);
    for (const label of arrays.get('y')!.data) counts[label]! += 1;
    expect(counts).toEqual([1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]);
    const values = new Set(arrays.get('x')!.data);
    expect([Math.min(...values), Math.max(...values), values.size]).toEqual([0, 255, 256]);
  });

  it('8,000 train and 2,000 test, all of them different images', () => {
    const [train, test] = [make('digits', 'train'), make('digits', 'test')];
    expect([train.examples, test.examples, train.inputShape]).toEqual([8000, 2000, [28, 28, 1]]);
    const seen = new Set<string>();
    for (const { inputs, examples } of [train, test]) {
      expect(inputs.length).toBe(examples * 784);
      for (let i = 0; i < examples; i++) {
        const image = inputs.subarray(i * 784, (i + 1) * 784);
        seen.add(
          createHash('sha1')
            .update(new Uint8Array(image.buffer, image.byteOffset, image.byteLength))
            .digest('hex'),
        );
      }
    }
    expect(seen.size).toBe(10_000);
  });

  it('intensities are byte/255 rounded to float32', () => {
    const { inputs } = make('digits', 'train');
    const bytes = readNpz(digitsBytes).get('x')!.data;
    for (let i = 0; i < 784 * 200; i++) if (inputs[i] !== Math.fround(bytes[i]! / 255)) expect.fail(`pixel ${i}`);
  });

  it('the first 1,000 as 8 × 8 equal those made by NumPy (float64 mean, rounded to float32), bit for bit', () => {
    const golden = readNpz(bytesOf('tests/goldens/peers/digits-8x8-1000.npz'));
    const { inputs } = make('digits-8x8', 'train');
    expect(inputs.subarray(0, 64_000)).toEqual(golden.get('x')!.data);
    expect([...labelsOf('digits-8x8', 'train').subarray(0, 1000)]).toEqual([...golden.get('y')!.data]);
  });

  it('the first 1,000 equal those that the networks of the goldens were trained and measured on', () => {
    const golden = readNpz(bytesOf('tests/goldens/peers/digits-1000.npz'));
    const { data } = golden.get('x')!;
    expect(data.length).toBe(1000 * 784);
    expect(make('digits', 'train').inputs.findIndex((value, i) => i < data.length && value !== data[i])).toBe(-1);
    expect([...labelsOf('digits', 'train').subarray(0, 1000)]).toEqual([...golden.get('y')!.data]);
  });

  it('without the file the advice says where it should be', () => {
    expect(() => bundledDataset('digits', 'train', { rng: randomFromSeed(1) })).toThrow(/assets\/data\/digits\.npz/);
    expect(() =>
      bundledDataset('digits', 'train', {
        rng: randomFromSeed(1),
        digitsBytes: bytesOf('tests/goldens/formats/stored.npz'),
      }),
    ).toThrow(/not the expected 10,000/);
  });
});

const madeUp = ['two-moons', 'spirals', 'gaussian-mixture', 'gaussian-pairs', 'chebyshev-3-20'];

describe('made-up sets', () => {
  it.each(madeUp)('%s: the same seed gives the same set, splits differ, every number is a float32', (name) => {
    const [once, again, test] = [make(name, 'train'), make(name, 'train'), make(name, 'test')];
    expect(once).toEqual(again);
    expect(once.inputs).not.toEqual(test.inputs);
    expect(once.name).toBe(name);
    for (const value of once.inputs) expect(Math.fround(value)).toBe(value);
    expect(once.inputs.length).toBe(once.examples * once.inputShape.reduce((a, b) => a * b, 1));
  });

  it.each(madeUp.slice(0, 3))('%s: another seed gives another set; classes take turns', (name) => {
    expect(make(name, 'train', {}, 2).inputs).not.toEqual(make(name, 'train').inputs);
    const labels = labelsOf(name, 'train');
    const classes = Math.max(...labels) + 1;
    labels.forEach((label, i) => {
      expect(label).toBe(i % classes);
    });
  });

  it('two moons without noise lie on the two half circles', () => {
    const { inputs, examples } = make('two-moons', 'train', { noise: 0 });
    for (let i = 0; i < examples; i++) {
      const [x, y] = [inputs[2 * i]!, inputs[2 * i + 1]!];
      const [u, v] = i % 2 === 0 ? [x, y] : [1 - x, 0.5 - y];
      expect(Math.hypot(u, v)).toBeCloseTo(1, 6);
      expect(v).toBeGreaterThanOrEqual(-1e-6);
    }
  });

  it('spirals without noise: the angle grows by turns · 2π · radius, arms evenly turned', () => {
    const { inputs, examples } = make('spirals', 'train', { noise: 0, classes: 5, turns: 2 });
    for (let i = 0; i < examples; i++) {
      const [x, y] = [inputs[2 * i]!, inputs[2 * i + 1]!];
      const r = Math.hypot(x, y);
      if (r < 1e-3) continue;
      const off = (Math.atan2(y, x) - 2 * Math.PI * (2 * r + (i % 5) / 5)) / (2 * Math.PI);
      expect(Math.abs(off - Math.round(off))).toBeLessThan(1e-4);
    }
  });

  it('a Gaussian mixture has its centres at the stated distance and unit variance, in both splits alike', () => {
    const means = (split: Split) => {
      const { inputs, examples } = make('gaussian-mixture', split, {
        examples: 8000,
        classes: 2,
        dimensions: 3,
        separation: 5,
      });
      const mean = new Float64Array(6);
      for (let i = 0; i < examples; i++)
        for (let k = 0; k < 3; k++) mean[(i % 2) * 3 + k]! += inputs[3 * i + k]! / (examples / 2);
      let variance = 0;
      for (let i = 0; i < examples; i++)
        for (let k = 0; k < 3; k++) variance += (inputs[3 * i + k]! - mean[(i % 2) * 3 + k]!) ** 2 / (3 * examples);
      return { mean, variance };
    };
    const [train, test] = [means('train'), means('test')];
    for (const { mean, variance } of [train, test]) {
      expect(Math.hypot(mean[0]!, mean[1]!, mean[2]!)).toBeCloseTo(5, 0.5);
      expect(variance).toBeGreaterThan(0.95);
      expect(variance).toBeLessThan(1.05);
    }
    // Standard error of each mean: 1/√4000 = 0.016; six standard errors of a difference.
    train.mean.forEach((value, i) => {
      expect(Math.abs(value - test.mean[i]!)).toBeLessThan(6 * 0.0224);
    });
  });

  it('Gaussian pairs are standard normal and independent of each other, of the widths that are asked for', () => {
    const n = 20_000;
    const { inputs, inputShape, targets } = make('gaussian-pairs', 'train', { examples: n, inputs: 2, outputs: 3 });
    if (targets.kind !== 'values') throw new Error('Gaussian pairs have values to be met.');
    expect([inputShape, targets.width, targets.values.length]).toEqual([[2], 3, 3 * n]);
    const column = (data: ArrayLike<number>, width: number, j: number) =>
      Float64Array.from({ length: n }, (_, i) => data[i * width + j]!);
    const columns = [0, 1].map((j) => column(inputs, 2, j)).concat([0, 1, 2].map((j) => column(targets.values, 3, j)));
    // Means and products of independent normals have the standard error 1/√n = 0.007; squares twice that, about.
    columns.forEach((x, i) => {
      expect(Math.abs(x.reduce((sum, one) => sum + one, 0) / n)).toBeLessThan(0.035);
      columns.slice(i).forEach((y, j) => {
        const covariance = x.reduce((sum, one, k) => sum + one * y[k]!, 0) / n;
        expect(Math.abs(covariance - (j === 0 ? 1 : 0))).toBeLessThan(0.05);
      });
    });
  });

  it('chebyshev-3-20 is 4x³ − 3x at 20 even points of [−1, 1]', () => {
    const { inputs, targets, inputShape } = make('chebyshev-3-20', 'train');
    expect([inputs.length, inputShape, inputs[0], inputs[19]]).toEqual([20, [1], -1, 1]);
    if (targets.kind !== 'values') return expect.fail('no values');
    for (let i = 0; i < 20; i++) {
      const x = inputs[i]!;
      expect(x).toBe(Math.fround(-1 + (2 * i) / 19));
      expect(Math.abs(targets.values[i]! - (4 * x ** 3 - 3 * x))).toBeLessThan(1e-7);
    }
  });

  it.each([0, 1, 2, 5, 17])('the Chebyshev polynomial of degree %i is cos(k arccos x)', (degree) => {
    const { inputs, targets } = make(`chebyshev-${degree}-101`, 'test');
    if (targets.kind !== 'values') return expect.fail('no values');
    expect(inputs.length).toBe(100);
    for (let i = 0; i < 100; i++)
      expect(Math.abs(targets.values[i]! - Math.cos(degree * Math.acos(inputs[i]!)))).toBeLessThan(2e-7);
  });
});

describe('names and parameters', () => {
  it('every set has a help text and every parameter a default within its range', () => {
    for (const { help, parameters, name, pattern } of bundledSets) {
      expect(help.length, name).toBeGreaterThan(20);
      expect(pattern.test(name) || name === 'chebyshev-K-N').toBe(true);
      for (const { default: value, least, most, help: text } of Object.values(parameters)) {
        expect(value).toBeGreaterThanOrEqual(least);
        expect(value).toBeLessThanOrEqual(most);
        expect(text.length).toBeGreaterThan(5);
      }
    }
  });

  it.each([
    ['digit', 'digits'],
    ['moons', 'two-moons'],
    ['Two-Moon', 'two-moons'],
    ['gausian-mixture', 'gaussian-mixture'],
    ['chebyshev-3', 'chebyshev-K-N'],
    ['digits8x8', 'digits-8x8'],
    ['spiral', 'spirals'],
  ])('"%s" is answered with %s', (wrong, right) => {
    expect(() => make(wrong, 'train')).toThrow(new RegExp(`no bundled data set "${wrong}"\\. Did you mean .*${right}`));
  });

  it.each([
    ['two-moons', { noize: 1 }, /no parameter "noize". It has examples, noise/],
    ['two-moons', { __proto__: 1, constructor: 1 }, /no parameter "constructor"/],
    ['digits', { examples: 5 }, /no parameter "examples". It has none/],
    ['two-moons', { noise: -1 }, /from 0 to 10/],
    ['two-moons', { noise: Number.NaN }, /is NaN/],
    ['two-moons', { examples: 1.5 }, /whole number/],
    ['spirals', { classes: 1 }, /from 2/],
    ['chebyshev-3-1', {}, /at least 2 points/],
    ['chebyshev-9999-10', {}, /degree up to 1000/],
  ] as const)('%s with %o is refused', (name, parameters, message) => {
    expect(() => make(name, 'train', parameters as Record<string, number>)).toThrow(BadInput);
    expect(() => make(name, 'train', parameters as Record<string, number>)).toThrow(message);
  });
});
