import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { finders } from '../../../core/analyses/saddles/descriptor.ts';
import type { SaddlesDocument } from '../../../core/experiment/result-documents.ts';
import { readJson } from '../../../core/formats/json-numbers.ts';
import { readNpz } from '../../../core/formats/npz.ts';
import { saddlescope, start, temporaryFolder } from '../../support/command-line.ts';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => path.join(folder, name);
const experiment = at('linear.yaml');
const singularValues = [4, 3, 2, 1];
const hidden = 2;
const tanh = at('tanh.yaml');

beforeAll(() => {
  writeFileSync(
    experiment,
    `name: linear
seed: 1
model: { deepLinear: { hidden: ${hidden}, singularValues: [${singularValues}], initial: { scale: 0.001 } } }
optimizer: { gradientDescent: { learningRate: 0.02 } }
steps: 200
checkpoints: { every: 20 }
`,
  );
  writeFileSync(
    tanh,
    `name: tanh
seed: 3
data: { train: digits-8x8, subset: { first: 60 } }
model: { layers: [ { dense: { units: 4, activation: tanh } }, { dense: { units: 10 } } ] }
loss: softmaxCrossEntropy
optimizer: { gradientDescent: { learningRate: 0.2 } }
steps: 40
checkpoints: { every: 10 }
`,
  );
});

async function document(...words: readonly string[]): Promise<SaddlesDocument> {
  const { code, out, err } = await saddlescope(['saddles', ...words, '--json']);
  if (code !== 0 && code !== 3) throw new Error(`${code}: ${err}`);
  return readJson(out) as SaddlesDocument;
}

/** Sixty starts at random, once a seed. */
const found = new Map<number, Promise<SaddlesDocument>>();
function ofSeed(seed: number): Promise<SaddlesDocument> {
  const words = [experiment, '--finder', 'gradient-norm', '--starts', '60', '--from', 'random'];
  const known = found.get(seed) ?? document(...words, '--set', `seed=${seed}`);
  found.set(seed, known);
  return known;
}

/** Loss and index of every critical set of ½‖W₂W₁ − S‖²: which modes are learnt decides both. */
const truths = Array.from({ length: 2 ** singularValues.length }, (_, bits) =>
  singularValues.map((s, i) => ({ s, isLearnt: ((bits >> i) & 1) === 1 })),
)
  .filter((modes) => modes.filter(({ isLearnt }) => isLearnt).length <= hidden)
  .map((modes) => {
    const [learnt, left] = [modes.filter(({ isLearnt }) => isLearnt), modes.filter(({ isLearnt }) => !isLearnt)];
    const passes = learnt.flatMap((a) => left.filter((b) => b.s > a.s)).length;
    return {
      loss: 0.5 * left.reduce((sum, { s }) => sum + s * s, 0),
      negative: (hidden - learnt.length) * left.length + passes,
    };
  });

const isTrue = ({ loss, index }: SaddlesDocument['points'][number]) =>
  truths.some((truth) => Math.abs(truth.loss - loss) < 1e-7 && truth.negative === index?.negative);

describe('a linear network of two layers', () => {
  test.each([1, 2, 3])(
    'every critical point is one of those in closed form, the rest is flat: seed %i',
    async (seed) => {
      const { points } = await ofSeed(seed);
      expect(points).toHaveLength(60);
      const critical = points.filter(({ gradientNormSquared }) => gradientNormSquared < 1e-16);
      const others = points.filter((point) => !critical.includes(point));
      expect(critical.length).toBeGreaterThan(20);
      expect(critical.filter((point) => !isTrue(point) || point.verdict !== 'critical')).toEqual([]);
      expect(others.filter(({ residual }) => (residual ?? 0) > 0.9).length).toBeGreaterThanOrEqual(0.8 * others.length);
      for (const { index } of points) expect(index!.negative + index!.null + index!.positive).toBe(16);
    },
  );

  test.each(finders.map(({ id }) => id))('%s: what it calls critical lies on the list', async (finder) => {
    const { points, exact, status } = await document(experiment, '--finder', finder, '--starts', '24');
    const critical = points.filter(({ verdict }) => verdict === 'critical');
    expect(status).toBe('converged');
    expect(critical.length).toBeGreaterThan(5);
    expect(critical.filter((point) => !isTrue(point))).toEqual([]);
    expect(exact!.map(({ loss, negative }) => ({ loss, negative }))).toEqual(expect.arrayContaining(truths));
    expect(exact).toHaveLength(truths.length);
  });

  test('one thread and two find the same, bit for bit', async () => {
    const of = (threads: string) => document(experiment, '--starts', '12', '--threads', threads);
    const [one, two] = [await of('1'), await of('2')];
    const plain = ({ points }: SaddlesDocument) => points.map(({ stats: _, ...point }) => point);
    expect(plain(two)).toEqual(plain(one));
  });

  test('text for people: counts, the distinct points, how many of the known ones were found', async () => {
    const { code, out } = await saddlescope(['saddles', experiment, '--finder', 'levenberg-marquardt']);
    expect(code).toBe(0);
    expect(out).toContain('60 critical');
    expect(out).toMatch(/In closed form there are 11 critical sets; \d+ of them were found/);
    expect(out).toMatch(/15\.000000 +\S*8 /);
  });
});

