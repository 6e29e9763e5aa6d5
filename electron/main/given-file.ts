import fs from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../core/bad-input.ts';
import { runFiles } from '../../core/experiment/run-folder.ts';

export type FileKind = 'run' | 'experiment';

const experimentNames = /\.(ya?ml|json)$/i;
const whatOpens = 'Give the folder of a run, or an experiment as a .yaml or .json file.';

/** What a path that the user gave is: a run's folder or an experiment's file. Throws BadInput for anything else. */
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
  if (found.isFile() && experimentNames.test(file)) return 'experiment';
  throw new BadInput(`${file} is neither a run nor an experiment.`, whatOpens);
}
