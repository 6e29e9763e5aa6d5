import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..', '..', '..');
const experiment = (name: string) => path.join(root, 'assets', 'experiments', `${name}.yaml`);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('the launcher', () => {
  const launcher = path.join(root, 'electron', 'cli', 'saddlescope.mjs');
  const launch = (
    words: readonly string[],
  ): { child: ChildProcess; code: Promise<number | null>; err: () => string } => {
    const child = spawn(process.execPath, [launcher, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
    let err = '';
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    return { child, code: new Promise((resolve) => child.on('close', resolve)), err: () => err };
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

  test('answers like a shell for a command that a signal ended', async () => {
    const { child, code } = launch(['doctor']);
    await pause(700);
    child.kill('SIGTERM');
    expect(await code).toBe(143);
  });
});
