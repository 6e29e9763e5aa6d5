// @vitest-environment jsdom
import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { start as startCommand } from '../../support/command-line.ts';
import { createApp, until } from './app-in-memory.ts';
import { endless, smallYaml } from './small-experiment.ts';

const app = createApp();
const { runSpectrum } = await import('../../../renderer/actions/analysis-actions.ts');
const { openGranted } = await import('../../../renderer/actions/file-actions.ts');
const { closeRun, openRun, startRun } = await import('../../../renderer/actions/run-actions.ts');
const { startSession } = await import('../../../renderer/actions/session-actions.ts');
const { copyNumbers } = await import('../../../renderer/panels/inspector/copy-numbers.ts');
const { useResults } = await import('../../../renderer/state/results.ts');
const { chooseRun, currentRun, runOf } = await import('../../../renderer/state/runs.ts');
const { useSession } = await import('../../../renderer/state/session.ts');
const { setCursor } = await import('../../../renderer/state/time.ts');

beforeAll(async () => {
  app.store({ settings: { landscape: { follow: false } } });
  await startSession();
  await until(() => useSession.getState().compute.state === 'ready');
});

afterAll(() => app.close());

const stepsOf = (id: string) => {
  const { data, length } = runOf(id)!.series.updates;
  return Array.from(data.step.subarray(0, length));
};
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);
const spectraOf = (id: string) => useResults.getState().spectra[id] ?? [];

describe('a run that was trained here', () => {
  let id: string;
  beforeAll(async () => {
    id = await startRun({ yaml: smallYaml({}), file: null }, 'small');
    await until(() => runOf(id)?.state === 'finished');
    for (const step of [20, 40, 60]) runSpectrum(id, step, { top: 2, ...(step === 40 ? { density: true } : {}) });
    await until(() => spectraOf(id).length === 3, 30_000);
  });

  test('has the spectra of all its steps when it is opened again', async () => {
    const before = spectraOf(id);
    const { file } = runOf(id)!;
    await closeRun(id);
    expect(spectraOf(id)).toEqual([]);
    await openGranted(file);
    expect(currentRun()?.id).toBe(id);
    expect(spectraOf(id).map(({ step }) => step)).toEqual([20, 40, 60]);
    expect(spectraOf(id).map(({ eigenvalues }) => eigenvalues.map(({ value }) => value))).toEqual(
      before.map(({ eigenvalues }) => eigenvalues.map(({ value }) => value)),
    );
    expect(spectraOf(id)[1]?.density?.y).toEqual(before[1]?.density?.y);
  });

  test('gives its numbers at the cursor to the clipboard, with their certificates and how it was made', async () => {
    setCursor(42);
    await copyNumbers(runOf(id)!);
    setCursor(null);
    const lines = (app.copied.at(-1) ?? '').split('\n').map((line) => line.split('\t'));
    const row = (name: string) => lines.find(([first]) => first === name);
    const [first] = spectraOf(id).find(({ step }) => step === 40)!.eigenvalues;
    expect(row('λ1')?.slice(1, 6)).toEqual([
      String(first!.value),
      String(first!.errorEstimate),
      'estimated error',
      'converged',
      '40',
    ]);
    expect(row('loss of the batch')?.at(-1)).toBe('42');
    expect(row('gradient norm')?.at(-1)).toBe('42');
    expect(row('Seed')).toEqual(['Seed', '3']);
    expect(useSession.getState().announcement).toBe('Copied the numbers of step 42 with their certificates.');
  });
});

test('a run that is trained here is chosen when its folder is opened, not told to run elsewhere', async () => {
  const long = await startRun({ yaml: smallYaml(endless), file: null }, 'long');
  const other = await startRun({ yaml: smallYaml({ seed: 5 }), file: null }, 'other');
  await until(() => runOf(long)?.state === 'running');
  chooseRun(other);
  await openGranted(runOf(long)!.file);
  expect(currentRun()).toMatchObject({ id: long, state: 'running' });
  await closeRun(long);
});

test('a folder that could not be opened is tried again', async () => {
  const link = path.join(app.folder, 'later');
  const file = app.grant(link, 'run');
  await openRun(file);
  expect(runOf(file.reference)?.state).toBe('failed');
  const { file: there } = await finishedRun();
  symlinkSync(there.shown, link);
  await openRun(file);
  expect(runOf(file.reference)).toMatchObject({ state: 'finished', step: 60, failure: null });
});

async function finishedRun() {
  const id = await startRun({ yaml: smallYaml({}), file: null }, 'there');
  await until(() => runOf(id)?.state === 'finished');
  return runOf(id)!;
}

test('what a command trains appears here while it does, and its end is told', async () => {
  const experiment = path.join(app.folder, 'watched.yaml');
  const folder = path.join(app.folder, 'watched');
  writeFileSync(experiment, smallYaml({ steps: 400_000, every: 20_000 }));
  const { child, ended } = startCommand(['train', experiment, '--out', folder]);
  const text = () => {
    try {
      return app.read({ shown: folder } as never, 'metrics.jsonl');
    } catch {
      return '';
    }
  };
  await until(() => text().split('\n').length > 2000, 20_000);
  const file = app.grant(folder, 'run');
  await openRun(file);
  const id = file.reference;
  const opened = runOf(id)!;
  expect(opened.state).toBe('elsewhere');
  await until(() => runOf(id)!.step > opened.step + 500, 10_000);
  const between = runOf(id)!.step;
  await until(() => runOf(id)!.step > between, 10_000);
  child.kill('SIGTERM');
  await ended;
  await until(() => runOf(id)?.state !== 'elsewhere', 10_000);
  const run = runOf(id)!;
  expect(run.state).toBe('stopped');
  expect(useSession.getState().announcement).toBe(`“watched” was stopped at step ${run.step}.`);
  // Of many updates the window keeps every other one, every fourth …: all at equal distances, none twice.
  const steps = stepsOf(id);
  const { stride } = run.series.updates;
  expect(steps).toEqual(upTo(steps.length).map((i) => i * stride));
  expect(run.step - (steps.at(-1) ?? 0)).toBeLessThanOrEqual(2 * stride);
  expect(run.checkpoints.at(-1)).toBe(20_000 * Math.floor(run.step / 20_000));
}, 60_000);
