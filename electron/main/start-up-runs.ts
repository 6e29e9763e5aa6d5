import fs from 'node:fs/promises';
import path from 'node:path';
import { runFiles } from '../../core/experiment/run-folder.ts';
import { nameOfTemporary } from '../host/atomic-write.ts';
import { lockRun } from '../host/run-lock.ts';
import { startUpPattern } from './new-run.ts';

const kept = 5;

/** What a run consists of. A folder with anything else in it holds something of the user's. */
const partsOfRuns = new Set<string>(Object.values(runFiles).flat());

/** When a start-up run was begun, as its name says; sorts as text. */
const begunAt = (name: string): string => /\d{4}-\d\d-\d\d-\d{6}(-\d+)?$/.exec(name)?.[0] ?? '';

async function isNothingButARun(folder: string): Promise<boolean> {
  const inside = await fs.readdir(folder);
  return (
    inside.includes(runFiles.experimentJson) && inside.every((name) => partsOfRuns.has(nameOfTemporary(name) ?? name))
  );
}

/** Under its lock, so that no process is writing it; answers whether it is gone. */
async function removeRun(folder: string): Promise<boolean> {
  try {
    const lock = await lockRun(folder);
    try {
      await fs.rm(folder, { recursive: true });
      return true;
    } finally {
      lock.release();
    }
  } catch {
    return false;
  }
}

/**
 * Deletes the runs that each start makes by itself, except the last five. Never touched: a folder of any other name, a
 * link, a folder that is no run or holds more than one, a run that a process writes. Answers the names of those deleted.
 */
export async function removeOldStartUpRuns(runs: string): Promise<readonly string[]> {
  const entries = await fs.readdir(runs, { withFileTypes: true }).catch(() => []);
  const candidates = entries
    .filter((entry) => entry.isDirectory() && startUpPattern.test(entry.name))
    .map(({ name }) => name)
    .sort((a, b) => (begunAt(a) < begunAt(b) ? 1 : -1));
  const removed: string[] = [];
  for (const name of candidates.slice(kept)) {
    const folder = path.join(runs, name);
    const isOurs = await isNothingButARun(folder).catch(() => false);
    if (isOurs && (await removeRun(folder))) removed.push(name);
  }
  return removed;
}
