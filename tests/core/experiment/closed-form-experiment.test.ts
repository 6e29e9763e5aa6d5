import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { closedFormText, formulaOfExperiment } from '../../../core/experiment/closed-form.ts';
import { differences, differenceText } from '../../../core/experiment/differences.ts';
import { canonicalJson } from '../../../core/experiment/experiment.ts';
import { valueAt, valuesOfText, withSetting } from '../../../core/experiment/experiment-text.ts';
import { readSetting } from '../../../core/experiment/located-yaml.ts';
import { readExperiment } from '../../../core/experiment/read-experiment.ts';
import { closedFormTexts } from '../../../core/experiment/schema/closed-form-texts.ts';
import type { SettingInput } from '../../../core/experiment/schema/form-setting.ts';
import { closedFormOfValues, formSettingsOf } from '../../../core/experiment/schema.ts';
import { writeExperiment } from '../../../core/experiment/write-experiment.ts';
import { surfaces } from '../../../core/models/closed-form/named-surfaces.ts';

const read = (text: string, ...settings: string[]) => readExperiment(text, 'a.yaml', settings.map(readSetting));
const deep = 'model: { deepLinear: { hidden: 2, singularValues: [4, 3, 2, 1] } }\n';
const monkey = 'model: { surface: monkeySaddle, start: [0.5, -2] }\n';

const models = fc.oneof(
  fc.record({
    surface: fc.constantFrom(...Object.keys(surfaces)),
    start: fc.tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.double({ min: -1, max: 1, noNaN: true })),
  }),
  fc
    .record({
      hidden: fc.oneof(
        fc.integer({ min: 1, max: 512 }),
        fc.array(fc.integer({ min: 1, max: 512 }), { minLength: 1, maxLength: 4 }),
      ),
      singularValues: fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 5 }),
      inputs: fc.option(fc.integer({ min: 5, max: 512 })),
      rotate: fc.boolean(),
      initial: fc.record({
        kind: fc.constantFrom('gaussian', 'orthogonal', 'balanced'),
        scale: fc.double({ min: 0, max: 10, noNaN: true }),
      }),
    })
    .map((deepLinear) => ({ deepLinear })),
);

