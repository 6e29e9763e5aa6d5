/** `npm run build`: the command line and its worker. */
import path from 'node:path';
import { bundle } from './bundle.mjs';
import { root } from './prepare.mjs';

await bundle(
  {
    saddlescope: path.join(root, 'electron/cli/main.ts'),
    'float64-preload': path.join(root, 'electron/compute/float64-preload.ts'),
  },
  path.join(root, 'dist', 'cli'),
);
