import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BadInput } from '../../../core/bad-input.ts';
import { lockRun } from '../../../electron/host/run-lock.ts';
import { temporaryFolder } from '../../support/command-line.ts';

const bundled = temporaryFolder();
beforeAll(async () => {
  await build({
    root: path.resolve(import.meta.dirname, '..', '..', '..'),
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir: bundled,
      emptyOutDir: false,
      rollupOptions: {
        input: { lock: 'electron/host/run-lock.ts' },
        output: { format: 'cjs', entryFileNames: 'lock.cjs' },
      },
    },
  });
});

/** Takes the lock, says `held` or `refused …`, and keeps it until it is ended or `keepMs` have passed. */
const program = (folder: string, keepMs: number) => `
  require(${JSON.stringify(path.join(bundled, 'lock.cjs'))}).lockRun(${JSON.stringify(folder)}).then(
    (lock) => { console.log('held'); setTimeout(() => { lock.release(); console.log('released'); }, ${keepMs}); },
    (problem) => console.log('refused ' + problem.message),
  );`;

const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** A process that asks for the lock, and its first word. */
function contender(folder: string, keepMs = 60_000): { child: ChildProcess; said: Promise<string> } {
  const child = spawn(process.execPath, ['-e', program(folder, keepMs)], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const said = new Promise<string>((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk).trim())));
  return { child, said };
}

const ended = (child: ChildProcess) =>
  child.exitCode === null && child.signalCode === null
    ? new Promise((resolve) => child.once('exit', resolve))
    : Promise.resolve();

const lockFile = (folder: string) => path.join(folder, 'run.lock');
const refusal = async (folder: string): Promise<BadInput> => {
  const problem = await lockRun(folder).catch((reason: unknown) => reason);
  expect(problem).toBeInstanceOf(BadInput);
  return problem as BadInput;
};
const taken = async (folder: string) => {
  const lock = await lockRun(folder);
  expect(JSON.parse(readFileSync(lockFile(folder), 'utf8')).pid).toBe(process.pid);
  lock.release();
  expect(readdirSync(folder)).toEqual([]);
};
/** A lock file of somebody, last touched so many seconds ago. */
const foreign = (folder: string, content: object | string, secondsAgo: number) => {
  writeFileSync(lockFile(folder), typeof content === 'string' ? content : JSON.stringify(content));
  const then = Date.now() / 1000 - secondsAgo;
  utimesSync(lockFile(folder), then, then);
};

describe('the lock of a run folder', () => {
  test('is refused while another process holds it, and to be had when that is killed', async () => {
    const folder = temporaryFolder();
    const { child, said } = contender(folder);
    expect(await said).toBe('held');
    const { found, advice } = await refusal(folder);
    expect(found).toBe(`Process ${child.pid} is writing the run in ${folder}.`);
    expect(advice).toContain(`kill ${child.pid}`);
    child.kill('SIGSTOP');
    await refusal(folder);
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    await ended(child);
    expect(existsSync(lockFile(folder))).toBe(true);
    await taken(folder);
  });

  test('is to be had when its holder has released it', async () => {
    const folder = temporaryFolder();
    const { child, said } = contender(folder, 10);
    expect(await said).toBe('held');
    await ended(child);
    await taken(folder);
  });

  test('this process is refused its own', async () => {
    const folder = temporaryFolder();
    const lock = await lockRun(folder);
    expect((await refusal(folder)).found).toContain(`Process ${process.pid} is writing`);
    lock.release();
    lock.release();
    await taken(folder);
  });

  test('of many processes that find a left-over lock one alone takes it', async () => {
    for (let round = 0; round < 3; round++) {
      const folder = temporaryFolder();
      const { child, said } = contender(folder);
      expect(await said).toBe('held');
      child.kill('SIGKILL');
      await ended(child);
      const rivals = Array.from({ length: 8 }, () => contender(folder));
      const answers = await Promise.all(rivals.map((rival) => rival.said));
      const winners = rivals.filter((_, i) => answers[i] === 'held');
      expect(winners).toHaveLength(1);
      for (const answer of answers.filter((text) => text !== 'held'))
        expect(answer).toContain(`Process ${winners[0]?.child.pid} is writing`);
      expect(readdirSync(folder)).toEqual(['run.lock']);
      for (const rival of rivals) rival.child.kill('SIGKILL');
    }
  });

  test('is released by its holder alone', async () => {
    const folder = temporaryFolder();
    const lock = await lockRun(folder);
    const other = { pid: 1, host: os.hostname(), began: null, token: 'other' };
    foreign(folder, other, 0);
    lock.release();
    expect(JSON.parse(readFileSync(lockFile(folder), 'utf8'))).toEqual(other);
  });
});

describe('a lock that is left over', () => {
  const here = os.hostname();
  test.runIf(process.platform === 'linux')('the number of its process belongs to another process now', async () => {
    const folder = temporaryFolder();
    foreign(folder, { pid: process.pid, host: here, began: '1', token: 'x' }, 5);
    await taken(folder);
  });

  test('it was last touched before this machine started', async () => {
    const folder = temporaryFolder();
    foreign(folder, { pid: process.pid, host: here, began: null, token: 'x' }, os.uptime() + 60);
    await taken(folder);
  });

  test('of another machine: after two silent minutes, not before', async () => {
    const folder = temporaryFolder();
    const holder = { pid: 77, host: 'another-machine', began: '1', token: 'x' };
    foreign(folder, holder, 60);
    expect((await refusal(folder)).found).toContain('Process 77 on another-machine is writing');
    foreign(folder, holder, 130);
    await taken(folder);
  });

  test.each(['', 'no json', '{}', '{"pid":-1,"token":"x"}'])('its writer was killed in it: %j', async (content) => {
    const folder = temporaryFolder();
    foreign(folder, content, 5);
    await taken(folder);
  });

  test('a lock that is being written is waited for', async () => {
    const folder = temporaryFolder();
    foreign(folder, '', 0);
    const holder = { pid: process.pid, host: here, began: null, token: 'x' };
    setTimeout(() => foreign(folder, holder, 0), 150);
    expect((await refusal(folder)).found).toContain(`Process ${process.pid} is writing`);
  });
});