describe('of a run', () => {
  const run = at('run');
  beforeAll(async () => {
    expect((await saddlescope(['train', experiment, '--out', run])).code).toBe(0);
  });

  test('starts are its checkpoints; what is found is kept with θ, and can be looked at', async () => {
    const { points, from } = await document(run, '--finder', 'levenberg-marquardt', '--starts', '20');
    expect(from).toBe('trajectory');
    expect(new Set(points.map((point) => point.start.step)).size).toBe(11);
    const name = 'saddles-levenberg-marquardt-from-trajectory-float64';
    const arrays = readNpz(readFileSync(path.join(run, 'results', `${name}.npz`)));
    expect(arrays.get('theta')!.shape).toEqual([20, 16]);
    expect(existsSync(path.join(run, 'results', `${name}.json`))).toBe(true);
    // Kernels are inputs × units: W₁ᵀ is 4 × 2, W₂ᵀ 2 × 4.
    points.forEach(({ loss }, row) => {
      const theta = arrays.get('theta')!.data.subarray(16 * row, 16 * row + 16) as Float64Array;
      let sum = 0;
      for (let i = 0; i < 4; i++)
        for (let o = 0; o < 4; o++) {
          let product = 0;
          for (let k = 0; k < 2; k++) product += theta[2 * i + k]! * theta[8 + 4 * k + o]!;
          sum += (product - (i === o ? singularValues[i]! : 0)) ** 2;
        }
      expect(Math.abs(loss - sum / 2)).toBeLessThan(1e-12);
    });

    const saddle = points.find(({ index, verdict }) => verdict === 'critical' && index!.negative > 0)!;
    const words = ['--search', name, '--number', String(saddle.number), '--json'];
    const slice = await saddlescope(['slice', run, '--plane', 'lowest', '--grid', '5', ...words]);
    expect((readJson(slice.out) as { center: { loss: number } }).center.loss).toBeCloseTo(saddle.loss, 10);
    const escaped = await saddlescope(['escape', run, '--steps', '3000', ...words]);
    const { paths } = readJson(escaped.out) as { paths: { end: { loss: number; kind: string } }[] };
    expect(paths.length).toBeGreaterThanOrEqual(2);
    for (const { end } of paths) {
      expect(end.loss).toBeLessThan(saddle.loss);
      // Descent ends on plateaus or at the bottom: all of them are on the list.
      if (end.kind !== 'moving')
        expect(Math.min(...truths.map(({ loss }) => Math.abs(loss - end.loss)))).toBeLessThan(1e-6);
    }
    expect(readdirSync(path.join(run, 'results')).filter((file) => file.startsWith('slice'))).toEqual([]);
  });

  test('starts from a cell of a slice, with noise about it', async () => {
    expect((await saddlescope(['slice', run, '--plane', 'pca', '--grid', '5'])).code).toBe(0);
    const name = readdirSync(path.join(run, 'results')).find((file) => /^slice-.*json$/.test(file))!;
    const slice = /^slice-(.*)-float64/.exec(name)![1]!;
    const words = ['--slice', slice, '--cell', '0.5,-0.25', '--from', 'point', '--noise', '0', '--starts', '1'];
    const { points } = await document(run, ...words, '--iterations', '1', '--no-polish', '--finder', 'gradient-norm');
    const weights = at('cell.npz');
    await saddlescope(['weights', run, '--slice', slice, '--point', '0.5,-0.25', '--out', weights]);
    const norm = Math.sqrt(
      [...readNpz(readFileSync(weights)).values()]
        .flatMap(({ data }) => Array.from(data, Number))
        .reduce((sum, x) => sum + x * x, 0),
    );
    // One iteration from the very point that `weights` writes.
    expect(Math.abs(points[0]!.norm - norm)).toBeLessThanOrEqual(points[0]!.moved + 1e-12);
    rmSync(path.join(run, 'results', name));
  });

  test('stopped by a signal it keeps its points, and goes on to what it would have been', async () => {
    const words = ['saddles', run, '--finder', 'gradient-norm', '--from', 'random', '--starts', '24', '--json'];
    const state = at('stopped.state');
    const first = start([...words, '--state', state]);
    const judged = () => (existsSync(state) ? readFileSync(state, 'utf8').split('\n').length : 0);
    await expect.poll(judged, { timeout: 20_000, interval: 20 }).toBeGreaterThan(5);
    first.child.kill('SIGINT');
    const stopped = await first.ended;
    expect(stopped.code).toBe(75);
    const part = readJson(stopped.out) as SaddlesDocument;
    expect(part.status).toBe('cancelled');
    expect(part.points.length).toBeLessThan(24);
    const again = await saddlescope([...words, '--state', state]);
    expect(again.err).toMatch(/Goes on with a search of which \d+ points are judged/);
    // A random start depends on the seed and its number alone: the experiment itself gives the same ones, without a stop.
    const plain = ({ points }: SaddlesDocument) => points.map(({ stats: _, ...point }) => point);
    expect(plain(readJson(again.out) as SaddlesDocument)).toEqual(plain(await ofSeed(1)).slice(0, 24));
    expect(existsSync(state)).toBe(false);
  });
});

