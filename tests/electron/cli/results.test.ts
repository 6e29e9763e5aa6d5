import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { saddlescope, temporaryFolder } from '../../support/command-line.ts';

const folder = temporaryFolder();
const experiments = path.resolve(import.meta.dirname, '..', '..', '..', 'assets', 'experiments');
const chebyshev = path.join(experiments, 'chebyshev.yaml');
const run = path.join(folder, 'run');
const results = path.join(run, 'results');
const stored = (name: string) => JSON.parse(readFileSync(path.join(results, name), 'utf8'));
const spectra = () => readdirSync(results).filter((name) => name.startsWith('spectrum-'));
/** η falls from 0.2 to 0 over 80 steps; the run has 60. */
const schedule = 'optimizer.gradientDescent.schedule={cosine: {steps: 80}}';

describe('results of a run', () => {
  beforeAll(async () => {
    const words = ['train', chebyshev, '--out', run, '--set', 'steps=60', '--set', schedule];
    // The last probe of the loss lies before the end.
    const { code, err } = await saddlescope([...words, '--set', 'probes.every.loss=50']);
    expect(code, err).toBe(0);
    expect((await saddlescope(['spectrum', run, '--top', '3', '--density', '--trace'])).code).toBe(0);
  });

  test('a spectrum is named by its operator, precision and step', () => {
    expect(spectra()).toEqual(['spectrum-hessian-float64-step-60.json']);
  });

  test.each([
    ['seed=2', 'seed'],
    ['data.subset={first: 10}', 'data'],
    ['loss=meanSquaredError', 'loss'],
  ])('with %s nothing is stored, which is said, and the result is shown all the same', async (setting, differs) => {
    const before = spectra();
    const words = ['--top', '1', '--operator', 'gaussNewton', '--set', setting, '--json'];
    const { code, out, err } = await saddlescope(['spectrum', run, ...words]);
    expect(code).toBe(0);
    expect(err).toContain(`Not stored in ${run}: ${differs} differ from those of the run.`);
    expect(JSON.parse(out).eigenvalues).toHaveLength(1);
    expect(spectra()).toEqual(before);
  });

  test('--set reaches the analysis: ten examples are ten examples', async () => {
    const words = ['--top', '1', '--json', '--set', 'data.subset={first: 10}'];
    const whole = JSON.parse((await saddlescope(['spectrum', chebyshev, '--top', '1', '--json'])).out);
    const part = JSON.parse((await saddlescope(['spectrum', chebyshev, ...words])).out);
    expect([whole.data.examples, part.data.examples]).toEqual([20, 10]);
    expect(part.loss).not.toBe(whole.loss);
  });

  test('a part does not replace the whole; as much does; another operator and precision lie beside it', async () => {
    const name = 'spectrum-hessian-float64-step-60.json';
    const part = await saddlescope(['spectrum', run, '--top', '1']);
    expect(part.code).toBe(0);
    expect(part.err).toMatch(/Not stored .*spectrum-hessian-float64-step-60\.json tells more/);
    expect(stored(name).eigenvalues).toHaveLength(3);
    expect((await saddlescope(['spectrum', run, '--top', '4', '--density', '--trace'])).code).toBe(0);
    expect(stored(name).eigenvalues).toHaveLength(4);
    const others = [
      ['--operator', 'gaussNewton'],
      ['--precision', 'float32'],
    ].map((words) => saddlescope(['spectrum', run, '--top', '1', ...words]));
    expect((await Promise.all(others)).map(({ code }) => code)).toEqual([0, 0]);
    expect(spectra().sort()).toEqual([
      'spectrum-gauss-newton-float64-step-60.json',
      'spectrum-hessian-float32-step-60.json',
      name,
    ]);
  });

  test('a coarse slice does not replace a finer one; a finer one does', async () => {
    const name = 'slice-random-float64-step-60.json';
    for (const [grid, kept] of [
      [9, 9],
      [5, 9],
      [11, 11],
    ]) {
      const { code, err } = await saddlescope(['slice', run, '--grid', String(grid)]);
      expect(code, err).toBe(0);
      expect(stored(name).axes[0].length).toBe(kept);
      expect(err.includes('has a finer grid')).toBe(grid !== kept);
    }
  });

  test('the report takes the fullest spectrum of the Hessian, its loss, and the limit at its step', async () => {
    expect((await saddlescope(['report', run])).code).toBe(0);
    const page = readFileSync(path.join(run, 'report.html'), 'utf8');
    expect(page).toContain('Trace of the Hessian');
    expect(page).toContain('At step 60 over 20 examples.');
    // Of the last update, from step 59 on; with the η of the beginning it were 10.
    const limit = 2 / (0.1 * (1 + Math.cos((Math.PI * 59) / 80)));
    expect(limit.toPrecision(4)).toBe('62.27');
    expect(page).toContain('2/η = 62.27 lies above this figure.');
  });

  test('a result that is damaged is named', async () => {
    const damaged = path.join(results, 'spectrum-hessian-float64-step-0.json');
    writeFileSync(damaged, '{ "step": 0, ');
    const { code, err } = await saddlescope(['report', run]);
    expect(code).toBe(2);
    expect(err).toContain(`${damaged} is not a result.`);
  });
});

