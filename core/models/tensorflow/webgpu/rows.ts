import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { installKernel } from '../second-order/kernels/kernel.ts';
import { elementaryFunctions, exponentials } from './elementary.ts';
import { runShader, type Shader } from './shader.ts';

const softmax: Shader = {
  name: 'softmax',
  inputs: ['logits'],
  constants: ['classes'],
  functions: exponentials,
  body: `
    let start = index * uniforms.classes;
    let end = start + uniforms.classes;
    var most = logits[start];
    for (var k = start + 1; k < end; k++) { most = max(most, logits[k]); }
    var total = 0.0;
    for (var k = start; k < end; k++) {
      result[k] = exp_(logits[k] - most);
      total += result[k];
    }
    for (var k = start; k < end; k++) { result[k] = result[k] / total; }`,
};

/** Softmax along the last axis with an exact exponential; one thread a row. */
export function installSoftmax(): void {
  installKernel({
    kernelName: 'Softmax',
    backendName: 'webgpu',
    kernelFunc({ inputs, backend }) {
      const { shape } = inputs.logits!;
      const classes = shape.at(-1) ?? 1;
      const rows = shape.slice(0, -1).reduce((a, b) => a * b, 1);
      return runShader(softmax, backend as WebGPUBackend, [inputs.logits!], { shape }, [classes], rows);
    },
  });
}

/** (x − μ) γ / √(σ² + ε) + β along the last axis: the library's own subtracts products, and loses digits. */
export function installBatchNorm(): void {
  installKernel({
    kernelName: 'FusedBatchNorm',
    backendName: 'webgpu',
    kernelFunc({ inputs, attrs, backend }) {
      const { x, mean, variance, offset, scale } = inputs as Record<string, TensorInfo | undefined>;
      const given = { x, mean, variance, ...(scale && { scale }), ...(offset && { offset }) };
      const shader: Shader = {
        name: `batch_norm_${Object.keys(given).join('_')}`,
        inputs: Object.keys(given),
        constants: ['channels'],
        numbers: ['epsilon'],
        functions: elementaryFunctions,
        body: `
          let c = index % uniforms.channels;
          let normal = (x[index] - mean[c]) * rsqrt_(variance[c] + uniforms.epsilon);
          result[index] = normal ${scale ? '* scale[c]' : ''} ${offset ? '+ offset[c]' : ''};`,
      };
      const tensors = Object.values(given) as TensorInfo[];
      const { shape } = x!;
      const numbers = [shape.at(-1) ?? 1, attrs!.varianceEpsilon as number];
      return runShader(shader, backend as WebGPUBackend, tensors, { shape }, numbers);
    },
  });
}
