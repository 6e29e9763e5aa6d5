import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { type Tensor, transpose, util } from '@tensorflow/tfjs-core';
import { installKernel } from '../second-order/kernels/kernel.ts';
import { ownKernel, runShader, type Shader } from './shader.ts';

/** Rows from this length on are shared among more threads. */
const longRow = 4096;

/** Σ of each row, one workgroup a row; every sum carries the rounding errors of its additions along (Knuth's two-sum). */
const rowSums = (group: number): Shader => ({
  name: 'row_sums',
  inputs: ['x'],
  constants: ['length', 'divisor'],
  group,
  functions: `
    var<workgroup> sums : array<vec2<f32>, ${group}>;
    fn plus(a : vec2<f32>, b : vec2<f32>) -> vec2<f32> {
      let s = a.x + b.x;
      let t = s - a.x;
      return vec2<f32>(s, a.y + b.y + ((a.x - (s - t)) + (b.x - t)));
    }`,
  body: `
    let place = index % ${group};
    let row = index / ${group};
    let start = row * uniforms.length;
    var total = vec2<f32>(0.0);
    for (var k = place; k < uniforms.length && index < uniforms.threads; k += ${group}) {
      total = plus(total, vec2<f32>(x[start + k], 0.0));
    }
    sums[place] = total;
    workgroupBarrier();
    for (var step = ${group / 2}; step > 0; step /= 2) {
      if (place < step) { sums[place] = plus(sums[place], sums[place + step]); }
      workgroupBarrier();
    }
    if (place == 0 && index < uniforms.threads) {
      let s = sums[0];
      // Of an infinite sum the errors are no numbers.
      let sum = select(s.x + s.y, s.x, isnan(s.y));
      // Division is inexact on GPUs: one step of Newton's.
      let d = f32(uniforms.divisor);
      let q = sum / d;
      let exact = fma(fma(-q, d, sum), 1.0 / d, q);
      result[row] = select(exact, q, isnan(exact));
    }`,
});

const [short, long] = [rowSums(64), rowSums(256)];

/** Sums and means of numbers along axes, exact but for one rounding, as on the other backends. */
export function installSums(): void {
  install('Sum', () => 1);
  install('Mean', (length) => length);
}

function install(kernelName: string, divisorOf: (length: number) => number): void {
  const own = ownKernel(kernelName);
  installKernel({
    ...own,
    kernelFunc({ inputs, attrs, backend }) {
      // The engine hands kernels the tensors themselves.
      const x = inputs.x as unknown as Tensor;
      const { axis, keepDims = false } = attrs as { axis?: number | number[]; keepDims?: boolean };
      if (x.dtype !== 'float32' || x.size === 0) return own.kernelFunc({ inputs, attrs: attrs!, backend });
      const all = x.shape.map((_, i) => i);
      const axes = util.parseAxisParam(axis ?? all, x.shape);
      const kept = all.filter((i) => !axes.includes(i));
      const outer = kept.reduce((size, i) => size * (x.shape[i] ?? 1), 1);
      const length = x.size / outer;
      const shape = keepDims ? x.shape.map((n, i) => (axes.includes(i) ? 1 : n)) : kept.map((i) => x.shape[i] ?? 1);
      const order = [...kept, ...all.filter((i) => axes.includes(i))];
      const rows = order.every((axis, i) => axis === i) ? x : transpose(x, order);
      const shader = length < longRow ? short : long;
      const constants = [length, divisorOf(length)];
      const threads = outer * (shader.group ?? 1);
      const sums = runShader(shader, backend as WebGPUBackend, [rows], { shape }, constants, threads);
      if (rows !== x) rows.dispose();
      return sums;
    },
  });
}
