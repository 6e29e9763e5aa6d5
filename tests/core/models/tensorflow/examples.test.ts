import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AnyDataset, ChunkedDataset, Dataset } from '../../../../core/data/dataset.ts';
import { exampleRange, randomExamples } from '../../../../core/data/subset.ts';
import { useBackend } from '../../../../core/models/tensorflow/backend.ts';
import { type ExampleBatch, type ExamplesOptions, examplesOf } from '../../../../core/models/tensorflow/examples.ts';
import { createGate, Stopped } from '../../../../core/objective/gate.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

beforeAll(async () => {
  await useBackend('cpu');
});

/** Input j of example i is 10 i + j; its label i mod 3. */
const counted = (examples: number): Dataset => ({
  name: 'counted',
  examples,
  inputShape: [4],
  inputs: Float32Array.from({ length: 4 * examples }, (_, at) => 10 * Math.floor(at / 4) + (at % 4)),
  targets: { kind: 'classes', classes: 3, labels: Int32Array.from({ length: examples }, (_, i) => i % 3) },
  source: 'made here',
});

function chunked({ inputs, ...rest }: Dataset, reads: string[] = []): ChunkedDataset {
  return {
    ...rest,
    rows: {
      identity: 'made here',
      async read(from, to) {
        reads.push(`${from}…${to}`);
        await new Promise((resolve) => setTimeout(resolve, 1));
        return inputs.slice(4 * from, 4 * to);
      },
    },
  };
}

const examplesIn = (data: AnyDataset, partSize: number, options?: ExamplesOptions) =>
  examplesOf(data, [4], 3, partSize, options);

/** First input, targets and label of every example that is passed. */
async function seen(examples: ReturnType<typeof examplesIn>, key?: Int32Array, from = 0): Promise<string[]> {
  const all: string[] = [];
  const body = async (part: ExampleBatch, index: number) => {
    const [inputs, targets] = [await part.inputs.data(), await part.targets.data()];
    for (let i = 0; i < part.count; i++)
      all.push(
        `${index}: ${inputs[4 * i]} ${inputs[4 * i + 3]} [${targets.slice(3 * i, 3 * i + 3)}] ${part.labels?.[i]}`,
      );
  };
  await examples.forEachPart(key, body, from);
  return all;
}

describe('examples in parts', () => {
  const data = counted(11);
  const expected = (order: readonly number[], partSize: number) =>
    order.map((i, at) => {
      const oneHot = [0, 1, 2].map((label) => (i % 3 === label ? 1 : 0));
      return `${Math.floor(at / partSize)}: ${10 * i} ${10 * i + 3} [${oneHot}] ${i % 3}`;
    });
  const everyOne = [...Array(11).keys()];

  for (const [kind, make] of [
    ['in memory', () => data],
    ['read when needed', () => chunked(data)],
  ] as const)
    it(`are all examples, or those of a key, in order, ${kind}, whatever is held`, async () => {
      for (const heldBytes of [0, 100, 300, 2 ** 30]) {
        const before = memory().numTensors;
        const examples = examplesIn(make(), 3, { heldBytes });
        for (let repeat = 0; repeat < 3; repeat++) expect(await seen(examples)).toEqual(expected(everyOne, 3));
        expect(await seen(examples, undefined, 2)).toEqual(expected(everyOne, 3).slice(6));
        const key = [10, 0, 1, 2, 3, 3, 7];
        expect(await seen(examples, Int32Array.from(key), 1)).toEqual(expected(key, 3).slice(3));
        expect(await seen(examples, Int32Array.from(key))).toEqual(expected(key, 3));
        // A row takes 28 bytes, a part 84.
        expect(memory().numTensors - before).toBe(2 * Math.min(4, Math.floor(heldBytes / 84)));
        examples.dispose();
        expect(memory().numTensors).toBe(before);
      }
    });

  it('are read once where they are held, anew where they are not, neighbours of a key at once', async () => {
    const reads: string[] = [];
    const examples = examplesIn(chunked(data, reads), 4, { heldBytes: 120 });
    await seen(examples);
    expect(reads.splice(0)).toEqual(['0…4', '4…8', '8…11']);
    await seen(examples);
    expect(reads.splice(0)).toEqual(['4…8', '8…11']);
    await seen(examples, Int32Array.of(5, 6, 2, 3, 9));
    expect(reads).toEqual(['5…7', '2…4', '9…10']);
    examples.dispose();
  });

  it('can be asked for by two calls at once', async () => {
    const before = memory().numTensors;
    const examples = examplesIn(chunked(data), 3, { heldBytes: 200 });
    const both = await Promise.all([seen(examples), seen(examples)]);
    expect(both).toEqual([expected(everyOne, 3), expected(everyOne, 3)]);
    examples.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('pass on that a row cannot be read, and hold nothing more for it', async () => {
    const before = memory().numTensors;
    const whole = chunked(data);
    const broken: ChunkedDataset = {
      ...whole,
      rows: {
        ...whole.rows,
        read: (from, to) => (to > 8 ? Promise.reject(new Error('gone')) : whole.rows.read(from, to)),
      },
    };
    const examples = examplesIn(broken, 4, { heldBytes: 0 });
    await expect(seen(examples)).rejects.toThrow('gone');
    expect(memory().numTensors).toBe(before);
    examples.dispose();
  });

  it('stop before the next part once the signal of the gate is aborted', async () => {
    const gate = createGate(() => new Promise((resolve) => setImmediate(resolve)), 0);
    const signal = { aborted: false };
    gate.watch(signal);
    const before = memory().numTensors;
    const examples = examplesIn(data, 3, { heldBytes: 0, gate });
    let parts = 0;
    // What cancels comes from the event loop, which the gate lets turn.
    setImmediate(() => setImmediate(() => Object.assign(signal, { aborted: true })));
    const work = examples.forEachPart(undefined, async () => {
      parts++;
    });
    await expect(work).rejects.toThrow(Stopped);
    expect(parts).toBeGreaterThan(0);
    expect(parts).toBeLessThan(4);
    gate.watch(null);
    expect((await seen(examples)).length).toBe(11);
    examples.dispose();
    expect(memory().numTensors).toBe(before);
  });
});

describe('pieces of a set whose rows are read when needed', () => {
  it('have the same examples as pieces of one in memory', async () => {
    const data = counted(11);
    for (const piece of [
      (of: AnyDataset) => exampleRange(of, 3, 9),
      (of: AnyDataset) => randomExamples(of, 6, randomFromSeed(2)),
      (of: AnyDataset) => exampleRange(randomExamples(of, 6, randomFromSeed(2)), 1, 4),
    ]) {
      const [here, there] = [examplesIn(piece(data), 2), examplesIn(piece(chunked(data)), 2)];
      expect(await seen(there)).toEqual(await seen(here));
      expect(await seen(there, Int32Array.of(1, 2, 0))).toEqual(await seen(here, Int32Array.of(1, 2, 0)));
      here.dispose();
      there.dispose();
    }
    expect(() => exampleRange(data, 4, 12)).toThrow(RangeError);
  });
});
