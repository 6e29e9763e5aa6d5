import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { saddlescope, temporaryFolder } from '../../support/command-line.ts';

const folder = temporaryFolder();
const experiment = path.resolve(import.meta.dirname, '..', '..', '..', 'assets', 'experiments', 'deep-linear.yaml');
const run = path.join(folder, 'saddle-free');

const lossesOf = (of: string): number[] =>
  readFileSync(path.join(of, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { record: string; loss: number })
    .filter(({ record }) => record === 'step')
    .map(({ loss }) => loss);

async function trained(...words: string[]) {
  const ended = await saddlescope(['train', ...words]);
  expect(ended.code, ended.err).toBe(0);
}

beforeAll(() => trained(experiment, '--set', 'optimizer={saddleFreeNewton: {}}', '--set', 'steps=45', '--out', run));

test('saddle-free Newton passes the saddles of the linear network that descent waits at', () => {
  const losses = lossesOf(run);
  expect(losses[0]).toBeCloseTo(15, 6);
  expect(Math.abs(losses.at(-1)! - 2.5)).toBeLessThan(1e-6);
});

test('a branch of it with Newton stays at the saddle where it begins', async () => {
  const branch = path.join(folder, 'newton');
  const settings = ['--set', 'optimizer={newton: {}}', '--set', 'steps=15'];
  await trained(run, '--at', '0', '--out', branch, ...settings);
  const losses = lossesOf(branch);
  expect(losses.at(-1)).toBeCloseTo(15, 12);
});

test('a line along its next update goes down', async () => {
  const words = ['slice', run, '--at', '5', '--line', 'update', '--extent', '1', '--json'];
  const { code, out, err } = await saddlescope(words);
  expect(code, err).toBe(0);
  const slice = JSON.parse(out);
  const values: number[] = slice.fields[0].values;
  const centre = slice.axes[0].findIndex((at: number) => Math.abs(at) < 1e-12);
  expect(values[centre + 1]).toBeLessThan(values[centre]!);
  expect(values[centre]).toBeLessThan(values[centre - 1]!);
});

test('the command names both with their settings', async () => {
  const { out } = await saddlescope(['train', '--help']);
  expect(out).toMatch(/newton +θ ← θ − η \(H \+ μI\)⁺ ∇L\(θ\)/);
  expect(out).toMatch(/saddleFreeNewton.*\n *settings: .*damping, dampingRule, krylov/);
});
