import type { StoredFile } from './stored-file.ts';
import type { SessionMark } from './stored-files.ts';

/** Why the last session did not end as sessions do, in one sentence; null where it did or where it still runs. */
export function lastEndProblem(mark: SessionMark, isRunning: (pid: number) => boolean): string | null {
  if (mark === null || mark.ended || isRunning(mark.pid)) return null;
  const [day, time] = mark.startedAt.split('T');
  return `The last session, begun on ${day} at ${time?.slice(0, 5)} UTC, ended without being closed.`;
}

/** Marks the session as begun; answers what is to be told of the last one. */
export function beginSession(file: StoredFile<SessionMark>): string | null {
  const problem = lastEndProblem(file.value, isRunningProcess);
  file.set({ pid: process.pid, startedAt: new Date().toISOString(), ended: false });
  return problem;
}

export function endSession(file: StoredFile<SessionMark>): void {
  if (file.value) file.set({ ...file.value, ended: true });
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
