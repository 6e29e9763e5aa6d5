import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { StartShardThread } from './open-shards.ts';

/** The bundle of a thread's entry beside this one; null where this runs from the sources, which Node cannot start. */
export function bundledEntry(name: string): string | null {
  const here = path.dirname(fileURLToPath(import.meta.url));
  // Beside this file, or beside the folder of its chunk.
  const files = [here, path.dirname(here)].map((folder) => path.join(folder, `${name}.cjs`));
  return files.find((candidate) => existsSync(candidate)) ?? null;
}

/** Starts threads from the bundle beside this one; null where there is none. */
export function bundledShardThreads(): StartShardThread | null {
  const file = bundledEntry('shard');
  return file === null ? null : (workerData) => new Worker(file, { workerData });
}
