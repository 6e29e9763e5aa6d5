import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { philoxBlock, randomFromSeed, restoreRandom } from '../../../core/random/philox.ts';
import type { Random, RandomState } from '../../../core/random/random.ts';

const word = fc.integer({ min: 0, max: 0xffffffff });

/** The same function in big integers, written from the paper and not from the code under test. */
function philoxTwin(counter: readonly number[], key: readonly number[]): number[] {
  const mask = 0xffffffffn;
  let [a, b, c, d] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
  for (let round = 0n; round < 10n; round++) {
    const k0 = (BigInt(key[0]!) + round * 0x9e3779b9n) & mask;
    const k1 = (BigInt(key[1]!) + round * 0xbb67ae85n) & mask;
    const left = a * 0xd2511f53n;
    const right = c * 0xcd9e8d57n;
    [a, b, c, d] = [(right >> 32n) ^ b ^ k0, right & mask, (left >> 32n) ^ d ^ k1, left & mask];
  }
  return [a, b, c, d].map(Number);
}

function block(counter: readonly number[], key: readonly number[]): number[] {
  const out = new Uint32Array(4);
  philoxBlock(Uint32Array.from(counter), Uint32Array.from(key), out);
  return [...out];
}

function draws(rng: Random, n: number, draw: (rng: Random) => number): Float64Array {
  return Float64Array.from({ length: n }, () => draw(rng));
}

function moment(x: Float64Array, power: number): number {
  return x.reduce((sum, value) => sum + value ** power, 0) / x.length;
}

/** Kolmogorov's statistic √n · sup|F_n − F|; above 1.95 with probability 0.001. */
function kolmogorov(x: Float64Array, distribution: (value: number) => number): number {
  const sorted = x.slice().sort();
  const n = sorted.length;
  let worst = 0;
  sorted.forEach((value, i) => {
    const p = distribution(value);
    worst = Math.max(worst, p - i / n, (i + 1) / n - p);
  });
  return Math.sqrt(n) * worst;
}

