import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The bundle that users run; the test runner has built it. */
export const bundle = path.resolve(import.meta.dirname, '..', '..', 'dist', 'cli', 'saddlescope.cjs');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export function start(args: readonly string[], cwd?: string): Running {
  const child = spawn(process.execPath, [bundle, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd ? { cwd } : {}),
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, out, err }));
  });
  return { child, ended };
}

/** Runs `saddlescope` to its end in a process of its own. */
export const saddlescope = (args: readonly string[], cwd?: string): Promise<Ended> => start(args, cwd).ended;

/** A new empty folder that the operating system forgets by itself. */
export const temporaryFolder = (): string => mkdtempSync(path.join(os.tmpdir(), 'saddlescope-test-'));
