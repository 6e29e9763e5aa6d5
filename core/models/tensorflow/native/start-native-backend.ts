import { findBackend, registerBackend } from '@tensorflow/tfjs-core';
import { completeFloat64Realm } from '../float64-kernels.ts';
import { isFloat64Realm } from '../float64-realm.ts';
import type { NativeBinding } from './binding.ts';
import { lowerings } from './lowerings.ts';
import { NativeBackend, nativeBackendName } from './native-backend.ts';
import { installNativeKernels } from './native-kernels.ts';

/** Registers the TensorFlow library as a backend of this realm; the binding must have been started. */
export function startNativeBackend(binding: NativeBinding): void {
  if (findBackend(nativeBackendName) != null) return;
  const backend = new NativeBackend(binding);
  installNativeKernels(backend, lowerings);
  if (isFloat64Realm()) completeFloat64Realm();
  registerBackend(nativeBackendName, () => backend);
}
