import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeNpz } from '../../../core/formats/npz.ts';
import type { NumericArray } from '../../../core/formats/numeric-array.ts';
import { writeSafetensors } from '../../../core/formats/safetensors.ts';
import { saddlescope, temporaryFolder } from '../../support/command-line.ts';

const folder = temporaryFolder();
const at = (name: string) => path.join(folder, name);
const floats = (...data: number[]) => ({
  shape: [data.length],
  dtype: 'float64' as const,
  data: Float64Array.from(data),
});
const table = (rows: number, columns: number, fill: (i: number) => number) => ({
  shape: [rows, columns],
  dtype: 'float64' as const,
  data: Float64Array.from({ length: rows * columns }, (_, i) => fill(i)),
});
const labels = (rows: number) => ({
  shape: [rows],
  dtype: 'int32' as const,
  data: Int32Array.from({ length: rows }, (_, i) => i % 2),
});

const moons = `name: moons
data: { train: two-moons }
model: { layers: [ { dense: { units: 4, activation: tanh } }, { dense: { units: 2 } } ] }
loss: softmaxCrossEntropy
optimizer: { gradientDescent: { learningRate: 0.1 } }
steps: 30
`;
const good = writeNpz(
  new Map<string, NumericArray>([
    ['x', table(6, 2, (i) => i)],
    ['y', labels(6)],
  ]),
);
const files: Record<string, string | Uint8Array> = {
  'moons.yaml': moons,
  'cut.npz': good.subarray(0, good.length - 30),
  'nan.npz': writeNpz(
    new Map<string, NumericArray>([
      ['x', table(6, 2, (i) => (i === 7 ? Number.NaN : i))],
      ['y', labels(6)],
    ]),
  ),
  'ragged.npz': writeNpz(
    new Map<string, NumericArray>([
      ['x', table(6, 2, (i) => i)],
      ['y', labels(5)],
    ]),
  ),
  'wrong.safetensors': writeSafetensors(new Map<string, NumericArray>([['fc.weight', table(3, 2, () => 1)]])),
  'nan.safetensors': writeSafetensors(
    new Map<string, NumericArray>([
      ['dense_1/kernel', table(2, 4, () => Number.NaN)],
      ['dense_1/bias', floats(0, 0, 0, 0)],
      ['dense_2/kernel', table(4, 2, () => 1)],
      ['dense_2/bias', floats(0, 0)],
    ]),
  ),
  'pickle.pt': 'not read',
  'bytes.npz': 'not a zip archive',
};
for (const [name, content] of Object.entries(files)) writeFileSync(at(name), content);
mkdirSync(at('full'));
writeFileSync(path.join(at('full'), 'thesis.tex'), 'precious');

const train = (...more: string[]) => ['train', at('moons.yaml'), '--out', at('out'), ...more];
const set = (...settings: string[]) => train(...settings.flatMap((setting) => ['--set', setting]));

/** What is wrong, the words of the command, what the first line must say. */
const cases: [string, string[], RegExp][] = [
  ['no such command', ['trian'], /trian is not a command/],
  ['no such option', train('--resmue'), /--resmue is not an option/],
  ['no operand', ['train', '--out', at('out')], /got 0 operands/],
  ['no such file', ['train', at('absent.yaml'), '--out', at('out')], /does not exist/],
  ['a folder without a run', ['spectrum', folder], /is a folder without a run/],
  ['nowhere to write', ['train', at('moons.yaml')], /does not know where to write/],
  ['a folder with other things in it', ['train', at('moons.yaml'), '--out', at('full')], /is not empty/],
  ['an unknown key', set('stepz=3'), /stepz is not a known setting/],
  [
    'an unknown key of the optimiser',
    set('optimizer.gradientDescent.rate=3'),
    /rate is not a setting of gradientDescent/,
  ],
  ['a hostile key', set('__proto__.a=1'), /does not name a setting/],
  ['a missing data file', set('data.train=./absent.npz'), /absent\.npz does not exist/],
  ['an unknown bundled set', set('data.train=digitz'), /no bundled data set "digitz"/],
  ['a cut data file', set('data.train=./cut.npz'), /cut\.npz: The archive has no end record/],
  ['a data file that is none', set('data.train=./bytes.npz'), /bytes\.npz is no file of examples that is known/],
  ['a NaN in the data', set('data.train=./nan.npz'), /NaN|not finite|no number/i],
  [
    'fewer labels than examples',
    set('data.train=./ragged.npz'),
    /ragged\.npz has 6 examples but y of ragged\.npz has 5/,
  ],
  ['weights of another shape', set('model.weights=./wrong.safetensors'), /fc/],
  ['weights that are code', set('model.weights=./pickle.pt'), /neither .safetensors nor .npz/],
  ['weights that are no numbers', set('model.weights=./nan.safetensors'), /NaN|not a number|not finite/],
  ['an unknown layer', set('model.layers.0={densee: {units: 3}}'), /densee/],
  ['an unknown option of a layer', set('model.layers.0={dense: {unitz: 3}}'), /unitz/],
  ['outputs that do not fit the classes', set('model.layers.1={dense: {units: 7}}'), /7/],
  ['a subset larger than the data', set('data.subset={first: 100000}'), /100000/],
  ['a learning rate that is none', set('optimizer.gradientDescent.learningRate=-1'), /learningRate is -1/],
  ['an engine that cannot', train('--precision', 'float64', '--engine', 'gpu'), /--engine gpu is not known/],
];

