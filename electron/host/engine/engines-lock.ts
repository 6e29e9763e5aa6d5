import fs from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../../core/bad-input.ts';
import { nameOfTemporary } from '../atomic-write.ts';
import { makeFolder } from '../disk-problem.ts';
import { isBeingWritten, lockRun, type RunLock } from '../run-lock.ts';

/** One process alone installs or removes; BadInput in any other. */
async function lockEngines(home: string): Promise<RunLock> {
  try {
    return await lockRun(home);
  } catch (problem) {
    if (!(problem instanceof BadInput) || !isBeingWritten(home)) throw problem;
    const holder = /^Process (\d+)/.exec(problem.found)?.[1];
    throw new BadInput(
      `${holder ? `Process ${holder}` : 'Another process'} is installing or removing an engine in ${home}.`,
      'Wait until it has ended, or stop it.',
    );
  }
}

/** What an ended installation left; only the holder of the lock may call this. */
async function removeLeftovers(home: string): Promise<void> {
  for (const name of await fs.readdir(home))
    if (nameOfTemporary(name) !== null)
      await fs.rm(path.join(home, name), { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/**
 * Runs what changes the home of the engines, alone, after what a killed installation left is gone. Throws BadInput where
 * another process is at it or the folder cannot be written.
 */
export async function changingEngines<T>(home: string, change: () => Promise<T>): Promise<T> {
  await makeFolder(home);
  const lock = await lockEngines(home);
  try {
    await removeLeftovers(home);
    return await change();
  } finally {
    lock.release();
  }
}

/** Removes what killed installations left, where nobody is at it; a home that cannot be written stays as it is. */
export async function sweepEngines(home: string): Promise<void> {
  const names = await fs.readdir(home).catch(() => [] as string[]);
  if (names.some((name) => nameOfTemporary(name) !== null)) await changingEngines(home, async () => {}).catch(() => {});
}
