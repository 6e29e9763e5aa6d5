import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { saddlescope, temporaryFolder } from '../../support/command-line.ts';

const root = path.resolve(import.meta.dirname, '..', '..', '..');
const experiment = (name: string) => path.join(root, 'assets', 'experiments', `${name}.yaml`);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('the launcher', () => {
  const launcher = path.join(root, 'electron', 'cli', 'saddlescope.mjs');
  const launch = (words: readonly string[]): { child: ChildProcess; code: Promise<number>; err: () => string } => {
    const child = spawn(process.execPath, [launcher, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
    let err = '';
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    const answer = (code: number | null, signal: NodeJS.Signals | null) => code ?? 128 + constants.signals[signal!];
    const code = new Promise<number>((resolve) => child.on('close', (...end) => resolve(answer(...end))));
    return { child, code, err: () => err };
  };

  test.each([
    [['version'], 0],
    [['trian'], 2],
    [['spectrum', experiment('chebyshev'), '--max-products', '3'], 3],
  ])('passes on the exit code of %j: %d', async (words, code) => {
    expect(await launch(words).code).toBe(code);
  });

  test('passes a signal to the command and its answer back', async () => {
    const { child, code, err } = launch(['slice', experiment('digits-mlp'), '--grid', '1001']);
    while (!err().includes('losses')) await pause(20);
    child.kill('SIGTERM');
    expect(await code).toBe(3);
    expect(err()).toContain('Stopped by SIGTERM');
  });

  test('killed with -9 leaves no process that goes on writing, in float64 neither', async () => {
    for (const [name, settings] of [
      ['digits-mlp', []],
      [
        'digits-cnn',
        [
          ...['--precision', 'float64', '--set', 'data.subset={first: 20}', '--set', 'optimizer.adam.batchSize=20'],
          // Probes and the test set in JavaScript take half a minute before the first checkpoint.
          ...['data.test=null', 'probes.every.sharpness=0', 'probes.every.density=0'].flatMap((one) => ['--set', one]),
        ],
      ],
    ] as const) {
      const run = path.join(temporaryFolder(), name);
      const { child, code } = launch(['train', experiment(name), '--out', run, '--set', 'steps=100000', ...settings]);
      const begun = path.join(run, 'checkpoints', 'step-0.safetensors');
      while (!existsSync(begun) && child.exitCode === null) await pause(20);
      child.kill('SIGKILL');
      expect(await code).toBe(137);
      await pause(1500);
      const again = await saddlescope(['train', run, '--resume', '--set', 'steps=0']);
      // The writer is gone: what is refused is the number of steps, or nothing; never a rival.
      expect(again.err).not.toMatch(/is writing/);
    }
  });

  test('answers like a shell for a command that a signal ended', async () => {
    const { child, code } = launch(['doctor']);
    await pause(700);
    child.kill('SIGTERM');
    expect(await code).toBe(143);
  });
});
