import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { diskProblem } from './disk-problem.ts';

const busy = new Set(['EPERM', 'EACCES', 'EBUSY']);
const patienceMs = 10_000;

/** Renaming over an open file fails for moments on Windows (virus scanners, indexers): try again for ten seconds. */
async function renamePatiently(from: string, to: string): Promise<void> {
  const began = performance.now();
  for (let waitMs = 10; ; waitMs = Math.min(500, waitMs * 2)) {
    try {
      await fs.rename(from, to);
      return;
    } catch (problem) {
      const code = (problem as NodeJS.ErrnoException).code ?? '';
      const patient = process.platform === 'win32' && busy.has(code) && performance.now() - began < patienceMs;
      if (!patient) throw problem;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await fs.open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const temporaryPattern = /^(.+)\.(\d+)-[0-9a-f]{8}\.tmp$/;

/** A new name beside `file`, which tells the process that writes it. */
export const temporaryName = (file: string): string => `${file}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;

/** The file that a temporary name stands for, or null for any other name. */
export const nameOfTemporary = (name: string): string | null => temporaryPattern.exec(name)?.[1] ?? null;

/**
 * Replaces a file whole or leaves the old one whole: sibling temporary file → write → fsync → rename → fsync of the
 * folder. A crash or a full disk at any moment leaves either the old bytes or the new ones. Throws BadInput where the
 * disk is full, may not be written, or the path is none.
 */
export async function atomicWrite(file: string, content: Uint8Array | string): Promise<void> {
  const temporary = temporaryName(file);
  try {
    const handle = await fs.open(temporary, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await renamePatiently(temporary, file);
    await syncFolder(path.dirname(file));
  } catch (problem) {
    // What failed first is what is told, also where the disk lets nothing be removed.
    await fs.rm(temporary, { force: true }).catch(() => {});
    throw diskProblem(problem, file);
  }
}

/** Removes the temporary files of the given names that a killed program left; nobody else may be writing these names. */
export async function removeTemporaries(folder: string, isOurs: (name: string) => boolean): Promise<void> {
  for (const name of await fs.readdir(folder).catch(() => [] as string[])) {
    const original = nameOfTemporary(name);
    if (original !== null && isOurs(original)) await fs.rm(path.join(folder, name), { force: true });
  }
}
