import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { enableProdMode, ready, setBackend } from '@tensorflow/tfjs-core';
import { BadInput } from '../../bad-input.ts';
import { completeFloat64Realm } from './float64-kernels.ts';
import { isFloat64Realm } from './float64-realm.ts';
import type { NativeBinding } from './native/binding.ts';
import { startNativeBackend } from './native/start-native-backend.ts';
import { installCpuKernels } from './second-order/kernels/cpu.ts';
import { installWasmKernels } from './second-order/kernels/wasm.ts';
import type { Gpu } from './webgpu/gpu.ts';

export type BackendName = 'tensorflow' | 'webgpu' | 'wasm' | 'cpu';

/**
 * Makes a backend the current one, with kernels that are right and fast for second derivatives. The wasm backend runs
 * on one thread; `wasmDirectory` is where its .wasm files lie (a path or URL), next to the program if left out.
 * The webgpu backend computes on `gpu`; its values can only be awaited. 'tensorflow' computes with the library that
 * `native` has opened. In a double-precision realm (see `enterFloat64Realm`) only 'cpu' and 'tensorflow' exist, and this
 * call finishes that realm.
 * Throws an `Error` where the backend cannot start.
 */
export async function useBackend(
  name: BackendName,
  { wasmDirectory, gpu, native }: { wasmDirectory?: string; gpu?: Gpu; native?: NativeBinding } = {},
): Promise<void> {
  // Otherwise the library prints advice about other backends into the program's output.
  enableProdMode();
  if (name === 'wasm') {
    if (isFloat64Realm())
      throw new Error("In a double-precision realm the tensor backend must be 'cpu' or 'tensorflow'.");
    setThreadsCount(1);
    if (wasmDirectory !== undefined) setWasmPaths(wasmDirectory.endsWith('/') ? wasmDirectory : `${wasmDirectory}/`);
    installWasmKernels();
  } else if (name === 'webgpu') {
    if (isFloat64Realm())
      throw new Error("In a double-precision realm the tensor backend must be 'cpu' or 'tensorflow'.");
    // Loaded when asked for: most installations never use it.
    const { registerWebgpu } = await import('./webgpu/start.ts');
    if (gpu === undefined || !(await registerWebgpu(gpu))) {
      throw new BadInput('There is no GPU here that WebGPU can use.', 'Use another engine.');
    }
  } else if (name === 'tensorflow') {
    if (native === undefined) throw new Error("The backend 'tensorflow' needs a library that was opened.");
    startNativeBackend(native);
  } else {
    installCpuKernels();
    if (isFloat64Realm()) completeFloat64Realm();
  }
  let started: boolean;
  try {
    started = await setBackend(name);
  } catch (cause) {
    throw new Error(`The tensor backend '${name}' did not start.`, { cause });
  }
  if (!started) {
    throw new Error(
      `The tensor backend '${name}' did not start${wasmDirectory === undefined ? '' : ` from ${wasmDirectory}`}.`,
    );
  }
  await ready();
}
