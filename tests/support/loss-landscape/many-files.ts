import { Worker } from 'node:worker_threads';
import type { Hdf5Answer } from '../../../electron/host/hdf5/thread-messages.ts';

/** How the reading of a file ended: `tree`, `fault`, `silent` for nothing within the time, or the rule that it breaks. */
export interface End {
  readonly outcome: string;
  readonly found: string;
  readonly milliseconds: number;
}

/** Reads one file after another in one thread (mutant-worker.ts); where it dies or says nothing, the next goes on. */
export function endsOf(worker: string, files: readonly Uint8Array[], patienceMs: number): Promise<End[]> {
  return new Promise((resolve) => {
    const ends: End[] = [];
    const thread = new Worker(worker, { workerData: files, stderr: true, execArgv: [] });
    let timer: NodeJS.Timeout;
    let before = performance.now();
    let isOver = false;
    const end = (outcome: string, found: string) => {
      ends.push({ outcome, found, milliseconds: performance.now() - before });
      before = performance.now();
    };
    const finish = async () => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      await thread.terminate();
      if (files.length > ends.length) {
        end('silent', '');
        ends.push(...(await endsOf(worker, files.slice(ends.length), patienceMs)));
      }
      resolve(ends);
    };
    const wait = (ms: number) => {
      clearTimeout(timer);
      timer = setTimeout(finish, ms);
    };
    thread.on('message', (given: Hdf5Answer) => {
      if (given.kind === 'refused') end(given.rule, given.found);
      else end(given.kind, given.kind === 'fault' ? given.text : '');
      wait(patienceMs);
    });
    thread.on('error', (problem) => end('fault', String(problem)));
    thread.once('exit', finish);
    // Starting costs more than reading.
    wait(patienceMs + 20_000);
  });
}
