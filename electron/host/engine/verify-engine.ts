import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Verification } from './check-operations.ts';
import { EngineFault } from './engine-fault.ts';

/** What the checking process writes to its standard output, as one line of JSON. */
export type VerificationReport =
  | { readonly verified: Verification }
  | { readonly fault: { readonly stage: 'addon' | 'library'; readonly message: string } };

/** The bundled command line, from any bundle as from the sources. */
function commandLineProgram(): string {
  for (let folder = path.dirname(fileURLToPath(import.meta.url)); ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'dist', 'cli', 'saddlescope.cjs');
    if (existsSync(candidate)) return candidate;
    if (path.dirname(folder) === folder) throw new Error('The command line is not where it was installed.');
  }
}

const longestMs = 300_000;

/** The last line of TensorFlow's own words, without its time and place. */
const lastWords = (errors: string): string =>
  errors
    .split('\n')
    .map((line) => line.replace(/^\d{4}-\d\d-\d\d [\d:.]+: /, '').trim())
    .filter((line) => line !== '')
    .at(-1)
    ?.slice(0, 300) ?? '';

function outcome(output: string, errors: string, code: number | null, signal: NodeJS.Signals | null): Verification {
  const line = output.trim().split('\n').at(-1) ?? '';
  let report: VerificationReport | null = null;
  try {
    report = JSON.parse(line) as VerificationReport;
  } catch {
    // It ended before it could say anything.
  }
  if (report !== null && 'fault' in report) throw new EngineFault(report.fault.stage, report.fault.message);
  if (report !== null && code === 0) return report.verified;
  const how = signal === null ? `code ${code}` : `${signal} (${os.constants.signals[signal]})`;
  const words = lastWords(errors);
  throw new EngineFault('library', `the process that checked it ended with ${how}${words ? `: ${words}` : ''}`);
}

function ended(child: ChildProcess, signal: AbortSignal | undefined): Promise<Verification> {
  let [output, errors] = ['', ''];
  child.stdout?.on('data', (text) => {
    output += text;
  });
  child.stderr?.on('data', (text) => {
    errors = (errors + text).slice(-65_536);
  });
  const stop = () => child.kill('SIGKILL');
  const timer = setTimeout(stop, longestMs);
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  return new Promise((resolve, reject) => {
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    };
    child.once('error', (problem) => {
      finish();
      reject(problem);
    });
    child.once('close', (code, end) => {
      finish();
      try {
        signal?.throwIfAborted();
        resolve(outcome(output, errors, code, end));
      } catch (problem) {
        reject(problem);
      }
    });
  });
}

/**
 * Loads the engine in a folder in a process of its own, which a crash of the library ends and nothing else, and compares
 * its operations with plain sums. Throws EngineFault where it does not pass.
 */
export function verifyEngine(
  folder: string,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<Verification> {
  const child = spawn(process.execPath, [commandLineProgram(), 'engine', 'probe', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // In the window's processes the executable is Electron, which is to be Node here.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NVIDIA_TF32_OVERRIDE: '0', TF_CPP_MIN_LOG_LEVEL: '2' },
  });
  return ended(child, signal);
}
