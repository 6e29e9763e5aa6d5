/** Entry of a thread that reads or writes one HDF5 file and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { answer } from './answer.ts';
import type { Hdf5Request } from './thread-messages.ts';

void answer(workerData as Hdf5Request).then((given) => parentPort!.postMessage(given));
