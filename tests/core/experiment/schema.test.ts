import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { bundledDataset, bundledSets } from '../../../core/data/bundled-datasets.ts';
import { valueAt, valuesOfText, withSetting } from '../../../core/experiment/experiment-text.ts';
import { readExperiment } from '../../../core/experiment/read-experiment.ts';
import { experimentSchema } from '../../../core/experiment/schema/file-schema.ts';
import type { FormSetting, SettingInput } from '../../../core/experiment/schema/form-setting.ts';
import { defaultLayer, layerChoices, layerOptionsOf } from '../../../core/experiment/schema/layer-settings.ts';
import { fileTexts, settingTexts } from '../../../core/experiment/schema/setting-texts.ts';
import {
  bundledSettings,
  dataChoices,
  fileSettings,
  formSettings,
  optimizerChoices,
  optimizerSettings,
  quantityChoices,
  scheduleChoices,
  scheduleSettings,
} from '../../../core/experiment/schema.ts';
import { writeExperiment } from '../../../core/experiment/write-experiment.ts';
import { layerTable } from '../../../core/models/tensorflow/layer-table.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';

const base = `data: { train: digits }
model: { layers: [ flatten, { dense: { units: 10 } } ] }
loss: halfSquaredError
optimizer: sgd
steps: 10
`;

const fileBase = base.replace('train: digits', 'train: { file: a.csv }');
const read = (text: string) => readExperiment(text, 'a.yaml');
const nameOf = ({ path }: FormSetting) => path.join('.');

/** A text in which a setting may be tried: with the optimiser, the schedule or the file that it belongs to. */
function homeOf({ path }: FormSetting): string {
  if (path[0] === 'optimizer' && path.length > 1) return withSetting(base, ['optimizer'], { [path[1] ?? '']: {} });
  if (path[0] === 'data' && path.length > 2) return fileBase;
  return base;
}

const plain = [
  ...formSettings,
  ...optimizerChoices.flatMap(({ id }) => optimizerSettings(id)),
  ...fileSettings(['data', 'train']),
].filter(({ input }) => ['number', 'wholeNumber', 'text', 'flag', 'choice'].includes(input.kind));

/** Values just inside and just outside of what an input states. */
function samples(input: SettingInput): { readonly inside: readonly unknown[]; readonly outside: readonly unknown[] } {
  switch (input.kind) {
    case 'number':
    case 'wholeNumber': {
      const { least, above, most, below } = input;
      const small = input.kind === 'wholeNumber' ? 1 : 1e-9;
      const inside = [least, most, above === undefined ? undefined : above + small];
      if (below !== undefined) inside.push(below - 1e-9);
      const outside = [
        least === undefined ? undefined : least - small,
        most === undefined ? undefined : most + Math.max(small, most * 1e-9),
        above,
        below,
        input.kind === 'wholeNumber' ? (least ?? 0) + 0.5 : undefined,
      ];
      const given = (values: readonly (number | undefined)[]) => values.filter((value) => value !== undefined);
      return { inside: given(inside), outside: [...given(outside), 'many', true, [1]] };
    }
    case 'choice':
      return { inside: input.choices.map(({ id }) => id), outside: ['no such choice', 3] };
    case 'text':
      return {
        inside: ['a', 'ä: b # c', "it's", 'true', '3', '- x', '{', 'a'.repeat(input.longest ?? 300)],
        outside: [3, true, ...(input.longest === undefined ? [] : ['a'.repeat(input.longest + 1)])],
      };
    default:
      return { inside: [], outside: [] };
  }
}

