import { env, findBackendFactory, registerBackend, removeBackend } from '@tensorflow/tfjs-core';
import { nameEngine } from '../engine-name.ts';
import { CheckedWebgpuBackend } from './backend.ts';
import { describeAdapter, type Gpu, type GpuDescription } from './gpu.ts';
import { installWebgpuKernels } from './kernels.ts';

/** The limits that decide how large tensors and how wide workgroups may be; asked for as the adapter has them. */
const wantedLimits = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
];

/**
 * Makes 'webgpu' a backend of this realm that computes on `gpu`, with kernels that are right for second derivatives.
 * It becomes the current one by `setBackend`. Gives what the adapter is; null where there is none.
 */
export async function registerWebgpu(gpu: Gpu): Promise<GpuDescription | null> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) return null;
  const described = await describeAdapter(adapter);
  const device = await adapter.requestDevice({
    requiredFeatures: [],
    requiredLimits: Object.fromEntries(wantedLimits.map((name) => [name, adapter.limits[name] ?? 0])),
  });
  // In a page the library has registered one of its own.
  if (findBackendFactory('webgpu') != null) removeBackend('webgpu');
  registerBackend('webgpu', () => asInPage(gpu, () => new CheckedWebgpuBackend(device)));
  // Otherwise small tensors are computed by JavaScript, with kernels that are not those checked here.
  env().set('WEBGPU_CPU_FORWARD', false);
  installWebgpuKernels();
  nameEngine('webgpu', `${described.description}${described.software ? ', software' : ''}`);
  return described;
}

/** The library takes a realm without `navigator.gpu` for one without a GPU. */
function asInPage<T>(gpu: Gpu, body: () => T): T {
  const realm = globalThis as { navigator?: { gpu?: unknown } };
  if (realm.navigator?.gpu !== undefined) return body();
  const before = Object.getOwnPropertyDescriptor(realm, 'navigator');
  Object.defineProperty(realm, 'navigator', { value: { gpu }, configurable: true });
  try {
    return body();
  } finally {
    if (before) Object.defineProperty(realm, 'navigator', before);
    else delete realm.navigator;
  }
}
