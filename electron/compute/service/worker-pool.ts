import type { Worker } from 'node:worker_threads';
import type { FromWorker, Realm, ToWorker } from './worker-messages.ts';

/** A thread that takes one job at a time. */
export interface PooledWorker {
  readonly realm: Realm;
  readonly quick: boolean;
  post(message: ToWorker): void;
}

export interface WorkerPool {
  /** Starts a quick thread and another before they are needed. */
  warm(): void;
  /** A free thread of the kind, started where there is none. It is taken until `free`. `likely` is preferred: what it computed on. */
  take(realm: Realm, quick: boolean, likely: string): PooledWorker;
  free(worker: PooledWorker): void;
  /** Threads that live. */
  readonly size: number;
  /** Ends all of them. */
  close(): Promise<void>;
}

export interface WorkerPoolOptions {
  start(realm: Realm): Worker;
  onMessage(worker: PooledWorker, message: FromWorker): void;
  /** A thread has ended by itself; it is no longer in the pool. */
  onLost(worker: PooledWorker, reason: string): void;
}

interface Entry extends PooledWorker {
  readonly thread: Worker;
  busy: boolean;
  last: string;
}

/** Threads are started when they are needed and live as long as the process: ending one is what crashes processes. */
export function createWorkerPool({ start, onMessage, onLost }: WorkerPoolOptions): WorkerPool {
  const entries = new Set<Entry>();
  let closing = false;

  function begin(realm: Realm, quick: boolean): Entry {
    const thread = start(realm);
    const entry: Entry = {
      realm,
      quick,
      thread,
      busy: false,
      last: '',
      post: (message) => thread.postMessage(message),
    };
    let reason = 'it ended by itself';
    thread.on('message', (message: FromWorker) => onMessage(entry, message));
    thread.on('error', (problem: Error) => {
      reason = problem.message;
    });
    thread.on('exit', (code) => {
      entries.delete(entry);
      if (!closing) onLost(entry, `${reason} (code ${code})`);
    });
    entries.add(entry);
    return entry;
  }

  return {
    warm() {
      for (const quick of [true, false]) begin('ordinary', quick).post({ kind: 'warm' });
    },
    take(realm, quick, likely) {
      const free = [...entries].filter((entry) => !entry.busy && entry.realm === realm && entry.quick === quick);
      const chosen = free.find(({ last }) => last === likely) ?? free[0] ?? begin(realm, quick);
      chosen.busy = true;
      chosen.last = likely;
      return chosen;
    },
    free(worker) {
      for (const entry of entries) if (entry === worker) entry.busy = false;
    },
    get size() {
      return entries.size;
    },
    async close() {
      closing = true;
      await Promise.all([...entries].map(({ thread }) => thread.terminate()));
    },
  };
}
