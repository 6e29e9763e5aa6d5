import { BadInput } from '../bad-input.ts';
import type { HostVector } from '../linalg/vector-space.ts';
import type { Random } from '../random/random.ts';
import type { Dataset, Targets } from './dataset.ts';

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
function pick(data: Dataset, keys: ArrayLike<number>, how: string): Dataset {
  const width = data.inputShape.reduce((product, extent) => product * extent, 1);
  return {
    ...data,
    examples: keys.length,
    inputs: rows(data.inputs, width, keys),
    targets: rowsOfTargets(data.targets, keys),
    source: `${data.source}, ${how}`,
  };
}

function checkCount(data: Dataset, count: number): void {
  if (!Number.isInteger(count) || count < 1 || count > data.examples) {
    throw new BadInput(
      `A subset of ${count} examples is asked of "${data.name}", which has ${data.examples}.`,
      `Give a whole number from 1 to ${data.examples}.`,
    );
  }
}

/** The first `count` examples. */
export function firstExamples(data: Dataset, count: number): Dataset {
  checkCount(data, count);
  return pick(
    data,
    Int32Array.from({ length: count }, (_, i) => i),
    `first ${count}`,
  );
}

/** `count` examples drawn without replacement, in the order drawn. */
export function randomExamples(data: Dataset, count: number, rng: Random): Dataset {
  checkCount(data, count);
  return pick(data, rng.permutation(data.examples).subarray(0, count), `random ${count}`);
}

/** A subset as an experiment states it: `{first: n}` or `{random: n}`. */
export type Subset = { readonly first: number } | { readonly random: number };

export function subsetOf(data: Dataset, subset: Subset, rng: Random): Dataset {
  return 'first' in subset ? firstExamples(data, subset.first) : randomExamples(data, subset.random, rng);
}

/** Two disjoint random pieces that together are the whole: `trainExamples` of them, and the rest. */
export function splitDataset(data: Dataset, trainExamples: number, rng: Random): { train: Dataset; test: Dataset } {
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
