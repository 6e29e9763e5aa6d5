import { getKernel, type KernelConfig, util } from '@tensorflow/tfjs-core';
import { hostBackend } from './host-view.ts';
import { installKernel } from './kernel.ts';
import { wasmSimd } from './wasm-simd.ts';

/**
 * Sums over the leading axes, in doubles: the gradient of a bias. The wasm backend transposes the whole tensor first
 * and adds in single precision. Other sums go to the backend's own kernel.
 */
export function installLeadingSum(backendName: string): void {
  const own = getKernel('Sum', backendName) as KernelConfig;
  installKernel({
    ...own,
    kernelFunc({ inputs, attrs, backend }) {
      const x = inputs.x!;
      const { axis, keepDims } = attrs as { axis?: number | number[]; keepDims?: boolean };
      const axes = util.parseAxisParam(axis ?? x.shape.map((_, i) => i), x.shape).sort((a, b) => a - b);
      const leads = axes.length < x.shape.length && axes.every((a, i) => a === i);
      if (x.dtype !== 'float32' || !leads) return own.kernelFunc({ inputs, attrs: attrs!, backend });
      const host = hostBackend(backend);
      const kept = x.shape.slice(axes.length);
      const out = host.allocate(keepDims === true ? [...axes.map(() => 1), ...kept] : kept, 'float32');
      const width = util.sizeFromShape(kept);
      const rows = util.sizeFromShape(x.shape) / width;
      const simd = wasmSimd(backend);
      if (simd !== null && width % 4 === 0 && rows > 0) {
        const doubles = host.allocate([2 * width], 'float32');
        const { buffer, byteOffset } = host.floats(doubles);
        simd.sumRows(host.floats(x).byteOffset, rows, 4 * width, byteOffset);
        host.floats(out).set(new Float64Array(buffer, byteOffset, width));
        host.dispose(doubles);
        return out;
      }
      const from = host.floats(x);
      const sums = new Float64Array(width);
      for (let p = 0; p < from.length; ) for (let k = 0; k < sums.length; k++, p++) sums[k]! += from[p]!;
      host.floats(out).set(sums);
      return out;
    },
  });
}
