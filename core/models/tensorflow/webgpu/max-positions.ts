import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { installKernel } from '../second-order/kernels/kernel.ts';
import { type PoolAttributes, type PoolAxis, type PoolWindow, poolWindow } from '../second-order/pool-window.ts';
import { runShader, type Shader } from './shader.ts';

const axisNames = ['depth', 'height', 'width'] as const;
const constants = [
  'channels',
  ...axisNames.flatMap((axis) => ['In', 'Out', 'Size', 'Stride', 'Before'].map((part) => axis + part)),
];
const numbersOf = ({ channels, axes }: PoolWindow): number[] => [
  channels,
  ...axes.flatMap(({ input, output, size, stride, before }: PoolAxis) => [input, output, size, stride, before]),
];

/** The windows in which positions were found, by the memory that holds them: scattering visits only what they cover. */
const windows = new WeakMap<object, PoolWindow>();

/** The first maximum of each window, as a flat position in the input. */
const search: Shader = {
  name: 'max_positions',
  inputs: ['x'],
  constants,
  body: `
    let c = index % uniforms.channels;
    var rest = index / uniforms.channels;
    let k = rest % uniforms.widthOut;
    rest = rest / uniforms.widthOut;
    let j = rest % uniforms.heightOut;
    rest = rest / uniforms.heightOut;
    let i = rest % uniforms.depthOut;
    let n = rest / uniforms.depthOut;
    let dStart = i * uniforms.depthStride - uniforms.depthBefore;
    let rStart = j * uniforms.heightStride - uniforms.heightBefore;
    let sStart = k * uniforms.widthStride - uniforms.widthBefore;
    let s0 = max(0, sStart);
    let s1 = min(uniforms.widthIn, sStart + uniforms.widthSize);
    var best = -1;
    var most = 0.0;
    for (var d = max(0, dStart); d < min(uniforms.depthIn, dStart + uniforms.depthSize); d++) {
      for (var r = max(0, rStart); r < min(uniforms.heightIn, rStart + uniforms.heightSize); r++) {
        let row = ((n * uniforms.depthIn + d) * uniforms.heightIn + r) * uniforms.widthIn;
        for (var s = s0; s < s1; s++) {
          let p = (row + s) * uniforms.channels + c;
          // Starts at a cell of the window, so that a window of NaN shows NaN.
          if (best < 0 || x[p] > most) {
            most = x[p];
            best = p;
          }
        }
      }
    }
    result[index] = best;`,
};

const gather: Shader = {
  name: 'gather_positions',
  inputs: ['x', 'positions'],
  body: 'result[index] = x[positions[index]];',
};

/** Each cell adds up, in a fixed order, the cotangents of those windows around it whose maximum it was. */
const scatter: Shader = {
  name: 'scatter_positions',
  inputs: ['dy', 'positions'],
  constants,
  functions: `
    fn firstWindow(place : i32, size : i32, stride : i32) -> i32 {
      return max(0, (place - size + stride) / stride);
    }`,
  body: `
    let c = index % uniforms.channels;
    var rest = index / uniforms.channels;
    let s = rest % uniforms.widthIn + uniforms.widthBefore;
    rest = rest / uniforms.widthIn;
    let r = rest % uniforms.heightIn + uniforms.heightBefore;
    rest = rest / uniforms.heightIn;
    let d = rest % uniforms.depthIn + uniforms.depthBefore;
    let n = rest / uniforms.depthIn;
    let i0 = firstWindow(d, uniforms.depthSize, uniforms.depthStride);
    let j0 = firstWindow(r, uniforms.heightSize, uniforms.heightStride);
    let k0 = firstWindow(s, uniforms.widthSize, uniforms.widthStride);
    var sum = 0.0;
    for (var i = i0; i <= min(uniforms.depthOut - 1, d / uniforms.depthStride); i++) {
      for (var j = j0; j <= min(uniforms.heightOut - 1, r / uniforms.heightStride); j++) {
        for (var k = k0; k <= min(uniforms.widthOut - 1, s / uniforms.widthStride); k++) {
          let o = (((n * uniforms.depthOut + i) * uniforms.heightOut + j) * uniforms.widthOut + k) * uniforms.channels + c;
          if (positions[o] == index) { sum += dy[o]; }
        }
      }
    }
    result[index] = sum;`,
};

/** Max pooling as on the other backends: positions of maxima, and values moved from and to them. */
export function installMaxPositions(): void {
  const install = (kernelName: string, run: (inputs: Inputs, attributes: object, gpu: WebGPUBackend) => TensorInfo) =>
    installKernel({
      kernelName,
      backendName: 'webgpu',
      kernelFunc: ({ inputs, attrs, backend }) => run(inputs as Inputs, attrs ?? {}, backend as WebGPUBackend),
    });

  install('MaxPositions', ({ x }, attributes, gpu) => {
    const window = poolWindow(x!.shape, attributes as PoolAttributes);
    const found = runShader(search, gpu, [x!], { shape: window.outputShape, dtype: 'int32' }, numbersOf(window));
    windows.set(found.dataId, window);
    return found;
  });
  install('GatherFromPositions', ({ x, positions }, _, gpu) =>
    runShader(gather, gpu, [x!, positions!], { shape: positions!.shape }),
  );
  install('ScatterToPositions', ({ dy, positions }, attributes, gpu) => {
    const window = windows.get(positions!.dataId);
    if (window === undefined) throw new Error('These positions were not found by MaxPositions on this backend.');
    const { shape } = attributes as { shape: number[] };
    return runShader(scatter, gpu, [dy!, positions!], { shape }, numbersOf(window));
  });
}

type Inputs = Record<string, TensorInfo | undefined>;
