import type { StoredFile } from './stored-file.ts';
import type { StoredFiles } from './stored-files.ts';

type Mark = StoredFiles['session'] extends StoredFile<infer T> ? T : never;

/** Why the last session did not end as sessions do, in one sentence; null where it did or where it still runs. */
export function lastEndProblem(mark: Mark, isRunning: (pid: number) => boolean): string | null {
  if (mark === null || mark.ended || isRunning(mark.pid)) return null;
  return `The last session, begun on ${mark.startedAt.slice(0, 10)} at ${mark.startedAt.slice(11, 16)} UTC, ended without being closed.`;
}

/** Marks the session as begun; answers what is to be told of the last one. */
export function beginSession(file: StoredFile<Mark>): string | null {
  const problem = lastEndProblem(file.value, isRunningProcess);
  file.set({ pid: process.pid, startedAt: new Date().toISOString(), ended: false });
  return problem;
}

function isRunningProcess(pid: number): boolean {
  // In a container, numbers come again at each start.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (problem) {
    return (problem as NodeJS.ErrnoException).code === 'EPERM';
  }
}
