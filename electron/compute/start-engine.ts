import { availableParallelism } from 'node:os';
import { BadInput } from '../../core/bad-input.ts';
import type { Experiment } from '../../core/experiment/experiment.ts';
import { isFloat64Realm } from '../../core/models/tensorflow/float64-realm.ts';
import type { NativeBinding } from '../../core/models/tensorflow/native/binding.ts';
import { findNativeEngine, loadNativeEngine, whyNoNativeEngine } from '../host/native-engine.ts';
import { wantedThreads } from '../host/threads.ts';
import { wasmFolder } from '../host/wasm-folder.ts';
import { hasGpuDoor, startGpuWindow } from './gpu/gpu-door.ts';

/** The engines that compute tensors. */
export type EngineName = Exclude<Experiment['engine'], 'auto'>;

interface Candidate {
  readonly name: EngineName;
  /** Makes it the engine of this thread; false where it is not for use without being asked for. */
  start(forced: boolean): Promise<boolean>;
}

/** Loaded when needed and not at the top: for float64 the realm must be entered first. */
const backend = async () => (await import('../../core/models/tensorflow/backend.ts')).useBackend;

let native: { readonly folder: string; readonly binding: NativeBinding } | null = null;

/**
 * The installed TensorFlow, opened; BadInput with the reason where there is none, also where it was removed since it was
 * opened: it then stays in memory for what computes with it, and nothing new begins on it.
 */
function nativeBinding(): NativeBinding {
  const found = findNativeEngine();
  if (found === null)
    throw new BadInput(
      whyNoNativeEngine() ?? 'No TensorFlow engine is in use.',
      'Run `saddlescope engine install`, or use another engine, for example --engine wasm.',
    );
  if (native?.folder !== found.folder) native = { folder: found.folder, binding: loadNativeEngine(found) };
  return native.binding;
}

/**
 * What decides, besides the experiment, which engine it gets: an engine that is installed or removed while a thread lives
 * is used from the next experiment on, and what is open goes on with the one that it has.
 */
export const installedFor = (wanted: Experiment['engine']): string =>
  wanted === 'auto' || wanted === 'tensorflow' ? (findNativeEngine()?.name ?? '') : '';

/** The library's version and threads, for the record: numbers depend on how many share a sum. Empty for other engines. */
export const nativeVersion = (engine: string): string =>
  native && engine.startsWith('tensorflow')
    ? `, TensorFlow ${native.binding.version}, threads: ${wantedThreads() ?? availableParallelism()}`
    : '';

const usesGpu = (binding: NativeBinding): boolean => binding.devices().some(({ kind }) => kind === 'GPU');

async function startNative(binding: NativeBinding): Promise<true> {
  await (await backend())('tensorflow', { native: binding });
  return true;
}

const nativeOnGpu: Candidate = {
  name: 'tensorflow',
  async start() {
    const binding = nativeBinding();
    return usesGpu(binding) && startNative(binding);
  },
};
const webgpu: Candidate = {
  name: 'webgpu',
  async start(forced) {
    // Electron's threads compute on the GPU of a window.
    if (hasGpuDoor()) return (await startGpuWindow(forced)) !== null;
    const { startWebgpu } = await import('./start-webgpu.ts');
    if ((await startWebgpu({ allowSoftware: forced })) !== null) return true;
    if (!forced) return false;
    throw new BadInput('There is no GPU here that WebGPU can use.', 'Use another engine, for example --engine wasm.');
  },
};
const nativeOnProcessor: Candidate = { name: 'tensorflow', start: () => startNative(nativeBinding()) };
const wasm: Candidate = {
  name: 'wasm',
  async start() {
    const wasmDirectory = wasmFolder();
    await (await backend())('wasm', wasmDirectory === undefined ? {} : { wasmDirectory });
    return true;
  },
};
const cpu: Candidate = {
  name: 'cpu',
  async start() {
    await (await backend())('cpu');
    return true;
  },
};

const inFloat32 = [nativeOnGpu, webgpu, nativeOnProcessor, wasm, cpu];
const inFloat64 = [nativeOnProcessor, cpu];

/**
 * Makes the wanted engine that of this thread; `auto`: the first that starts of TensorFlow with an NVIDIA GPU, WebGPU on
 * a real adapter, TensorFlow, WebAssembly, plain JavaScript. In a double-precision realm: TensorFlow, plain JavaScript.
 * Throws BadInput where the wanted one cannot be had.
 */
export async function startEngine(wanted: Experiment['engine']): Promise<EngineName> {
  const candidates = isFloat64Realm() ? inFloat64 : inFloat32;
  if (wanted !== 'auto') {
    const named = candidates.filter(({ name }) => name === wanted).at(-1);
    if (!named)
      throw new BadInput(
        `The engine ${wanted} computes in float32 only.`,
        'Use --precision float32, or --engine tensorflow or cpu for float64.',
      );
    await named.start(true);
    return wanted;
  }
  let problem: unknown;
  for (const candidate of candidates) {
    try {
      if (await candidate.start(false)) return candidate.name;
    } catch (fault) {
      problem = fault;
    }
  }
  throw problem;
}
