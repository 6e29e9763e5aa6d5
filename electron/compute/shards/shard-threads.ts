import { Worker } from 'node:worker_threads';
import { bundledEntry } from '../../host/bundled-entry.ts';
import type { StartShardThread } from './open-shards.ts';

/** Starts threads from the bundle beside this one; null where there is none. */
export function bundledShardThreads(): StartShardThread | null {
  const file = bundledEntry('shard');
  return file === null ? null : (workerData) => new Worker(file, { workerData });
}
