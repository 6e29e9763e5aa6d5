import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { installKernel } from '../second-order/kernels/kernel.ts';
import { ownKernel, runShader, type Shader } from './shader.ts';

const toFloat: Shader = { name: 'to_float', inputs: ['x'], body: 'result[index] = f32(x[index]);' };

/**
 * Casts of integers and booleans to numbers that convert. The library's own share the memory of the integers, and
 * kernels that move values as they lie (transposition, reductions) then fail to compile.
 */
export function installCast(): void {
  const own = ownKernel('Cast');
  installKernel({
    ...own,
    kernelFunc({ inputs, attrs, backend }) {
      const x = inputs.x!;
      const converts = attrs!.dtype === 'float32' && (x.dtype === 'int32' || x.dtype === 'bool');
      if (!converts) return own.kernelFunc({ inputs, attrs: attrs!, backend });
      return runShader(toFloat, backend as WebGPUBackend, [x], { shape: x.shape });
    },
  });
}
