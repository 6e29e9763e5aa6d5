import { getKernel, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { hostBackend } from './host-view.ts';
import { installKernel } from './kernel.ts';
import { wasmSimd } from './wasm-simd.ts';

/** Below this size the backend's own kernel is as fast. */
const leastSize = 4096;

/** x + b with one number of b for each of the last axis (a bias) on wasm, whose own kernel broadcasts entry by entry. */
export function installWasmAddRow(): void {
  const own = getKernel('Add', 'wasm');
  installKernel({
    ...own,
    kernelFunc({ inputs, attrs, backend }) {
      const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
      const simd = wasmSimd(backend);
      const [x, row] = isRowOf(b, a) ? [a, b] : [b, a];
      if (simd === null || !isRowOf(row, x)) return own.kernelFunc({ inputs, attrs: attrs!, backend });
      const host = hostBackend(backend);
      const out = host.allocate(x.shape, 'float32');
      const [from, added, to] = [x, row, out].map((tensor) => host.floats(tensor).byteOffset) as [
        number,
        number,
        number,
      ];
      const width = row.shape[row.shape.length - 1]!;
      simd.addRow(from, added, util.sizeFromShape(x.shape) / width, 4 * width, to);
      return out;
    },
  });
}

function isRowOf(row: TensorInfo, x: TensorInfo): boolean {
  const width = row.shape[row.shape.length - 1] ?? 1;
  return (
    row.dtype === 'float32' &&
    x.dtype === 'float32' &&
    width % 4 === 0 &&
    width === x.shape[x.shape.length - 1] &&
    util.sizeFromShape(row.shape) === width &&
    row.shape.length <= x.shape.length &&
    util.sizeFromShape(x.shape) >= leastSize
  );
}
