import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import type { SliceDocument } from '../../../core/experiment/result-documents.ts';
import { readJson } from '../../../core/formats/json-numbers.ts';
import type { LandscapeFile } from '../../../core/formats/landscape-file.ts';
import { readNpz } from '../../../core/formats/npz.ts';
import { readLandscapeNpz } from '../../../core/formats/sniff-landscape.ts';
import { readArguments } from '../../../electron/cli/arguments.ts';
import { slice } from '../../../electron/cli/commands/slice.ts';
import { notStopped } from '../../../electron/cli/stop-signals.ts';
import { readDirectionFile, readHdf5Landscape } from '../../../electron/host/hdf5/index.ts';
import { temporaryFolder } from '../../support/command-line.ts';
import { python, why } from '../../support/loss-landscape/python.ts';
import { trainSmall } from '../../support/small-run.ts';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => path.join(folder, name);
const run = at('run');
const root = path.resolve(import.meta.dirname, '..', '..', '..');
/** The convolutional experiment, made small. */
const convolution = [
  path.join(root, 'assets', 'experiments', 'digits-cnn.yaml'),
  ...['data.subset={first: 12}', 'data.test=null', 'model.layers.0={conv2d: {filters: 2, kernelSize: 3}}'].flatMap(
    (setting) => ['--set', setting],
  ),
  ...['--set', 'model.layers.2={conv2d: {filters: 3, kernelSize: 3}}', '--engine', 'wasm'],
];

beforeAll(async () => {
  await trainSmall(run);
});

/** The command in this process: its exit code and what it wrote. */
async function saddlescope(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const text = (stream: PassThrough) => String(stream.read() ?? '');
  const terminal = { out, err, colours: () => false, stop: notStopped } as unknown as Parameters<typeof slice.run>[1];
  const code = await slice.run(readArguments(slice.description, words), terminal);
  return { code, out: text(out), err: text(err) };
}
async function document(...words: readonly string[]): Promise<SliceDocument> {
  const { code, out, err } = await saddlescope(...words, '--json');
  if (code !== 0) throw new Error(`${code}: ${err}`);
  return readJson(out) as SliceDocument;
}
const lossAt = ({ axes, fields }: SliceDocument, ...place: number[]): number =>
  fields[0].values[place.reduceRight((rest, i, k) => i + axes[k]!.length * rest, 0)]!;

describe('every kind of direction', () => {
  test.each([
    ['--plane', 'random', 2],
    ['--plane', 'pca', 2],
    ['--plane', 'eigen', 2],
    ['--plane', 'lowest', 2],
    ['--plane', 'gauss-newton', 2],
    ['--plane', 'gradient', 2],
    ['--plane', 'hessian-gradient', 2],
    ['--plane', 'moment', 2],
    ['--plane', 'update', 2],
    ['--plane', 'eigen,lowest', 2],
    ['--plane', 'difference', 2, '--to', '@20'],
    ['--plane', 'points', 2, '--to', '@20', '--third', `${run}@40`],
    ['--line', 'difference', 1, '--to', run, '--at', '10'],
    ['--line', 'random', 1],
    ['--line', 'gradient', 1],
    ['--volume', 'random', 3],
    ['--volume', 'pca', 3],
    ['--volume', 'eigen,gradient,update', 3],
  ] as [string, string, number, ...string[]][])('%s %s', async (shape, word, count, ...more) => {
    const found = await document(run, shape, word, '--grid', '3', ...more);
    expect(found).toMatchObject({ plane: word, status: 'converged', precision: 'float64' });
    expect(found.axes).toHaveLength(count);
    expect(found.directions).toHaveLength(count);
    expect(found.cosines).toHaveLength((count * (count - 1)) / 2);
    expect(found.fields[0].values).toHaveLength(3 ** count);
    for (const one of found.fields[0].values) expect(one).toBeGreaterThan(0);
    expect(found.trajectory!.coordinates).toHaveLength(count);
  });

  test('the two ends of a line between checkpoints are their losses', async () => {
    const centreOf = async (step: number) => (await document(run, '--at', String(step), '--grid', '2')).center.loss;
    const line = await document(run, '--at', '10', '--line', 'difference', '--to', '@50', '--grid', '21');
    const [here, there] = [await centreOf(10), await centreOf(50)];
    const [axis] = line.axes;
    const place = (x: number) => axis!.findIndex((one) => Math.abs(one - x) < 1e-12);
    expect(lossAt(line, place(0))).toBeCloseTo(here, 12);
    expect(lossAt(line, place(1))).toBeCloseTo(there, 12);
    expect(line.barrier).toMatchObject({ zero: lossAt(line, place(0)), one: lossAt(line, place(1)) });
  });

  test('the third point of a plane lies at (0, 1), the second at (1, 0)', async () => {
    const plane = await document(
      ...[run, '--plane', 'points', '--to', '@20', '--third', '@40', '--grid', '4x3', '--extent', '0:3x0:2'],
    );
    const losses = await Promise.all(['20', '40'].map((step) => document(run, '--at', step, '--grid', '2')));
    expect(lossAt(plane, 1, 0)).toBeCloseTo(losses[0]!.center.loss, 12);
    expect(lossAt(plane, 0, 1)).toBeCloseTo(losses[1]!.center.loss, 12);
  });
});

