import { BadInput } from '../bad-input.ts';
import type { ClosedFormSettings, DeepLinearSettings } from '../models/closed-form/closed-form-settings.ts';
import type { LocatedYaml } from './located-yaml.ts';

export type ClosedFormKind = ClosedFormSettings['kind'];

const titles: Readonly<Record<ClosedFormKind, string>> = {
  deepLinear: 'deep linear network',
  surface: 'surface',
};

/** What only examples give a meaning, and what is said where it is there all the same. */
const ofData: readonly { readonly path: readonly [string, ...string[]]; readonly why: string }[] = [
  { path: ['data'], why: 'it is a function of its parameters alone and has no examples' },
  { path: ['loss'], why: 'it is itself the function that is descended' },
  { path: ['reduction'], why: 'it has no examples to sum over' },
  { path: ['model', 'layers'], why: 'it takes the place of the layers' },
  { path: ['model', 'weights'], why: 'its first point is stated in the experiment' },
];

/** Which closed form settings ask for; null for a model of layers. Throws BadInput for what does not go with one. */
export function closedFormAskedFor(value: object, reader: LocatedYaml): ClosedFormKind | null {
  const { model } = value as { readonly model?: unknown };
  if (model === null || typeof model !== 'object' || Array.isArray(model)) return null;
  const asked = (['deepLinear', 'surface'] as const).filter((kind) => Object.hasOwn(model, kind));
  const [kind, other] = asked;
  if (kind === undefined) return null;
  if (other !== undefined)
    throw new BadInput(
      `${reader.place(['model', other])} stands beside model.${kind}.`,
      'An experiment has one model: take one of them out.',
    );
  for (const { path, why } of ofData) {
    const [first, second] = path;
    const group = second === undefined ? value : model;
    if (Object.hasOwn(group, second ?? first))
      throw new BadInput(`${reader.place(path)} does not go with a ${titles[kind]}: ${why}.`, 'Take it out.');
  }
  refuseOtherMachinery(value as Readonly<Record<string, unknown>>, titles[kind], reader);
  return kind;
}

/** A closed form needs no engine of tensors, and has one precision. */
function refuseOtherMachinery(value: Readonly<Record<string, unknown>>, title: string, reader: LocatedYaml): void {
  for (const [key, own] of [
    ['engine', 'auto'],
    ['precision', 'float64'],
  ] as const) {
    const given = value[key];
    if (typeof given === 'string' && given !== own)
      throw new BadInput(
        `${reader.place([key])} is ${JSON.stringify(given)}, and a ${title} is computed in closed form, in float64.`,
        'Take it out.',
      );
  }
}

interface GivenDeepLinear {
  readonly hidden: number | readonly number[];
  readonly singularValues: readonly number[];
  readonly inputs: number | null;
  readonly outputs: number | null;
  readonly rotate: boolean;
  readonly initial: DeepLinearSettings['initial'];
}

/** As many inputs and outputs as singular values, unless it says more. */
export function readDeepLinear(given: GivenDeepLinear, reader: LocatedYaml): DeepLinearSettings {
  const { hidden, singularValues, rotate, initial } = given;
  const many = singularValues.length;
  for (const side of ['inputs', 'outputs'] as const) {
    const width = given[side];
    if (width !== null && width < many)
      throw new BadInput(
        `${reader.place(['model', 'deepLinear', side])} is ${width}, and there are ${many} singular values.`,
        `Give at least ${many}, or leave it out.`,
      );
  }
  return {
    kind: 'deepLinear',
    hidden: typeof hidden === 'number' ? [hidden] : hidden,
    singularValues,
    inputs: given.inputs ?? many,
    outputs: given.outputs ?? many,
    rotate,
    initial,
  };
}
