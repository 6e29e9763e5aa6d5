import type { SearchPool } from '../../../core/analyses/saddles/run.ts';
import type { FoundStart, SearchOutcome, SearchSettings, SearchTask } from '../../../core/analyses/saddles/search.ts';
import { Stopped } from '../../../core/objective/gate.ts';
import type { SearchThreadData } from './search-messages.ts';
import { type SearchThread, type StartSearchThread, searchThread } from './search-thread.ts';

/** What the threads of one kind are started with, but for their task. */
export type ThreadKind = Omit<SearchThreadData, 'settings'>;

export interface SearchPoolOptions {
  readonly threads: number;
  readonly start: StartSearchThread;
  /** Threads that find, or do both; null where points are found in this thread by `findHere`. */
  readonly finders: ThreadKind | null;
  /** Threads that judge what others have found; null where those do it themselves. */
  readonly judges: ThreadKind | null;
  readonly findHere?: (
    task: SearchTask,
    settings: SearchSettings,
    signal: { readonly aborted: boolean },
  ) => Promise<FoundStart | null>;
}

/** Between two looks at the signal. */
const watchMs = 50;

/**
 * Searches in threads, each with one start at a time. Once the signal is aborted the threads are ended where they are:
 * starts under way are lost, judged points are not. Where a thread is lost the others are ended as well, and its
 * complaint is thrown. Nothing computes on the objective of this thread any more once it has settled.
 */
export function searchPool({ threads, start, finders, judges, findHere }: SearchPoolOptions): SearchPool {
  return {
    async search(next, settings, onOutcome, signal) {
      const open: SearchThread[] = [];
      const started = (kind: ThreadKind): SearchThread[] =>
        Array.from({ length: threads }, () => {
          const thread = searchThread(start({ ...kind, settings }));
          // One by one: where the next one cannot be started, this one is to be ended.
          open.push(thread);
          return thread;
        });
      const queue = createQueue<FoundStart>();
      let hasEnded = false;
      const stop = {
        get aborted() {
          return hasEnded || (signal?.aborted ?? false);
        },
      };
      const take = async () => (stop.aborted ? null : next());
      const tell = async (outcome: SearchOutcome) => {
        if (!hasEnded) await onOutcome(outcome);
      };
      let here: Promise<void> = Promise.resolve();
      const work = async () => {
        const finding = finders === null ? [] : started(finders);
        const judging = judges === null ? [] : started(judges);
        if (finders === null) here = findAll((task) => findHere!(task, settings, stop), take, queue);
        const found = [here, ...finding.map((thread) => findInThread(thread, take, queue, tell))];
        const judged = judging.map((thread) => judgeInThread(thread, queue, tell));
        await Promise.all([Promise.all(found).finally(queue.close), ...judged]);
      };
      let watch: NodeJS.Timeout | undefined;
      const stopped = new Promise<void>((resolve) => {
        watch = setInterval(() => signal?.aborted && resolve(), watchMs);
      });
      const whole = signal?.aborted ? Promise.resolve() : work();
      // After a stop the threads end one by one, each with a complaint that nobody waits for.
      whole.catch(() => {});
      try {
        // A thread that waits for a point to be judged is not asked: its end is to be noticed all the same.
        await Promise.race([whole, stopped, ...open.map(({ lost }) => lost)]);
      } finally {
        hasEnded = true;
        clearInterval(watch);
        for (const thread of open) thread.end();
        // It looks at `stop` between two iterations, and what it computes with is about to be given to others.
        await here.catch(() => {});
      }
    },
  };
}

async function findAll(
  find: (task: SearchTask) => Promise<FoundStart | null>,
  take: () => Promise<SearchTask | null>,
  queue: Queue<FoundStart>,
): Promise<void> {
  try {
    for (let task = await take(); task !== null; task = await take()) {
      const found = await find(task);
      if (found === null) return;
      queue.put(found);
    }
  } catch (problem) {
    // The gate of the objective has seen the stop first.
    if (!(problem instanceof Stopped)) throw problem;
  }
}

async function findInThread(
  thread: SearchThread,
  take: () => Promise<SearchTask | null>,
  queue: Queue<FoundStart>,
  tell: (outcome: SearchOutcome) => Promise<void>,
): Promise<void> {
  await thread.ready;
  for (let task = await take(); task !== null; task = await take()) {
    const answer = await thread.ask({ kind: 'find', task });
    if (answer.kind === 'found') queue.put(answer.found);
    else if (answer.kind === 'outcome') await tell(answer.outcome);
  }
}

async function judgeInThread(
  thread: SearchThread,
  queue: Queue<FoundStart>,
  tell: (outcome: SearchOutcome) => Promise<void>,
): Promise<void> {
  await thread.ready;
  for (let found = await queue.take(); found !== null; found = await queue.take()) {
    const answer = await thread.ask({ kind: 'judge', found });
    if (answer.kind === 'outcome') await tell(answer.outcome);
  }
}

interface Queue<T> {
  put(item: T): void;
  /** The next one, when there is one; null after the end. */
  take(): Promise<T | null>;
  close(): void;
}

function createQueue<T>(): Queue<T> {
  const items: T[] = [];
  const waiting: ((item: T | null) => void)[] = [];
  let isClosed = false;
  return {
    put(item) {
      const taker = waiting.shift();
      if (taker) taker(item);
      else items.push(item);
    },
    take: () =>
      items.length > 0 || isClosed
        ? Promise.resolve(items.shift() ?? null)
        : new Promise((resolve) => waiting.push(resolve)),
    close() {
      isClosed = true;
      for (const taker of waiting.splice(0)) taker(null);
    },
  };
}
