import { broadcast_util, getKernel, type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { fusedProductInParts } from './fused.ts';
import { type HostBackend, hostBackend } from './host-view.ts';
import { installKernel } from './kernel.ts';
import { matrixProduct } from './matrix-product.ts';
import { wasmSimd } from './wasm-simd.ts';
import { multiplySparse, sparseOperands } from './wasm-sparse-operand.ts';

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
 * With SIMD, constant left factors that are mostly zeros are multiplied without their zeros, and Aᵀ B needs no copy of Aᵀ.
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
      const fast = transposeB ? null : productBySimd(a, b, transposeA, host, backend);
      if (fast !== null) return fast;
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
        if (wasmSimd(backend) && sparseOperands(backend, host).find(a, false))
          return fusedProductInParts(inputs, attrs!);
        const right = unpacked(b, host);
        const product = fused.kernelFunc({ inputs: { ...inputs, b: right }, attrs: attrs!, backend });
        host.dispose(right);
        return product;
      }
      return fusedProductInParts(inputs, attrs!);
    },
  });
}

/** Examples at a time in Aᵀ B: with fewer, sums are stored too often; with more, the rows leave the first cache. */
const depthTogether = 128;
/** Of the tiles of `addTransposedProduct`. */
const leastColumns = 8;

/** op(A) B by our own kernels where they are faster; null where they are not, or cannot run. */
function productBySimd(
  a: TensorInfo,
  b: TensorInfo,
  transposeA: boolean,
  host: HostBackend,
  backend: object,
): TensorInfo | null {
  const simd = wasmSimd(backend);
  if (simd === null || a.dtype !== 'float32' || b.dtype !== 'float32') return null;
  const [rows, columns] = a.shape.slice(-2) as [number, number];
  const [m, depth] = transposeA ? [columns, rows] : [rows, columns];
  const n = b.shape[b.shape.length - 1]!;
  if (depth !== b.shape[b.shape.length - 2]) return null;
  const shape = [...broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n];
  const sparse = sparseOperands(backend, host).find(a, transposeA);
  if (sparse !== null) {
    const out = host.allocate(shape, 'float32');
    multiplySparse(sparse, b, n, out, host, simd);
    return out;
  }
  if (!transposeA || n < leastColumns || m * n * depth < smallProduct) return null;
  const out = host.allocate(shape, 'float32');
  const sums = host.floats(out).fill(0).byteOffset;
  const [left, right] = [host.floats(a).byteOffset, host.floats(b).byteOffset];
  for (let k = 0; k < depth; k += depthTogether) {
    const count = Math.min(depthTogether, depth - k);
    simd.addTransposedProduct(left + 4 * k * m, right + 4 * k * n, sums, m, n, 1, 1, count, 0, 0, 4 * m, 0, 0, 4 * n);
  }
  return out;
}

const isMatrix = (x: TensorInfo): boolean => util.sizeFromShape(x.shape.slice(0, -2)) === 1;

function broadcastsBothWays(a: readonly number[], b: readonly number[]): boolean {
  const [sizeA, sizeB] = [util.sizeFromShape([...a]), util.sizeFromShape([...b])];
  return sizeA !== 1 && sizeB !== 1 && a.join() !== b.join();
}
