import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../../core/bad-input.ts';
import { folderBytes } from './folder-bytes.ts';

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  onBytes?(done: number, total: number, requirement: string): void;
}

/** pip as a program with its first words. */
type Pip = readonly [program: string, ...words: string[]];

/** Which of the platforms a wheel is for differs between versions; all of these run on any Linux of the last years. */
const platforms = ['manylinux2014_x86_64', 'manylinux_2_17_x86_64', 'manylinux_2_27_x86_64', 'manylinux1_x86_64'];
/** The interpreter's version matters to the C libraries in no way: naming one lets pip of any Python fetch the wheel. */
const python = '3.11';

/** The pip of this machine: of $PYTHON, of Python 3, or by itself. Throws BadInput where there is none. */
export function findPip(environment: NodeJS.ProcessEnv = process.env): Pip {
  const { PYTHON: given } = environment;
  const pythons = given ? [given] : ['python3', 'python'];
  const candidates: Pip[] = [...pythons.map((program): Pip => [program, '-m', 'pip']), ['pip3'], ['pip']];
  const found = candidates.find(
    ([program, ...words]) =>
      spawnSync(program, [...words, '--version'], { stdio: 'ignore', env: environment, timeout: 30_000 }).status === 0,
  );
  if (found) return found;
  throw new BadInput(
    'pip was not found, which fetches TensorFlow.',
    'Install it (sudo apt-get install -y python3-pip), or give a wheel that is already here with --wheel FILE.',
  );
}

const unitBytes: Readonly<Record<string, number>> = { kB: 1e3, MB: 1e6, GB: 1e9 };

/** pip says `Downloading NAME (207.2 MB)`; null before that. */
function announcedBytes(output: string): number | null {
  const [, size, unit = ''] = /Downloading .*\(([\d.]+) (kB|MB|GB)\)/.exec(output) ?? [];
  return size === undefined ? null : Number(size) * (unitBytes[unit] ?? 1);
}

/** pip and what it started get the signal; where they do not end by it, they are ended. */
function endGroup({ pid }: ChildProcess): void {
  const send = (signal: NodeJS.Signals) => {
    try {
      if (pid !== undefined) process.kill(-pid, signal);
    } catch {
      // It has ended.
    }
  };
  send('SIGTERM');
  setTimeout(() => send('SIGKILL'), 2000).unref();
}

interface PipEnd {
  readonly code: number | null;
  readonly errors: string;
}

function runPip(
  [program, ...words]: Pip,
  args: readonly string[],
  temporary: string,
  { signal, onBytes }: DownloadOptions,
): Promise<PipEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...words, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: pip may be a script that starts another program.
      detached: true,
      // What pip unpacks on the way lies on the disk whose space was looked at.
      env: {
        ...process.env,
        TMPDIR: temporary,
        PYTHONUNBUFFERED: '1',
        PIP_DISABLE_PIP_VERSION_CHECK: '1',
        PIP_NO_INPUT: '1',
      },
    });
    let [output, errors] = ['', ''];
    child.stdout.on('data', (text) => {
      output += text;
    });
    child.stderr.on('data', (text) => {
      errors += text;
    });
    const timer = setInterval(async () => {
      const total = announcedBytes(output);
      if (total === null) return;
      const bytes = await folderBytes(temporary);
      if (child.exitCode === null && child.signalCode === null)
        onBytes?.(Math.min(total, bytes), total, args.at(-1) ?? '');
    }, 200);
    const onAbort = () => endGroup(child);
    signal?.addEventListener('abort', onAbort, { once: true });
    const finish = () => {
      clearInterval(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    child.once('error', (problem) => {
      finish();
      reject(problem);
    });
    child.once('close', (code) => {
      finish();
      resolve({ code, errors });
    });
    if (signal?.aborted) onAbort();
  });
}

/** pip's last word on what went wrong, without addresses; those stand in its other lines. */
const lastLine = (errors: string): string =>
  errors
    .split(/\r?\n|\r/)
    .map((line) => line.replace(/^ERROR: */, '').trim())
    .filter((line) => line !== '' && !line.startsWith('[notice]'))
    .at(-1)
    ?.replace(/\.$/, '') ?? 'it said nothing';

/**
 * Fetches the wheel of a package for Linux x86-64 into a folder with pip, and answers its path. Throws BadInput where pip
 * is missing or fails; an aborted `signal` ends pip, and `signal.reason` is thrown.
 */
export async function downloadWheel(
  requirement: string,
  folder: string,
  options: DownloadOptions = {},
): Promise<string> {
  const pip = findPip();
  const temporary = path.join(folder, 'pip');
  await fs.mkdir(temporary, { recursive: true });
  const target = await fs.mkdtemp(path.join(folder, 'wheel-'));
  const args = [
    ...['download', '--no-deps', '--only-binary=:all:', '--no-cache-dir', '--progress-bar', 'off', '--retries', '2'],
    ...platforms.flatMap((platform) => ['--platform', platform]),
    ...['--implementation', 'cp', '--python-version', python, '--dest', target, requirement],
  ];
  const { code, errors } = await runPip(pip, args, temporary, options);
  options.signal?.throwIfAborted();
  const name = (await fs.readdir(target)).find((one) => one.endsWith('.whl'));
  await fs.rm(temporary, { recursive: true, force: true });
  if (code === 0 && name !== undefined) return path.join(target, name);
  const isFull = /No space left on device|Disk quota exceeded/.test(errors);
  throw new BadInput(
    `pip could not fetch ${requirement.replace('==', ' ')}: ${lastLine(errors)}.`,
    isFull
      ? 'Make room on the disk and start again.'
      : 'Mend the connection and start again, or give a wheel that is already here with --wheel FILE.',
  );
}
