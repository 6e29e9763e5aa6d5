import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, homedir } from 'node:os';
import path from 'node:path';
import { BadInput } from '../../core/bad-input.ts';
import { bindingAbi, type NativeBinding } from '../../core/models/tensorflow/native/binding.ts';

/** An installed TensorFlow: the folder with its libraries and with our addon. */
export interface NativeEngine {
  readonly folder: string;
  readonly name: string;
  /** Of the TensorFlow library. */
  readonly version: string;
  /** Whether its libraries can use an NVIDIA GPU. */
  readonly gpu: boolean;
}

/** File names in an engine's folder and in the folder of all engines. */
export const engineFiles = {
  active: 'active.json',
  description: 'engine.json',
  addon: 'saddlescope-tensorflow.node',
  libraries: 'lib',
  library: 'libtensorflow_cc.so.2',
} as const;

/** Where engines are installed: SADDLESCOPE_ENGINES, else the user's data folder. */
export function enginesHome(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.SADDLESCOPE_ENGINES) return path.resolve(environment.SADDLESCOPE_ENGINES);
  const data = environment.XDG_DATA_HOME || path.join(homedir(), '.local', 'share');
  return path.join(data, 'saddlescope', 'engines');
}

/** The engine in use, or null with the reason, one sentence. `home`: where engines are installed. */
export function findNativeEngine(home = enginesHome()): NativeEngine | null {
  const found = searchNativeEngine(home);
  return typeof found === 'string' ? null : found;
}

/** The engine in use, or one sentence why there is none. */
export function searchNativeEngine(home = enginesHome()): NativeEngine | string {
  const activeFile = path.join(home, engineFiles.active);
  if (!existsSync(activeFile)) return 'No TensorFlow engine is installed.';
  const name = record(activeFile)?.name;
  if (typeof name !== 'string' || name !== path.basename(name) || name === '' || name.startsWith('.')) {
    return `${activeFile} does not name an engine.`;
  }
  const folder = path.join(home, name);
  const descriptionFile = path.join(folder, engineFiles.description);
  const { version, gpu, abi } = record(descriptionFile) ?? {};
  if (typeof version !== 'string' || typeof gpu !== 'boolean' || typeof abi !== 'number') {
    return `${descriptionFile} does not describe an engine.`;
  }
  if (abi !== bindingAbi) {
    return `The engine ${name} was installed by another version of Saddlescope; install it again.`;
  }
  for (const part of [engineFiles.addon, path.join(engineFiles.libraries, engineFiles.library)]) {
    if (!existsSync(path.join(folder, part))) return `The engine ${name} lacks the file ${part}; install it again.`;
  }
  return { folder, name, version, gpu };
}

/** What a JSON file holds if that is an object, null otherwise. */
function record(file: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** The addon as it is loaded, before it has opened TensorFlow's libraries. */
interface Addon extends NativeBinding {
  /** Opens the libraries in a folder, after setting the variables that they read while they are loaded. */
  load(folder: string): void;
}

/**
 * Opens an engine in this thread and starts it; a process can open one engine only. `threads` of one operation: as
 * given, else SADDLESCOPE_THREADS, else all cores; the first call of the process decides.
 * Throws `BadInput` where the engine cannot be opened.
 */
export function loadNativeEngine(engine: NativeEngine, options: { readonly threads?: number } = {}): NativeBinding {
  const threads = options.threads ?? threadsFromEnvironment() ?? availableParallelism();
  try {
    const addon = createRequire(import.meta.url)(path.join(engine.folder, engineFiles.addon)) as Addon;
    if (addon.abi !== bindingAbi) {
      throw new Error(`its addon has interface ${addon.abi}, this program needs ${bindingAbi}`);
    }
    addon.load(path.join(engine.folder, engineFiles.libraries));
    addon.start(threads);
    return addon;
  } catch (cause) {
    throw new BadInput(
      `The engine ${engine.name} could not be opened: ${cause instanceof Error ? cause.message : String(cause)}.`,
      'Install it again with `saddlescope engine install`, or choose another engine.',
    );
  }
}

function threadsFromEnvironment(): number | null {
  const text = process.env.SADDLESCOPE_THREADS;
  if (text === undefined || text === '') return null;
  const threads = Number(text);
  if (Number.isInteger(threads) && threads >= 1 && threads <= 1024) return threads;
  throw new BadInput(`SADDLESCOPE_THREADS is '${text}'.`, 'Set it to a number of threads from 1 on, or leave it out.');
}
