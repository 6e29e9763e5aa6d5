import { spawnSync } from 'node:child_process';
import { temporaryFolder } from './command-line.ts';

/** A disk in memory of a few kilobytes: to be full, or only readable. Linux, and only with the right to mount. */
export interface MemoryDisk {
  readonly folder: string;
  unmount(): void;
}

const succeeds = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

export function mountMemory(kilobytes: number): MemoryDisk {
  const folder = temporaryFolder();
  if (!succeeds('mount', '-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder))
    throw new Error(`no tmpfs could be mounted at ${folder}`);
  return { folder, unmount: () => void succeeds('umount', folder) };
}

function remount({ folder }: MemoryDisk, option: string): void {
  if (!succeeds('mount', '-o', `remount,${option}`, folder)) throw new Error(`${folder} could not be given ${option}`);
}

export const remountReadOnly = (disk: MemoryDisk): void => remount(disk, 'ro');
export const resize = (disk: MemoryDisk, kilobytes: number): void => remount(disk, `size=${kilobytes}k`);

/** Tried once, for a name in the list of tests says that they were left out. */
export const canMountMemory: boolean = (() => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const folder = temporaryFolder();
  return succeeds('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder) && succeeds('umount', folder);
})();
