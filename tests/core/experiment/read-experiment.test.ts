import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { canonicalJson } from '../../../core/experiment/experiment.ts';
import { readSetting } from '../../../core/experiment/located-yaml.ts';
import { readExperiment } from '../../../core/experiment/read-experiment.ts';
import { writeExperiment } from '../../../core/experiment/write-experiment.ts';

const read = (text: string, settings: string[] = []) => readExperiment(text, 'a.yaml', settings.map(readSetting));

const good = `name: digits-mlp
seed: 1
data: { train: digits, test: digits, subset: { first: 1000 } }
model:
  layers:
    - flatten: {}
    - dense: { units: 64, activation: tanh }
    - dense: { units: 10 }
  weights: mlp.safetensors
  layout: pytorch
loss: softmaxCrossEntropy
optimizer: { sgd: { learningRate: 0.1, batchSize: 128, momentum: 0.9, weightDecay: 0 } }
steps: 2000
checkpoints: { every: 50 }
probes: { budget: 0.1, examples: 1000, every: { sharpness: 5, density: 200 } }
`;

test.each([
  ['dense: { units: 3 }', 'inference'],
  ['lstm: { units: 3 }', 'inference'],
  ['lstm: { units: 3, dropout: 0.1 }', 'training'],
  ['gru: { units: 3, recurrentDropout: 0.1 }', 'training'],
  ['batchNormalization: {}', 'training'],
  ['dropout: { rate: 0.1 }', 'training'],
  ['spatialDropout1d: { rate: 0.1 }', 'training'],
  ['alphaDropout: { rate: 0.1 }', 'training'],
  ['gaussianDropout: { rate: 0.1 }', 'training'],
  ['gaussianNoise: { stddev: 0.1 }', 'training'],
])('layers that differ in training are trained as such: %s', (layer, mode) => {
  expect(read(good.replace('flatten: {}', layer)).model.mode).toBe(mode);
});

describe('an experiment file', () => {
  test('is read with its defaults written out', () => {
    const experiment = read(good);
    expect(experiment.model.layers[1]).toEqual({ type: 'dense', options: { units: 64, activation: 'tanh' } });
    expect(experiment.data).toEqual({
      train: { bundled: 'digits', parameters: {} },
      test: { bundled: 'digits', parameters: {} },
      subset: { first: 1000 },
    });
    expect(experiment.optimizer).toMatchObject({
      kind: 'sgd',
      settings: { learningRate: 0.1, batchSize: 128, momentum: 0.9, weightDecay: 0 },
    });
    expect(experiment.precision).toBe('float32');
    expect(experiment.reduction).toBe('mean');
  });

  test('has the same canonical text in whatever order it is written', () => {
    const lines = good.split('\n');
    const moved = [...lines.slice(10), ...lines.slice(0, 10)].filter((line) => line !== '').join('\n');
    expect(canonicalJson(read(moved))).toBe(canonicalJson(read(good)));
  });

  test('written out and read again is the same', () => {
    const withFile = good.replace('train: digits', 'train: { file: a.csv, labelColumn: kind }');
    for (const text of [good, withFile]) expect(read(writeExperiment(read(text)))).toEqual(read(text));
    for (const name of ['first-light', 'digits-mlp', 'digits-cnn', 'chebyshev']) {
      const shipped = read(readFileSync(`assets/experiments/${name}.yaml`, 'utf8'));
      expect(read(writeExperiment(shipped))).toEqual(shipped);
    }
  });

  test('the example of the README is one', () => {
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
    const experiment = read(example);
    expect(experiment.stopWhen).toEqual([{ quantity: 'sharpness', above: 'threshold' }]);
    expect(experiment.optimizer.settings.schedule).toEqual({ kind: 'cosine', steps: 2000, final: 0 });
  });

  test('takes changes from the command line', () => {
    const experiment = read(good, [
      'steps=7',
      'optimizer.sgd.learningRate=0.5',
      'probes.every.density=0',
      'model.layers.1.dense.units=32',
    ]);
    expect(experiment.steps).toBe(7);
    expect(experiment.optimizer.settings.learningRate).toBe(0.5);
    expect(experiment.model.layers[1]?.options.units).toBe(32);
  });

  test('distinguishes a path from a bundled name', () => {
    expect(read(good.replace('train: digits', 'train: ./my.npz')).data.train).toMatchObject({
      file: './my.npz',
      labels: null,
      cifar: null,
    });
    const csv = read(
      good.replace('train: digits', 'train: { file: a.csv, labelColumn: kind, delimiter: tab, classes: 3 }'),
    );
    expect(csv.data.train).toMatchObject({ file: 'a.csv', labelColumn: 'kind', delimiter: 'tab', classes: 3 });
  });
});

