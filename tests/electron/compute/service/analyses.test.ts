import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SliceDocument, SpectrumDocument } from '../../../../core/experiment/result-documents.ts';
import { readJson, writeJson } from '../../../../core/formats/json-numbers.ts';
import { readNpz } from '../../../../core/formats/npz.ts';
import type { PartialSlice } from '../../../../core/protocol/methods.ts';
import { saddlescope, temporaryFolder } from '../../../support/command-line.ts';
import { serviceForTests } from '../../../support/compute-service.ts';

const folder = temporaryFolder();
const at = (name: string) => path.join(folder, name);

const moons = `name: moons
seed: 4
data: { train: two-moons, test: two-moons }
model: { layers: [ { dense: { units: 8, activation: tanh } }, { dense: { units: 2 } } ] }
loss: softmaxCrossEntropy
optimizer: { gradientDescent: { learningRate: 0.5 } }
steps: 80
checkpoints: { every: 10 }
`;
const digits = `name: digits
seed: 1
data: { train: digits, subset: { first: 1000 } }
model: { layers: [ flatten, { dense: { units: 64, activation: tanh } }, { dense: { units: 10 } } ] }
loss: softmaxCrossEntropy
optimizer: { gradientDescent: { learningRate: 0.1 } }
steps: 10
`;
/** Tensors in float64: computed in a realm of their own. */
const exactTensors = `name: convolution
seed: 3
data: { train: digits-8x8, subset: { first: 30 } }
model:
  layers:
    - reshape: { targetShape: [8, 8, 1] }
    - conv2d: { filters: 2, kernelSize: 3, activation: tanh }
    - flatten: {}
    - dense: { units: 10 }
loss: softmaxCrossEntropy
optimizer: { gradientDescent: { learningRate: 0.1 } }
steps: 2
checkpoints: { every: 1 }
probes: { budget: 1, every: { loss: 1, sharpness: 0 } }
precision: float64
`;
writeFileSync(at('moons.yaml'), moons);
writeFileSync(at('convolution.yaml'), exactTensors);

const { service, connected } = serviceForTests();
afterAll(() => service.close());
const page = connected();
for (const name of ['run', 'moons.yaml', 'convolution.yaml', 'exact']) service.grant(name, at(name));
const ofRun = { run: 'run', step: null };
const experiment = (yaml: string) => ({ experiment: { yaml, file: null } });

beforeAll(async () => {
  expect((await saddlescope(['train', at('moons.yaml'), '--out', at('run')])).code).toBe(0);
});

const json = async <T>(...args: string[]): Promise<T> => {
  const { out, code, err } = await saddlescope([...args, '--json']);
  // 3: computed, and not as accurate as was asked for.
  if (code !== 0 && code !== 3) throw new Error(err);
  return readJson(out) as T;
};
/** As JSON tells it, without the time it took and who said so. */
const told = (document: object): unknown => {
  const { stats, command: _, ...rest } = readJson(writeJson(document)) as SliceDocument;
  return { ...rest, stats: { ...stats, seconds: 0 } };
};

