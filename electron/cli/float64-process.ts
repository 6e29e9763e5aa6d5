import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import type { StopRequest } from './stop-signals.ts';

/**
 * Runs the same command again in a process whose `Float32Array` is `Float64Array` from its first instruction on, in which
 * the tensor library computes in double precision. Its output, exit code and signals are this process's.
 */
export function runInFloat64Process(words: readonly string[], stop: StopRequest): Promise<number> {
  // A second interrupt must end the child, and this process only with it.
  stop.release();
  const bundle = process.argv[1] ?? '';
  const preload = path.join(path.dirname(bundle), 'float64-preload.cjs');
  const child = spawn(process.execPath, ['--require', preload, bundle, ...words], {
    // The channel ends with this process, however it ends: then the child stops too.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGTERM', forward);
  if (process.platform !== 'win32') process.on('SIGHUP', forward);
  // A terminal sends its interrupt to the whole group: the child has it already.
  process.on('SIGINT', (signal) => process.stdin.isTTY || forward(signal));
  if (process.platform !== 'win32') process.on('SIGUSR1', forward);
  if (stop.signal !== null) forward(stop.signal);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? os.constants.signals[signal] : 0)));
  });
}
