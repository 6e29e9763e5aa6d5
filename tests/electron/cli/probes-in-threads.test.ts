import path from 'node:path';
import { expect, test } from 'vitest';
import { saddlescope } from '../../support/command-line.ts';

const experiment = path.resolve(import.meta.dirname, '..', '..', '..', 'assets', 'experiments', 'digits-mlp.yaml');

test('--threads changes no number of a density', async () => {
  const density = async (threads: string) => {
    const settings = ['--precision', 'float64', '--set', 'data.subset.first=200', '--top', '2', '--max-products', '60'];
    const words = ['--density', '--density-probes', '3', '--density-steps', '15', ...settings];
    const { code, out } = await saddlescope(['spectrum', experiment, ...words, '--threads', threads, '--json']);
    expect(code).toBe(0);
    return JSON.parse(out).density;
  };
  const one = await density('1');
  expect(one.probes).toBe(3);
  expect(await density('2')).toStrictEqual(one);
});