describe('the form states what the reader enforces', () => {
  test.each(plain.map((setting) => [nameOf(setting), setting] as const))('%s', (_, setting) => {
    const home = homeOf(setting);
    const { path, input } = setting;
    const put = (value: unknown) => withSetting(home, path, value);
    if (setting.default !== undefined && setting.default !== null) {
      expect(samples(input).inside.length).toBeGreaterThan(0);
      // Written or left out, the default is the same experiment.
      expect(read(put(setting.default))).toEqual(read(withSetting(home, path, undefined)));
    }
    for (const value of samples(input).inside) {
      const text = put(value);
      expect(valueAt(valuesOfText(text).values, path)).toEqual(value);
      expect(() => read(text), `${nameOf(setting)}: ${JSON.stringify(value)}`).not.toThrow();
    }
    for (const value of samples(input).outside)
      expect(() => read(put(value)), `${nameOf(setting)}: ${JSON.stringify(value)}`).toThrow(BadInput);
    const isNullRefused = setting.nullMeans === null || (path[0] === 'model' && path[1] === 'mode');
    if (isNullRefused) expect(() => read(put(null))).toThrow(BadInput);
    else expect(() => read(put(null))).not.toThrow();
    if (setting.nullMeans !== null) expect(setting.default === null || path[0] === 'optimizer').toBe(true);
  });

  test('what must be given is refused when it is missing, and nothing else is', () => {
    for (const { path, default: fallback } of formSettings) {
      const text = withSetting(base, path, undefined);
      if (fallback === undefined) expect(() => read(text), path.join('.')).toThrow(/missing|neither|not one thing/);
      else expect(() => read(text), path.join('.')).not.toThrow();
    }
  });

  test('every key that the reader knows has a control, in its order', () => {
    const keys = (entries: object): string[] => Object.keys(entries);
    const top = formSettings.map(({ path }) => path[0]);
    expect([...new Set(top)]).toEqual(keys(experimentSchema.entries));
    expect(Object.keys(settingTexts).sort()).toEqual(formSettings.map(nameOf).sort());
    expect(Object.keys(fileTexts).sort()).toEqual(fileSettings([]).map(nameOf).sort());
    // What the reader writes out, the form asks for.
    const written = valuesOfText(writeExperiment(read(base))).values ?? {};
    const leaves = (value: unknown, path: string[]): string[] =>
      formSettings.some((setting) => nameOf(setting) === path.join('.')) || typeof value !== 'object' || value === null
        ? [path.join('.')]
        : Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
    for (const leaf of leaves(written, [])) expect(formSettings.map(nameOf)).toContain(leaf);
  });

  test('every optimiser and every schedule is read as the form writes it', () => {
    for (const { id } of optimizerChoices) {
      expect(read(withSetting(base, ['optimizer'], { [id]: {} })).optimizer.kind).toBe(id);
      const stored = read(withSetting(base, ['optimizer'], id)).optimizer.settings;
      expect(optimizerSettings(id).map(({ path }) => path[2])).toEqual(Object.keys(stored));
      for (const setting of optimizerSettings(id)) expect(stored[setting.path[2] ?? '']).toEqual(setting.default);
    }
    for (const { id } of scheduleChoices) {
      const path = ['optimizer', 'sgd', 'schedule'];
      const numbers = scheduleSettings(id, path);
      for (const { input, path: at, default: fallback } of numbers) {
        const others = Object.fromEntries(numbers.map((number) => [number.path.at(-1), number.default ?? 7]));
        const put = (value: unknown) => withSetting(withSetting(base, path, { [id]: others }), at, value);
        for (const value of samples(input).inside) expect(() => read(put(value))).not.toThrow();
        for (const value of samples(input).outside) expect(() => read(put(value))).toThrow(BadInput);
        if (fallback === undefined) expect(() => read(put(undefined))).toThrow(BadInput);
      }
    }
    expect(scheduleChoices.map(({ id }) => id)).toEqual(['constant', 'step', 'cosine', 'warmUp']);
  });

  test('every condition that ends a run is offered, and no other', () => {
    for (const { id } of quantityChoices) {
      const text = withSetting(base, ['stopWhen'], [{ quantity: id, below: 1 }]);
      expect(read(text).stopWhen).toEqual([{ quantity: id, below: 1 }]);
    }
    expect(() => read(withSetting(base, ['stopWhen'], [{ quantity: 'speed', below: 1 }]))).toThrow(BadInput);
  });
});