/** Φ(x) by the Taylor series of the error function: exact to 1e-13 for |x| < 6. */
function normalDistribution(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

function correlation(x: Float64Array, y: Float64Array): number {
  return x.reduce((sum, value, i) => sum + value * y[i]!, 0) / x.length;
}

describe('Philox4x32-10', () => {
  it.each([
    ['zeros', '00000000 00000000 00000000 00000000 00000000 00000000 6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    ['ones', 'ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff 408f276d 41c83b0e a20bc7c6 6d5451fd'],
    ['digits of π', '243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0 d16cfe09 94fdcceb 5001e420 24126ea1'],
  ])('gives the known answer of Random123 for %s', (_, line) => {
    const words = line.split(' ').map((hex) => Number.parseInt(hex, 16));
    expect(block(words.slice(0, 4), words.slice(4, 6))).toEqual(words.slice(6));
  });

  it('equals the same function in big integers', () => {
    const counter = fc.tuple(word, word, word, word);
    fc.assert(
      fc.property(counter, fc.tuple(word, word), (c, k) => {
        expect(block(c, k)).toEqual(philoxTwin(c, k));
      }),
    );
  });
});

describe('a stream', () => {
  it('draws the images of the counters 0, 1, 2 … under the seed as key, two words a uniform', () => {
    const seed = 0x1234567890abc;
    const key = [0x67890abc, 0x12345];
    const words = [0, 1, 2].flatMap((counter) => philoxTwin([counter, 0, 0, 0], key));
    const rng = randomFromSeed(seed);
    for (let i = 0; i < words.length; i += 2) {
      const bits = (BigInt(words[i]! >>> 5) << 26n) | BigInt(words[i + 1]! >>> 6);
      expect(rng.uniform()).toBe(Number(bits) / 2 ** 53);
    }
  });

  it('carries the counter over all four words', () => {
    const ones = 0xffffffff;
    const state: RandomState = { ...randomFromSeed(5).state(), counter: [ones, ones, 7, 0], used: 4 };
    const rng = restoreRandom(state);
    rng.rademacher();
    expect(rng.state().counter).toEqual([0, 0, 8, 0]);
    const last = restoreRandom({ ...state, counter: [ones, ones, ones, ones] });
    last.rademacher();
    expect(last.state().counter).toEqual([0, 0, 0, 0]);
  });

  it('continues exactly from a state that went through JSON, at any place, also between the normals of a pair', () => {
    const drawers = [
      (r: Random) => r.uniform(),
      (r: Random) => r.normal(),
      (r: Random) => r.rademacher(),
      (r: Random) => r.integer(10),
    ];
    const plan = fc.array(fc.nat(3), { maxLength: 30 });
    fc.assert(
      fc.property(fc.maxSafeNat(), plan, plan, (seed, before, after) => {
        const rng = randomFromSeed(seed);
        for (const kind of before) drawers[kind]!(rng);
        const again = restoreRandom(JSON.parse(JSON.stringify(rng.state())) as RandomState);
        for (const kind of [1, ...after, 1]) expect(drawers[kind]!(again)).toBe(drawers[kind]!(rng));
        expect(again.state()).toEqual(rng.state());
      }),
    );
  });

  it('keeps a state apart from the stream it was taken of', () => {
    const rng = randomFromSeed(3);
    const state = rng.state();
    const first = rng.uniform();
    expect(restoreRandom(state).uniform()).toBe(first);
  });
});

describe('split', () => {
  it('depends on key and name only, not on how much was drawn', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.string(), fc.nat(40), (seed, name, drawn) => {
        const rng = randomFromSeed(seed);
        const early = rng.split(name).state();
        for (let i = 0; i < drawn; i++) rng.normal();
        expect(rng.split(name).state()).toEqual(early);
      }),
    );
  });

  it('leaves the parent where it was', () => {
    const rng = randomFromSeed(8);
    rng.normal();
    const before = rng.state();
    rng.split('probes');
    expect(rng.state()).toEqual(before);
  });

  it('gives different keys to different names, also to prefixes, zeros and long names', () => {
    const names = [
      '',
      '\0',
      '\0\0',
      'a',
      'a\0',
      'ab',
      'ba',
      'abcdefgh',
      'abcdefgh\0',
      'abcdefghi',
      '\ud800',
      '\ud801',
      'θ',
    ];
    for (let i = 0; i < 2000; i++) names.push(`probe ${i}`);
    const root = randomFromSeed(1);
    const keys = new Set(names.map((name) => root.split(name).state().key.join()));
    expect(keys.size).toBe(names.length);
    expect(keys.has(root.state().key.join())).toBe(false);
  });

  it('nests: the path matters, not only the last name', () => {
    const root = randomFromSeed(1);
    const key = (rng: Random) => rng.state().key.join();
    const keys = [
      root.split('a').split('b'),
      root.split('b').split('a'),
      root.split('ab'),
      root.split('a'),
      root.split('a').split('a'),
      randomFromSeed(2).split('a'),
    ].map(key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('gives uncorrelated streams: parent, children, grandchildren, neighbouring seeds', () => {
    const root = randomFromSeed(1);
    const streams = [
      root,
      root.split('a'),
      root.split('b'),
      root.split('a').split('b'),
      randomFromSeed(0),
      randomFromSeed(2),
    ];
    const n = 20_000;
    const normals = streams.map((rng) => rng.fill(new Float64Array(n), 'normal'));
    for (let i = 0; i < normals.length; i++) {
      for (let j = 0; j < i; j++)
        expect(Math.abs(correlation(normals[i]!, normals[j]!)) * Math.sqrt(n)).toBeLessThan(4);
    }
  });

  it('flips half of the bits of the key when one letter or one bit of the seed changes', () => {
    const ones = (value: number) => (value === 0 ? 0 : value.toString(2).replaceAll('0', '').length);
    let flipped = 0;
    const trials = 2000;
    for (let i = 0; i < trials; i++) {
      const [a0, a1] = randomFromSeed(i).split('name a').state().key;
      const [b0, b1] = (i % 2 ? randomFromSeed(i).split('name b') : randomFromSeed(i + 2 ** 40).split('name a')).state()
        .key;
      flipped += ones((a0 ^ b0) >>> 0) + ones((a1 ^ b1) >>> 0);
    }
    const deviation = (flipped - 32 * trials) / Math.sqrt(16 * trials);
    expect(Math.abs(deviation)).toBeLessThan(4);
  });
});

describe('draws', () => {
  const n = 100_000;

  it('uniform has the moments and the distribution of [0, 1), without serial correlation', () => {
    const x = draws(randomFromSeed(11), n, (r) => r.uniform());
    expect(x.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(Math.abs(moment(x, 1) - 1 / 2) * Math.sqrt(12 * n)).toBeLessThan(4);
    expect(Math.abs(moment(x, 2) - 1 / 3) / Math.sqrt(4 / 45 / n)).toBeLessThan(4);
    expect(kolmogorov(x, (value) => value)).toBeLessThan(1.95);
    const centred = x.map((value) => Math.sqrt(12) * (value - 0.5));
    for (const lag of [1, 2, 3, 4]) {
      const c = correlation(centred.subarray(0, n - lag), centred.subarray(lag));
      expect(Math.abs(c) * Math.sqrt(n)).toBeLessThan(4);
    }
  });

  it('normal has the first four moments and the distribution of the standard normal', () => {
    const x = draws(randomFromSeed(12), n, (r) => r.normal());
    expect(Math.abs(moment(x, 1)) * Math.sqrt(n)).toBeLessThan(4);
    expect(Math.abs(moment(x, 2) - 1) * Math.sqrt(n / 2)).toBeLessThan(4);
    expect(Math.abs(moment(x, 3)) * Math.sqrt(n / 15)).toBeLessThan(4);
    expect(Math.abs(moment(x, 4) - 3) * Math.sqrt(n / 96)).toBeLessThan(4);
    expect(kolmogorov(x, normalDistribution)).toBeLessThan(1.95);
  });

  it('the two normals of a pair are uncorrelated, and so are their squares', () => {
    const x = draws(randomFromSeed(13), n, (r) => r.normal());
    const even = x.filter((_, i) => i % 2 === 0);
    const odd = x.filter((_, i) => i % 2 === 1);
    const square = (y: Float64Array) => y.map((value) => (value * value - 1) / Math.SQRT2);
    expect(Math.abs(correlation(even, odd)) * Math.sqrt(n / 2)).toBeLessThan(4);
    expect(Math.abs(correlation(square(even), square(odd))) * Math.sqrt(n / 2)).toBeLessThan(4);
  });

  it('rademacher is ±1 with equal probability', () => {
    const x = draws(randomFromSeed(14), n, (r) => r.rademacher());
    expect(x.every((value) => Math.abs(value) === 1)).toBe(true);
    expect(Math.abs(moment(x, 1)) * Math.sqrt(n)).toBeLessThan(4);
  });

  it.each([2, 3, 10, 97])('integer(%i) passes the chi-square test', (below) => {
    const rng = randomFromSeed(below);
    const counts = new Float64Array(below);
    for (let i = 0; i < n; i++) counts[rng.integer(below)]!++;
    const expected = n / below;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(Math.abs(chiSquare - (below - 1)) / Math.sqrt(2 * (below - 1))).toBeLessThan(4.5);
  });

  it('integer is unbiased where scaling alone would give the multiples of three half of the words: below = 3·2³⁰', () => {
    const rng = randomFromSeed(15);
    const counts = new Float64Array(3);
    for (let i = 0; i < n; i++) counts[rng.integer(3 * 2 ** 30) % 3]!++;
    for (const count of counts) expect(Math.abs(count / n - 1 / 3) * Math.sqrt(n / (2 / 9))).toBeLessThan(4);
  });

  it('integer refuses what it cannot draw', () => {
    for (const below of [0, -1, 1.5, 2 ** 32 + 1, Number.NaN]) {
      expect(() => randomFromSeed(1).integer(below)).toThrow(RangeError);
    }
    expect(randomFromSeed(1).integer(1)).toBe(0);
    expect(randomFromSeed(1).integer(2 ** 32)).toBe(philoxTwin([0, 0, 0, 0], [1, 0])[0]);
  });

  it('permutation is one, and all six orders of three are equally likely', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(300), (seed, size) => {
        expect([...randomFromSeed(seed).permutation(size)].sort((a, b) => a - b)).toEqual([...Array(size).keys()]);
      }),
    );
    const counts = new Map<string, number>();
    const rng = randomFromSeed(16);
    for (let i = 0; i < 12_000; i++) {
      const order = rng.permutation(3).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
    expect(counts.size).toBe(6);
    expect(chiSquare).toBeLessThan(20.5);
  });

  it('fill gives the same as single draws, rounded to the array', () => {
    const size = 1001;
    const single = draws(randomFromSeed(17), size, (r) => r.normal());
    expect(randomFromSeed(17).fill(new Float64Array(size), 'normal')).toEqual(single);
    expect(randomFromSeed(17).fill(new Float32Array(size), 'normal')).toEqual(Float32Array.from(single));
    const uniform = draws(randomFromSeed(17), size, (r) => 2 * r.uniform() - 1);
    expect(randomFromSeed(17).fill(new Float64Array(size), 'uniform')).toEqual(uniform);
    const signs = draws(randomFromSeed(17), size, (r) => r.rademacher());
    expect(randomFromSeed(17).fill(new Float64Array(size), 'rademacher')).toEqual(signs);
  });

  it('a vector on the sphere has unit length and no preferred direction', () => {
    const rng = randomFromSeed(18);
    const sum = new Float64Array(3);
    const trials = 10_000;
    for (let i = 0; i < trials; i++) {
      const x = rng.fill(new Float64Array(3), 'sphere');
      expect(Math.abs(Math.hypot(...x) - 1)).toBeLessThan(1e-15);
      x.forEach((value, k) => {
        sum[k]! += value;
      });
    }
    for (const total of sum) expect(Math.abs(total) * Math.sqrt(3 / trials)).toBeLessThan(4);
    const long = rng.fill(new Float32Array(10_000), 'sphere');
    expect(Math.abs(Math.hypot(...long) - 1)).toBeLessThan(1e-6);
  });
});

describe('bad input', () => {
  it.each([-1, 0.5, Number.NaN, 2 ** 53])('refuses the seed %d', (seed) => {
    expect(() => randomFromSeed(seed)).toThrow(BadInput);
  });

  it('refuses a state that no stream can have', () => {
    const good = randomFromSeed(1).state();
    const bad = [
      { ...good, generator: 'mt19937' },
      { ...good, key: [1] },
      { ...good, counter: [0, 0, 0, 2 ** 32] },
      { ...good, used: 5 },
      { ...good, spareNormal: Number.NaN },
    ];
    for (const state of bad) expect(() => restoreRandom(state as RandomState)).toThrow(BadInput);
  });
});
