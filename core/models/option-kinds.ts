import { initializerExpectation, isInitializer } from './weight-initialization.ts';

/**
 * By which control a form asks for an option; `value` stands for what only YAML can say. Sizes along several axes are asked
 * for as one number; a list of them takes YAML.
 */
export type OptionInput =
  | {
      readonly kind: 'wholeNumber' | 'number';
      readonly least?: number;
      readonly above?: number;
      readonly below?: number;
    }
  | { readonly kind: 'flag' }
  | { readonly kind: 'value' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] };

/** What one option of a layer may be: the check, the words for the message when it fails, the control of a form. */
export interface OptionKind {
  readonly expected: string;
  readonly input: OptionInput;
  accepts(value: unknown): boolean;
}

const value: OptionInput = { kind: 'value' };

const isInteger = (value: unknown, least: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= least;

export const count: OptionKind = {
  expected: 'a positive integer',
  input: { kind: 'wholeNumber', least: 1 },
  accepts: (value) => isInteger(value, 1),
};
export const flag: OptionKind = {
  expected: 'true or false',
  input: { kind: 'flag' },
  accepts: (value) => typeof value === 'boolean',
};
export const axis: OptionKind = {
  expected: 'an integer',
  input: { kind: 'wholeNumber' },
  accepts: (value) => Number.isInteger(value),
};
export const finite: OptionKind = {
  expected: 'a finite number',
  input: { kind: 'number' },
  accepts: (value) => Number.isFinite(value),
};
export const text: OptionKind = {
  expected: 'a name of letters, digits, _ and -',
  input: value,
  accepts: (value) => typeof value === 'string' && /^[A-Za-z][\w-]*$/.test(value),
};
export const positive: OptionKind = {
  expected: 'a positive number',
  input: { kind: 'number', above: 0 },
  accepts: (value) => typeof value === 'number' && Number.isFinite(value) && value > 0,
};
export const fraction: OptionKind = {
  expected: 'a number from 0 to below 1',
  input: { kind: 'number', least: 0, below: 1 },
  accepts: (value) => typeof value === 'number' && value >= 0 && value < 1,
};
export const axes: OptionKind = {
  expected: 'an integer or a list of integers',
  input: value,
  accepts: (value) =>
    Number.isInteger(value) || (Array.isArray(value) && value.every((entry) => Number.isInteger(entry))),
};
export const shape: OptionKind = {
  expected: 'a list of positive integers, one of them perhaps -1 for "whatever remains"',
  input: value,
  accepts: (value) =>
    Array.isArray(value) &&
    value.every((entry) => entry === -1 || isInteger(entry, 1)) &&
    value.filter((entry) => entry === -1).length <= 1,
};
export const permutation: OptionKind = {
  expected: 'a list that names every axis 1…n once',
  input: value,
  accepts: (value) => Array.isArray(value) && [...value].sort((a, b) => a - b).every((entry, i) => entry === i + 1),
};

/** Sizes along `rank` spatial axes: one positive integer for all of them or a list. */
export function extents(rank: number): OptionKind {
  return {
    expected: rank === 1 ? 'a positive integer' : `a positive integer or a list of ${rank} of them`,
    input: { kind: 'wholeNumber', least: 1 },
    accepts: (value) =>
      isInteger(value, 1) ||
      (Array.isArray(value) && value.length === rank && value.every((entry) => isInteger(entry, 1))),
  };
}

/** Margins of the two spatial axes: a number, [height, width], or [[top, bottom], [left, right]]. */
export const margins: OptionKind = {
  expected: 'an integer ≥ 0, [height, width] or [[top, bottom], [left, right]]',
  input: value,
  accepts: (value) =>
    isInteger(value, 0) ||
    (Array.isArray(value) &&
      value.length === 2 &&
      (value.every((entry) => isInteger(entry, 0)) ||
        value.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every((entry) => isInteger(entry, 0))))),
};

export function oneOf(...names: readonly string[]): OptionKind {
  return {
    expected: names.map((name) => `"${name}"`).join(' or '),
    input: { kind: 'choice', choices: names },
    accepts: (value) => typeof value === 'string' && names.includes(value),
  };
}

export const activationNames = [
  'elu',
  'gelu',
  'gelu_new',
  'hardSigmoid',
  'linear',
  'logSoftmax',
  'mish',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'softmax',
  'softplus',
  'softsign',
  'swish',
  'tanh',
] as const;

export const activation: OptionKind = {
  expected: `one of ${activationNames.join(', ')}`,
  input: { kind: 'choice', choices: activationNames },
  accepts: (value) => typeof value === 'string' && (activationNames as readonly string[]).includes(value),
};

export const initializer: OptionKind = { expected: initializerExpectation, input: value, accepts: isInitializer };

const penaltyKeys: Readonly<Record<string, readonly string[]>> = { l1: ['l1'], l2: ['l2'], l1l2: ['l1', 'l2'] };

/** A penalty as the experiment file gives it: `{ l2: 0.01 }`, `{ l1: 0.01 }` or `{ l1l2: { l1: 0.01, l2: 0.01 } }`. */
export const regularizer: OptionKind = {
  expected: 'a penalty such as { l2: 0.001 }, { l1: 0.001 } or { l1l2: { l1: 0.001, l2: 0.001 } }',
  input: value,
  accepts: (value) => regularizerAmounts(value) !== null,
};

/** The amounts λ₁ of Σ|w| and λ₂ of Σw² of such a penalty, or null where the value is none. */
export function regularizerAmounts(value: unknown): { l1: number; l2: number } | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const [entry, ...others] = Object.entries(value);
  if (!entry || others.length > 0) return null;
  const keys = Object.hasOwn(penaltyKeys, entry[0]) ? penaltyKeys[entry[0]] : undefined;
  if (!keys) return null;
  const amounts: unknown = typeof entry[1] === 'number' && keys.length === 1 ? { [keys[0] ?? '']: entry[1] } : entry[1];
  if (typeof amounts !== 'object' || amounts === null) return null;
  const given = Object.entries(amounts);
  if (!given.every(([key, amount]) => keys.includes(key) && typeof amount === 'number' && amount >= 0)) return null;
  const named = Object.fromEntries(given) as { l1?: number; l2?: number };
  return { l1: named.l1 ?? 0, l2: named.l2 ?? 0 };
}