describe('the bundled sets', () => {
  test('are offered by names that there are', () => {
    expect(dataChoices.length).toBe(bundledSets.length);
    for (const { id } of dataChoices) expect(bundledSets.some(({ pattern }) => pattern.test(id))).toBe(true);
  });

  test('have the parameters that the form asks for, within its limits', () => {
    const rng = randomFromSeed(1);
    for (const { id } of dataChoices) {
      for (const { path, input, default: fallback } of bundledSettings(id, [])) {
        const name = path[0] ?? '';
        const make = (value: number) =>
          bundledDataset(id, 'train', { rng, parameters: { examples: 20, [name]: value } }).examples;
        expect(make(Number(fallback))).toBeGreaterThan(0);
        const { inside, outside } = samples(input);
        // The largest sets take a while to be made: the limits below are enough.
        for (const value of inside.slice(0, 1)) expect(() => make(Number(value))).not.toThrow();
        for (const value of outside)
          if (typeof value === 'number') expect(() => make(value), `${id} ${name} ${value}`).toThrow(BadInput);
      }
    }
  });
});

describe('layers', () => {
  test('are those that the model builder makes, with its options', () => {
    expect(
      layerChoices('')
        .map(({ id }) => id)
        .sort(),
    ).toEqual(Object.keys(layerTable).sort());
    for (const { id } of layerChoices('')) {
      const entry = layerTable[id]!;
      expect(
        layerOptionsOf(id)
          .map(({ name }) => name)
          .sort(),
      ).toEqual(Object.keys(entry.options).sort());
      for (const [name, value] of Object.entries(defaultLayer(id).options))
        expect(entry.options[name]?.accepts(value), `${id}.${name}`).toBe(true);
      for (const name of entry.required) expect(defaultLayer(id).options).toHaveProperty(name);
    }
  });

  test('ask for options within the limits that the builder checks', () => {
    for (const { id } of layerChoices(''))
      for (const { name, input, default: fallback } of layerOptionsOf(id)) {
        const { accepts } = layerTable[id]!.options[name]!;
        if (fallback !== undefined) expect(accepts(fallback), `${id}.${name}`).toBe(true);
        if (input === null) continue;
        for (const value of samples(input).inside) expect(accepts(value), `${id}.${name} ${value}`).toBe(true);
        // A list of sizes is written as YAML.
        for (const value of samples(input).outside)
          if (!Array.isArray(value)) expect(accepts(value), `${id}.${name} ${value}`).toBe(input.kind === 'flag');
      }
  });

  test('a layer that there is not is offered as it stands in the text', () => {
    expect(layerChoices('attention').map(({ id }) => id)).toContain('attention');
    expect(layerOptionsOf('attention')).toEqual([]);
  });
});

