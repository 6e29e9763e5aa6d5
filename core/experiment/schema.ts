import { bundledSets } from '../data/bundled-datasets.ts';
import { surfaces } from '../models/closed-form/named-surfaces.ts';
import type { ParameterName, TrainingSettings } from '../training/optimizers/optimizer.ts';
import { optimizers } from '../training/optimizers.ts';
import { type ScheduleNumber, schedules } from '../training/schedules.ts';
import { parameters } from '../training/settings.ts';
import { type StopQuantity, stopQuantities } from '../training/stop-conditions.ts';
import { lossHelp } from './experiment.ts';
import { valueAt } from './experiment-text.ts';
import type { ClosedFormKind } from './read-closed-form.ts';
import { closedFormTexts } from './schema/closed-form-texts.ts';
import { deepLinearSchema, experimentSchema, fileSchema, surfaceSchema } from './schema/file-schema.ts';
import type { Choice, FormSetting, NumberRange, SettingInput } from './schema/form-setting.ts';
import {
  choiceTitles,
  fileTexts,
  offeredSets,
  parameterTitles,
  quantityTitles,
  settingTexts,
  titleOfSet,
} from './schema/setting-texts.ts';
import { type SchemaSetting, settingsOfSchema } from './schema/settings-of-schema.ts';

/** What the reader of the file checks by hand, and the control that a form has for it. */
const byHand: Readonly<Record<string, SettingInput['kind']>> = {
  'data.train': 'dataSource',
  'data.test': 'dataSource',
  'data.subset': 'subset',
  'model.layers': 'layers',
  optimizer: 'optimizer',
  stopWhen: 'stopConditions',
};

function titled(input: SettingInput): SettingInput {
  if (input.kind !== 'choice') return input;
  return {
    kind: 'choice',
    choices: input.choices.map(({ id }): Choice => {
      const surface = Object.hasOwn(surfaces, id) ? surfaces[id] : undefined;
      const help = Object.hasOwn(lossHelp, id) ? lossHelp[id as keyof typeof lossHelp] : surface?.formula;
      return { id, title: choiceTitles[id] ?? surface?.title ?? id, ...(help === undefined ? {} : { help }) };
    }),
  };
}

function formSetting({ path, input, default: fallback, nullable }: SchemaSetting): FormSetting {
  const name = path.join('.');
  const text = settingTexts[name] ?? closedFormTexts[name];
  const kind = byHand[name];
  const control = kind === undefined ? input : ({ kind } as SettingInput);
  if (text === undefined || control === null) throw new Error(`The setting ${name} has no text or no control.`);
  const { title, help, group, unit, advanced, nullMeans } = text;
  // An optional setting without a default follows from others; a form shows it as null.
  const follows = nullMeans !== undefined && fallback === undefined;
  return {
    path,
    title,
    help,
    group,
    input: titled(control),
    default: follows ? null : fallback,
    nullMeans: nullable || follows ? (nullMeans ?? 'nothing') : null,
    unit: unit ?? null,
    advanced: advanced ?? false,
  };
}

/** Every setting of an experiment, in the order of its file; those of optimisers and data sources follow below. */
export const formSettings: readonly FormSetting[] = settingsOfSchema(experimentSchema, ['data.subset']).map(
  formSetting,
);

/** A closed form has one engine and one precision: nothing to be asked. */
const ofClosedForm = (schema: unknown): readonly FormSetting[] =>
  settingsOfSchema(schema)
    .map(formSetting)
    .filter(({ group }) => group !== 'engine');

const closedFormSettings: Readonly<Record<ClosedFormKind, readonly FormSetting[]>> = {
  deepLinear: ofClosedForm(deepLinearSchema),
  surface: ofClosedForm(surfaceSchema),
};

/** Every setting of an experiment on a closed form; of one on layers for null. */
export const formSettingsOf = (kind: ClosedFormKind | null): readonly FormSetting[] =>
  kind === null ? formSettings : closedFormSettings[kind];

/** Which closed form the settings of a text ask for, as a form finds it: unchecked. */
export function closedFormOfValues(values: unknown): ClosedFormKind | null {
  if (valueAt(values, ['model', 'deepLinear']) !== undefined) return 'deepLinear';
  return valueAt(values, ['model', 'surface']) !== undefined ? 'surface' : null;
}

/** The setting at a path; an error for what is none. */
export function settingAt(name: string): FormSetting {
  const setting = formSettings.find(({ path }) => path.join('.') === name);
  if (setting === undefined) throw new Error(`There is no setting ${name}.`);
  return setting;
}

const optimizerTable = Object.values(optimizers);

