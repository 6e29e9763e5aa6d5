import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SaddlesDocument } from '../../../core/experiment/result-documents.ts';
import { readJson } from '../../../core/formats/json-numbers.ts';
import { saddlescope, start, temporaryFolder } from '../../support/command-line.ts';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => path.join(folder, name);
const linear = at('linear.yaml');
const statistics = at('statistics.yaml');

beforeAll(() => {
  writeFileSync(
    linear,
    `name: linear
seed: 1
model: { deepLinear: { hidden: 2, singularValues: [4, 3, 2, 1], initial: { scale: 0.001 } } }
optimizer: { gradientDescent: { learningRate: 0.02 } }
steps: 200
`,
  );
  writeFileSync(
    statistics,
    `name: statistics
seed: 3
data: { train: two-moons, subset: { first: 24 } }
model: { layers: [ { dense: { units: 2, activation: tanh } }, { batchNormalization: {} }, { dense: { units: 2 } } ] }
loss: softmaxCrossEntropy
optimizer: { gradientDescent: { learningRate: 0.2 } }
steps: 20
`,
  );
});

async function document(...words: readonly string[]): Promise<{ found: SaddlesDocument; err: string }> {
  const { code, out, err } = await saddlescope(['saddles', ...words, '--json']);
  if (code !== 0 && code !== 3) throw new Error(`${code}: ${err}`);
  return { found: readJson(out) as SaddlesDocument, err };
}

const plain = ({ points }: SaddlesDocument) => points.map(({ stats: _, ...point }) => point);

test('killed again and again, a search goes on to what it would have been', async () => {
  const state = at('killed.state');
  const words = [linear, '--finder', 'gradient-norm', '--from', 'random', '--starts', '60'];
  const judged = () => (existsSync(state) ? readFileSync(state, 'utf8').split('\n').length - 2 : 0);
  let last = 0;
  for (let kill = 0; kill < 3; kill++) {
    const run = start(['saddles', ...words, '--state', state, '--json']);
    await expect.poll(judged, { timeout: 30_000, interval: 5 }).toBeGreaterThan(last + 3);
    run.child.kill('SIGKILL');
    await run.ended;
    last = judged();
  }
  expect(last).toBeLessThan(60);
  const again = await document(...words, '--state', state);
  expect(again.err).toMatch(/Goes on with a search of which \d+ points are judged/);
  expect(plain(again.found)).toEqual(plain((await document(...words)).found));
  expect(existsSync(state)).toBe(false);
});

test('tensors in float64: one thread and two find the same, bit for bit', async () => {
  const words = [statistics, '--precision', 'float64', '--starts', '4', '--iterations', '3', '--from', 'trajectory'];
  const [one, two] = [await document(...words, '--threads', '1'), await document(...words, '--threads', '2')];
  expect(one.found.precision).toBe('float64');
  expect(one.found.points).toHaveLength(4);
  expect(plain(two.found)).toEqual(plain(one.found));
});

test('other measures on the same state begin anew, and say so', async () => {
  const state = at('measures.state');
  const words = [linear, '--from', 'random', '--starts', '400', '--state', state];
  const run = start(['saddles', ...words, '--json']);
  await expect
    .poll(() => existsSync(state) && readFileSync(state, 'utf8').split('\n').length > 5, {
      timeout: 30_000,
      interval: 5,
    })
    .toBe(true);
  run.child.kill('SIGKILL');
  await run.ended;
  const other = await document(...words, '--tolerance', '1e-14', '--starts', '5');
  expect(other.err).toContain('of another search');
  expect(other.found.points.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4]);
});