describe('an experiment on a closed form', () => {
  test('is read with its defaults written out', () => {
    const experiment = read(deep);
    expect(experiment.model.closedForm).toEqual({
      kind: 'deepLinear',
      hidden: [2],
      singularValues: [4, 3, 2, 1],
      inputs: 4,
      outputs: 4,
      rotate: false,
      initial: { kind: 'gaussian', scale: 0.1 },
    });
    expect(experiment).toMatchObject({
      data: { train: null, test: null, subset: null },
      loss: 'closedForm',
      optimizer: { kind: 'gradientDescent', settings: { learningRate: 0.01 } },
      steps: 1000,
      engine: 'auto',
      precision: 'float64',
    });
    expect(read(monkey).model.closedForm).toEqual({ kind: 'surface', surface: 'monkeySaddle', start: [0.5, -2] });
  });

  test('is the same after it was written and read, whatever it holds', () => {
    fc.assert(
      fc.property(models, fc.nat(1000), (model, seed) => {
        const experiment = read(JSON.stringify({ name: 'x', seed, model }));
        expect(canonicalJson(read(writeExperiment(experiment)))).toBe(canonicalJson(experiment));
      }),
    );
  });

  test('leaves experiments on layers as they were, to the last character of their canonical text', () => {
    const layered = read(
      'data: { train: digits }\nmodel: { layers: [flatten] }\nloss: halfSquaredError\noptimizer: sgd\nsteps: 1\n',
    );
    expect('closedForm' in layered.model).toBe(false);
    expect(canonicalJson(layered)).not.toContain('closedForm');
  });

  test('says what it is', () => {
    const text = (yaml: string) => closedFormText(read(yaml).model.closedForm!);
    expect(text(deep)).toBe('deep linear 4–2–4, s = 4, 3, 2, 1');
    expect(text('model: { deepLinear: { hidden: [3, 2], singularValues: [1], inputs: 5, rotate: true } }')).toBe(
      'deep linear 5–3–2–1, s = 1, rotated',
    );
    expect(text(monkey)).toBe('surface x³ − 3xy²');
    expect(formulaOfExperiment(read(deep))).toBe('L(θ) = ½ ‖W₂ W₁ − S‖²');
    expect(formulaOfExperiment(read(monkey))).toBe('L(θ) = x³ − 3xy²');
  });

  test('tells in what another one differs', () => {
    const told = (from: string, to: string) => differences(read(from), read(to)).map(differenceText);
    expect(told(deep, deep.replace('hidden: 2', 'hidden: [3, 5]'))).toEqual(['hidden widths 3, 5']);
    expect(told(deep, deep.replace('hidden', 'initial: { scale: 0.001 }, hidden'))).toEqual([
      'scale of first weights 0.001',
    ]);
    expect(told(monkey, monkey.replace('monkeySaddle', 'saddle'))).toEqual(['surface saddle']);
    expect(told(monkey, monkey.replace('-2', '2'))).toEqual(['start (x, y) 0.5, 2']);
    expect(told(deep, monkey)).toEqual(['surface x³ − 3xy²']);
    expect(told(deep, `${deep}seed: 3\n`)).toEqual(['seed 3']);
  });

  test.each([
    ['data: { train: digits }\n', 'a.yaml:1:1: data does not go with a deep linear network'],
    ['loss: halfSquaredError\n', 'loss does not go with a deep linear network: it is itself the function'],
    ['reduction: sum\n', 'no examples to sum over'],
    [
      'precision: float32\n',
      'precision is "float32", and a deep linear network is computed in closed form, in float64.',
    ],
    ['engine: wasm\n', 'engine is "wasm", and a deep linear network'],
    ['engine: false\n', 'engine is false'],
    ['steps: -1\n', 'at least 0'],
    ['optimizer: { sgd: { learningRate: x } }\n', 'optimizer.sgd.learningRate'],
    ['stps: 3\n', 'Did you mean steps?'],
  ])('refuses %j with a sentence that helps', (line, complaint) => {
    expect(() => read(line + deep)).toThrow(BadInput);
    expect(() => read(line + deep)).toThrow(complaint);
  });

  test.each([
    ['surface: monkeySadle', 'Give one of saddle, monkeySaddle'],
    ['surface: constructor', 'Give one of saddle'],
    ['surface: saddle, start: [1]', 'model.start[1] is missing'],
    ['surface: saddle, start: [1, 2, 3]', 'cannot be used'],
    ['surface: saddle, start: [1, .inf]', 'Give a finite number.'],
    ['surface: saddle, stat: [1, 2]', 'Did you mean start?'],
    ['surface: saddle, layers: []', 'model.layers does not go with a surface: it takes the place of the layers.'],
    ['surface: saddle, deepLinear: { hidden: 1 }', 'An experiment has one model'],
    [
      'surfce: saddle',
      'Did you mean surface? Known here: layers, weights, layout, initializer, mode, deepLinear, surface',
    ],
    ['deepLinear: { singularValues: [1] }', 'model.deepLinear.hidden is missing'],
    ['deepLinear: { hidden: 2 }', 'singularValues is missing'],
    ['deepLinear: { hidden: 2, singularValues: [] }', 'at least 1'],
    ['deepLinear: { hidden: 2, singularValues: [1, -1] }', 'singularValues[1] is -1'],
    ['deepLinear: { hidden: 2, singularValues: [1e999] }', 'a finite number'],
    ['deepLinear: { hidden: 0, singularValues: [1] }', 'hidden is 0'],
    ['deepLinear: { hidden: [], singularValues: [1] }', 'hidden'],
    ['deepLinear: { hidden: [2, 2.5], singularValues: [1] }', 'hidden[1]'],
    ['deepLinear: { hidden: 1000000, singularValues: [1] }', 'at most 512'],
    ['deepLinear: { hidden: 2, singularValues: [2, 1], outputs: 1 }', 'outputs is 1, and there are 2 singular values'],
    [
      'deepLinear: { hidden: 2, singularValues: [1], initial: { kind: zero } }',
      'Give one of gaussian, orthogonal, balanced',
    ],
    ['deepLinear: 3', 'deepLinear'],
    ['deepLinear:', 'Give a group of settings.'],
  ])('refuses model: { %s }', (model, complaint) => {
    expect(() => read(`model: { ${model} }`)).toThrow(BadInput);
    expect(() => read(`model: { ${model} }`)).toThrow(complaint);
  });

  test('is never read from garbage without a complaint in words', () => {
    fc.assert(
      fc.property(fc.constantFrom('deepLinear', 'surface', 'start'), fc.jsonValue(), (key, value) => {
        try {
          const experiment = read(JSON.stringify({ model: { surface: 'saddle', [key]: value } }));
          expect(experiment.model.closedForm?.kind).toBe('surface');
        } catch (problem) {
          expect(problem).toBeInstanceOf(BadInput);
        }
      }),
    );
  });

  test('takes what is set apart', () => {
    const experiment = read(deep, 'model.deepLinear.hidden=[5,5]', 'optimizer.gradientDescent.learningRate=0.5');
    expect(experiment.model.closedForm).toMatchObject({ hidden: [5, 5] });
    expect(experiment.optimizer.settings.learningRate).toBe(0.5);
    expect(() => read(deep, 'precision=float32')).toThrow('--set precision is "float32"');
  });
});