describe('a slice', () => {
  const parameters = { plane: 'pca', grid: '31' };
  const pictures: PartialSlice[] = [];
  const asked = page.ask(
    'slice',
    { source: experiment(digits.replace('first: 1000', 'first: 200')), parameters: { grid: '61' }, keep: false },
    { onPartial: (picture) => pictures.push(picture) },
  );

  test('comes from coarse to fine, and every picture agrees with the last where it is computed', async () => {
    const { value } = await asked.outcome;
    expect(pictures.length).toBeGreaterThan(1);
    let before = 0;
    for (const { axes, fields } of pictures) {
      const [{ values, computed }] = fields;
      const cells = computed.reduce((sum, one) => sum + one, 0);
      expect(cells).toBeGreaterThan(before);
      before = cells;
      expect(axes).toEqual(value.axes);
      computed.forEach((one, cell) => {
        expect(values[cell]).toBe(one ? value.fields[0].values[cell] : Number.NaN);
      });
    }
    expect(value.fields[0].computed.every((one) => one === 1)).toBe(true);
    // The first picture has rows far apart.
    expect(pictures[0]!.fields[0].computed.lastIndexOf(1)).toBeGreaterThan(61 * 8);
  });

  test('is that of the command line, number by number; so are its directions in the .npz', async () => {
    const { planeId, kept, ...mine } = (await page.ask('slice', { source: ofRun, parameters, keep: true }).outcome)
      .value;
    expect(kept).toBeNull();
    const name = 'slice-pca-float32-step-80';
    const stored = readNpz(readFileSync(at(`run/results/${name}.npz`)));
    const theirs = await json<SliceDocument>('slice', at('run'), '--plane', 'pca', '--grid', '31');
    expect(told(mine)).toEqual(told(theirs));
    const { bytes } = await page.answered('sliceFile', {
      run: 'run',
      planeId,
      kind: 'npz',
      directionFile: '',
    });
    expect(readNpz(bytes)).toEqual(stored);
    expect(readNpz(readFileSync(at(`run/results/${name}.npz`)))).toEqual(stored);
    expect(mine.command).toBe(`saddlescope slice ${at('run')} --at 80 --plane pca --grid 31`);
  });

  test('puts the checkpoints on its plane where the document has them, all or those after a step', async () => {
    const { planeId, trajectory } = await page.answered('slice', { source: ofRun, parameters, keep: false });
    const whole = await page.answered('pathOnPlane', { run: 'run', planeId, afterStep: -1 });
    expect(whole).toEqual(trajectory);
    expect(whole.steps).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80]);
    const later = await page.answered('pathOnPlane', { run: 'run', planeId, afterStep: 45 });
    expect(later.steps).toEqual([50, 60, 70, 80]);
    expect(later.distance).toEqual(whole.distance.slice(5));
    expect(later.trueLoss).toEqual(whole.trueLoss.slice(5));
    expect((await page.answered('pathOnPlane', { run: 'run', planeId, afterStep: 80 })).steps).toEqual([]);
  });

  test.each([
    ['the test set', { on: 'test' }],
    ['a subset', { examples: 30 }],
  ])('of %s has the path at the losses of those examples, also when it is asked for again', async (_, more) => {
    const own = { plane: 'random', grid: '5', ...more };
    const { planeId, trajectory } = await page.answered('slice', { source: ofRun, parameters: own, keep: false });
    expect(await page.answered('pathOnPlane', { run: 'run', planeId, afterStep: -1 })).toEqual(trajectory);
    const { planeId: whole } = await page.answered('slice', {
      source: ofRun,
      parameters: { plane: 'random', grid: '5' },
      keep: false,
    });
    const other = await page.answered('pathOnPlane', { run: 'run', planeId: whole, afterStep: -1 });
    expect(other.coordinates).toEqual(trajectory!.coordinates);
    expect(other.trueLoss).not.toEqual(trajectory!.trueLoss);
  });

  test('that lies in the folder is read with its directions: the path on it is the same', async () => {
    const { slices, spectra } = await page.answered('storedResults', { run: 'run' });
    expect(slices.map(({ plane, step }) => [plane, step])).toEqual([['pca', 80]]);
    expect(spectra).toEqual([]);
    const [{ planeId, trajectory, fields } = slices[0]!] = slices;
    expect(fields[0].values).toBeInstanceOf(Float64Array);
    expect(fields[0].computed).toBeInstanceOf(Uint8Array);
    expect(await page.answered('pathOnPlane', { run: 'run', planeId, afterStep: -1 })).toEqual(trajectory);
  });

  test('whose plane was forgotten is told', async () => {
    await expect(page.answered('pathOnPlane', { run: 'run', planeId: 'gone', afterStep: 0 })).rejects.toThrow(
      /badInput: This plane is no longer held/,
    );
  });

  test('of a coarser grid does not replace a finer one, and says so', async () => {
    const { kept } = await page.answered('slice', {
      source: ofRun,
      parameters: { plane: 'pca', grid: '5' },
      keep: true,
    });
    expect(kept).toMatch(/has a finer grid/);
  });
});