describe('a file that cannot be used is refused with its place', () => {
  const rows: [string, string, RegExp, RegExp][] = [
    [
      'an unknown key',
      good.replace('steps:', 'stepz:'),
      /a\.yaml:13:1: stepz is not a known setting/,
      /Did you mean steps\?/,
    ],
    [
      'an unknown key deep inside',
      good.replace('budget: 0.1', 'bugdet: 0.1'),
      /a\.yaml:15:11: probes\.bugdet is not a known setting/,
      /budget/,
    ],
    ['a wrong type', good.replace('steps: 2000', 'steps: many'), /a\.yaml:13:1: steps is "many"/, /number/],
    ['a fraction of a step', good.replace('steps: 2000', 'steps: 1.5'), /steps/, /./],
    ['a negative number of steps', good.replace('steps: 2000', 'steps: -1'), /steps/, /at least 0/],
    ['an infinite seed', good.replace('seed: 1', 'seed: .inf'), /seed/, /./],
    ['a number that is none', good.replace('budget: 0.1', 'budget: .nan'), /budget/, /./],
    ['a budget above one', good.replace('budget: 0.1', 'budget: 2'), /budget/, /at most 1/],
    [
      'an unknown optimiser',
      good.replace('sgd:', 'sgdd:'),
      /a\.yaml:12:14: optimizer\.sgdd is not an optimiser/,
      /sgd/,
    ],
    [
      'an unknown setting of the optimiser',
      good.replace('batchSize', 'batchsize'),
      /a\.yaml:12:\d+: optimizer\.sgd\.batchsize is not a setting/,
      /batchSize/,
    ],
    ['an unknown loss', good.replace('softmaxCrossEntropy', 'hinge'), /loss is "hinge"/, /softmaxCrossEntropy/],
    ['a fraction of a seed', good.replace('seed: 1', 'seed: 1.5'), /seed is "1.5"|seed is 1.5/, /a whole number/],
    ['nesting without end', `data: ${'['.repeat(20000)}`, /nested too deeply|not valid YAML/, /./],
    ['a missing loss', good.replace(/loss:.*\n/, ''), /loss is missing/, /softmaxCrossEntropy/],
    ['__proto__', `${good}__proto__: { polluted: 1 }\n`, /a\.yaml:16:1 has the key __proto__/, /Remove/],
    ['constructor inside a layer', good.replace('units: 10', 'constructor: 10'), /has the key constructor/, /Remove/],
    ['a broken indentation', good.replace('    - dense', '   - dense'), /not valid YAML/, /Mend/],
    ['a duplicate key', `${good}steps: 3\n`, /not valid YAML: Map keys must be unique/, /Mend/],
    ['nothing', '', /does not hold an experiment/, /settings/],
    ['a list', '- 1\n', /does not hold an experiment/, /settings/],
    [
      'two optimisers',
      good.replace('optimizer: { sgd:', 'optimizer: { adam: {}, sgd:'),
      /optimizer is not one thing/,
      /sgd/,
    ],
    ['an empty list of layers', good.replace(/layers:\n(.*\n){3}/, 'layers: []\n'), /layers/, /./],
    [
      'a layer that is a number',
      good.replace('- flatten: {}', '- 3'),
      /a\.yaml:6:7: model\.layers\[0\] is not one thing/,
      /dense/,
    ],
    [
      'a data source without a file',
      good.replace('train: digits', 'train: { labels: x }'),
      /data\.train is neither/,
      /train: digits/,
    ],
    ['a subset of both kinds', good.replace('first: 1000', 'first: 1, random: 2'), /subset/, /first/],
    [
      'a billion laughs',
      `a: &a [1,2,3]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`,
      /aliases/,
      /Write/,
    ],
  ];
  test.each(rows)('%s', (_what, text, found, advice) => {
    try {
      read(text);
      expect.unreachable('must be refused');
    } catch (problem) {
      expect(problem).toBeInstanceOf(BadInput);
      expect((problem as BadInput).found).toMatch(found);
      expect((problem as BadInput).advice).toMatch(advice);
    }
  });

  test.each([['steps'], ['=3'], ['a..b=3'], ['__proto__.x=1'], ['steps=[1,']])('--set %s', (text) => {
    expect(() => readSetting(text)).toThrow(BadInput);
  });

  test('a value from --set is named as such', () => {
    expect(() => read(good, ['steps=many'])).toThrow(/^--set steps is "many".*Give a number\./);
    expect(() => read(good, ['probes.bugdet=1'])).toThrow(/^--set probes\.bugdet is not a known setting/);
    expect(() => readSetting('x=[&a 1, *a]')).toThrow(BadInput);
  });

  test('any text is an experiment or a BadInput, nothing else', () => {
    const lines = good.split('\n');
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.nat(40), fc.string({ maxLength: 6 }), (line, column, noise) => {
        const mutant = lines
          .map((text, i) => (i === line ? text.slice(0, column) + noise + text.slice(column + 1) : text))
          .join('\n');
        try {
          read(mutant);
        } catch (problem) {
          expect(problem).toBeInstanceOf(BadInput);
        }
      }),
      { numRuns: 400 },
    );
  });
});
