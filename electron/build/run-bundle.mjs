/** Runs the bundled command line in this process: signals, output and exit code are its own, and nothing is left behind. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, ensureSystemPackages, root } from './prepare.mjs';

/** @param {readonly string[]} words of the command line  @param {readonly string[]} systemPackages that it needs */
export async function runBundle(words, systemPackages = []) {
  // A reader that has gone (`2>&1 | head`) is no reason to leave the work undone.
  process.stderr.on('error', () => {});
  try {
    ensureSystemPackages(systemPackages);
    await ensureInstalled();
    await ensureBuilt();
  } catch (problem) {
    process.stderr.write(`${problem.message} Look at the lines above, mend it and start again.\n`);
    process.exit(1);
  }
  const bundle = path.join(root, 'dist', 'cli', 'saddlescope.cjs');
  process.argv = [process.argv[0], bundle, ...words];
  createRequire(import.meta.url)(bundle);
}
