import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { StartShardThread } from './open-shards.ts';

/** Starts threads from the bundle beside this one; null where this runs from the sources, which Node cannot start. */
export function bundledShardThreads(): StartShardThread | null {
  const here = path.dirname(fileURLToPath(import.meta.url));
  // Beside this file, or beside the folder of its chunk.
  const file = [here, path.dirname(here)]
    .map((folder) => path.join(folder, 'shard.cjs'))
    .find((candidate) => existsSync(candidate));
  return file === undefined ? null : (workerData) => new Worker(file, { workerData });
}
