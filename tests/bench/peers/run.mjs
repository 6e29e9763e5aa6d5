/** `npm run bench:peers [-- --quick] [-- --threads N] [-- --json]`: bundles the side-by-side benchmark as the command line is bundled, then runs it. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, root } from '../../../electron/build/prepare.mjs';

await ensureInstalled();
await ensureBuilt();
const { bundle } = await import('../../../electron/build/bundle.mjs');
const out = path.join(root, 'node_modules', '.cache', 'saddlescope-bench-peers');
const source = (name) => path.join(root, 'tests', 'bench', 'peers', name);
await bundle({ main: source('main.ts'), ours: source('ours.ts') }, out, { computes: true });
const child = spawn(process.execPath, [path.join(out, 'main.cjs'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
child.on('exit', (code) => process.exit(code ?? 1));
