/** Entry of a thread that computes probes of a density: enters its realm before anything that computes is loaded. */
import { parentPort, workerData } from 'node:worker_threads';
import { enterFloat64Realm } from '../../../core/models/tensorflow/float64-realm.ts';
import type { ProbeThreadData } from './probe-messages.ts';

const data = workerData as ProbeThreadData;
if (data.realm === 'float64') enterFloat64Realm();
void import('./serve-probes.ts').then(({ serveProbes }) => serveProbes(data, parentPort!));
