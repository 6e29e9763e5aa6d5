import { conv2d, getKernel, pad, reverse, type Tensor, type Tensor4D, tidy, transpose } from '@tensorflow/tfjs-core';
import type { Conv2DAttributes } from '../rules/convolution.ts';
import { installKernel } from './kernel.ts';
import { convWindow } from './patches.ts';

/**
 * The input's gradient of an unstrided convolution as a convolution itself: of the padded cotangent with the filter
 * turned by 180° and its channels exchanged. Where convolutions are the backend's fastest kernel this is several times
 * faster than patches; strides, and paddings wider than the filter, stay with the kernel installed before.
 */
export function installInputGradientByConvolution(backendName: string): void {
  const general = getKernel('Conv2DBackpropInput', backendName);
  installKernel({
    ...general,
    kernelFunc({ inputs, attrs, backend }) {
      const attributes = attrs as unknown as Conv2DAttributes & { inputShape: number[] };
      // The engine hands kernels the tensors themselves.
      const { dy, filter } = inputs as unknown as { dy: Tensor4D; filter: Tensor4D };
      if (attributes.dataFormat === 'NCHW') return general.kernelFunc({ inputs, attrs: attrs!, backend });
      const w = convWindow(attributes.inputShape, filter.shape, attributes);
      const before = [w.filterHeight - 1 - w.top, w.filterWidth - 1 - w.left];
      const after = [w.inHeight + w.top - w.outHeight, w.inWidth + w.left - w.outWidth];
      const strided = w.strideHeight !== 1 || w.strideWidth !== 1;
      if (strided || [...before, ...after].some((n) => n < 0)) {
        return general.kernelFunc({ inputs, attrs: attrs!, backend });
      }
      return tidy((): Tensor => {
        const padded = pad(dy, [
          [0, 0],
          [before[0]!, after[0]!],
          [before[1]!, after[1]!],
          [0, 0],
        ]);
        const turned = transpose(reverse(filter, [0, 1]), [0, 1, 3, 2]);
        return conv2d(padded, turned, 1, 'valid');
      });
    },
  });
}
