/** Entry of a worker thread: enters its realm before anything that computes is loaded. */
import { workerData } from 'node:worker_threads';
import { enterFloat64Realm } from '../../../core/models/tensorflow/float64-realm.ts';
import type { WorkerData } from './worker-messages.ts';

const data = workerData as WorkerData;
if (data.realm === 'float64') enterFloat64Realm();
void import('./work.ts').then(({ work }) => work(data));
