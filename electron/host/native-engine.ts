import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { BadInput } from '../../core/bad-input.ts';
import { bindingAbi, type NativeBinding } from '../../core/models/tensorflow/native/binding.ts';
import { activeEngine, engineFiles, engineLibraries, enginesHome } from './engine/engines-home.ts';
import { loadEngine } from './engine/load-engine.ts';
import { wantedThreads } from './threads.ts';

/** An installed TensorFlow: the folder with its libraries and with our addon. */
export interface NativeEngine {
  readonly folder: string;
  readonly name: string;
  /** Of the TensorFlow library. */
  readonly version: string;
  /** Whether its libraries can use an NVIDIA GPU. */
  readonly gpu: boolean;
}

/** The engine in use, or null; `whyNoNativeEngine` says why. */
export function findNativeEngine(home = enginesHome()): NativeEngine | null {
  const found = searchNativeEngine(home);
  return typeof found === 'string' ? null : found;
}

/** One sentence on why there is no engine to use, or null where there is one. */
export function whyNoNativeEngine(home = enginesHome()): string | null {
  const found = searchNativeEngine(home);
  return typeof found === 'string' ? found : null;
}

function searchNativeEngine(home: string): NativeEngine | string {
  const engine = activeEngine(home);
  if (engine === null) return `No TensorFlow engine is in use in ${home}.`;
  const { folder, record } = engine;
  const { name, version, gpu, abi } = record;
  if (abi !== bindingAbi) return `The engine ${name} was installed by another version of Saddlescope.`;
  const parts = [engineFiles.addon, ...engineLibraries.map((library) => path.join(engineFiles.libraries, library))];
  const missing = parts.find((part) => !existsSync(path.join(folder, part)));
  return missing === undefined ? { folder, name, version, gpu } : `The engine ${name} lacks its file ${missing}.`;
}

/**
 * Opens an engine in this thread and starts it; a process can open one engine only. `threads` of one operation: as
 * given, else SADDLESCOPE_THREADS, else all cores; the first call of the process decides.
 * Throws `BadInput` where the engine cannot be opened.
 */
export function loadNativeEngine(engine: NativeEngine, options: { readonly threads?: number } = {}): NativeBinding {
  const threads = options.threads ?? wantedThreads() ?? availableParallelism();
  try {
    const binding = loadEngine(engine.folder);
    binding.start(threads);
    return binding;
  } catch (problem) {
    const why = problem instanceof Error ? problem.message.replace(/\.$/, '') : String(problem);
    throw new BadInput(
      `The engine ${engine.name} could not be opened: ${why}.`,
      'Install it again with `saddlescope engine install`, or choose another engine.',
    );
  }
}