const comments = `# what this is about
name: commented # its name
seed: 1
# where examples come from
data: { train: digits, test: digits } # both
model:
  layers:
    # pixels in a row
    - flatten
    - dense: { units: 10 } # the outputs
loss: halfSquaredError
optimizer: # how
  sgd: { learningRate: 0.1 } # fast
steps: 10

# the end
`;
const commentsOf = (text: string): string[] => [...text.matchAll(/#.*/g)].map(([comment]) => comment.trim());

const arbitraryOf = (input: SettingInput): fc.Arbitrary<unknown> => {
  switch (input.kind) {
    case 'wholeNumber':
      return fc.integer({ min: Math.max(1, input.least ?? 1), max: Math.min(input.most ?? 1e6, 1e6) });
    case 'number': {
      const [low, high] = [input.least ?? input.above ?? 0, input.most ?? input.below ?? 1e3];
      return fc.double({ min: low, max: high, minExcluded: true, maxExcluded: true, noNaN: true });
    }
    case 'choice':
      return fc.constantFrom(...input.choices.map(({ id }) => id));
    default:
      return fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).filter((text) => text.trim() !== '');
  }
};

const edits = formSettings
  .filter(({ input }) => ['number', 'wholeNumber', 'text', 'choice'].includes(input.kind))
  .concat(optimizerSettings('sgd').filter(({ input }) => input.kind !== 'schedule'));

const anEdit = fc.constantFrom(...edits).chain((setting) => fc.tuple(fc.constant(setting), arbitraryOf(setting.input)));

describe('changes of the text', () => {
  test('any edits of the form are what is read, and keep every comment', () => {
    fc.assert(
      fc.property(fc.array(anEdit, { minLength: 1, maxLength: 8 }), (changes) => {
        let text = comments;
        const wanted = new Map<string, unknown>();
        for (const [setting, value] of changes) {
          text = withSetting(text, setting.path, value);
          wanted.set(nameOf(setting), value);
        }
        const values = valuesOfText(text).values;
        for (const [setting] of changes) {
          expect(valueAt(values, setting.path)).toEqual(wanted.get(nameOf(setting)));
        }
        const [learningRate, steps] = [wanted.get('optimizer.sgd.learningRate') ?? 0.1, wanted.get('steps') ?? 10];
        const experiment = read(text);
        expect(experiment.optimizer.settings.learningRate).toBe(learningRate);
        expect(experiment.steps).toBe(steps);
        expect(experiment.name).toBe(wanted.get('name') ?? 'commented');
        for (const comment of commentsOf(comments)) expect(text).toContain(comment);
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  test('one value for another changes no other character', () => {
    const text = "a: 1\nseed:   7   # odd  spacing\ndata: {train: 'digits'  , test:  digits}\nsteps: 10\n";
    expect(withSetting(text, ['seed'], 12)).toBe(text.replace('7', '12'));
    expect(withSetting(text, ['data', 'train'], 'spirals')).toBe(text.replace("'digits'", 'spirals'));
    for (const name of ['first-light', 'digits-mlp', 'digits-cnn', 'chebyshev']) {
      const shipped = readFileSync(`assets/experiments/${name}.yaml`, 'utf8');
      expect(withSetting(shipped, ['steps'], 77).replace('steps: 77', '')).toBe(shipped.replace(/steps: \d+/, ''));
    }
  });

  test('a bare name becomes a group when one of its settings is changed', () => {
    expect(read(withSetting(base, ['optimizer', 'sgd', 'momentum'], 0.9)).optimizer.settings.momentum).toBe(0.9);
    const layer = withSetting(base, ['model', 'layers', 0, 'flatten', 'name'], 'flat');
    expect(read(layer).model.layers[0]).toEqual({ type: 'flatten', options: { name: 'flat' } });
  });

  test('what cannot be changed from outside is told', () => {
    expect(() => withSetting('a: [', ['steps'], 1)).toThrow(/not valid YAML/);
    expect(() => withSetting('- 1', ['steps'], 1)).toThrow(/does not hold settings/);
    const aliased = 'x: &x { sgd: { learningRate: 1 } }\noptimizer: *x\n';
    expect(() => withSetting(aliased, ['optimizer', 'sgd', 'learningRate'], 2)).toThrow(/alias/);
    expect(() => withSetting(base, ['loss', 'kind'], 2)).toThrow(/not a group/);
  });

  test('nothing at all becomes an experiment setting by setting', () => {
    let text = '';
    for (const [path, value] of [
      [['data', 'train'], 'two-moons'],
      [['model', 'layers'], [{ dense: { units: 2 } }]],
      [['loss'], 'softmaxCrossEntropy'],
      [['optimizer'], { sgd: { learningRate: 0.5 } }],
      [['probes', 'every', 'density'], 5],
      [['steps'], 3],
    ] as const)
      text = withSetting(text, path, value);
    expect(read(text)).toMatchObject({ steps: 3, probes: { every: { density: 5 } } });
  });
});