test('--check holds the model against differences and every eigenvalue against the dense matrix', async () => {
  const words = ['spectrum', chebyshev, '--top', '3', '--bottom', '2', '--check'];
  const text = await saddlescope(words);
  expect(text.code).toBe(0);
  expect(text.out).toMatch(/✓ 5 eigenvalues against the dense matrix: largest error \S+, each within its bound\./);
  expect(text.out).not.toContain('✗');
  const document = JSON.parse((await saddlescope([...words, '--json'])).out);
  expect(document.dense).toMatchObject({ eigenvalues: 5, agrees: true });
  expect(document.dense.largestError).toBeLessThan(1e-7 * document.eigenvalues[0].value);
  const outcomes = document.check.map(({ name, outcome }: { name: string; outcome: string }) => [name, outcome]);
  expect(Object.fromEntries(outcomes)).toMatchObject({
    symmetry: 'passed',
    gradientAlong: 'passed',
    hessian: 'passed',
  });
});

test('names out of files reach the terminal escaped, and "NaN" is a name like any other', async () => {
  const yaml = readFileSync(chebyshev, 'utf8');
  const hostile = path.join(folder, 'hostile.yaml');
  writeFileSync(hostile, yaml.replace('name: chebyshev', 'name: "red \\e[31m and\\r back"'));
  const shown = await saddlescope(['spectrum', hostile, '--top', '1']);
  expect(shown.code, shown.err).toBe(0);
  expect(shown.out).toContain('red \\u{1b}[31m and\\u{d} back: Hessian of');
  expect(shown.out).not.toContain('\u001b');

  const named = path.join(folder, 'named.yaml');
  const out = path.join(folder, 'named');
  writeFileSync(named, yaml.replace('name: chebyshev', 'name: "NaN"'));
  expect((await saddlescope(['train', named, '--out', out, '--set', 'steps=5'])).code).toBe(0);
  expect((await saddlescope(['spectrum', out, '--top', '1'])).out).toMatch(/^NaN, step 5: Hessian/);
  expect((await saddlescope(['report', out])).code).toBe(0);
  expect(readFileSync(path.join(out, 'report.html'), 'utf8')).toContain('<h1>NaN</h1>');
});

test('a small convolutional network in float64, in a process of its own, agrees with float32', async () => {
  const yaml = path.join(folder, 'cnn.yaml');
  writeFileSync(
    yaml,
    `name: cnn
data: { train: digits, subset: { first: 8 } }
model:
  layers:
    - averagePooling2d: { poolSize: 4 }
    - conv2d: { filters: 2, kernelSize: 3, activation: tanh }
    - flatten: {}
    - dense: { units: 10 }
loss: softmaxCrossEntropy
optimizer: { gradientDescent: { learningRate: 0.1 } }
steps: 1
`,
  );
  const top = async (precision: string) => {
    const { code, out, err } = await saddlescope(['spectrum', yaml, '--top', '2', '--precision', precision, '--json']);
    expect(code, err).toBe(0);
    const document = JSON.parse(out);
    expect(document.precision).toBe(precision);
    return { value: document.eigenvalues[0].value, engine: document.engine, loss: document.loss };
  };
  const [single, double] = await Promise.all([top('float32'), top('float64')]);
  expect(double.engine).not.toBe(single.engine);
  expect(Math.abs(single.loss / double.loss - 1)).toBeLessThan(1e-5);
  expect(Math.abs(single.value / double.value - 1)).toBeLessThan(1e-4);
});

/** Every engine is timed, two of them in processes of their own. */
describe('doctor', { timeout: 120_000 }, () => {
  test('tells in JSON what the machine has, with times that are positive', async () => {
    const { code, out } = await saddlescope(['doctor', '--json']);
    expect(code).toBe(0);
    const found = JSON.parse(out);
    expect(found).toMatchObject({ node: process.version, webAssemblySimd: true, nativeTensorflow: expect.any(String) });
    const precisions = ['float32', 'float64', 'float32'];
    // An engine in use computes in both; what is wrong with it would be told in its place.
    const expected = found.native === null ? precisions : [...precisions, 'float32', 'float64'];
    expect(found.engines.map(({ precision }: { precision: string }) => precision)).toEqual(expected);
    expect(found.native === null).toBe(!found.installed.some(({ active }: { active: boolean }) => active));
    expect(found.gpu).toMatchObject({ devices: expect.any(Array), cards: expect.any(Array) });
    for (const { gradientMs, productMs, parameters, examples } of found.engines) {
      expect([parameters, examples]).toEqual([50890, 1000]);
      expect(productMs / gradientMs).toBeGreaterThan(0.2);
      expect(productMs / gradientMs).toBeLessThan(50);
    }
  });

  test('tells the same in text, one engine a line', async () => {
    const { code, out, err } = await saddlescope(['doctor']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`Node ${process.version}`);
    const ratios = [...out.matchAll(/^ {2}.*gradient +([\d.]+) ms +product +([\d.]+) ms +ratio ([\d.]+)$/gm)];
    const engine = /^native TensorFlow: (.*)$/m.exec(out)?.[1] ?? '';
    expect(engine).toMatch(/^\d+\.\d+\.\d+ |^not installed/);
    expect(ratios).toHaveLength(engine.startsWith('not') ? 3 : 5);
    expect(out).toMatch(/^GPU: ./m);
    for (const [, gradient, product, ratio] of ratios)
      expect(Math.abs(Number(product) / Number(gradient) - Number(ratio))).toBeLessThan(0.1 * Number(ratio));
  });
});
