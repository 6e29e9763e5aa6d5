import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sliceDescriptor } from '../../../core/analyses/slices/descriptor.ts';
import { spectrumDescriptor } from '../../../core/analyses/spectrum/descriptor.ts';
import { canonicalJson, type Experiment } from '../../../core/experiment/experiment.ts';
import { readSetting } from '../../../core/experiment/located-yaml.ts';
import { readExperiment } from '../../../core/experiment/read-experiment.ts';
import { writeExperiment } from '../../../core/experiment/write-experiment.ts';
import { optimizers } from '../../../core/training/optimizers.ts';
import { analysisOptions, givenParameters } from '../../../electron/cli/analysis-options.ts';
import { readArguments } from '../../../electron/cli/arguments.ts';
import { analysisCommand, settingWords } from '../../../electron/compute/run-again.ts';

const experiments = fc
  .record({
    seed: fc.nat(1000),
    steps: fc.integer({ min: 1, max: 9999 }),
    train: fc.constantFrom(
      'two-moons',
      '{ bundled: two-moons, noise: 0.3 }',
      'digits',
      './a.csv',
      '{ file: b.csv, classes: 3 }',
    ),
    test: fc.constantFrom('null', 'digits'),
    subset: fc.constantFrom('null', '{ first: 10 }', '{ random: 10 }'),
    units: fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 3 }),
    optimizer: fc.constantFrom(...Object.keys(optimizers)),
    learningRate: fc.double({ min: 1e-6, max: 10, noNaN: true }),
    schedule: fc.constantFrom('constant', '{ cosine: { steps: 10, final: 0.1 } }'),
    budget: fc.double({ min: 0, max: 1, noNaN: true }),
    density: fc.nat(50),
    stopWhen: fc.constantFrom(
      '[]',
      '[ { quantity: sharpness, above: threshold } ]',
      '[ { quantity: loss, below: 0.1 } ]',
    ),
    name: fc.constantFrom('a', "it's", 'x y', 'ε'),
  })
  .map((r) => {
    const layers = r.units.map((units) => `{ dense: { units: ${units} } }`).join(', ');
    return readExperiment(
      `name: ${JSON.stringify(r.name)}
seed: ${r.seed}
data: { train: ${r.train}, test: ${r.test}, subset: ${r.subset} }
model: { layers: [ ${layers} ] }
loss: softmaxCrossEntropy
optimizer: { ${r.optimizer}: { learningRate: ${r.learningRate}, schedule: ${r.schedule} } }
steps: ${r.steps}
probes: { budget: ${r.budget}, every: { density: ${r.density} } }
stopWhen: ${r.stopWhen}
`,
      'x.yaml',
    );
  });

/** What the command line makes of a stored experiment and --set. */
const withSettings = (experiment: Experiment, words: readonly string[]): Experiment =>
  readExperiment(
    writeExperiment(experiment),
    'experiment.json',
    words.filter((word) => word !== '--set').map(readSetting),
  );

test('property: the words --set make any experiment of any other', () => {
  fc.assert(
    fc.property(experiments, experiments, (before, after) => {
      const words = settingWords(before, after);
      expect(words.filter((_, i) => i % 2 === 0).every((word) => word === '--set')).toBe(true);
      expect(canonicalJson(withSettings(before, words))).toBe(canonicalJson(after));
      expect(settingWords(after, after)).toEqual([]);
    }),
  );
});

test('a small change is said in few words', () => {
  const before = readExperiment(
    'name: a\ndata: { train: two-moons }\nmodel: { layers: [ { dense: { units: 2 } } ] }\nloss: softmaxCrossEntropy\noptimizer: { sgd: { learningRate: 0.1 } }\nsteps: 5\n',
    'x.yaml',
  );
  const { settings } = before.optimizer;
  const after = { ...before, steps: 7, optimizer: { kind: 'sgd', settings: { ...settings, learningRate: 0.2 } } };
  expect(settingWords(before, after)).toEqual(['--set', 'optimizer.sgd.learningRate=0.2', '--set', 'steps=7']);
});

test.each([
  [
    spectrumDescriptor,
    { top: 5, density: true, densityProbes: 2, residualTol: 1e-5, operator: 'gaussNewton', trace: false },
  ],
  [sliceDescriptor, { plane: 'pca', grid: '31x21', extent: '0.5', biases: 'keep', gains: 'scale' }],
  [sliceDescriptor, { volume: 'random', grid: '51', extent: null, removeScales: true, quantity: 'error,index' }],
])('the command of an analysis is read back as its parameters (%#)', (descriptor, given) => {
  const words = analysisCommand(descriptor, 'RUN', 40, given).split(' ').slice(2);
  const args = readArguments(
    {
      name: descriptor.id,
      operands: ['RUN'],
      summary: '',
      options: [{ name: 'at', value: 'STEP', help: '' }, ...analysisOptions(descriptor)],
    },
    words,
  );
  const defaults = Object.fromEntries(descriptor.parameters.map(({ name, default: usual }) => [name, usual]));
  expect({ ...defaults, ...givenParameters(descriptor, args) }).toEqual({ ...defaults, ...given });
  expect(args.text('at')).toBe('40');
});
