import { getKernel, type KernelConfig, util } from '@tensorflow/tfjs-core';
import { hostBackend } from './host-view.ts';
import { installKernel } from './kernel.ts';

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
      const from = host.floats(x);
      const sums = new Float64Array(util.sizeFromShape(kept));
      for (let p = 0; p < from.length; ) for (let k = 0; k < sums.length; k++, p++) sums[k]! += from[p]!;
      host.floats(out).set(sums);
      return out;
    },
  });
}
