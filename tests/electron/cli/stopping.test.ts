import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { stopOnSignals } from '../../../electron/cli/stop-signals.ts';
import { bundle, type Running, saddlescope, start, temporaryFolder } from '../../support/command-line.ts';

const folder = temporaryFolder();
const root = path.resolve(import.meta.dirname, '..', '..', '..');
const experiment = (name: string) => path.join(root, 'assets', 'experiments', `${name}.yaml`);
const small = [
  ...['--set', 'steps=100', '--set', 'data.subset.first=100', '--set', 'data.test=null'],
  ...['--set', 'probes.every.density=50', '--set', 'probes.every.sharpness=0'],
];
const files = (run: string, inside: string) => readdirSync(path.join(run, inside));

/** When the text has come on standard error. */
const said = ({ child }: Running, text: RegExp): Promise<void> =>
  new Promise((resolve) => {
    let seen = '';
    child.stderr?.on('data', (chunk) => {
      seen += chunk;
      if (text.test(seen)) resolve();
    });
  });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(['SIGINT', 'SIGTERM'] as const)('%s during an analysis', (signal) => {
  test.each([
    ['spectrum', ['--top', '200', '--density', '--density-probes', '1000'], /products/],
    ['slice', ['--grid', '1001'], /losses/],
  ])(
    'ends %s soon with what was finished, answers 3, and says that nothing is stored',
    async (command, words, begun) => {
      const running = start([command, experiment('digits-mlp'), ...words]);
      await said(running, begun);
      await pause(300);
      const asked = performance.now();
      running.child.kill(signal);
      const { code, out, err } = await running.ended;
      // By itself some 100 ms; the other tests share the machine.
      expect(performance.now() - asked).toBeLessThan(1500);
      expect(code).toBe(3);
      expect(err).toContain(`Stopped by ${signal}: what was finished is shown, and nothing is stored.`);
      expect(out).toMatch(/^cancelled: /m);
    },
  );
});

test('a stopped slice does not replace the file of --out', async () => {
  const out = path.join(folder, 'plane.json');
  writeFileSync(out, 'precious');
  const running = start(['slice', experiment('digits-mlp'), '--grid', '1001', '--out', out]);
  await said(running, /losses/);
  running.child.kill('SIGTERM');
  expect((await running.ended).code).toBe(3);
  expect(readFileSync(out, 'utf8')).toBe('precious');
});

describe('the start-up experiment', () => {
  test('stopped while it trains answers 75 and reports what is there', async () => {
    const run = path.join(folder, 'interrupted');
    const long = small.map((word) => word.replace('steps=100', 'steps=100000'));
    const running = start(['first-light', '--out', run, ...long]);
    await said(running, /steps/);
    await pause(500);
    running.child.kill('SIGTERM');
    const { code, out, err } = await running.ended;
    expect(code).toBe(75);
    expect(err).toMatch(/Stopped at step \d+/);
    expect(out).toBe(`\nrun     ${run}\nreport  ${path.join(run, 'report.html')}\n`);
    expect(existsSync(path.join(run, 'report.html'))).toBe(true);
  });

  test('is ended at once by a second interrupt, with 130', async () => {
    const running = start(['first-light', '--out', path.join(folder, 'twice'), '--set', 'data.subset.first=100']);
    await said(running, /steps/);
    // Long enough that there is something to draw: the report is what the second interrupt cuts.
    await pause(1500);
    const presses = setInterval(() => running.child.kill('SIGINT'), 120);
    const { code, out } = await running.ended;
    clearInterval(presses);
    expect(code).toBe(130);
    expect(out).toBe('');
  });

  test('stopped while it measures leaves out the rest, answers 3, and reports what is there', async () => {
    const run = path.join(folder, 'measured');
    const running = start(['first-light', '--out', run, ...small]);
    await said(running, /The curvature at the end/);
    running.child.kill('SIGTERM');
    const { code, out, err } = await running.ended;
    expect(code).toBe(3);
    expect(err).toContain('Stopped by SIGTERM');
    expect(err).not.toContain('The loss on the random plane');
    expect(out).toContain(`report  ${path.join(run, 'report.html')}\n`);
    expect(files(run, 'results')).not.toContain('slice-random-float32-step-100.json');
  });
});

describe('training', () => {
  test('goes on to its end and answers 0 when nobody reads its output any more', async () => {
    const run = path.join(folder, 'unread');
    const { child, ended } = start(['train', experiment('first-light'), '--out', run, ...small]);
    child.stderr?.once('data', () => child.stderr?.destroy());
    child.stdout?.destroy();
    expect((await ended).code).toBe(0);
    expect(files(run, 'checkpoints')).toContain('step-100.safetensors');
  });

  test('that is told to stop before the experiment is opened stops at step 0 and can be resumed', async () => {
    const run = path.join(folder, 'early');
    const preload = path.join(folder, 'at-once.cjs');
    writeFileSync(
      preload,
      `process.on('newListener', (name) => {
        if (name === 'SIGTERM') process.nextTick(() => process.kill(process.pid, 'SIGTERM'));
      });`,
    );
    const words = ['train', experiment('first-light'), '--out', run, ...small];
    const child = spawn(process.execPath, ['--require', preload, bundle, ...words], { stdio: 'ignore' });
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(75);
    expect(files(run, 'checkpoints')).not.toContain('step-100.safetensors');
    expect((await saddlescope(['train', run, '--resume'])).code).toBe(0);
    expect(files(run, 'checkpoints')).toContain('step-100.safetensors');
  });
});

test('interrupts of one keypress, delivered twice, count once; a later one ends the process at once', async () => {
  let ends = 0;
  let stops = 0;
  const request = stopOnSignals(() => ends++);
  const removeListener = request.onStop(() => stops++);
  expect(request.aborted).toBe(false);
  request.interrupt();
  request.interrupt();
  expect([request.aborted, request.signal, stops, ends]).toEqual([true, 'SIGINT', 1, 0]);
  request.onStop(() => stops++);
  expect(stops).toBe(2);
  await pause(130);
  request.interrupt();
  expect([stops, ends]).toEqual([2, 1]);
  removeListener();
  const before = process.listenerCount('SIGTERM');
  request.release();
  expect(process.listenerCount('SIGTERM')).toBe(before - 1);
});
