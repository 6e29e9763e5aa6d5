import { getKernel } from '@tensorflow/tfjs-core';
import { hostBackend } from './host-view.ts';
import { installKernel } from './kernel.ts';

/**
 * Identity and casts to the same type that share the data instead of copying it, as the wasm backend's own do: a tape
 * saves every operand through Identity, so that each recorded batch of images would be copied.
 */
export function installSharing(backendName: string): void {
  const copy = getKernel('Identity', backendName).kernelFunc;
  const cast = getKernel('Cast', backendName).kernelFunc;
  installKernel({
    kernelName: 'Identity',
    backendName,
    kernelFunc({ inputs, attrs, backend }) {
      const x = inputs.x!;
      return x.dtype === 'string' ? copy({ inputs, attrs: attrs!, backend }) : hostBackend(backend).alias(x, x.shape);
    },
  });
  installKernel({
    kernelName: 'Cast',
    backendName,
    kernelFunc({ inputs, attrs, backend }) {
      const x = inputs.x!;
      if (x.dtype === attrs!.dtype) return hostBackend(backend).alias(x, x.shape);
      return cast({ inputs, attrs: attrs!, backend });
    },
  });
}