const words = (text: string): string[] => text.split(' ');

describe('a network in float32', () => {
  test('is judged in float64 on the examples that it was searched on, and says how few are critical', async () => {
    const options = '--examples 40 --finder newton-mr --starts 3 --from trajectory --iterations 10';
    const { precision, examples, points, warnings } = await document(tanh, ...words(options));
    expect([precision, examples]).toEqual(['float32', 40]);
    expect(points.map((point) => point.precision)).toEqual(['float64', 'float64', 'float64']);
    expect(warnings.join()).toContain('40 of 60 examples');
    expect(points.every(({ certified }) => !certified)).toBe(true);
  });

  test('with convolutions: in threads whose tensors are in float64', async () => {
    const layers =
      '[{conv2d: {filters: 2, kernelSize: 3, strides: 9, activation: tanh}}, {flatten: {}}, {dense: {units: 10}}]';
    const settings = ['data={train: digits, subset: {first: 8}}', `model.layers=${layers}`];
    const options = '--starts 2 --from point --iterations 2 --dense 0 --engine wasm';
    const { points } = await document(tanh, ...settings.flatMap((one) => ['--set', one]), ...words(options));
    expect(points.map((point) => point.precision)).toEqual(['float64', 'float64']);
  });

  test('with kinks: said, not refused', async () => {
    const options = '--set model.layers.0.dense.activation=relu --starts 1 --from point --iterations 2';
    const { warnings } = await document(tanh, ...words(options));
    expect(warnings.join()).toContain('kinks (relu)');
  });
});

describe('bad input', () => {
  test.each<[string, readonly string[], string]>([
    ['an unknown finder', ['--finder', 'newton'], 'newton'],
    ['no starts', ['--starts', '0'], 'starts'],
    ['noise that is none', ['--noise', 'a'], '--noise'],
    ['a file of no kind', ['--out', 'points.txt'], 'points.txt'],
    ['a subset of a function', ['--examples', '3'], 'examples'],
    ['a state that is none', ['--state', experiment], 'no state'],
  ])('%s', async (_, options, told) => {
    const { code, err, out } = await saddlescope(['saddles', experiment, ...options]);
    expect(code).toBe(2);
    expect(err).toContain(told);
    expect(out).toBe('');
  });
});
