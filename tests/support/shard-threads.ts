import { Worker } from 'node:worker_threads';
import type { StartShardThread } from '../../electron/compute/shards/open-shards.ts';
import { bundledEntry } from './bundled-entry.ts';

/** Starts shards' threads from the sources as they are. */
export async function bundledShardThreads(): Promise<{
  readonly start: StartShardThread;
  readonly workers: Worker[];
  remove(): Promise<void>;
}> {
  const { file, remove } = await bundledEntry('electron', 'compute', 'shards', 'worker.ts');
  const workers: Worker[] = [];
  return {
    workers,
    start(workerData) {
      const worker = new Worker(file, { workerData });
      workers.push(worker);
      return worker;
    },
    remove,
  };
}
