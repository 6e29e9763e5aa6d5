import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../core/bad-input.ts';

/** What the operating system says when something cannot be written, for people: what was found, and what to do. */
const sentences: Readonly<Record<string, readonly [found: string, advice: string]>> = {
  ENOSPC: [
    'the disk is full',
    'Make room or give another folder; what was written before is whole, and a run goes on with --resume.',
  ],
  EDQUOT: [
    'your share of the disk is full',
    'Make room or give another folder; what was written before is whole, and a run goes on with --resume.',
  ],
  EFBIG: ['files may not become that large here', 'Raise the limit (ulimit -f) or give a folder on another disk.'],
  EACCES: ['you have no right to write there', 'Give a folder of your own, or have its rights changed.'],
  EPERM: ['the system does not allow to write there', 'Give a folder of your own, or have its rights changed.'],
  EROFS: ['the disk can only be read', 'Give a folder on a disk that can be written.'],
  ENOTDIR: ['a part of the path is a file and no folder', 'Give a path that leads through folders only.'],
  EEXIST: ['there is a file of that name', 'Give the name of a folder, or of one that does not exist yet.'],
  EISDIR: ['there is a folder of that name', 'Give the name of a file.'],
  ENAMETOOLONG: ['the name is too long', 'Give a shorter one.'],
  EIO: ['the disk does not answer', 'Look after the disk, and copy what is on it.'],
};

/** A failure to write, as BadInput where the user can mend it; anything else as it came. */
export function diskProblem(problem: unknown, file: string): unknown {
  const code = (problem as NodeJS.ErrnoException | null)?.code ?? '';
  const told = Object.hasOwn(sentences, code) ? sentences[code] : undefined;
  if (told === undefined) return problem;
  const badInput = new BadInput(`${file} cannot be written: ${told[0]}.`, told[1]);
  badInput.cause = problem;
  return badInput;
}

/** Runs an action that writes `file`, and tells its failure as `diskProblem` does. */
export async function writing<T>(file: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (problem) {
    throw diskProblem(problem, file);
  }
}

/** Makes a folder with those above it, where they are missing. */
export const makeFolder = (folder: string): Promise<void> =>
  writing(folder, async () => {
    try {
      await fs.mkdir(folder, { recursive: true });
    } catch (problem) {
      if ((problem as NodeJS.ErrnoException).code !== 'ENOENT') throw problem;
      // So Node answers where the disk can only be read; making one folder alone tells the reason.
      let first = path.resolve(folder);
      while (!existsSync(path.dirname(first))) first = path.dirname(first);
      await fs.mkdir(first);
      await fs.mkdir(folder, { recursive: true });
    }
  });
