import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';

const busy = new Set(['EPERM', 'EACCES', 'EBUSY']);

/** Renaming over an open file fails for moments on Windows (virus scanners, indexers): try again for ten seconds. */
async function renamePatiently(from: string, to: string): Promise<void> {
  for (let waitMs = 10; ; waitMs = Math.min(500, waitMs * 2)) {
    try {
      await fs.rename(from, to);
      return;
    } catch (problem) {
      const code = (problem as NodeJS.ErrnoException).code ?? '';
      if (process.platform !== 'win32' || !busy.has(code) || waitMs >= 500) throw problem;
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

/**
 * Replaces a file whole or leaves the old one whole: sibling temporary file → write → fsync → rename → fsync of the
 * folder. A crash or a full disk at any moment leaves either the old bytes or the new ones.
 */
export async function atomicWrite(file: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  try {
    const handle = await fs.open(temporary, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await renamePatiently(temporary, file);
  } catch (problem) {
    await fs.rm(temporary, { force: true });
    throw problem;
  }
  await syncFolder(path.dirname(file));
}

/** Temporary files that a killed program left beside the real ones. */
export async function removeStaleTemporaries(folder: string): Promise<void> {
  for (const name of await fs.readdir(folder).catch(() => [] as string[]))
    if (/\.\d+-[0-9a-f]{8}\.tmp$/.test(name)) await fs.rm(path.join(folder, name), { force: true });
}
