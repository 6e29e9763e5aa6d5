import os from 'node:os';
import type { Worker } from 'node:worker_threads';
import { version } from '../../host/version.ts';
import { connect } from './connection.ts';
import { createGrants } from './grants.ts';
import { createJobs } from './jobs.ts';
import type { Port } from './port.ts';
import type { Realm } from './worker-messages.ts';

/** What the process that started this one is told. */
export type ToMain =
  | { readonly kind: 'ready' }
  | { readonly kind: 'heartbeat'; readonly busy: boolean }
  | { readonly kind: 'log'; readonly level: 'info' | 'error'; readonly text: string };

/** What it says; a port comes beside its message. */
export type FromMain =
  | { readonly kind: 'port' }
  /** Write down what is under way, and end. */
  | { readonly kind: 'end' }
  | { readonly kind: 'grant'; readonly reference: string; readonly path: string };

export interface ServiceOptions {
  post(message: ToMain): void;
  startWorker(realm: Realm): Worker;
  /** How many threads compute at once; by itself as many as there are cores, from 4 to 8: runs that are compared go on side by side. */
  readonly threads?: number;
}

export interface Service {
  connect(port: Port): void;
  grant(reference: string, path: string): void;
  /** Stops what is under way; settles once the states of runs are written. */
  settle(): Promise<void>;
  /** The same, and ends the threads. */
  close(): Promise<void>;
}

const heartbeatMs = 1000;
/** Characters of one entry of the log. */
const mostLogged = 20_000;

/** The side that computes: connections, what they may reach, and the threads that work for them. Computes nothing itself. */
export function startService({ post, startWorker, threads }: ServiceOptions): Service {
  const cores = os.cpus().length;
  const workers = threads ?? Math.max(4, Math.min(cores, 8));
  const log = (level: 'info' | 'error', text: string) => post({ kind: 'log', level, text: text.slice(0, mostLogged) });
  const grants = createGrants();
  const jobs = createJobs({ threads: workers, start: startWorker, log });
  const connections = new Set<{ close(): void }>();
  const heartbeat = setInterval(() => post({ kind: 'heartbeat', busy: jobs.busy }), heartbeatMs);
  const hello = () => ({ version, node: process.versions.node, cores, workers });
  post({ kind: 'ready' });

  async function settle(): Promise<void> {
    clearInterval(heartbeat);
    for (const connection of [...connections]) connection.close();
    await jobs.quiet();
  }

  return {
    connect(port) {
      const connection = connect({ port, grants, jobs, hello, log, onClose: () => connections.delete(connection) });
      connections.add(connection);
    },
    grant: (reference, path) => grants.grant(reference, path),
    settle,
    async close() {
      await settle();
      await jobs.close();
    },
  };
}
