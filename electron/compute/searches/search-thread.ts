import type { Worker } from 'node:worker_threads';
import { problemOf } from '../shards/shard-thread.ts';
import type { FromSearchThread, SearchThreadData, ToSearchThread } from './search-messages.ts';

export type StartSearchThread = (data: SearchThreadData) => Worker;

/** A thread that searched has ended before its work. */
export class SearchesLost extends Error {
  constructor(reason: string) {
    super(
      `A thread that searches for critical points has ended: ${reason}. Start again; what was found is there where a run or --state keeps it.`,
    );
    this.name = 'SearchesLost';
  }
}

/** One thread as a partner that is asked one thing at a time. */
export interface SearchThread {
  readonly ready: Promise<void>;
  /** Rejects when the thread has ended or failed, whether it is asked something or not. */
  readonly lost: Promise<never>;
  ask(message: ToSearchThread): Promise<FromSearchThread>;
  end(): void;
}

export function searchThread(worker: Worker): SearchThread {
  let settle: { resolve(message: FromSearchThread): void; reject(problem: Error): void } | null = null;
  let lost: Error | null = null;
  const next = () =>
    new Promise<FromSearchThread>((resolve, reject) => {
      if (lost) reject(lost);
      else settle = { resolve, reject };
    });
  let tellLost: (problem: Error) => void;
  const whenLost = new Promise<never>((_, reject) => {
    tellLost = reject;
  });
  const fail = (problem: Error) => {
    lost ??= problem;
    tellLost(lost);
    settle?.reject(lost);
    settle = null;
  };
  worker.on('message', (message: FromSearchThread) => {
    if (message.kind === 'failure') return fail(problemOf(message.failure));
    settle?.resolve(message);
    settle = null;
  });
  worker.on('error', (problem: Error) => fail(new SearchesLost(problem.message)));
  worker.on('messageerror', (problem: Error) => fail(new SearchesLost(problem.message)));
  worker.on('exit', (code) => fail(new SearchesLost(`code ${code}`)));
  const ready = next().then(() => {});
  // Who waits for them is told; nobody else is to be.
  ready.catch(() => {});
  whenLost.catch(() => {});
  return {
    ready,
    lost: whenLost,
    ask(message) {
      const answer = next();
      worker.postMessage(message);
      return answer;
    },
    end: () => void worker.terminate(),
  };
}
