import fs from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../core/bad-input.ts';
import { runFiles } from '../../core/experiment/run-folder.ts';
import type { FileKind } from '../../core/protocol/bridge.ts';

export type { FileKind };

const experimentNames = /\.(ya?ml|json)$/i;
const landscapeNames = /\.(h5|hdf5|npz)$/i;
const whatOpens =
  'Give the folder of a run, an experiment as a .yaml or .json file, or a landscape as an .h5 or .npz file.';

/** How HDF5 files and archives begin. */
const signatures = [
  [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a],
  [0x50, 0x4b, 3, 4],
];

/** By its first bytes, whatever it is called: peers name their surfaces as they like. */
async function beginsLikeLandscape(file: string): Promise<boolean> {
  const handle = await fs.open(file, 'r').catch(() => null);
  try {
    const { buffer, bytesRead } = (await handle?.read(new Uint8Array(8), 0, 8, 0)) ?? {
      buffer: new Uint8Array(),
      bytesRead: 0,
    };
    return signatures.some((bytes) => bytes.length <= bytesRead && bytes.every((byte, i) => buffer[i] === byte));
  } catch {
    return false;
  } finally {
    await handle?.close();
  }
}

/**
 * What a path that the user gave is: a run's folder, an experiment's file or a landscape's. Damaged landscapes are told by
 * their ending. Throws BadInput for anything else.
 */
export async function kindOfFile(file: string): Promise<FileKind> {
  if (!path.isAbsolute(file) || file.includes('\0')) throw new BadInput('That is no file of this machine.', whatOpens);
  const found = await fs.stat(file).catch((problem: NodeJS.ErrnoException) => {
    const isMissing = problem.code === 'ENOENT' || problem.code === 'ENOTDIR';
    throw new BadInput(
      isMissing ? `${file} is not there.` : `${file} cannot be read (${problem.code}).`,
      isMissing ? 'It may have been moved: look for it with “Open”.' : 'Look after its rights and the disk.',
    );
  });
  if (found.isDirectory()) {
    const isRun = await fs.stat(path.join(file, runFiles.experimentJson)).then(
      (inner) => inner.isFile(),
      () => false,
    );
    if (isRun) return 'run';
    throw new BadInput(`${file} is a folder without ${runFiles.experimentJson}: no run.`, whatOpens);
  }
  if (found.isFile() && (landscapeNames.test(file) || (await beginsLikeLandscape(file)))) return 'landscape';
  if (found.isFile() && experimentNames.test(file)) return 'experiment';
  throw new BadInput(`${file} is neither a run nor an experiment nor a landscape.`, whatOpens);
}
