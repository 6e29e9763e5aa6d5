import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readNpz } from '../../../core/formats/npz.ts';
import { saddlescope, temporaryFolder } from '../../support/command-line.ts';

const folder = temporaryFolder();
const run = path.join(folder, 'run');
const yaml = (optimizer: string) => `name: small
seed: 3
data: { train: digits-8x8, subset: { first: 200 } }
model: { layers: [ { dense: { units: 6, activation: tanh } }, { dense: { units: 10 } } ] }
loss: softmaxCrossEntropy
optimizer: ${optimizer}
steps: 60
checkpoints: { every: 20 }
precision: float64
`;

beforeAll(async () => {
  writeFileSync(path.join(folder, 'small.yaml'), yaml('{ gradientDescent: { learningRate: 0.5 } }'));
  expect((await saddlescope(['train', path.join(folder, 'small.yaml'), '--out', run])).code).toBe(0);
});

const json = async (words: readonly string[]) => {
  const { code, out, err } = await saddlescope([...words, '--json']);
  expect(err).not.toMatch(/at .*\.ts:/);
  return { code, document: JSON.parse(out) };
};
const stored = () => readdirSync(path.join(run, 'results'));

describe('spectrum', () => {
  it('by the methods, of the matrices, agrees with the dense matrix', async () => {
    const { document: dense } = await json(['spectrum', run, '--method', 'dense', '--top', '4', '--magnitude', '2']);
    for (const method of ['lanczos', 'blockLanczos', 'lobpcg']) {
      const words = ['spectrum', run, '--method', method, '--top', '4', '--magnitude', '2', '--check'];
      const { code, document } = await json(words);
      expect(code).toBe(0);
      expect(document.dense.agrees).toBe(true);
      document.eigenvalues.forEach(({ value, errorBound }: { value: number; errorBound: number }, i: number) => {
        expect(Math.abs(value - dense.eigenvalues[i].value)).toBeLessThanOrEqual(errorBound + 1e-12);
      });
    }
    const fisher = await json([
      'spectrum',
      run,
      '--operator',
      'fisherMonteCarlo',
      '--samples',
      '3',
      '--check',
      '--top',
      '2',
    ]);
    expect(fisher.document.dense.agrees).toBe(true);
    expect(fisher.document.operatorFormula).toMatch(/Σₛ/);
    expect(stored()).toContain('spectrum-fisher-monte-carlo-float64-step-60.json');
  });

  it('takes a search up again where its file was left, bit for bit', async () => {
    const state = path.join(folder, 'search.safetensors');
    const ask = ['spectrum', run, '--at', '20', '--top', '5', '--eigenvalue-tol', '1e-12'];
    const { document: whole } = await json(ask);
    const first = await json([...ask, '--state', state, '--max-products', '16']);
    expect(first.code).toBe(3);
    expect(first.document.parts.eigenvalues).toBe('budgetSpent');
    expect(existsSync(state)).toBe(true);
    const second = await saddlescope([...ask, '--state', state, '--json']);
    expect(second.err).toMatch(/Going on after 1\d products/);
    expect(JSON.parse(second.out).eigenvalues).toEqual(whole.eigenvalues);
    expect(existsSync(state)).toBe(false);
  });

  it('refuses the search of another point, and a damaged file', async () => {
    const state = path.join(folder, 'other.safetensors');
    const ask = ['--top', '5', '--eigenvalue-tol', '1e-12', '--state', state, '--max-products', '16'];
    await saddlescope(['spectrum', run, '--at', '20', ...ask]);
    const other = await saddlescope(['spectrum', run, '--at', '40', ...ask]);
    expect(other.code).toBe(2);
    expect(other.err).toMatch(/another problem/);
    const bytes = readFileSync(state);
    bytes[bytes.length - 5]! ^= 1;
    writeFileSync(state, bytes);
    const damaged = await saddlescope(['spectrum', run, '--at', '20', ...ask]);
    expect(damaged.code).toBe(2);
    expect(damaged.err).not.toMatch(/at .*\.ts:/);
  });

  it('writes eigenvectors as arrays, and keeps their images in the run', async () => {
    const file = path.join(folder, 'vectors.npz');
    const { document } = await json(['spectrum', run, '--at', '40', '--top', '3', '--npz', file]);
    const arrays = readNpz(readFileSync(file));
    expect(arrays.get('eigenvectors')?.shape).toEqual([3, document.dim]);
    expect(Array.from(arrays.get('eigenvalues')!.data)).toEqual(
      document.eigenvalues.map((one: { value: number }) => one.value),
    );
    expect(arrays.get('image_overall')?.shape).toEqual([3, 8, 8, 1]);
    const [mass] = document.eigenvalues.map((one: { mass: number[] }) => one.mass.reduce((a, b) => a + b, 0));
    expect(mass).toBeCloseTo(1, 12);
    expect(document.vectors).toBeUndefined();
    expect(stored()).toContain('spectrum-hessian-float64-step-40.npz');
  });

  it('of a block has a file of its own; a name that is none is bad input', async () => {
    const { document } = await json(['spectrum', run, '--blocks', 'dense_1', '--top', '2']);
    expect(document.blocks).toEqual(['dense_1/kernel', 'dense_1/bias']);
    expect(stored()).toContain('spectrum-hessian-of-dense_1-kernel+dense_1-bias-float64-step-60.json');
    const { code, err } = await saddlescope(['spectrum', run, '--blocks', 'dense_9']);
    expect(code).toBe(2);
    expect(err).toMatch(/no layer and no block.*dense_9[\s\S]*Choose among/);
  });

  it('preconditioned by Adam needs a run of Adam', async () => {
    const plain = await saddlescope(['spectrum', run, '--operator', 'preconditioned']);
    expect(plain.code).toBe(2);
    expect(plain.err).toMatch(/no preconditioner/);
    const file = path.join(folder, 'adam.yaml');
    const adam = path.join(folder, 'adam run');
    writeFileSync(file, yaml('{ adam: { learningRate: 0.01 } }'));
    await saddlescope(['train', file, '--out', adam]);
    const { code, document } = await json(['spectrum', adam, '--operator', 'preconditioned', '--top', '2', '--check']);
    expect(code).toBe(0);
    expect(document.dense.agrees).toBe(true);
  });

  it('has shares, sums, layers and what is switched off', async () => {
    const words = [
      '--density',
      '--density-probes',
      '4',
      '--density-steps',
      '30',
      '--damping',
      '0.5',
      '--layers',
      '--trace',
    ];
    const { document } = await json(['spectrum', run, '--top', '3', ...words, '--trace-method', 'hutch++']);
    const { masses, deflated } = document.density;
    expect(deflated).toHaveLength(3);
    const total = masses.below.value + masses.near.value + masses.above.value;
    expect(total).toBeCloseTo(1, 9);
    expect(document.trace.method).toBe('hutch++');
    expect(document.trace.low95).toBeLessThan(document.trace.high95);
    expect(document.effectiveDimension.shift).toBe(0.5);
    expect(document.layers.map(({ block }: { block: string }) => block)).toEqual(document.blockNames);
    const bare = await json(['spectrum', run, '--top', '3', '--density', '--density-probes', '2', '--no-deflate']);
    expect(bare.document.density.deflated).toEqual([]);
  });
});

