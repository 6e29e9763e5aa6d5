import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import type { Dataset } from '../../../core/data/dataset.ts';
import { splitDataset, subsetOf } from '../../../core/data/subset.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';

/** Example i has inputs 10i … 10i + width − 1 and target i. */
function counted(examples: number, width: number, kind: 'classes' | 'values'): Dataset {
  const labels = Int32Array.from({ length: examples }, (_, i) => i);
  return {
    name: 'counted',
    examples,
    inputShape: [width, 1],
    inputs: Float64Array.from({ length: examples * width }, (_, i) => 10 * Math.floor(i / width) + (i % width)),
    targets:
      kind === 'classes'
        ? { kind, classes: examples, labels }
        : { kind, width: 2, values: Float64Array.from({ length: 2 * examples }, (_, i) => Math.floor(i / 2)) },
    source: 'made here',
  };
}

/** The example numbers of a piece, after checking that inputs and targets still belong together. */
function keysOf({ inputs, targets, examples, inputShape }: Dataset): number[] {
  const width = inputShape[0]!;
  expect(inputs.length).toBe(examples * width);
  return Array.from({ length: examples }, (_, i) => {
    const key = inputs[i * width]! / 10;
    for (let k = 0; k < width; k++) expect(inputs[i * width + k]).toBe(10 * key + k);
    const target = targets.kind === 'classes' ? targets.labels[i] : targets.values[2 * i + 1];
    expect(target).toBe(key);
    return key;
  });
}

const sets = fc
  .tuple(
    fc.integer({ min: 2, max: 30 }),
    fc.integer({ min: 1, max: 5 }),
    fc.constantFrom('classes' as const, 'values' as const),
  )
  .map(([examples, width, kind]) => counted(examples, width, kind));

describe('pieces of a data set', () => {
  it('the first n are the first n', () => {
    fc.assert(
      fc.property(sets, fc.double({ min: 0, max: 1, noNaN: true }), (data, part) => {
        const count = Math.max(1, Math.floor(part * data.examples));
        const piece = subsetOf(data, { first: count }, randomFromSeed(1));
        expect(keysOf(piece)).toEqual(Array.from({ length: count }, (_, i) => i));
        expect(piece.source).toBe(`made here, first ${count}`);
      }),
    );
  });

  it('random n: no repeats, the same for the same seed, others for another', () => {
    const data = counted(200, 2, 'classes');
    const [once, again, other] = [3, 3, 4].map((seed) => keysOf(subsetOf(data, { random: 50 }, randomFromSeed(seed))));
    expect(new Set(once).size).toBe(50);
    expect(once).toEqual(again);
    expect(once).not.toEqual(other);
  });

  it('a split is disjoint and complete', () => {
    fc.assert(
      fc.property(sets, fc.nat(), fc.nat(1000), (data, part, seed) => {
        const { train, test } = splitDataset(data, 1 + (part % (data.examples - 1)), randomFromSeed(seed));
        expect([...keysOf(train), ...keysOf(test)].sort((a, b) => a - b)).toEqual(keysOf(data));
      }),
    );
  });

  it('pieces are copies', () => {
    const data = counted(4, 1, 'classes');
    const piece = subsetOf(data, { first: 4 }, randomFromSeed(1));
    piece.inputs.fill(-1);
    expect(data.inputs[0]).toBe(0);
  });

  it.each([0, -1, 1.5, 5, Number.NaN, Number.POSITIVE_INFINITY])('%d of 4 examples is refused', (count) => {
    const data = counted(4, 1, 'classes');
    const rng = randomFromSeed(1);
    expect(() => subsetOf(data, { first: count }, rng)).toThrow(BadInput);
    expect(() => subsetOf(data, { random: count }, rng)).toThrow(/from 1 to 4/);
    expect(() => splitDataset(data, count, rng)).toThrow(/from 1 to 3/);
  });
});