describe('bad input is told in two sentences, answers 2, and leaves nothing behind', () => {
  test.concurrent.each(cases)('%s', async (_what, words, found) => {
    const before = readdirSync(folder).sort();
    const { code, out, err } = await saddlescope(words);
    expect(err.trim().split('\n')[0]).toMatch(found);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err.trim().split('\n')).toHaveLength(2);
    expect(err).not.toMatch(/ {4}at /);
    expect(readdirSync(folder).sort()).toEqual(before);
    expect(existsSync(at('out'))).toBe(false);
    expect(readdirSync(at('full'))).toEqual(['thesis.tex']);
  });
});

test('a learning rate that diverges is told, answers 2, and the run folder stays whole', async () => {
  const run = at('diverging');
  const { code, err } = await saddlescope([
    'train',
    at('moons.yaml'),
    '--out',
    run,
    '--set',
    'optimizer.gradientDescent.learningRate=1e300',
  ]);
  expect(code).toBe(2);
  expect(err).toMatch(/left every bound|not a number/);
  expect(err).toMatch(/smaller learning rate/);
  const spectrum = await saddlescope(['spectrum', run, '--at', '0', '--top', '2', '--json']);
  expect(spectrum.code).toBe(0);
  expect(JSON.parse(spectrum.out).eigenvalues).toHaveLength(2);
});

test('a step without a checkpoint is named with its nearest ones', async () => {
  const run = at('short');
  expect((await saddlescope(['train', at('moons.yaml'), '--out', run, '--set', 'checkpoints.every=10'])).code).toBe(0);
  const { code, err } = await saddlescope(['spectrum', run, '--at', '14']);
  expect(code).toBe(2);
  expect(err).toMatch(/Step 14 has no checkpoint/);
  expect(err).toMatch(/10 and 20/);
});

test('an analysis that does not converge answers 3 and says what to do', async () => {
  const { code, out } = await saddlescope([
    'spectrum',
    at('moons.yaml'),
    '--top',
    '5',
    '--max-products',
    '3',
    '--json',
  ]);
  expect(code).toBe(3);
  const document = JSON.parse(out);
  expect(document.status).toBe('budgetSpent');
  expect(document.advice).toMatch(/more products/);
});

test('--json prints one document and nothing else, with every part of the spectrum', async () => {
  const { code, out } = await saddlescope([
    'spectrum',
    at('moons.yaml'),
    '--top',
    '3',
    '--bottom',
    '2',
    '--density',
    '--trace',
    '--precision',
    'float64',
    '--json',
  ]);
  expect(code).toBe(0);
  const document = JSON.parse(out);
  expect(document.eigenvalues.map(({ value }: { value: number }) => value)).toEqual(
    document.eigenvalues.map(({ value }: { value: number }) => value).sort((a: number, b: number) => b - a),
  );
  for (const { residual } of [...document.eigenvalues, ...document.bottom]) expect(residual).toBeLessThan(1e-3);
  expect(document.density.x).toHaveLength(document.density.standardError.length);
  expect(document.trace.standardError).toBeGreaterThan(0);
  expect(document).toMatchObject({
    engine: 'closed form',
    precision: 'float64',
    convention: { loss: 'softmaxCrossEntropy' },
  });
});
