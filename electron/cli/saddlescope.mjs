#!/usr/bin/env node
/** The command `saddlescope` in a checkout: prepares what is missing, then runs the bundle. */
import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, root } from '../build/prepare.mjs';

// A reader that has gone (`2>&1 | head`) is no reason to leave the work undone.
process.stderr.on('error', () => {});
try {
  await ensureInstalled();
  await ensureBuilt();
} catch (problem) {
  process.stderr.write(`${problem.message} Look at the lines above, mend it and start again.\n`);
  process.exit(1);
}
const child = spawn(process.execPath, [path.join(root, 'dist', 'cli', 'saddlescope.cjs'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
// A terminal sends its interrupt to the whole group: the child has it already.
process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
for (const signal of ['SIGTERM', 'SIGUSR1']) process.on(signal, () => child.kill(signal));
// Ended by a signal: what a shell would answer.
child.on('exit', (code, signal) => process.exit(code ?? 128 + os.constants.signals[signal]));
