import { matMul, reshape, type Tensor, type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { installKernel } from '../second-order/kernels/kernel.ts';
import { bilinearSources, nearestSources, type ResizeAttributes, type Source } from '../second-order/kernels/resize.ts';

type Sources = (size: number, newSize: number, attributes: ResizeAttributes) => Source[];

/**
 * Gradients of resizing as two products with small matrices, Rᵀ along the height and then along the width, where R has
 * the share of each old row in a new one. The library's kernels know no half-pixel centres.
 */
export function installResizeGradients(): void {
  install('ResizeNearestNeighborGrad', nearestSources);
  install('ResizeBilinearGrad', bilinearSources);
}

function install(kernelName: string, sources: Sources): void {
  installKernel({
    kernelName,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, attrs }) =>
      tidy(() => {
        // The engine hands kernels the tensors themselves.
        const { dy, images } = inputs as unknown as { dy: Tensor; images: Tensor };
        const [batch = 0, height = 0, width = 0, channels = 0] = images.shape;
        const [, newHeight = 0, newWidth = 0] = dy.shape;
        const attributes = attrs as unknown as ResizeAttributes;
        const rows = transposedShares(height, sources(height, newHeight, attributes));
        const columns = transposedShares(width, sources(width, newWidth, attributes));
        const down = matMul(rows, reshape(dy, [batch, newHeight, newWidth * channels]));
        const across = matMul(columns, reshape(down, [batch * height, newWidth, channels]));
        return reshape(across, images.shape);
      }),
  });
}

/** [old, new]: with what share an old row counts in each new one. */
function transposedShares(size: number, sources: readonly Source[]): Tensor2D {
  const shares = new Float32Array(size * sources.length);
  sources.forEach(({ lower, upper, share }, i) => {
    shares[lower * sources.length + i]! += 1 - share;
    shares[upper * sources.length + i]! += share;
  });
  return tensor2d(shares, [size, sources.length]);
}