describe('a spectrum', () => {
  test('is that of the command line, number by number, and is kept', async () => {
    const parameters = { top: 5, bottom: 2, density: true, densityProbes: 2, trace: true };
    const asked = page.ask('spectrum', { source: { run: 'run', step: 40 }, parameters, keep: true });
    const { value, stats } = await asked.outcome;
    const { kept, ...mine } = value;
    expect(kept).toBeNull();
    expect(stats.products).toBeGreaterThan(0);
    const { command } = mine;
    expect(command).toBe(
      `saddlescope spectrum ${at('run')} --at 40 --top 5 --bottom 2 --density --density-probes 2 --trace`,
    );
    const theirs = await json<SpectrumDocument>(...command.split(' ').slice(1));
    expect(told(mine)).toEqual(told(theirs));
    const { spectra } = await page.answered('storedResults', { run: 'run' });
    expect(spectra.map(told)).toEqual([told(mine)]);
    expect(spectra[0]?.density?.x).toBeInstanceOf(Float64Array);
    const progress = asked.heard.flatMap((message) => (message.kind === 'progress' ? [message.progress] : []));
    expect(new Set(progress.map(({ stage }) => stage))).toEqual(new Set(['eigenvalues', 'density', 'trace']));
  });

  test('stands beside those of other steps: a folder gives them all', async () => {
    for (const [step, parameters] of [
      [80, { top: 1 }],
      [40, { operator: 'gaussNewton', top: 1 }],
    ] as const)
      await page.answered('spectrum', { source: { run: 'run', step }, parameters, keep: true });
    const { spectra } = await page.answered('storedResults', { run: 'run' });
    const places = spectra.map(({ step, operator }) => `${step} ${operator}`);
    expect(places.sort()).toEqual(['40 gaussNewton', '40 hessian', '80 hessian']);
  });

  test('of a convolution in float64 is computed in a realm of its own, as by the command line', async () => {
    const source = { yaml: exactTensors, file: 'convolution.yaml' };
    expect(await page.answered('describe', { source })).toMatchObject({
      engine: 'cpu (float64)',
      precision: 'float64',
      architecture: 'Reshape, Conv2D 2 tanh, Flatten, Dense 10',
    });
    await page.answered('train', { source, run: 'exact', start: { kind: 'new' } });
    const last = { run: 'exact', step: 2 };
    const { kept: _, ...mine } = await page.answered('spectrum', { source: last, parameters: { top: 2 }, keep: true });
    const theirs = await json<SpectrumDocument>('spectrum', at('exact'), '--top', '2');
    expect(told(mine)).toEqual(told(theirs));
    // The ordinary threads are as they were.
    expect(await page.answered('describe', { source: { yaml: moons, file: null } })).toMatchObject({ engine: 'wasm' });
  });
});

describe('cancelled', () => {
  const within = async (asked: { outcome: Promise<unknown>; cancel(): void }): Promise<number> => {
    const began = performance.now();
    asked.cancel();
    await asked.outcome.catch(() => {});
    return performance.now() - began;
  };
  const begun = (work: (started: () => void) => { outcome: Promise<unknown>; cancel(): void }) =>
    new Promise<{ outcome: Promise<unknown>; cancel(): void }>((resolve) => {
      const asked = work(() => resolve(asked));
    });

  test.each([
    ['slice', { grid: '401' }],
    ['spectrum', { top: 60, maxProducts: 20_000, residualTol: 1e-10 }],
  ] as const)(
    'a long %s frees the caller within 250 ms, and the next request is answered',
    async (method, parameters) => {
      const source = experiment(digits);
      const asked = await begun((onProgress) => page.ask(method, { source, parameters, keep: false }, { onProgress }));
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect(await within(asked)).toBeLessThan(250);
      const next = await page.ask('slice', { source: ofRun, parameters: { grid: '5' }, keep: false }).outcome;
      expect(next.status).toBe('converged');
    },
  );

  test('a slice leaves what was computed, where the thread answers in time', async () => {
    const cancelled = async () => {
      const pictures: PartialSlice[] = [];
      const asked = page.ask(
        'slice',
        { source: ofRun, parameters: { grid: '301' }, keep: true },
        { onPartial: (picture) => pictures.push(picture) },
      );
      while (pictures.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
      asked.cancel();
      return asked.outcome;
    };
    // A thread that gets no processor in time leaves nothing: then the caller is free, and asks again.
    const outcomes: Awaited<ReturnType<typeof cancelled>>[] = [];
    for (let tries = 0; tries < 10 && outcomes.length === 0; tries++)
      await cancelled().then(
        (outcome) => outcomes.push(outcome),
        (problem) => expect(problem.failure.kind).toBe('cancelled'),
      );
    const { value, status } = outcomes[0]!;
    expect(status).toBe('cancelled');
    expect(value.kept).toMatch(/^it was stopped; the same command goes on with it/);
    const cells = value.fields[0].computed.reduce((sum, one) => sum + one, 0);
    expect(cells).toBeGreaterThan(0);
    expect(cells).toBeLessThan(301 ** 2);
  });

  test('what waits is free at once', async () => {
    const source = experiment(digits);
    const long = () => page.ask('slice', { source, parameters: { grid: '401' }, keep: false });
    const asked = [long(), long(), long()];
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await within(asked[2]!)).toBeLessThan(50);
    for (const other of asked) other.cancel();
    await Promise.allSettled(asked.map(({ outcome }) => outcome));
  });
});

