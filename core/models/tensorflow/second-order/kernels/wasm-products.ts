import { getKernel, type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { fusedProductInParts } from './fused.ts';
import { type HostBackend, hostBackend } from './host-view.ts';
import { installKernel } from './kernel.ts';
import { matrixProduct } from './matrix-product.ts';

/** Below this many multiplications a transposed copy costs more than the slow path. */
const smallProduct = 20_000;

/**
 * Matrix products on wasm. Departures from the backend's own kernels:
 * 1. Their fast library is used only for single, untransposed matrices; anything else runs through a scalar loop five
 *    times slower. So transposes are made explicit.
 * 2. The library packs the right factor once and finds it again by the memory's id, whatever its shape: the same
 *    values as [5, 1] and later as [1, 5] give wrong numbers. So a second shape gets a copy.
 * 3. Batches that broadcast both ways ([2, 1] with [1, 3]) are multiplied wrongly: done by our own loop.
 * 4. The fused kernel adds the bias several times to long products of transposed or batched matrices.
 */
export function installWasmProducts(): void {
  const fused = getKernel('_FusedMatMul', 'wasm');
  const plain = getKernel('BatchMatMul', 'wasm');
  const transpose = getKernel('Transpose', 'wasm').kernelFunc;

  const packed = new WeakMap<object, string>();
  const unpacked = (b: TensorInfo, host: HostBackend): TensorInfo => {
    const shape = String(b.shape.slice(-2));
    const before = packed.get(b.dataId);
    if (before === undefined) packed.set(b.dataId, shape);
    if (before === undefined || before === shape) return host.alias(b, b.shape);
    const copy = host.allocate(b.shape, 'float32');
    host.floats(copy).set(host.floats(b));
    return copy;
  };
  const single: KernelFunc = ({ inputs, attrs, backend }) => {
    const host = hostBackend(backend);
    const right = unpacked(inputs.b!, host);
    const product = plain.kernelFunc({ inputs: { ...inputs, b: right }, attrs: attrs!, backend });
    host.dispose(right);
    return product;
  };
  const transposed = (x: TensorInfo, backend: object): TensorInfo => {
    const perm = x.shape.map((_, i) => i);
    perm.push(...perm.splice(-2).reverse());
    return transpose({ inputs: { x }, attrs: { perm }, backend }) as TensorInfo;
  };

  installKernel({
    ...plain,
    kernelFunc({ inputs, attrs, backend }) {
      const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
      const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean };
      const host = hostBackend(backend);
      if (broadcastsBothWays(a.shape.slice(0, -2), b.shape.slice(0, -2)))
        return matrixProduct.run({ a, b }, attrs!, host);
      if (!isMatrix(a) || !isMatrix(b)) return plain.kernelFunc({ inputs, attrs: attrs!, backend });
      if (!transposeA && !transposeB) return single({ inputs, attrs: attrs!, backend });
      const columns = b.shape[b.shape.length - (transposeB ? 2 : 1)]!;
      if (util.sizeFromShape(a.shape) * columns < smallProduct)
        return plain.kernelFunc({ inputs, attrs: attrs!, backend });
      const left = transposeA ? transposed(a, backend) : a;
      const right = transposeB ? transposed(b, backend) : b;
      const product = single({
        inputs: { a: left, b: right },
        attrs: { transposeA: false, transposeB: false },
        backend,
      });
      if (transposeA) host.dispose(left);
      if (transposeB) host.dispose(right);
      return product;
    },
  });

  installKernel({
    ...fused,
    kernelFunc({ inputs, attrs, backend }) {
      const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
      const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean };
      if (isMatrix(a) && isMatrix(b) && !transposeA && !transposeB) {
        const host = hostBackend(backend);
        const right = unpacked(b, host);
        const product = fused.kernelFunc({ inputs: { ...inputs, b: right }, attrs: attrs!, backend });
        host.dispose(right);
        return product;
      }
      return fusedProductInParts(inputs, attrs!);
    },
  });
}

const isMatrix = (x: TensorInfo): boolean => util.sizeFromShape(x.shape.slice(0, -2)) === 1;

function broadcastsBothWays(a: readonly number[], b: readonly number[]): boolean {
  const [sizeA, sizeB] = [util.sizeFromShape([...a]), util.sizeFromShape([...b])];
  return sizeA !== 1 && sizeB !== 1 && a.join() !== b.join();
}
