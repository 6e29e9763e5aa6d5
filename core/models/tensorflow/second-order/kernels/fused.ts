import { type Tensor, type TensorInfo, tidy } from '@tensorflow/tfjs-core';
import { runKernel } from '../../engine-access.ts';
import { activated } from '../fused-activation.ts';
import { installKernel } from './kernel.ts';

/** A fused operation as its parts, through the registered kernels: linear part, bias, activation. */
function inParts(
  linear: string,
  operands: readonly [string, string],
): (inputs: Record<string, TensorInfo | undefined>, attributes: Record<string, unknown>) => Tensor {
  return (inputs, attributes) =>
    tidy(() => {
      // The engine hands kernels the tensors themselves.
      const tensors = inputs as Record<string, Tensor | undefined>;
      const [first, second] = operands;
      const product = runKernel(linear, { [first]: tensors[first], [second]: tensors[second] }, attributes);
      return activated(product, tensors, attributes);
    });
}

export const fusedProductInParts = inParts('BatchMatMul', ['a', 'b']);

/** On the cpu backend the fused kernels carry the slow loops inside; as parts they go through the fast ones. */
export function installFusedInParts(backendName: string): void {
  const convolution = inParts('Conv2D', ['x', 'filter']);
  installKernel({
    kernelName: '_FusedMatMul',
    backendName,
    kernelFunc: ({ inputs, attrs }) => fusedProductInParts(inputs, attrs!),
  });
  installKernel({
    kernelName: 'FusedConv2D',
    backendName,
    kernelFunc: ({ inputs, attrs }) => convolution(inputs, attrs!),
  });
}