export const optimizerChoices: readonly Choice[] = optimizerTable.map(({ id, title, formula }) => ({
  id,
  title,
  help: formula,
}));

const isOptimizer = (kind: string): kind is keyof typeof optimizers => Object.hasOwn(optimizers, kind);

export const optimizerFormula = (kind: string): string | null => (isOptimizer(kind) ? optimizers[kind].formula : null);

/** Symbols such as η keep their case. */
const capital = (sentence: string): string => `${sentence.replace(/^[a-z]/, (letter) => letter.toUpperCase())}.`;

const range = ({ above, least, below, most }: NumberRange): NumberRange => ({
  ...(above === undefined ? {} : { above }),
  ...(least === undefined ? {} : { least }),
  ...(below === undefined ? {} : { below }),
  ...(most === undefined ? {} : { most }),
});

function parameterInput(name: ParameterName): SettingInput {
  const { kind, choices = [], ...limits } = parameters[name];
  if (kind === 'schedule') return { kind };
  if (kind === 'choice') return titled({ kind, choices: choices.map((id) => ({ id, title: id })) });
  return { kind, ...range(limits) };
}

/** The settings that an optimiser takes, as they stand below `optimizer` in the file. */
export function optimizerSettings(kind: string): readonly FormSetting[] {
  if (!isOptimizer(kind)) return [];
  const { parameters: taken, defaults } = optimizers[kind];
  return taken.map((name): FormSetting => {
    const { meaning, fallback, optional } = parameters[name];
    const { title, help, advanced = false } = parameterTitles[name];
    const [what = meaning, nullMeans = 'off'] = meaning.split('; none: ');
    return {
      path: ['optimizer', kind, name],
      title,
      help: help ?? capital(optional ? what : meaning),
      group: 'optimizer',
      input: parameterInput(name),
      default: (defaults as Partial<TrainingSettings>)[name] ?? fallback,
      nullMeans: optional ? nullMeans : null,
      unit: name === 'sharpnessEvery' ? 'steps' : null,
      advanced,
    };
  });
}

export const scheduleChoices: readonly Choice[] = Object.entries(schedules).map(([id, { title, meaning }]) => ({
  id,
  title,
  help: capital(meaning),
}));

/** The numbers of a schedule, without the schedule that follows a warm-up. */
export function scheduleSettings(kind: string, path: readonly string[]): readonly FormSetting[] {
  if (!Object.hasOwn(schedules, kind)) return [];
  const numbers = Object.entries(schedules[kind as keyof typeof schedules].numbers);
  return numbers.map(([name, { kind: type, meaning, fallback, ...limits }]: [string, ScheduleNumber]) => ({
    path: [...path, kind, name],
    title: name === 'every' ? 'Every' : name === 'steps' ? 'Over' : capital(name).slice(0, -1),
    help: capital(meaning),
    group: 'optimizer',
    input: { kind: type, ...range(limits) },
    default: fallback ?? undefined,
    nullMeans: null,
    unit: type === 'wholeNumber' ? 'steps' : null,
    advanced: false,
  }));
}

export const dataChoices: readonly Choice[] = offeredSets.map((id) => {
  const set = bundledSets.find(({ pattern }) => pattern.test(id));
  return { id, title: titleOfSet(id), ...(set ? { help: capital(set.help) } : {}) };
});

/** The parameters of a bundled set, below the source at `path`. */
export function bundledSettings(name: string, path: readonly string[]): readonly FormSetting[] {
  const set = bundledSets.find(({ pattern }) => pattern.test(name));
  return Object.entries(set?.parameters ?? {}).map(([key, { default: fallback, least, most, whole, help }]) => ({
    path: [...path, key],
    title: capital(key).slice(0, -1),
    help: capital(help),
    group: 'data',
    input: { kind: whole ? 'wholeNumber' : 'number', least, most },
    default: fallback,
    nullMeans: null,
    unit: null,
    advanced: false,
  }));
}

/** The options of a data file, below the source at `path`. */
export function fileSettings(path: readonly string[]): readonly FormSetting[] {
  return settingsOfSchema(fileSchema).map(({ path: below, input, default: fallback }) => {
    const name = below.join('.');
    const text = fileTexts[name];
    if (text === undefined || input === null) throw new Error(`The option ${name} of a data file has no text.`);
    return {
      path: [...path, ...below],
      title: text.title,
      help: text.help,
      group: 'data',
      input: titled(input),
      default: fallback,
      nullMeans: text.nullMeans ?? 'nothing',
      unit: null,
      advanced: name !== 'labels' && name !== 'labelColumn',
    };
  });
}

export const quantityChoices: readonly Choice[] = stopQuantities.map((id: StopQuantity) => ({
  id,
  title: quantityTitles[id],
}));
