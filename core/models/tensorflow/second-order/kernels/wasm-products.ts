import { getKernel, type KernelFunc, type Tensor, type TensorInfo, tidy, util } from '@tensorflow/tfjs-core';
import { runKernel } from '../../engine-access.ts';
import { activated } from '../fused-activation.ts';
import { hostBackend } from './host-view.ts';
import { installKernel } from './kernel.ts';

/** Below this many multiplications a transposed copy costs more than the slow path. */
const smallProduct = 20_000;

/**
 * Matrix products on wasm. Its fast library is used only for single, untransposed matrices; anything else runs
 * through a scalar loop five times slower. So transposes are made explicit first.
 */
export function installWasmProducts(): void {
  const own = getKernel('BatchMatMul', 'wasm').kernelFunc;
  const transpose = getKernel('Transpose', 'wasm').kernelFunc;
  installKernel({
    ...getKernel('BatchMatMul', 'wasm'),
    kernelFunc({ inputs, attrs, backend }) {
      const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
      const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean };
      const single = isMatrix(a) && isMatrix(b);
      const columns = b.shape[b.shape.length - (transposeB ? 2 : 1)]!;
      if (!single || (!transposeA && !transposeB) || util.sizeFromShape(a.shape) * columns < smallProduct) {
        return own({ inputs, attrs: attrs!, backend });
      }
      const host = hostBackend(backend);
      const turned = (x: TensorInfo): TensorInfo => {
        const perm = x.shape.map((_, i) => i);
        perm.push(...perm.splice(-2).reverse());
        return transpose({ inputs: { x }, attrs: { perm }, backend }) as TensorInfo;
      };
      const [left, right] = [transposeA ? turned(a) : a, transposeB ? turned(b) : b];
      const product = own({ inputs: { a: left, b: right }, attrs: { transposeA: false, transposeB: false }, backend });
      if (transposeA) host.dispose(left);
      if (transposeB) host.dispose(right);
      return product;
    },
  });
  installKernel({
    ...getKernel('_FusedMatMul', 'wasm'),
    kernelFunc: fusedProduct(getKernel('_FusedMatMul', 'wasm').kernelFunc),
  });
}

/** The library's fused kernel adds the bias several times unless both matrices are single and untransposed. */
function fusedProduct(own: KernelFunc): KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
    const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean };
    if (isMatrix(a) && isMatrix(b) && !transposeA && !transposeB) return own({ inputs, attrs: attrs!, backend });
    return tidy(() => {
      // The engine hands kernels the tensors themselves.
      const { a: left, b: right, ...rest } = inputs as Record<string, Tensor | undefined>;
      const product = runKernel('BatchMatMul', { a: left, b: right }, { transposeA, transposeB });
      return activated(product, rest, attrs as Record<string, unknown>);
    });
  };
}

const isMatrix = (x: TensorInfo): boolean => util.sizeFromShape(x.shape.slice(0, -2)) === 1;
