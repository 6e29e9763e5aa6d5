import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { installKernel } from '../second-order/kernels/kernel.ts';
import { exponentials } from './elementary.ts';
import { runShader, type Shader } from './shader.ts';

/**
 * What all three have in common: one thread an example. With z shifted by its largest entry, `total` is Σ exp z,
 * `logSum` ln Σ exp z and `mass` Σ y.
 */
const row = `
  let classes = uniforms.classes;
  let start = index * classes;
  var most = logits[start];
  for (var k = 1; k < classes; k++) { most = max(most, logits[start + k]); }
  var total = 0.0;
  var mass = 0.0;
  for (var k = 0; k < classes; k++) {
    total += exp_(logits[start + k] - most);
    mass += labels[start + k];
  }`;

const shader = (name: string, inputs: string[], body: string): Shader => ({
  name,
  inputs,
  constants: ['classes'],
  functions: exponentials,
  body: row + body,
});

const value = shader(
  'softmax_cross_entropy',
  ['labels', 'logits'],
  `
  let logSum = log_(total);
  var sum = 0.0;
  for (var k = 0; k < classes; k++) { sum += labels[start + k] * (logSum - (logits[start + k] - most)); }
  result[index] = sum;`,
);

const gradient = shader(
  'softmax_cross_entropy_gradient',
  ['labels', 'logits', 'dy'],
  `
  for (var k = 0; k < classes; k++) {
    let p = exp_(logits[start + k] - most) / total;
    result[start + k] = dy[index] * (mass * p - labels[start + k]);
  }`,
);

const curvature = shader(
  'softmax_cross_entropy_curvature',
  ['labels', 'logits', 'u'],
  `
  var mean = 0.0;
  for (var k = 0; k < classes; k++) { mean += exp_(logits[start + k] - most) * u[start + k]; }
  mean = mean / total;
  for (var k = 0; k < classes; k++) {
    let p = exp_(logits[start + k] - most) / total;
    result[start + k] = mass * p * (u[start + k] - mean);
  }`,
);

/** Softmax cross-entropy of each example and its first two derivatives in closed form, as on the other backends. */
export function installSoftmaxCrossEntropy(): void {
  install('SoftmaxCrossEntropy', value, ['labels', 'logits'], ({ shape }) => shape.slice(0, -1));
  install('SoftmaxCrossEntropyGrad', gradient, ['labels', 'logits', 'dy'], ({ shape }) => shape);
  install('SoftmaxCrossEntropyCurvature', curvature, ['labels', 'logits', 'u'], ({ shape }) => shape);
}

function install(
  kernelName: string,
  program: Shader,
  names: readonly string[],
  shapeOf: (logits: TensorInfo) => number[],
): void {
  installKernel({
    kernelName,
    backendName: 'webgpu',
    kernelFunc({ inputs, backend }) {
      const tensors = names.map((name) => inputs[name]!);
      const logits = inputs.logits!;
      const classes = logits.shape.at(-1) ?? 1;
      const examples = logits.shape.slice(0, -1).reduce((a, b) => a * b, 1);
      return runShader(program, backend as WebGPUBackend, tensors, { shape: shapeOf(logits) }, [classes], examples);
    },
  });
}
