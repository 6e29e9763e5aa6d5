/** Entry of a thread that searches for critical points: enters its realm before anything that computes is loaded. */
import { parentPort, workerData } from 'node:worker_threads';
import { enterFloat64Realm } from '../../../core/models/tensorflow/float64-realm.ts';
import type { SearchThreadData } from './search-messages.ts';

const data = workerData as SearchThreadData;
if (data.realm === 'float64') enterFloat64Realm();
void import('./serve-searches.ts').then(({ serveSearches }) => serveSearches(data, parentPort!));
