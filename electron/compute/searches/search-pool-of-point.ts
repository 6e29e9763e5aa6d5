import os from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SearchPool } from '../../../core/analyses/saddles/run.ts';
import { findFrom, type SearchContext } from '../../../core/analyses/saddles/search.ts';
import type { Experiment } from '../../../core/experiment/experiment.ts';
import type { HostVector } from '../../../core/linalg/vector-space.ts';
import { isFloat64Realm } from '../../../core/models/tensorflow/float64-realm.ts';
import type { Objective } from '../../../core/objective/objective.ts';
import { bundledEntry } from '../../host/bundled-entry.ts';
import { wantedThreads } from '../../host/threads.ts';
import type { OpenedPoint } from '../open-point.ts';
import { engineOfProbes } from '../probes/probe-pool-of-point.ts';
import { type Certifier, float64Of } from './certifier.ts';
import { searchPool, type ThreadKind } from './search-pool.ts';
import type { StartSearchThread } from './search-thread.ts';

/** Starts threads from the bundle beside this one; null where there is none. */
export function bundledSearchThreads(): StartSearchThread | null {
  const file = bundledEntry('search');
  return file === null ? null : (workerData) => new Worker(file, { workerData });
}

export interface PoolWanted {
  readonly objective: Objective<HostVector>;
  readonly examples: number | null;
  readonly certifier: Certifier;
  readonly context: SearchContext;
  readonly starts: number;
}

/**
 * Threads for the searches of a point; undefined where this thread does as well: one core, or an engine that uses all of
 * them within a product, and nothing to be judged in another realm.
 */
export function searchPoolOfPoint(
  point: OpenedPoint,
  { objective, examples, certifier, context, starts }: PoolWanted,
  start = bundledSearchThreads(),
  threads = Math.min(starts, wantedThreads() ?? os.availableParallelism()),
): SearchPool | undefined {
  const engine = engineOfProbes(point);
  const elsewhere = certifier.kind === 'float64 realm';
  if (start === null || (!elsewhere && (threads < 2 || engine === null))) return undefined;
  const { experiment, baseFolder, train } = point.opened;
  const kind = (role: ThreadKind['role'], own: Experiment, certified: Experiment | null = null): ThreadKind => ({
    role,
    realm: role === 'judge' || isFloat64Realm() ? 'float64' : 'ordinary',
    experiment: own,
    certified,
    baseFolder,
    train,
    examples,
    rng: context.rng.state(),
    settledAt: Float64Array.from(point.theta),
  });
  const own = engine === null ? null : { ...experiment, engine };
  return searchPool({
    threads,
    start,
    finders:
      own === null
        ? null
        : elsewhere
          ? kind('find', own)
          : kind('whole', own, certifier.kind === 'here' ? certifier.experiment : null),
    judges: elsewhere ? kind('judge', float64Of(experiment)) : null,
    findHere: (task, settings, signal) => findFrom(objective, task, settings, { ...context, signal }),
  });
}
