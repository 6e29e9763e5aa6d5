/** `npm start`: prepares the checkout, then runs the start-up experiment in the terminal. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, ensureSystemPackages, root } from './prepare.mjs';

const startUpPackages = [];

try {
  ensureSystemPackages(startUpPackages);
  await ensureInstalled();
  await ensureBuilt();
} catch (problem) {
  process.stderr.write(`${problem.message} Look at the lines above, mend it and start again.\n`);
  process.exit(1);
}

const given = process.argv.slice(2).filter((word) => word !== '--headless');
const child = spawn(process.execPath, [path.join(root, 'dist', 'cli', 'saddlescope.cjs'), 'first-light', ...given], {
  stdio: 'inherit',
});
// A terminal sends its interrupt to the whole group: the child has it already.
process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
for (const signal of process.platform === 'win32' ? ['SIGTERM'] : ['SIGTERM', 'SIGUSR1'])
  process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
