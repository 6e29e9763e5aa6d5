import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { BadInput } from '../../../../core/bad-input.ts';
import { writeNpz } from '../../../../core/formats/npz.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { temporaryFolder } from '../../../support/command-line.ts';
import { expectSameBytes, sliced, stoppedSlices } from '../../../support/stopped-slice.ts';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true }));

describe('stopped and taken up again, in closed form', () => {
  test.each(stoppedSlices)('%s has the same bytes', async (_what, parameters) => {
    await expectSameBytes(folder, ['precision=float64'], parameters);
  });
});

describe('stopped in the middle and taken up again, in wasm; the long suite stops at more places', () => {
  test.each(stoppedSlices)('%s has the same bytes', async (_what, parameters) => {
    await expectSameBytes(folder, ['engine=wasm'], parameters, { at: 'the middle' });
  });
});

const normalised = `name: normalised
seed: 3
data: { train: { bundled: spirals, examples: 45 } }
model:
  layers: [ { dense: { units: 4 } }, { batchNormalization: {} }, { activation: { activation: tanh } }, { dense: { units: 3 } } ]
loss: softmaxCrossEntropy
optimizer: { sgd: { learningRate: 0.1 } }
steps: 0
engine: wasm
`;

test.each(['frozen', 'recalibrated', 'batch'])('with statistics %s as well', async (statistics) => {
  const parameters = { grid: '4x3', statistics, quantity: 'error,gradient_norm' };
  await expectSameBytes(folder, [], parameters, { at: 'the middle', yaml: normalised });
});

describe('what lies where the state should', () => {
  const settings = ['precision=float64'];
  const parameters = { grid: '33x21' };
  const state = path.join(folder, 'x.state');
  const stopped = () => sliced({ settings, parameters, state, stopAfter: 2 });

  test.each([
    ['of another grid', { grid: '33x23' }, []],
    ['of another extent', { grid: '33x21', extent: '2' }, []],
    ['of other quantities', { grid: '33x21', quantity: 'error' }, []],
    ['of other weights', parameters, ['seed=4']],
    ['of another network', parameters, ['model.layers.0={dense: {units: 5}}']],
    ['of other examples', parameters, ['data.subset={first: 100}']],
    ['of another precision', parameters, ['precision=float32', 'engine=wasm']],
  ])('a state %s is told, and not gone on with', async (_what, others, changes) => {
    await stopped();
    const other = { settings: [...settings, ...changes], parameters: others, state };
    const found = await sliced(other);
    expect(found.notices).toEqual([expect.stringMatching(/x\.state is of another grid, and is written over/)]);
    expect(found.resumed).toBe(0);
    expect(found.npz).toEqual((await sliced({ ...other, state: null })).npz);
    expect(existsSync(state)).toBe(false);
  });

  test('a state of another number of threads is not gone on with: it has other last bits', async () => {
    await stopped();
    vi.stubEnv('SADDLESCOPE_THREADS', '2');
    const found = await sliced({ settings, parameters, state }).finally(() => vi.unstubAllEnvs());
    expect(found.notices).toEqual([expect.stringMatching(/is of another grid/)]);
    expect(found.resumed).toBe(0);
    // The control: of the same number it is.
    await stopped();
    expect((await sliced({ settings, parameters, state })).resumed).toBeGreaterThan(0);
  });

  test('nor one along a file of directions whose numbers are others by now', async () => {
    const file = path.join(folder, 'directions.npz');
    const dim = 32;
    const write = (seed: number) => {
      const one = (name: string) => randomFromSeed(seed).split(name).fill(new Float64Array(dim), 'normal');
      const arrays = ['d1', 'd2'].map((name) => [name, { shape: [dim], dtype: 'float64', data: one(name) }] as const);
      writeFileSync(file, writeNpz(new Map(arrays)));
    };
    const asked = { settings, parameters: { plane: 'file', file, grid: '33x21', extent: '1' }, state };
    write(1);
    const { kept } = await sliced({ ...asked, stopAfter: 2 });
    expect(kept).toBe(state);
    write(2);
    const found = await sliced(asked);
    expect(found.notices).toEqual([expect.stringMatching(/is of another grid/)]);
    expect(found.resumed).toBe(0);
    expect(found.npz).toEqual((await sliced({ ...asked, state: null })).npz);
  });

  test('what is no state is left alone where its name was given', async () => {
    await stopped();
    const whole = readFileSync(state);
    for (const bytes of [whole.subarray(0, 200), Buffer.from('a thesis'), Buffer.alloc(0)]) {
      writeFileSync(state, bytes);
      await expect(sliced({ settings, parameters, state })).rejects.toThrow(BadInput);
      expect(readFileSync(state)).toEqual(bytes);
    }
    rmSync(state);
    const nowhere = path.join(folder, 'nowhere', 'x.state');
    await expect(sliced({ settings, parameters, state: nowhere })).rejects.toThrow(/is no folder/);
  });

  test('a slice that was stopped before its first points keeps nothing', async () => {
    const asked = { settings, parameters: { plane: 'eigen', grid: '5' }, state };
    const { kept } = await sliced({ ...asked, stopAfter: 0 });
    expect(kept).toBeNull();
    expect(existsSync(state)).toBe(false);
  });
});
