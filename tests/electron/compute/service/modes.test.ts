import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { saddlescope, temporaryFolder } from '../../../support/command-line.ts';
import { serviceForTests } from '../../../support/compute-service.ts';

const folder = temporaryFolder();
const at = (name: string) => path.join(folder, name);
const bundled = path.resolve(import.meta.dirname, '../../../../assets/experiments/deep-linear.yaml');

const { service, connected } = serviceForTests();
afterAll(() => service.close());
const page = connected();
service.grant('run', at('run'));

beforeAll(async () => {
  const settings = ['--set', 'steps=200', '--set', 'probes.budget=0', '--set', 'model.deepLinear.initial.scale=0.05'];
  const { code, err } = await saddlescope(['train', bundled, '--out', at('run'), ...settings]);
  expect(code, err).toBe(0);
});

test('modes come with lists of numbers, are kept, and are there when the run is opened again', async () => {
  const source = { run: 'run', step: null };
  const { value, status } = await page.ask('modes', { source, parameters: {}, keep: true }).outcome;
  expect([status, value.kept, value.form]).toEqual(['converged', null, 'unbalanced']);
  expect(value.steps).toBeInstanceOf(Float64Array);
  const early = await page.ask('modes', { source: { run: 'run', step: 100 }, parameters: {}, keep: true }).outcome;
  expect(early.value.steps.at(-1)).toBe(100);
  const { value: stored } = await page.ask('storedResults', { run: 'run' }).outcome;
  expect(stored.modes.map(({ step }) => step)).toEqual([100, 200]);
  const { kept: _, ...document } = value;
  expect(stored.modes[1]).toEqual(document);
});

test('a stored document with parts that do not go together is left out', async () => {
  const file = at('run/results/modes-step-100.json');
  const document = JSON.parse(readFileSync(file, 'utf8'));
  document.modes[0].strengths.pop();
  writeFileSync(file, JSON.stringify(document));
  const { value } = await page.ask('storedResults', { run: 'run' }).outcome;
  expect(value.modes.map(({ step }) => step)).toEqual([200]);
});