describe('what is asked', () => {
  test('all quantities at once, with their certificates', async () => {
    const found = await document(
      ...[run, '--grid', '3x2', '--uncertainty', '--quantity'],
      'loss,error,class_loss,gradient_norm,cosine,lambda_max,lambda_min,lambda_ratio,index',
    );
    const field = (name: string) => found.fields.find(({ quantity }) => quantity === name)!;
    expect(found.fields.map(({ quantity }) => quantity).sort()).toEqual(
      ['class_loss_0', 'class_loss_1', 'cosine', 'error', 'gradient_norm', 'index']
        .concat(['lambda_max', 'lambda_min', 'lambda_ratio', 'loss'])
        .sort(),
    );
    for (let point = 0; point < 6; point++) {
      const value = (name: string) => field(name).values[point]!;
      // Moons have as many examples of one class as of the other.
      expect((value('class_loss_0') + value('class_loss_1')) / 2).toBeCloseTo(value('loss'), 12);
      expect(value('lambda_max')).toBeGreaterThanOrEqual(value('lambda_min'));
      expect(value('lambda_ratio')).toBeCloseTo(Math.max(0, -value('lambda_min')) / Math.abs(value('lambda_max')), 10);
      expect(value('index') > 0).toBe(value('lambda_min') < -1e-8);
      expect(value('cosine')).toBeLessThanOrEqual(1);
      expect(field('loss').uncertainty![point]).toBeGreaterThan(0);
      expect(field('lambda_max').uncertainty![point]).toBeLessThan(0.02 * Math.abs(value('lambda_max')) + 1e-6);
    }
  });

  test('other examples: the test set, a subset with its standard error', async () => {
    const of = (...words: string[]) => document(run, '--grid', '3', ...words);
    const [train, judged, few] = [await of(), await of('--on', 'test'), await of('--examples', '20')];
    expect([train.on, judged.on, few.center.examples]).toEqual(['train', 'test', 20]);
    expect(new Set([train, judged, few].map(({ center }) => center.loss)).size).toBe(3);
    expect(few.fields[0].certificate).toBe('standard error');
    expect(few.directions).toEqual(train.directions);
  });

  test.each([
    ['2', [-2, 2], [-2, 2]],
    ['1x0.5', [-1, 1], [-0.5, 0.5]],
    ['-1:2x0:1', [-1, 2], [0, 1]],
    ['0:1', [0, 1], [0, 1]],
  ])('extent %s', async (extent, x, y) => {
    const { axes } = await document(run, '--grid', '3x2', '--extent', extent);
    expect(axes.map((axis) => [axis[0], axis.at(-1)])).toEqual([x, y]);
  });

  test('extent rise: the loss at the ends of each axis is (1 + rise) times that at the centre', async () => {
    const found = await document(run, '--grid', '3', '--line', 'gradient', '--extent', 'rise', '--rise', '2');
    for (const end of [0, 2]) expect(lossAt(found, end) / found.center.loss).toBeGreaterThan(2.8);
    for (const end of [0, 2]) expect(lossAt(found, end) / found.center.loss).toBeLessThan(3.2);
  });
});