test('nothing quick waits behind something long', async () => {
  const { planeId } = await page.answered('slice', { source: ofRun, parameters: { grid: '5' }, keep: false });
  await page.answered('pathOnPlane', { run: 'run', planeId, afterStep: 0 });
  const long = [0, 1, 2].map(() =>
    page.ask('slice', { source: experiment(digits), parameters: { grid: '401' }, keep: false }),
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  const path = await page.answered('pathOnPlane', { run: 'run', planeId, afterStep: 0 });
  expect(path.steps).toHaveLength(8);
  const { parameters } = await page.answered('describe', { source: { yaml: moons, file: null } });
  expect(parameters).toBe(42);
  const answered = await Promise.race([Promise.any(long.map(({ outcome }) => outcome)), null]);
  expect(answered).toBeNull();
  for (const asked of long) asked.cancel();
});

describe('the rest', () => {
  test('a run is opened with its records, its state, its experiment', async () => {
    const records: unknown[] = [];
    const summary = await page.answered('openRun', { run: 'run' }, { onPartial: (part) => records.push(...part) });
    expect(summary).toMatchObject({ name: 'run', state: 'finished', step: 80, yaml: moons });
    expect(summary.checkpoints).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80]);
    expect(records.filter((record) => (record as { record: string }).record === 'step')).toHaveLength(80);
    expect(summary.description.hash).toBe(summary.provenance.experimentHash);
  });

  test('a run that the command line changed is opened with the experiment that it was', async () => {
    await saddlescope(['train', at('moons.yaml'), '--set', 'steps=5', '--out', at('changed')]);
    service.grant('changed', at('changed'));
    const { yaml, description } = await page.answered('openRun', { run: 'changed' });
    expect(yaml).not.toBe(moons);
    expect(await page.answered('describe', { source: { yaml, file: 'changed' } })).toEqual(description);
    expect((await page.answered('readExperiment', { file: 'changed' })).yaml).toBe(yaml);
  });

  test('an experiment is refused with the place in its text', async () => {
    const wrong = moons.replace('steps: 80', 'stepz: 80');
    await expect(page.answered('describe', { source: { yaml: wrong, file: 'moons.yaml' } })).rejects.toThrow(
      /badInput: moons\.yaml:7:1: stepz is not a known setting\. Did you mean steps\?/,
    );
  });

  test('the model is checked, and eigenvalues against the dense matrix', async () => {
    const { kept: _, ...spectrum } = await page.answered('spectrum', {
      source: ofRun,
      parameters: { top: 4 },
      keep: false,
    });
    const report = await page.answered('check', { source: ofRun, spectrum });
    expect(report.items.every(({ outcome }) => outcome !== 'failed')).toBe(true);
    expect(report.dense).toMatchObject({ eigenvalues: 4, agrees: true });
    const shifted = spectrum.eigenvalues.map((pair) => ({ ...pair, value: pair.value + 1 }));
    const wrong = await page.answered('check', { source: ofRun, spectrum: { ...spectrum, eigenvalues: shifted } });
    expect(wrong.dense?.agrees).toBe(false);
    expect(wrong.dense?.largestError).toBeCloseTo(1, 2);
  });

  test('costs are measured', async () => {
    const costs = await page.answered('measure', { source: experiment(digits) });
    expect(Object.keys(costs).sort()).toEqual(['gradient', 'loss', 'product']);
    for (const seconds of Object.values(costs)) expect(seconds).toBeGreaterThan(1e-5);
    expect(costs.product).toBeLessThan(2);
  });

  test('figures are drawn, arrays packed, the report written', async () => {
    const specification = {
      data: { values: [{ x: 1, y: 2 }] },
      mark: 'point',
      encoding: { x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative' } },
    };
    const svg = await page.answered('renderFigure', { specification, format: 'svg', width: 300 });
    expect(new TextDecoder().decode(svg.bytes)).toMatch(/^<svg .*<\/svg>\s*$/s);
    const png = await page.answered('renderFigure', { specification, format: 'png', width: 300 });
    expect([...png.bytes.slice(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
    expect(new DataView(png.bytes.buffer, png.bytes.byteOffset).getUint32(16)).toBe(300);
    const data = Float64Array.of(1, 2, Number.NaN, 4, 5, 6);
    const { bytes } = await page.answered('packNpz', { arrays: { a: { shape: [2, 3], data } } });
    expect(readNpz(bytes)).toEqual(new Map([['a', { shape: [2, 3], dtype: 'float64', data }]]));
    const { file } = await page.answered('report', { run: 'run' });
    expect(readFileSync(file, 'utf8')).toContain('<h1');
  });
});
