import { createRequire } from 'node:module';
import path from 'node:path';
import { bindingAbi, type NativeBinding } from '../../../core/models/tensorflow/native/binding.ts';
import { EngineFault } from './engine-fault.ts';
import { engineFiles } from './engines-home.ts';

/** What the addon exports: the binding, and the loading of TensorFlow's libraries from a folder. */
type Addon = NativeBinding & { load(libraries: string): void };

const message = (problem: unknown): string => (problem instanceof Error ? problem.message : String(problem));

/** Loads the engine in a folder into this process, which can load one only. Throws EngineFault where it does not load. */
export function loadEngine(folder: string): NativeBinding {
  let addon: Addon;
  try {
    const file = path.resolve(folder, engineFiles.addon);
    addon = createRequire(file)(file) as Addon;
  } catch (problem) {
    throw new EngineFault('addon', `its addon does not load: ${message(problem)}`);
  }
  if (addon.abi !== bindingAbi)
    throw new EngineFault('addon', `its addon has the interface ${addon.abi} and not ${bindingAbi}`);
  try {
    addon.load(path.resolve(folder, engineFiles.libraries));
  } catch (problem) {
    throw new EngineFault('library', message(problem));
  }
  return addon;
}
