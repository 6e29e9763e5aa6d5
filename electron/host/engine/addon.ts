import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../../core/bad-input.ts';
import { bindingAbi } from '../../../core/models/tensorflow/native/binding.ts';
import { AddonNotCompiled, compileAddon } from '../../native/compile-addon.ts';
import { assetsFolder } from '../assets-folder.ts';
import { engineFiles, type InstalledEngine } from './engines-home.ts';

/** The addon that is shipped for this kind of machine, or null. */
export function prebuiltAddon(): string | null {
  const file = path.join(assetsFolder(), 'native', `${process.platform}-${process.arch}`, engineFiles.addon);
  return existsSync(file) ? file : null;
}

/** Whether an engine has the addon of this version of the program; installing it again mends that in a second. */
export async function hasPresentAddon({ addon, record }: InstalledEngine): Promise<boolean> {
  if (record.abi !== bindingAbi) return false;
  const prebuilt = prebuiltAddon();
  if (record.addon === 'compiled' || prebuilt === null) return existsSync(addon);
  const [own, shipped] = await Promise.all([fs.readFile(addon).catch(() => null), fs.readFile(prebuilt)]);
  return own?.equals(shipped) ?? false;
}

/** Lays the shipped addon into the folder of an engine. */
export const copyAddon = (prebuilt: string, folder: string): Promise<void> =>
  fs.copyFile(prebuilt, path.join(folder, engineFiles.addon));

/** Rejects as soon as the signal is aborted, whatever `work` still does. */
const orAborted = (work: Promise<void>, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = () => reject(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    work.then(resolve, reject).finally(() => signal?.removeEventListener('abort', stop));
  });

/** Compiles the addon of this version into the folder of an engine. Throws BadInput where no compiler can do it. */
export async function buildAddon(folder: string, signal?: AbortSignal): Promise<void> {
  try {
    await orAborted(compileAddon({ out: path.join(folder, engineFiles.addon) }), signal);
  } catch (problem) {
    if (!(problem instanceof AddonNotCompiled)) throw problem;
    if (problem.kind === 'noCompiler')
      throw new BadInput(
        'The shipped addon does not load here, and there is no C++ compiler to make one.',
        'Install one (sudo apt-get install -y g++) and start again.',
      );
    throw new BadInput(
      `The addon could not be compiled: ${problem.message.split('\n')[0]}.`,
      'Install a newer compiler (sudo apt-get install -y g++; C++17 is needed) and start again.',
    );
  }
}
