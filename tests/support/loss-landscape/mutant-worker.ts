/** A thread that reads one file after another and says how each ended, for tests with thousands of files. */
import { parentPort, workerData } from 'node:worker_threads';
import { answer } from '../../../electron/host/hdf5/answer.ts';

for (const bytes of workerData as Uint8Array[]) {
  const given = await answer({ kind: 'read', bytes });
  parentPort!.postMessage(given.kind === 'tree' ? { kind: 'tree' } : given);
}