describe('--grid 7x5 has 7 points along x and 5 along y in every file', () => {
  const asked = [run, '--grid', '7x5', '--extent', '1x0.5', '--quantity', 'error', '--plane', 'pca'];
  let whole: SliceDocument;
  beforeAll(async () => {
    whole = await document(...asked);
    for (const kind of ['npz', 'h5', 'vtp', 'vti', 'vts', 'csv', 'svg', 'png', 'json'])
      expect((await saddlescope(...asked, '--out', at(`plane.${kind}`))).code).toBe(0);
  });
  const bytes = (name: string) => new Uint8Array(readFileSync(at(name)));
  const text = (name: string) => readFileSync(at(name), 'utf8');

  function expectSame({ axes, fields }: LandscapeFile): void {
    expect(axes.map(({ coordinates }) => [...coordinates])).toEqual(whole.axes.map((axis) => [...axis]));
    expect([...fields[0]!.values]).toEqual([...whole.fields[0].values]);
  }

  test('npz: our reader; all that the results of the run have', () => {
    expect(whole.axes.map(({ length }) => length)).toEqual([7, 5]);
    expectSame(readLandscapeNpz(bytes('plane.npz')));
    const stored = readdirSync(path.join(run, 'results')).find((name) => /^slice-pca-.*\.npz$/.test(name))!;
    expect(readNpz(bytes('plane.npz'))).toEqual(readNpz(readFileSync(path.join(run, 'results', stored))));
  });

  test('h5: our reader', async () => {
    expectSame(await readHdf5Landscape(bytes('plane.h5')));
  });

  test('csv and json', () => {
    const [, ...rows] = text('plane.csv').trim().split('\n');
    rows.forEach((row, point) => {
      const [x, y, loss] = row.split(',').map(Number);
      expect([x, y, loss]).toEqual([
        whole.axes[0]![point % 7],
        whole.axes[1]![Math.floor(point / 7)],
        whole.fields[0].values[point],
      ]);
    });
    expect(rows).toHaveLength(35);
    expect((readJson(text('plane.json')) as SliceDocument).fields).toEqual(readJson(JSON.stringify(whole.fields)));
  });

  test('VTK: extents and coordinates', () => {
    expect(text('plane.vti')).toContain('WholeExtent="0 6 0 4 0 0"');
    expect(text('plane.vts')).toContain('WholeExtent="0 6 0 4 0 0"');
    expect(text('plane.vtp')).toMatch(/NumberOfPoints="35"/);
  });

  test('pictures', () => {
    expect(text('plane.svg')).toMatch(/^<svg/);
    expect([...bytes('plane.png').subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
  });

  test.skipIf(python === null)(`h5py finds loss[y, x] and the tensors of the directions${why}`, () => {
    const script = `import h5py, json, sys
with h5py.File(sys.argv[1]) as s, h5py.File(sys.argv[2]) as d:
    print(json.dumps([list(s["xcoordinates"][:]), list(s["ycoordinates"][:]), s["train_loss"][:].tolist(),
        [list(d["xdirection"][k].shape) for k in sorted(d["xdirection"], key=int)]]))`;
    const said = execFileSync(python!, ['-c', script, at('plane.h5'), at('plane.directions.h5')], { encoding: 'utf8' });
    const [x, y, loss, shapes] = JSON.parse(said) as [number[], number[], number[][], number[][]];
    expect(x).toEqual([...whole.axes[0]!]);
    expect(y).toEqual([...whole.axes[1]!]);
    // The tool itself indexes [x][y] by the order of meshgrid; rows are those of y.
    expect(loss.flat()).toEqual([...whole.fields[0].values]);
    expect(shapes).toEqual([[4, 2], [4], [2, 4], [2]]);
  });

  test.skipIf(python === null)(
    `h5py finds the path in multiples of the directions in the projection file${why}`,
    () => {
      const script = `import h5py, json, sys
with h5py.File(sys.argv[1]) as p: print(json.dumps([list(p["proj_xcoord"][:]), list(p["proj_ycoord"][:])]))`;
      const said = execFileSync(python!, ['-c', script, at('plane.directions.h5_proj_lstsq.h5')], { encoding: 'utf8' });
      expect(JSON.parse(said)).toEqual(whole.trajectory!.coordinates.map((axis) => [...axis]));
    },
  );
});

describe('directions of a file', () => {
  test('those of the .h5 that was written give the same slice', async () => {
    const first = await document(run, '--grid', '5x3', '--out', at('own.h5'));
    for (const file of ['own.directions.h5', 'own.npz']) {
      if (file.endsWith('.npz')) await saddlescope(run, '--grid', '5x3', '--out', at(file));
      const again = await document(run, '--grid', '5x3', '--plane', 'file', '--file', at(file), '--extent', '1');
      again.fields[0].values.forEach((loss, i) => {
        expect(Math.abs(loss / first.fields[0].values[i]! - 1)).toBeLessThan(1e-6);
      });
    }
  });

  test('of a convolutional network in the order of PyTorch: channels out, in, rows, columns; a flatten by channels', async () => {
    const first = await document(...convolution, '--grid', '3x2', '--out', at('conv.h5'));
    await saddlescope(...convolution, '--grid', '3x2', '--out', at('conv.npz'));
    const { directions } = await readDirectionFile(bytesOf('conv.directions.h5'));
    const d1 = readNpz(bytesOf('conv.npz')).get('d1')!.data;
    // The tool's files hold float32.
    const rounded = (i: number) => Math.fround(Number(d1[i]));
    const shapes = directions[0]!.map(({ shape }) => [...shape]);
    expect(shapes.map((shape) => shape.length)).toEqual([4, 1, 4, 1, 2, 1]);
    // Ours: kernel (h, w, in, out); theirs (out, in, h, w).
    const [kernel] = directions[0]!;
    const [out, inputs, h, w] = shapes[0] as [number, number, number, number];
    for (let o = 0; o < out; o++)
      for (let c = 0; c < inputs; c++)
        for (let i = 0; i < h; i++)
          for (let j = 0; j < w; j++)
            expect(kernel!.data[((o * inputs + c) * h + i) * w + j]).toBe(
              rounded(((i * w + j) * inputs + c) * out + o),
            );
    // Dense behind a flatten of (rows, columns, channels): input (channel, row, column) there.
    const dense = directions[0]![4]!;
    const [classes, length] = shapes[4] as [number, number];
    const offset = directions[0]!.slice(0, 4).reduce((sum, { data }) => sum + data.length, 0);
    const channels = shapes[2]![0]!;
    const places = length / channels;
    for (let place = 0; place < places; place++)
      for (let c = 0; c < channels; c++)
        for (let o = 0; o < classes; o++)
          expect(dense.data[o * length + c * places + place]).toBe(
            rounded(offset + (place * channels + c) * classes + o),
          );
    const again = await document(
      ...[...convolution, '--grid', '3x2', '--plane', 'file', '--file', at('conv.directions.h5'), '--extent', '1'],
    );
    again.fields[0].values.forEach((loss, i) => {
      expect(Math.abs(loss / first.fields[0].values[i]! - 1)).toBeLessThan(1e-6);
    });
  });
  const bytesOf = (name: string) => new Uint8Array(readFileSync(at(name)));
});

describe('what cannot be is told with what to do, before anything is computed', () => {
  beforeAll(() => writeFileSync(at('thesis.txt'), 'precious'));
  test.each<[string, string[], RegExp]>([
    ['two shapes', ['--line', 'random', '--plane', 'pca'], /Both --line and --plane/],
    ['no such direction', ['--plane', 'randon'], /“randon” is no kind of direction.*random/],
    ['as many directions as axes', ['--volume', 'eigen,lowest'], /2 directions for 3 axes/],
    ['the gradient twice', ['--plane', 'gradient,gradient'], /gradient twice/],
    ['no other point', ['--line', 'difference'], /needs another point.*--to/],
    ['an other point that nothing uses', ['--to', '@20'], /--to is given/],
    ['a third point that nothing uses', ['--plane', 'difference', '--to', '@20', '--third', '@40'], /--third is given/],
    ['a file that nothing uses', ['--file', 'x.npz'], /--file is given/],
    ['no file', ['--plane', 'file'], /0 given.*a direction for each axis/],
    ['a file that is not there', ['--plane', 'file', '--file', '/nowhere/x.npz'], /x\.npz/],
    ['a file of something else', ['--plane', 'file', '--file', '<thesis>'], /thesis/],
    ['a step without a checkpoint', ['--line', 'difference', '--to', '@33'], /33/],
    ['a folder without a run', ['--line', 'difference', '--to', '/tmp'], /neither the folder of a run/],
    ['this point itself', ['--line', 'difference', '--to', '@60'], /The other point is this point/],
    ['a grid of other axes', ['--grid', '3x3x3'], /grid 3x3x3 is not one of a plane/],
    ['a grid of one point', ['--grid', '1'], /grid 1 is not/],
    ['a grid that is no number', ['--grid', '51,31'], /grid 51,31 is not/],
    ['a grid of halves', ['--grid', '5.5'], /grid 5\.5 is not/],
    ['a grid beyond all memory', ['--volume', 'random', '--grid', '999'], /more than .* points/],
    ['an extent that ends before it begins', ['--extent', '1:-1'], /extent 1:-1 cannot be read/],
    ['an extent of nothing', ['--extent', '0'], /extent 0 cannot be read/],
    ['an extent that is a word', ['--extent', 'big'], /extent big cannot be read/],
    ['an extent of other axes', ['--extent', '1x1x1'], /extent 1x1x1 cannot be read for 2 axes/],
    ['no such quantity', ['--quantity', 'loss,sharpnes'], /no quantity “sharpnes”/],
    ['a rise that is none', ['--rise', '-1'], /rise/],
    ['an adaptive share that is none', ['--adaptive', '2'], /adaptive/],
    ['a tree of a grid with holes', ['--topology', '--adaptive', '0.1'], /--topology needs every point/],
    ['one example', ['--examples', '1'], /examples/],
    ['a kind of file that there is not', ['--out', 'x.xlsx'], /no kind of file/],
    ['a picture by the printer', ['--out', 'x.pdf'], /PDF/],
    ['a folder that there is not', ['--out', '/nowhere/x.npz'], /\/nowhere is no folder/],
    ['a state that is something else', ['--state', '<thesis>'], /no state of a slice/],
    ['a step that is none', ['--at', '33'], /33/],
  ])('%s', async (_what, words, said) => {
    const given = words.map((word) => word.replace('<thesis>', at('thesis.txt')));
    const before = readdirSync(path.join(run, 'results'));
    const problem = await saddlescope(run, ...given).then(
      () => null,
      (caught: unknown) => caught,
    );
    expect(problem).toBeInstanceOf(BadInput);
    const { found, advice } = problem as BadInput;
    expect(`${found} ${advice}`).toMatch(said);
    expect(advice.length).toBeGreaterThan(10);
    expect(readdirSync(path.join(run, 'results'))).toEqual(before);
    expect(readFileSync(at('thesis.txt'), 'utf8')).toBe('precious');
  });

  test('an optimiser without a run, a test set that there is not', async () => {
    const [moons] = convolution;
    await expect(saddlescope(...convolution, '--line', 'moment')).rejects.toThrow(/optimiser state/);
    await expect(saddlescope(...convolution, '--on', 'test')).rejects.toThrow(/no test set/);
    expect(moons).toMatch(/digits-cnn/);
  });
});

test('lines: what spans it, the quantities, the features', async () => {
  const { code, out } = await saddlescope(run, '--grid', '9x7', '--topology', '--quantity', 'error');
  expect(code).toBe(0);
  expect(out).toMatch(/α: .*9 points from -1\.00 to 1\.00; β: .*7 points/);
  expect(out).toMatch(/\d+ minim(um|a) of the grid/);
  expect(out).toMatch(/α = .*, β = .*; (beyond noise and sampling|at the border|below (noise|sampling))/);
  const line = await saddlescope(run, '--line', 'difference', '--to', '@0', '--grid', '5');
  expect(line.out).toMatch(/barrier/);
});
