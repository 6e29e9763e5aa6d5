import { parentPort, workerData } from 'node:worker_threads';
import { enterFloat64Realm } from '../../core/models/tensorflow/float64-realm.ts';

/** The other side of `inFloat64Realm`: the realm is entered before the module, and with it TensorFlow.js, is loaded. */
enterFloat64Realm();
const { bundle, name, argument } = workerData as { bundle: string; name: string; argument: unknown };
const module = (await import(/* @vite-ignore */ bundle)) as Record<string, (argument: unknown) => unknown>;
parentPort?.postMessage(await module[name]?.(argument));
