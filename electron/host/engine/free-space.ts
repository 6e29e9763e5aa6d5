import fs from 'node:fs/promises';
import { BadInput } from '../../../core/bad-input.ts';

export const megabytes = (bytes: number): number => Math.ceil(bytes / 1e6);

/** Throws BadInput where the disk of a folder has less room than `bytes`. */
export async function requireSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await fs.statfs(folder);
  if (bavail * bsize >= bytes) return;
  throw new BadInput(
    `The disk of ${folder} has ${megabytes(bavail * bsize)} MB left, and ${megabytes(bytes)} MB are needed.`,
    'Make room, or name a folder on another disk with the variable SADDLESCOPE_ENGINES.',
  );
}
