import { getKernel, type KernelConfig, registerKernel, type TensorInfo, unregisterKernel } from '@tensorflow/tfjs-core';
import { type HostBackend, hostBackend } from './host-view.ts';

/** A kernel written as loops over host values, for the backends whose values lie on the host. */
export interface HostKernel<Attributes = Record<string, unknown>> {
  readonly kernelName: string;
  run(inputs: Record<string, TensorInfo>, attributes: Attributes, host: HostBackend): TensorInfo;
}

export function hostKernel<Attributes>(
  kernelName: string,
  run: (inputs: Record<string, TensorInfo>, attributes: Attributes, host: HostBackend) => TensorInfo,
): HostKernel {
  return { kernelName, run: (inputs, attributes, host) => run(inputs, attributes as Attributes, host) };
}

/** Registers a kernel, in place of the backend's own where it has one. */
export function installKernel(config: KernelConfig): void {
  if (getKernel(config.kernelName, config.backendName) != null) unregisterKernel(config.kernelName, config.backendName);
  registerKernel(config);
}

export function installHostKernels(kernels: readonly HostKernel[], backendName: string): void {
  for (const { kernelName, run } of kernels) {
    installKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) =>
        run(inputs as Record<string, TensorInfo>, attrs ?? {}, hostBackend(backend)),
    });
  }
}
