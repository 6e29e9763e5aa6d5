import { execFileSync } from 'node:child_process';
import path from 'node:path';

/** A Python that has NumPy: the first on the path, else the system's own (where Debian's python3-numpy installs). */
function pythonWithNumpy(): string | null {
  for (const python of ['python3', '/usr/bin/python3']) {
    try {
      execFileSync(python, ['-c', 'import numpy'], { stdio: 'ignore' });
      return python;
    } catch {
      // Not this one; the skipped title says so when none is left.
    }
  }
  return null;
}

export const numpyPython = pythonWithNumpy();
/** For the titles of tests that need it. */
export const whyWithoutNumpy =
  numpyPython === null ? ' (skipped: python3 has no numpy here; install python3-numpy)' : '';

/** What a script of this folder prints, as JSON. Call only where `numpyPython` is not null. */
export const numpyScript = <T>(script: string, ...args: readonly string[]): T =>
  JSON.parse(
    execFileSync(numpyPython!, [path.join(import.meta.dirname, script), ...args], {
      encoding: 'utf8',
      maxBuffer: 1e8,
    }),
  ) as T;
