import { BadInput } from '../bad-input.ts';
import { nearestNames } from '../nearest-name.ts';
import type { Random } from '../random/random.ts';
import type { Dataset } from './dataset.ts';
import { digits, digits8x8 } from './digits.ts';
import { chebyshev, gaussianMixture, gaussianPairs, spirals, twoMoons } from './synthetic.ts';

export type Split = 'train' | 'test';

export interface BundledOptions {
  /** The stream of the data; each set and split draws from a stream of its own below it. */
  readonly rng: Random;
  /** The content of assets/data/digits.npz; needed by the digits only. */
  readonly digitsBytes?: Uint8Array;
  readonly parameters?: Readonly<Record<string, number>>;
}

interface Parameter {
  readonly default: number;
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
  readonly help: string;
}

type Values = Readonly<Record<string, number>>;

interface BundledSet {
  /** The name in an experiment; K and N stand for whole numbers. */
  readonly name: string;
  readonly pattern: RegExp;
  readonly help: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly make: (match: RegExpExecArray, split: Split, values: Values, options: BundledOptions) => Dataset;
}

const examples: Parameter = { default: 1000, least: 2, most: 1_000_000, whole: true, help: 'points in each split' };
const noise = (value: number): Parameter => ({
  default: value,
  least: 0,
  most: 10,
  whole: false,
  help: 'standard deviation of the noise',
});
const classes = (value: number): Parameter => ({ default: value, least: 2, most: 1000, whole: true, help: 'classes' });

function digitsFile({ digitsBytes }: BundledOptions): Uint8Array {
  if (digitsBytes === undefined) {
    throw new BadInput('The bundled digits were not loaded.', 'Check that assets/data/digits.npz is there.');
  }
  return digitsBytes;
}

export const bundledSets: readonly BundledSet[] = [
  {
    name: 'digits',
    pattern: /^digits$/,
    help: 'real MNIST digits, 28 × 28 × 1, intensity 0 … 1, 10 classes; 8,000 train, 2,000 test',
    parameters: {},
    make: (_, split, __, options) => digits(digitsFile(options), split),
  },
  {
    name: 'digits-8x8',
    pattern: /^digits-8x8$/,
    help: 'the same digits as 64 numbers: padded to 32 × 32, averaged over 4 × 4',
    parameters: {},
    make: (_, split, __, options) => digits8x8(digitsFile(options), split),
  },
  {
    name: 'two-moons',
    pattern: /^two-moons$/,
    help: 'two interleaved half circles in the plane, 2 classes',
    parameters: { examples, noise: noise(0.1) },
    make: (_, split, values, { rng }) =>
      twoMoons({ examples: values.examples!, noise: values.noise! }, rng.split('two-moons').split(split)),
  },
  {
    name: 'spirals',
    pattern: /^spirals$/,
    help: 'spiral arms in the plane, one a class',
    parameters: {
      examples,
      noise: noise(0.02),
      classes: classes(3),
      turns: { default: 1, least: 0, most: 10, whole: false, help: 'turns of an arm' },
    },
    make: (_, split, values, { rng }) =>
      spirals(
        { examples: values.examples!, noise: values.noise!, classes: values.classes!, turns: values.turns! },
        rng.split('spirals').split(split),
      ),
  },
  {
    name: 'gaussian-mixture',
    pattern: /^gaussian-mixture$/,
    help: 'unit Gaussians around random centres, one a class',
    parameters: {
      examples,
      classes: classes(4),
      dimensions: { default: 10, least: 1, most: 10_000, whole: true, help: 'numbers an example' },
      separation: { default: 3, least: 0, most: 1000, whole: false, help: 'distance of the centres from the origin' },
    },
    make: (_, split, values, { rng }) =>
      gaussianMixture(
        {
          examples: values.examples!,
          classes: values.classes!,
          dimensions: values.dimensions!,
          separation: values.separation!,
        },
        rng.split('gaussian-mixture').split(split),
        rng.split('gaussian-mixture').split('centres'),
      ),
  },
  {
    name: 'gaussian-pairs',
    pattern: /^gaussian-pairs$/,
    help: 'independent Gaussian inputs and targets: nothing to learn, only to memorise',
    parameters: {
      examples: { ...examples, default: 48 },
      inputs: { default: 6, least: 1, most: 10_000, whole: true, help: 'numbers of an input' },
      outputs: { default: 6, least: 1, most: 10_000, whole: true, help: 'numbers of a target' },
    },
    make: (_, split, values, { rng }) =>
      gaussianPairs(
        { examples: values.examples!, inputs: values.inputs!, outputs: values.outputs! },
        rng.split('gaussian-pairs').split(split),
      ),
  },
  {
    name: 'chebyshev-K-N',
    pattern: /^chebyshev-(\d{1,4})-(\d{1,6})$/,
    help: 'regression of the Chebyshev polynomial of degree K at N even points of [-1, 1], such as chebyshev-3-20',
    parameters: {},
    make: (match, split) => chebyshev(Number(match[1]), Number(match[2]), split),
  },
];

function parameterValues(set: BundledSet, given: Values): Values {
  const known = Object.keys(set.parameters);
  for (const [name, value] of Object.entries(given)) {
    if (!known.includes(name)) {
      throw new BadInput(
        `The data set ${set.name} has no parameter "${name}".`,
        known.length > 0 ? `It has ${known.join(', ')}.` : 'It has none.',
      );
    }
    const { least, most, whole } = set.parameters[name]!;
    if (!(value >= least && value <= most) || (whole && !Number.isInteger(value))) {
      throw new BadInput(
        `The parameter "${name}" of ${set.name} is ${value}.`,
        `Give a ${whole ? 'whole ' : ''}number from ${least} to ${most}.`,
      );
    }
  }
  return Object.fromEntries(known.map((name) => [name, given[name] ?? set.parameters[name]!.default]));
}

/**
 * A set that comes with the program or is made from a seed: the names, their help and their parameters are in
 * `bundledSets`. Throws BadInput for an unknown name or parameter, with the nearest ones.
 */
export function bundledDataset(name: string, split: Split, options: BundledOptions): Dataset {
  for (const set of bundledSets) {
    const match = set.pattern.exec(name);
    if (match === null) continue;
    return { ...set.make(match, split, parameterValues(set, options.parameters ?? {}), options), name };
  }
  const near = nearestNames(
    name,
    bundledSets.map((set) => set.name),
    2,
  );
  throw new BadInput(`There is no bundled data set "${name.slice(0, 80)}".`, `Did you mean ${near.join(' or ')}?`);
}
