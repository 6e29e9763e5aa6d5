/** Required before anything else in a process that computes tensors in float64. */
import { enterFloat64Realm } from '../../core/models/tensorflow/float64-realm.ts';

enterFloat64Realm();

// The process that asked for this one is gone: stop where the work can be resumed.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
