import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Provenance } from '../../../core/experiment/run-folder.ts';
import { saddlescope, temporaryFolder } from '../../support/command-line.ts';
import { nativeEngine } from '../../support/native-engine.ts';
import { metricsOf } from '../../support/small-run.ts';

const folder = temporaryFolder();
const file = path.join(folder, 'convolution.yaml');
writeFileSync(
  file,
  `name: convolution
seed: 3
data: { train: digits-8x8, subset: { first: 40 } }
model:
  layers:
    - reshape: { targetShape: [8, 8, 1] }
    - conv2d: { filters: 2, kernelSize: 3, activation: tanh }
    - flatten: {}
    - dense: { units: 10 }
loss: softmaxCrossEntropy
optimizer: { adam: { learningRate: 0.01, batchSize: 16 } }
steps: 4
checkpoints: { every: 2 }
probes: { budget: 1, every: { loss: 2, sharpness: 4 } }
`,
);

/** Engine, precision, how results name it. */
const engines: [string, string, string][] = [
  ['cpu', 'float32', 'cpu'],
  ['cpu', 'float64', 'cpu (float64)'],
  ['wasm', 'float32', 'wasm'],
  ...(nativeEngine === null
    ? []
    : ([
        ['tensorflow', 'float32', 'tensorflow'],
        ['tensorflow', 'float64', 'tensorflow (float64)'],
      ] as [string, string, string][])),
];

describe.each(engines)('--engine %s --precision %s', (engine, precision, name) => {
  const forced = ['--engine', engine, '--precision', precision];
  const words = `${name} ${precision}`;
  const said = (text: string) =>
    expect(
      text.split('\n').some((line) => line.endsWith(words)),
      text,
    ).toBe(true);

  /** The documents that a command prints. */
  async function document(...args: string[]): Promise<unknown> {
    const { code, out, err } = await saddlescope([...args, '--json']);
    expect(code, err).toBe(0);
    return JSON.parse(out);
  }

  test('spectrum says it to people, and slice in its document', async () => {
    const [spectrum, slice] = await Promise.all([
      saddlescope(['spectrum', '--top', '1', file, ...forced]),
      document('slice', '--grid', '3', file, ...forced),
    ]);
    expect(spectrum.code, spectrum.err).toBe(0);
    said(spectrum.out);
    expect(slice).toMatchObject({ engine: name, precision });
  });

  test('train says it, writes it into the provenance, and the run is looked at with the same engine', async () => {
    const run = path.join(folder, `${engine}-${precision}`);
    const { code, err } = await saddlescope(['train', file, '--out', run, ...forced]);
    expect(code, err).toBe(0);
    expect(err).toContain(`engine ${words}`);
    const provenance: Provenance = JSON.parse(readFileSync(path.join(run, 'provenance.json'), 'utf8'));
    expect(provenance).toMatchObject({ engine: name, precision });
    expect(metricsOf(run).filter(({ record }) => record === 'step')).toHaveLength(4);
    expect(await document('spectrum', run, '--top', '1')).toMatchObject({ engine: name, precision, step: 4 });
  });
});

test('slice says it to people, and spectrum in its document', async () => {
  const forced = [file, '--engine', 'cpu', '--precision', 'float64'];
  const [slice, spectrum] = await Promise.all([
    saddlescope(['slice', '--grid', '3', ...forced]),
    saddlescope(['spectrum', '--top', '1', '--json', ...forced]),
  ]);
  expect([slice.code, spectrum.code], slice.err + spectrum.err).toEqual([0, 0]);
  expect(slice.out).toMatch(/cpu \(float64\) float64$/m);
  expect(JSON.parse(spectrum.out)).toMatchObject({ engine: 'cpu (float64)', precision: 'float64' });
});

describe('an engine that cannot be had', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  /** Bad input in two sentences, and nothing was written. */
  async function refused(words: readonly string[], found: RegExp, advice: RegExp): Promise<void> {
    const run = path.join(folder, 'never');
    const commands = [['spectrum'], ['slice'], ['train', '--out', run]];
    const ended = await Promise.all(commands.map((command) => saddlescope([...command, file, ...words])));
    for (const { code, out, err } of ended) {
      expect([code, out]).toEqual([2, '']);
      expect(err.trim().split('\n')).toEqual([expect.stringMatching(found), expect.stringMatching(advice)]);
      expect(existsSync(run)).toBe(false);
    }
  }

  test.each(['wasm', 'webgpu'])('%s in float64', (engine) =>
    refused(
      ['--engine', engine, '--precision', 'float64'],
      new RegExp(`^The engine ${engine} computes in float32 only\\.$`),
      /^Use --engine tensorflow or cpu for float64, or --precision float32\.$/,
    ),
  );

  test.each(['float32', 'float64'])('tensorflow in %s where none is installed', async (precision) => {
    vi.stubEnv('SADDLESCOPE_ENGINES', temporaryFolder());
    await refused(
      ['--engine', 'tensorflow', '--precision', precision],
      /^No TensorFlow engine is in use\b.*\.$/,
      /^Run `saddlescope engine install`, or use another engine, for example --engine wasm\.$/,
    );
  });

  test('without being asked for, the next one computes where no TensorFlow is installed', async () => {
    vi.stubEnv('SADDLESCOPE_ENGINES', temporaryFolder());
    const found = ['float32', 'float64'].map(async (precision) => {
      const { code, out, err } = await saddlescope([
        'spectrum',
        file,
        '--top',
        '1',
        '--json',
        '--precision',
        precision,
      ]);
      expect(code, err).toBe(0);
      return JSON.parse(out).engine as string;
    });
    const [single, double] = await Promise.all(found);
    // A machine with a GPU uses it.
    expect(single).toMatch(/^(wasm|webgpu \(.*\))$/);
    expect(double).toBe('cpu (float64)');
  });

  test('unknown names', async () => {
    const { code, err } = await saddlescope(['spectrum', file, '--engine', 'cuda']);
    expect(code).toBe(2);
    expect(err).toContain('cuda');
  });
});
