import fs from 'node:fs/promises';
import path from 'node:path';
import { runFiles, stepOfCheckpoint } from '../../core/experiment/run-folder.ts';
import { nameOfTemporary } from '../host/atomic-write.ts';
import { lockRun } from '../host/run-lock.ts';
import { startUpPattern } from './new-run.ts';

const kept = 5;

/** What a run consists of. A folder with anything else in it holds something of the user's. */
const partsOfRuns = new Set<string>(Object.values(runFiles).flat());

const figures = 'figures';

/** When a start-up run was begun, as its name says; sorts as text. */
const begunAt = (name: string): string => /\d{4}-\d\d-\d\d-\d{6}(-\d+)?$/.exec(name)?.[0] ?? '';

/** What analyses and reports write below `results`. */
const isResult = (name: string): boolean =>
  /^(spectrum|slice|structure|modes|overlap|sampling|saddles)-.+\.(json|npz|state)$/.test(name);
const isFigure = (name: string): boolean => /\.(svg|csv|vl\.json)$/.test(name);

/** Whether every entry of a folder has a name of the kind, and is no link; one that is not there has none. */
async function holdsOnly(folder: string, isPart: (name: string) => boolean): Promise<boolean> {
  const inside = await fs.readdir(folder, { withFileTypes: true }).catch((problem: NodeJS.ErrnoException) => {
    if (problem.code === 'ENOENT') return [];
    throw problem;
  });
  return inside.every((entry) => !entry.isSymbolicLink() && isPart(nameOfTemporary(entry.name) ?? entry.name));
}

async function isNothingButARun(folder: string): Promise<boolean> {
  const results = path.join(folder, runFiles.results);
  const held = await Promise.all([
    holdsOnly(folder, (name) => partsOfRuns.has(name)),
    holdsOnly(path.join(folder, runFiles.checkpoints), (name) => stepOfCheckpoint(name) !== null),
    holdsOnly(results, (name) => name === figures || isResult(name)),
    holdsOnly(path.join(results, figures), isFigure),
    fs.access(path.join(folder, runFiles.experimentJson)).then(() => true),
  ]);
  return held.every(Boolean);
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
 * link, a folder that is no run or holds more than one, a run that a process writes, one that `isOpened` says the user has
 * opened. Answers the names of those deleted.
 */
export async function removeOldStartUpRuns(
  runs: string,
  isOpened: (folder: string) => boolean,
): Promise<readonly string[]> {
  const entries = await fs.readdir(runs, { withFileTypes: true }).catch(() => []);
  const candidates = entries
    .filter((entry) => entry.isDirectory() && startUpPattern.test(entry.name))
    .map(({ name }) => name)
    .sort((a, b) => (begunAt(a) < begunAt(b) ? 1 : -1));
  const removed: string[] = [];
  for (const name of candidates.slice(kept)) {
    const folder = path.join(runs, name);
    const isOurs = !isOpened(folder) && (await isNothingButARun(folder).catch(() => false));
    if (isOurs && (await removeRun(folder))) removed.push(name);
  }
  return removed;
}
