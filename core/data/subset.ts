import { BadInput } from '../bad-input.ts';
import type { HostVector } from '../linalg/vector-space.ts';
import type { Random } from '../random/random.ts';
import { gatheredRows } from './chunks.ts';
import { type AnyDataset, type Dataset, inputWidth, isChunked, type Targets } from './dataset.ts';

function rows<T extends HostVector | Int32Array>(values: T, width: number, keys: ArrayLike<number>): T {
  const out = values.slice(0, keys.length * width) as T;
  for (let i = 0; i < keys.length; i++) {
    const from = keys[i]! * width;
    out.set(values.subarray(from, from + width), i * width);
  }
  return out;
}

function rowsOfTargets(targets: Targets, keys: ArrayLike<number>): Targets {
  return targets.kind === 'classes'
    ? { ...targets, labels: rows(targets.labels, 1, keys) }
    : { ...targets, values: rows(targets.values, targets.width, keys) };
}

/** The examples with these indices, in this order, without repeats; a copy. */
export function pick<T extends AnyDataset>(data: T, keys: Int32Array, how: string): T {
  const inputs = isChunked(data)
    ? { rows: { ...data.rows, read: (from: number, to: number) => gatheredRows(data, keys.subarray(from, to)) } }
    : { inputs: rows((data as Dataset).inputs, inputWidth(data), keys) };
  return {
    ...data,
    ...inputs,
    examples: keys.length,
    targets: rowsOfTargets(data.targets, keys),
    source: `${data.source}, ${how}`,
  };
}

/** The examples from…to − 1, without copying: changes of the whole are seen. */
export function exampleRange<T extends AnyDataset>(data: T, from: number, to: number): T {
  if (from < 0 || to <= from || to > data.examples)
    throw new RangeError(`The examples ${from}…${to - 1} are not among 0…${data.examples - 1}.`);
  const { targets } = data;
  const width = inputWidth(data);
  return {
    ...data,
    ...(isChunked(data)
      ? { rows: { ...data.rows, read: (first: number, end: number) => data.rows.read(from + first, from + end) } }
      : { inputs: (data as Dataset).inputs.subarray(from * width, to * width) }),
    examples: to - from,
    targets:
      targets.kind === 'classes'
        ? { ...targets, labels: targets.labels.subarray(from, to) }
        : { ...targets, values: targets.values.subarray(from * targets.width, to * targets.width) },
    source: `${data.source}, examples ${from} to ${to - 1}`,
  };
}

function checkCount(data: AnyDataset, count: number): void {
  if (!Number.isInteger(count) || count < 1 || count > data.examples) {
    throw new BadInput(
      `A subset of ${count} examples is asked of "${data.name}", which has ${data.examples}.`,
      `Give a whole number from 1 to ${data.examples}.`,
    );
  }
}

/** The first `count` examples. */
export function firstExamples<T extends AnyDataset>(data: T, count: number): T {
  checkCount(data, count);
  return pick(
    data,
    Int32Array.from({ length: count }, (_, i) => i),
    `first ${count}`,
  );
}

/** `count` examples drawn without replacement, in the order drawn. */
export function randomExamples<T extends AnyDataset>(data: T, count: number, rng: Random): T {
  checkCount(data, count);
  return pick(data, rng.permutation(data.examples).subarray(0, count), `random ${count}`);
}

/** A subset as an experiment states it: `{first: n}` or `{random: n}`. */
export type Subset = { readonly first: number } | { readonly random: number };

export function subsetOf<T extends AnyDataset>(data: T, subset: Subset, rng: Random): T {
  return 'first' in subset ? firstExamples(data, subset.first) : randomExamples(data, subset.random, rng);
}

/** Two disjoint random pieces that together are the whole: `trainExamples` of them, and the rest. */
export function splitDataset<T extends AnyDataset>(data: T, trainExamples: number, rng: Random): { train: T; test: T } {
  if (!Number.isInteger(trainExamples) || trainExamples < 1 || trainExamples >= data.examples) {
    throw new BadInput(
      `A split into ${trainExamples} training examples is asked of "${data.name}", which has ${data.examples}.`,
      `Give a whole number from 1 to ${data.examples - 1}.`,
    );
  }
  const order = rng.permutation(data.examples);
  return {
    train: pick(data, order.subarray(0, trainExamples), `${trainExamples} drawn for training`),
    test: pick(data, order.subarray(trainExamples), `the ${data.examples - trainExamples} not drawn for training`),
  };
}