/** Values just inside and just outside of what an input states. */
function samples(input: SettingInput): { readonly inside: readonly unknown[]; readonly outside: readonly unknown[] } {
  if (input.kind !== 'numbers') return { inside: [], outside: [] };
  const { least = -5, most = 600, length, whole } = input;
  const list = (value: number) => Array.from({ length: length ?? 1 }, () => value);
  return {
    inside: [list(least), ...(input.most === undefined ? [] : [list(most)])],
    outside: [
      ...(input.least === undefined ? [] : [list(least - 1)]),
      ...(input.most === undefined ? [] : [list(most + 1)]),
      ...(whole ? [list(least + 0.5)] : []),
      ...(length === null ? [[]] : [list(0).concat(0)]),
      'many',
      ['x'],
      null,
    ],
  };
}

describe('the form of a closed form', () => {
  const forms = [
    ['deepLinear', deep],
    ['surface', monkey],
  ] as const;

  test.each(forms)('%s: has the settings that its text may have, with a text each', (kind, yaml) => {
    expect(closedFormOfValues(valuesOfText(yaml).values)).toBe(kind);
    const settings = formSettingsOf(kind);
    const written = valuesOfText(writeExperiment(read(yaml))).values ?? {};
    for (const { path, title, help } of settings) {
      expect(valueAt(written, path), path.join('.')).not.toBe(undefined);
      expect(title.length + help.length).toBeGreaterThan(5);
    }
    expect(settings.map(({ group }) => group)).not.toContain('data');
    expect(settings.map(({ group }) => group)).not.toContain('engine');
  });

  test('all texts are used', () => {
    const shown = forms.flatMap(([kind]) => formSettingsOf(kind).map(({ path }) => path.join('.')));
    for (const name of Object.keys(closedFormTexts)) expect(shown).toContain(name);
  });

  test.each(forms)('%s: takes what the reader takes, and states its defaults', (kind, yaml) => {
    for (const { path, input, default: fallback } of formSettingsOf(kind)) {
      const put = (value: unknown) => withSetting(yaml, path, value);
      if (fallback !== undefined) expect(read(put(fallback))).toEqual(read(withSetting(yaml, path, undefined)));
      for (const value of samples(input).inside) expect(() => read(put(value)), path.join('.')).not.toThrow();
      for (const value of samples(input).outside)
        expect(() => read(put(value)), `${path.join('.')} ${JSON.stringify(value)}`).toThrow(BadInput);
    }
  });
});

test('every bundled experiment can be read, and is the same after it was written', () => {
  const folder = new URL('../../../assets/experiments/', import.meta.url);
  const files = readdirSync(folder);
  expect(files).toEqual(expect.arrayContaining(['deep-linear.yaml', 'saddle.yaml', 'tanh-saddles.yaml']));
  for (const file of files) {
    const experiment = readExperiment(readFileSync(new URL(file, folder), 'utf8'), file);
    expect(experiment.name).toBe(file.replace('.yaml', ''));
    expect(readExperiment(writeExperiment(experiment), file)).toEqual(experiment);
  }
});
