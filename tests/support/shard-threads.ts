import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'vite';
import type { StartShardThread } from '../../electron/compute/shards/open-shards.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

/** The entry of shards' threads, bundled from the sources as they are: Node does not read TypeScript. */
export async function bundledShardThreads(): Promise<{
  readonly start: StartShardThread;
  readonly workers: Worker[];
  remove(): Promise<void>;
}> {
  const cache = path.join(root, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  // Inside node_modules, so that the bundle finds the packages that it leaves out.
  const folder = await mkdtemp(path.join(cache, 'shards-'));
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      ssr: true,
      target: 'node20',
      outDir: folder,
      minify: false,
      rollupOptions: {
        input: { shard: path.join(root, 'electron', 'compute', 'shards', 'worker.ts') },
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
  const workers: Worker[] = [];
  return {
    workers,
    start(workerData) {
      const worker = new Worker(path.join(folder, 'shard.mjs'), { workerData });
      workers.push(worker);
      return worker;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
