/** `npm run bench`: bundles the benchmark as the command line is bundled, then runs it in a process of its own. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, root } from '../../electron/build/prepare.mjs';

await ensureInstalled();
await ensureBuilt();
const { bundle } = await import('../../electron/build/bundle.mjs');
const out = path.join(root, 'node_modules', '.cache', 'saddlescope-bench');
await bundle({ bench: path.join(root, 'tests', 'bench', 'main.ts') }, out, { computes: true });
const child = spawn(process.execPath, [path.join(out, 'bench.cjs'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
child.on('exit', (code) => process.exit(code ?? 1));
