import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../../core/bad-input.ts';
import { assetsFolder } from '../assets-folder.ts';
import { compileAddon } from './compile-addon.ts';
import { engineFiles } from './engines-home.ts';

/** The addon that is shipped for this kind of machine, or null. */
export function prebuiltAddon(): string | null {
  const file = path.join(assetsFolder(), 'native', `${process.platform}-${process.arch}`, engineFiles.addon);
  return existsSync(file) ? file : null;
}

/** Lays the shipped addon into the folder of an engine. */
export const copyAddon = (prebuilt: string, folder: string): Promise<void> =>
  fs.copyFile(prebuilt, path.join(folder, engineFiles.addon));

/** Compiles the addon of this version into the folder of an engine. Throws BadInput where no compiler can do it. */
export async function buildAddon(folder: string): Promise<void> {
  try {
    await compileAddon({ out: path.join(folder, engineFiles.addon) });
  } catch (problem) {
    const { kind, message } = problem as { kind?: unknown; message?: string };
    if (kind === 'noCompiler')
      throw new BadInput(
        'The shipped addon does not load here, and there is no C++ compiler to make one.',
        'Install one (sudo apt-get install -y g++) and start again.',
      );
    if (kind === 'compileFailed')
      throw new BadInput(
        `The addon could not be compiled: ${(message ?? '').split('\n')[0]}.`,
        'Install a newer compiler (sudo apt-get install -y g++; C++17 is needed) and start again.',
      );
    throw problem;
  }
}
