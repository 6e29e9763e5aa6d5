import { Worker } from 'node:worker_threads';
import type { ProbePool } from '../../../core/analyses/spectrum/spectrum-context.ts';
import type { Experiment } from '../../../core/experiment/experiment.ts';
import { bundledEntry } from '../../host/bundled-entry.ts';
import { wantedThreads } from '../../host/threads.ts';
import type { OpenedPoint } from '../open-point.ts';
import { probePool, type StartProbeThread } from './probe-pool.ts';

/** Starts threads from the bundle beside this one; null where there is none. */
function bundledProbeThreads(): StartProbeThread | null {
  const file = bundledEntry('probe');
  return file === null ? null : (workerData) => new Worker(file, { workerData });
}

/**
 * The engine of a pool's threads as experiments name it; null where a pool does not pay. Processor time on the longest path
 * of 8 probes × 80 steps of the 784-64-10 network, two threads: closed form 10.0 → 5.4 s with a pool. TensorFlow has
 * its threads within a product: 1.3 s, against 1.9 s for two probes on products of one thread; WebAssembly in shards
 * 1.7 s against 2.0 s, and shards are there already. A GPU is one for all threads.
 */
export function engineOfProbes({ opened }: OpenedPoint): Experiment['engine'] | null {
  const { engine } = opened.objective;
  if (engine === 'closed form') return opened.experiment.engine;
  const [name] = engine.split(' (');
  return name === 'wasm' || name === 'cpu' ? name : null;
}

/** The threads for probes at a point, where more than one is wanted and the engine uses one for a product. */
export function probePoolOfPoint(
  point: OpenedPoint,
  threads = wantedThreads() ?? 1,
  start = bundledProbeThreads(),
): ProbePool | undefined {
  const engine = engineOfProbes(point);
  return engine === null || start === null || threads < 2 ? undefined : probePool({ point, threads, start, engine });
}
