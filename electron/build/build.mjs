/** `npm run build`: the command line, the window's processes and its page. */
import path from 'node:path';
import { bundle } from './bundle.mjs';
import { bundleGpuPage, bundlePage } from './bundle-page.mjs';
import { root } from './prepare.mjs';

const source = (...parts) => path.join(root, 'electron', ...parts);
const dist = (name) => path.join(root, 'dist', name);

await bundle(
  {
    saddlescope: source('cli', 'main.ts'),
    'float64-preload': source('compute', 'float64-preload.ts'),
    shard: source('compute', 'shards', 'worker.ts'),
    probe: source('compute', 'probes', 'worker.ts'),
    search: source('compute', 'searches', 'worker.ts'),
    hdf5: source('host', 'hdf5', 'thread.ts'),
  },
  dist('cli'),
  { computes: true },
);
await bundle(
  {
    main: source('main', 'main.ts'),
    compute: source('compute', 'service', 'main.ts'),
    worker: source('compute', 'service', 'worker.ts'),
    shard: source('compute', 'shards', 'worker.ts'),
    probe: source('compute', 'probes', 'worker.ts'),
    search: source('compute', 'searches', 'worker.ts'),
    hdf5: source('host', 'hdf5', 'thread.ts'),
    engine: source('engine', 'main.ts'),
  },
  dist('app'),
  { computes: true },
);
await bundle({ preload: source('preload', 'preload.ts') }, dist('preload'), { computes: false });
await bundle({ 'gpu-preload': source('preload', 'gpu-preload.ts') }, dist('gpu-preload'), { computes: false });
await bundlePage(dist('page'));
await bundleGpuPage(dist('gpu'));
