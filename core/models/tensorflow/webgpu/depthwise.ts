import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { installKernel } from '../second-order/kernels/kernel.ts';
import { type ConvWindow, convWindow } from '../second-order/kernels/patches.ts';
import type { Conv2DAttributes } from '../second-order/rules/convolution.ts';
import { runShader, type Shader } from './shader.ts';

type Attributes = Omit<Conv2DAttributes, 'dataFormat'> & { inputShape: number[]; filterShape: number[] };

const constants = [
  ...['batch', 'inHeight', 'inWidth', 'inChannels', 'outHeight', 'outWidth', 'outChannels', 'filterHeight'],
  ...['filterWidth', 'strideHeight', 'strideWidth', 'dilationHeight', 'dilationWidth', 'top', 'left'],
] as const satisfies readonly (keyof ConvWindow)[];

/** w̄[i, j, c, q] = Σ x[n, r, s, c] · dy[n, y, x, c·m + q]: summed by rows, then images, so that errors stay small. */
const filterGradient: Shader = {
  name: 'depthwise_filter_gradient',
  inputs: ['x', 'dy'],
  constants,
  body: `
    let multiplier = uniforms.outChannels / uniforms.inChannels;
    let channel = index % uniforms.outChannels;
    let c = channel / multiplier;
    let tap = index / uniforms.outChannels;
    let down = (tap / uniforms.filterWidth) * uniforms.dilationHeight - uniforms.top;
    let right = (tap % uniforms.filterWidth) * uniforms.dilationWidth - uniforms.left;
    var total = 0.0;
    for (var n = 0; n < uniforms.batch; n++) {
      var image = 0.0;
      for (var i = 0; i < uniforms.outHeight; i++) {
        let r = i * uniforms.strideHeight + down;
        if (r < 0 || r >= uniforms.inHeight) { continue; }
        var row = 0.0;
        for (var j = 0; j < uniforms.outWidth; j++) {
          let s = j * uniforms.strideWidth + right;
          if (s < 0 || s >= uniforms.inWidth) { continue; }
          row += x[((n * uniforms.inHeight + r) * uniforms.inWidth + s) * uniforms.inChannels + c]
            * dy[((n * uniforms.outHeight + i) * uniforms.outWidth + j) * uniforms.outChannels + channel];
        }
        image += row;
      }
      total += image;
    }
    result[index] = total;`,
};

/** x̄[n, r, s, c] = Σ over taps and q of w[i, j, c, q] · dy[n, y, x, c·m + q] of the positions that read the cell. */
const inputGradient: Shader = {
  name: 'depthwise_input_gradient',
  inputs: ['dy', 'filter_'],
  constants,
  body: `
    let multiplier = uniforms.outChannels / uniforms.inChannels;
    let c = index % uniforms.inChannels;
    var rest = index / uniforms.inChannels;
    let s = rest % uniforms.inWidth;
    rest = rest / uniforms.inWidth;
    let r = rest % uniforms.inHeight;
    let n = rest / uniforms.inHeight;
    var sum = 0.0;
    for (var i = 0; i < uniforms.filterHeight; i++) {
      let y = r + uniforms.top - i * uniforms.dilationHeight;
      if (y < 0 || y % uniforms.strideHeight != 0 || y / uniforms.strideHeight >= uniforms.outHeight) { continue; }
      for (var j = 0; j < uniforms.filterWidth; j++) {
        let x = s + uniforms.left - j * uniforms.dilationWidth;
        if (x < 0 || x % uniforms.strideWidth != 0 || x / uniforms.strideWidth >= uniforms.outWidth) { continue; }
        let place = ((n * uniforms.outHeight + y / uniforms.strideHeight) * uniforms.outWidth + x / uniforms.strideWidth)
          * uniforms.outChannels + c * multiplier;
        let tap = (i * uniforms.filterWidth + j) * uniforms.outChannels + c * multiplier;
        for (var q = 0; q < multiplier; q++) { sum += filter_[tap + q] * dy[place + q]; }
      }
    }
    result[index] = sum;`,
};

/** Gradients of depthwise convolutions: those of the library forget dilations. */
export function installDepthwiseGradients(): void {
  install('DepthwiseConv2dNativeBackpropFilter', (inputs, attributes, gpu) => {
    const { x, dy } = inputs;
    const w = convWindow(x!.shape, attributes.filterShape, attributes, { depthwise: true });
    return runShader(filterGradient, gpu, [x!, dy!], { shape: attributes.filterShape }, numbersOf(w));
  });
  install('DepthwiseConv2dNativeBackpropInput', (inputs, attributes, gpu) => {
    const { dy, filter } = inputs;
    const w = convWindow(attributes.inputShape, filter!.shape, attributes, { depthwise: true });
    return runShader(inputGradient, gpu, [dy!, filter!], { shape: attributes.inputShape }, numbersOf(w));
  });
}

const numbersOf = (w: ConvWindow): number[] => constants.map((name) => w[name]);

function install(
  kernelName: string,
  run: (inputs: Record<string, TensorInfo | undefined>, attributes: Attributes, gpu: WebGPUBackend) => TensorInfo,
): void {
  installKernel({
    kernelName,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, attrs, backend }) =>
      run(inputs as Record<string, TensorInfo | undefined>, attrs as unknown as Attributes, backend as WebGPUBackend),
  });
}
