import { execFileSync } from 'node:child_process';
import path from 'node:path';

/** A Python that has h5py: the first on the path, else the system's own (where Debian's python3-h5py installs). */
function pythonWithH5py(): string | null {
  for (const python of ['python3', '/usr/bin/python3']) {
    try {
      execFileSync(python, ['-c', 'import h5py'], { stdio: 'ignore' });
      return python;
    } catch {
      // Not this one; the skipped title says so when none is left.
    }
  }
  return null;
}

export const python = pythonWithH5py();
export const why = python === null ? ' (skipped: python3 has no h5py here; install python3-h5py)' : '';

const script = (name: string) => path.join(import.meta.dirname, name);

/** What the functions of tool.py answer, one process for all requests. */
export function askTool<T extends unknown[]>(...requests: readonly (Record<string, unknown> & { do: string })[]): T {
  const text = execFileSync(python!, [script('tool.py')], {
    input: JSON.stringify(requests),
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  // Python writes numbers that JSON has not.
  return JSON.parse(text.replace(/(?<=[[ ])(-?Infinity|NaN)(?=[\],])/g, '"$1"')) as T;
}

export const writeHostileFiles = (folder: string): void =>
  void execFileSync(python!, [script('hostile.py'), folder], { stdio: ['ignore', 'ignore', 'inherit'] });
