import { type Tensor, tidy } from '@tensorflow/tfjs-core';
import { einsumByProducts } from '../einsum.ts';
import { installKernel } from './kernel.ts';

/** Einsum outside a tape: missing on wasm, and on cpu a result may share memory with an operand uncounted. */
export function installEinsum(backendName: string): void {
  installKernel({
    kernelName: 'Einsum',
    backendName,
    kernelFunc: ({ inputs, attrs }) =>
      // The engine hands kernels the tensors themselves.
      tidy(() => einsumByProducts(Object.values(inputs) as Tensor[], String(attrs!.equation))),
  });
}
