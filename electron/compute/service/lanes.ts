import type { MethodName } from '../../../core/protocol/methods.ts';
import type { Realm } from './worker-messages.ts';

/**
 * `training`: a thread to itself for as long as the run lasts. `analysis`: seconds to minutes. `quick`: at most a moment;
 * has a thread of its own, so that nothing quick waits behind something long.
 */
export type Lane = 'training' | 'analysis' | 'quick';

/** Those with a smaller number go first. */
const places: Readonly<Record<Exclude<MethodName, 'hello'>, { readonly lane: Lane; readonly order: number }>> = {
  readExperiment: { lane: 'quick', order: 0 },
  describe: { lane: 'quick', order: 0 },
  openRun: { lane: 'quick', order: 1 },
  readOn: { lane: 'quick', order: 1 },
  pathOnPlane: { lane: 'quick', order: 1 },
  provenance: { lane: 'quick', order: 1 },
  storedResults: { lane: 'quick', order: 2 },
  renderFigure: { lane: 'quick', order: 3 },
  packNpz: { lane: 'quick', order: 3 },
  printFigure: { lane: 'quick', order: 3 },
  sliceFile: { lane: 'quick', order: 3 },
  // A file may take half a minute to be told from one that never ends: nothing quick is to wait for it.
  readLandscape: { lane: 'analysis', order: 0 },
  landscapeFile: { lane: 'analysis', order: 0 },
  measure: { lane: 'analysis', order: 0 },
  readPoint: { lane: 'analysis', order: 0 },
  check: { lane: 'analysis', order: 1 },
  spectrum: { lane: 'analysis', order: 1 },
  slice: { lane: 'analysis', order: 1 },
  overlap: { lane: 'analysis', order: 1 },
  sampling: { lane: 'analysis', order: 1 },
  structure: { lane: 'analysis', order: 1 },
  modes: { lane: 'analysis', order: 1 },
  saddles: { lane: 'analysis', order: 1 },
  escape: { lane: 'analysis', order: 1 },
  simulate: { lane: 'quick', order: 1 },
  report: { lane: 'analysis', order: 1 },
  train: { lane: 'training', order: 0 },
};

export const placeOf = (method: Exclude<MethodName, 'hello'>) => places[method];

/** What a decision about a job needs to know of it. */
export interface Placed {
  readonly lane: Lane;
  readonly order: number;
  readonly realm: Realm;
}

/**
 * The jobs that may start now, of those that wait, in their order. `threads` compute at most at once; a training never takes
 * the last of them, and analyses share what trainings leave. One quick job a realm goes beside them.
 */
export function startable<T extends Placed>(waiting: readonly T[], running: readonly Placed[], threads: number): T[] {
  const started: T[] = [];
  const count = (lane: Lane) => [...running, ...started].filter((job) => job.lane === lane).length;
  const isFree = ({ lane, realm }: Placed): boolean => {
    if (lane === 'quick')
      return ![...running, ...started].some((other) => other.lane === 'quick' && other.realm === realm);
    const free = count('training') + count('analysis') < threads;
    return free && (lane === 'analysis' || count('training') < threads - 1);
  };
  for (const job of [...waiting].sort((a, b) => a.order - b.order)) if (isFree(job)) started.push(job);
  return started;
}
