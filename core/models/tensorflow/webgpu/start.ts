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

/** What this realm has registered, to be used again as long as its device lives. */
let registered: {
  readonly gpu: Gpu;
  readonly described: GpuDescription;
  readonly backend: CheckedWebgpuBackend;
} | null = null;

/**
 * Makes 'webgpu' a backend of this realm that computes on `gpu`, with kernels that are right for second derivatives.
 * It becomes the current one by `setBackend`. Gives what the adapter is; null where there is none. Called again with the
 * same `gpu` it changes nothing, unless the device was lost: then there is a new one, and old tensors are gone.
 */
export async function registerWebgpu(gpu: Gpu): Promise<GpuDescription | null> {
  if (registered?.gpu === gpu && !registered.backend.isLost) return registered.described;
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) return null;
  const described = await describeAdapter(adapter);
  const device = await adapter.requestDevice({
    requiredFeatures: [],
    requiredLimits: Object.fromEntries(wantedLimits.map((name) => [name, adapter.limits[name] ?? 0])),
  });
  // In a page the library has registered one of its own.
  if (findBackendFactory('webgpu') != null) removeBackend('webgpu');
  const backend = asInPage(gpu, () => new CheckedWebgpuBackend(device));
  registerBackend('webgpu', () => backend);
  registered = { gpu, described, backend };
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
