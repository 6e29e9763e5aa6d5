import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { BadInput } from '../../../../core/bad-input.ts';
import { temporaryFolder } from '../../../support/command-line.ts';
import { expectSameBytes, sliced, stoppedSlices } from '../../../support/stopped-slice.ts';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true }));
const engines = [
  ['closed form', ['precision=float64']],
  ['wasm', ['engine=wasm']],
] as const;

describe.each(engines)('stopped and taken up again, in %s', (_engine, settings) => {
  test.each(stoppedSlices)('%s has the same bytes', async (_what, parameters) => {
    await expectSameBytes(folder, settings, parameters);
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
  await expectSameBytes(folder, [], { grid: '5x4', statistics, quantity: 'error,gradient_norm' }, normalised);
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
