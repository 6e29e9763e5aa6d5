/** Entry of a thread that computes on a shard of the examples: enters its realm before anything that computes is loaded. */
import { parentPort, workerData } from 'node:worker_threads';
import { enterFloat64Realm } from '../../../core/models/tensorflow/float64-realm.ts';
import type { ShardThreadData } from './shard-messages.ts';

const { realm } = workerData as ShardThreadData;
if (realm === 'float64') enterFloat64Realm();
void import('./serve-shard.ts').then(({ serveShard }) => serveShard(parentPort!));