describe('overlap and sampling', () => {
  it('are documents with certificates, kept in the run', async () => {
    const steps = await json(['overlap', run, '--top', '4']);
    expect(steps.code).toBe(0);
    expect(steps.document.labels).toEqual(['step 0', 'step 20', 'step 40', 'step 60']);
    const sampling = await json(['sampling', run, '--batches', '20', '--repeats', '3', '--batch-size', '25']);
    expect(sampling.code).toBe(0);
    expect(sampling.document.proposals[0].examples).toBeGreaterThan(0);
    expect(stored()).toEqual(
      expect.arrayContaining(['overlap-steps-hessian-float64-step-60.json', 'sampling-float64-step-60.json']),
    );
    const { out } = await saddlescope(['sampling', run, '--batches', '20', '--repeats', '3']);
    expect(out).toMatch(/For sharpness to 5\.0 %: \d+ examples/);
  });

  it('refuse what cannot be: no checkpoints, too few examples', async () => {
    const file = path.join(folder, 'small.yaml');
    const steps = await saddlescope(['overlap', file]);
    expect(steps.code).toBe(2);
    expect(steps.err).toMatch(/no two checkpoints/);
    const few = await saddlescope(['sampling', run, '--batches', '150']);
    expect(few.code).toBe(2);
    expect(few.err).toMatch(/cannot be split into 150 batches/);
  });
});
