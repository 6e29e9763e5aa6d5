import { BadInput } from '../bad-input.ts';
import type { ParameterName, TrainingSettings } from './optimizers/optimizer.ts';
import { optimizers } from './optimizers.ts';
import { readSchedule } from './schedules.ts';

/** What one setting means and which values it takes; plain data for forms and help. */
export interface ParameterDescription {
  readonly meaning: string;
  readonly kind: 'number' | 'wholeNumber' | 'choice' | 'schedule';
  readonly fallback: TrainingSettings[ParameterName];
  /** Of numbers: `above` is excluded, `least` included, `below` excluded. */
  readonly above?: number;
  readonly least?: number;
  readonly below?: number;
  readonly choices?: readonly string[];
  /** May be null: then the thing is off. */
  readonly optional?: true;
}

const share = { kind: 'number', least: 0, below: 1 } as const;

export const parameters: Readonly<Record<ParameterName, ParameterDescription>> = {
  learningRate: { meaning: 'learning rate η', kind: 'number', fallback: 0.1, above: 0 },
  schedule: {
    meaning: 'how η changes with the step: constant, step, cosine, warmUp',
    kind: 'schedule',
    fallback: { kind: 'constant' },
  },
  batchSize: {
    meaning: 'examples a step; none: all of them',
    kind: 'wholeNumber',
    fallback: null,
    least: 1,
    optional: true,
  },
  weightDecay: { meaning: 'weight decay w', kind: 'number', fallback: 0, least: 0 },
  decay: {
    meaning: 'coupled: w θ is added to the gradient; decoupled: θ shrinks by 1 − η w',
    kind: 'choice',
    fallback: 'coupled',
    choices: ['coupled', 'decoupled'],
  },
  clipNorm: {
    meaning: 'longest gradient; none: no limit',
    kind: 'number',
    fallback: null,
    above: 0,
    optional: true,
  },
  momentum: { meaning: 'momentum β', fallback: 0, ...share },
  beta1: { meaning: 'β₁, memory of the mean gradient', fallback: 0.9, ...share },
  beta2: { meaning: 'β₂, memory of the mean squared gradient', fallback: 0.999, ...share },
  epsilon: { meaning: 'ε beside the root of the second moment', kind: 'number', fallback: 1e-8, above: 0 },
  sharpnessEvery: {
    meaning: 'steps between two measurements of λ_max that set the step 1/λ_max; 0: the step is always η',
    kind: 'wholeNumber',
    fallback: 0,
    least: 0,
  },
  damping: {
    meaning: 'damping μ, added to the curvature that steps are divided by',
    kind: 'number',
    fallback: 0,
    least: 0,
  },
  dampingRule: {
    meaning: 'fixed: μ as it is; search: raised by decades until the loss of the examples of the step does not rise',
    kind: 'choice',
    fallback: 'fixed',
    choices: ['fixed', 'search'],
  },
  relativeCut: {
    meaning: 'eigenvalues below it, relative to the largest, count as 0; none: 1e-9 in float64, 1e-4 in float32',
    kind: 'number',
    fallback: null,
    least: 0,
    below: 1,
    optional: true,
  },
  krylov: {
    meaning: 'dimension of the Krylov space, above 500 parameters; below, all of H is used',
    kind: 'wholeNumber',
    fallback: 40,
    least: 1,
  },
};

const parameterNames = Object.keys(parameters) as ParameterName[];

/** Where a setting stands, for messages: `optimizer.sgd.learningRate` unless the reader of a file knows better. */
export type Place = (key?: string) => string;

/** The settings that an optimiser takes, checked and with every default written out. Anything else is BadInput. */
export function checkOptimizer(
  kind: string,
  given: Readonly<Record<string, unknown>>,
  place: Place = (key) => (key === undefined ? `optimizer.${kind}` : `optimizer.${kind}.${key}`),
): Readonly<Partial<TrainingSettings>> {
  if (!Object.hasOwn(optimizers, kind))
    throw new BadInput(`${place()} is not an optimiser.`, `Use one of ${Object.keys(optimizers).join(', ')}.`);
  const optimizer = optimizers[kind as keyof typeof optimizers];
  for (const key of Object.keys(given)) {
    if (!(optimizer.parameters as readonly string[]).includes(key))
      throw new BadInput(
        `${place(key)} is not a setting of ${kind}.`,
        `${kind} takes ${optimizer.parameters.join(', ')}.`,
      );
  }
  const checked: Record<string, unknown> = {};
  for (const name of optimizer.parameters) {
    const value = given[name];
    checked[name] =
      value === undefined
        ? (optimizer.defaults[name] ?? parameters[name].fallback)
        : checkValue(value, parameters[name], place(name));
  }
  return checked as Partial<TrainingSettings>;
}

/** The whole settings of training from an optimiser's name and what was given of its settings. */
export function trainingSettings(
  kind: string,
  given: Readonly<Record<string, unknown>> = {},
  place?: Place,
): TrainingSettings {
  const checked = checkOptimizer(kind, given, place);
  const optimizer = optimizers[kind as keyof typeof optimizers];
  const neutral = Object.fromEntries(parameterNames.map((name) => [name, parameters[name].fallback]));
  return { ...neutral, ...optimizer.defaults, ...checked, optimizer: optimizer.id } as TrainingSettings;
}

function checkValue(value: unknown, description: ParameterDescription, place: string): unknown {
  const { kind, above, least, below, choices, optional } = description;
  if (value === null && optional) return null;
  if (kind === 'schedule') return readSchedule(value, place);
  if (kind === 'choice') {
    if (choices!.includes(value as string)) return value;
    throw new BadInput(`${place} is ${JSON.stringify(value)}.`, `Use ${choices!.join(' or ')}.`);
  }
  const usable =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (kind === 'number' || Number.isInteger(value)) &&
    (above === undefined || value > above) &&
    (least === undefined || value >= least) &&
    (below === undefined || value < below);
  if (usable) return value;
  const limits = [
    above === undefined ? '' : `above ${above}`,
    least === undefined ? '' : `of at least ${least}`,
    below === undefined ? '' : `below ${below}`,
  ];
  throw new BadInput(
    `${place} is ${JSON.stringify(value) ?? String(value)}.`,
    `Give a ${kind === 'wholeNumber' ? 'whole ' : ''}number ${limits.filter(Boolean).join(' and ')} (${description.meaning}).`,
  );
}
