import { getKernel, type KernelConfig, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { Conv2DAttributes } from '../rules/convolution.ts';
import { type HostBackend, hostBackend } from './host-view.ts';
import { installKernel } from './kernel.ts';
import {
  addPatchRows,
  type ConvWindow,
  convWindow,
  imagesPerChunk,
  patchColumns,
  patchesPerImage,
  patchLength,
  patchRows,
} from './patches.ts';

/**
 * Convolutions as matrix products over laid-out patches, in chunks of images that bound the memory. With P the patches
 * as rows: y = P W, W̄ = Pᵀ dy, and x̄ = the patches dy Wᵀ added back into the images.
 * The products go through the backend's own BatchMatMul.
 */
type Product = (a: TensorInfo, b: TensorInfo, transposeB?: boolean) => TensorInfo;
type Kernel = (
  inputs: Record<string, TensorInfo>,
  attributes: Conv2DAttributes & Shapes,
  host: HostBackend,
  multiply: Product,
) => TensorInfo;
interface Shapes {
  inputShape: number[];
  filterShape: number[];
}

export const convolve: Kernel = ({ x, filter }, attributes, host, multiply) => {
  const w = convWindow(x!.shape, filter!.shape, attributes);
  const out = host.allocate([w.batch, w.outHeight, w.outWidth, w.outChannels], 'float32');
  const weights = host.alias(filter!, [patchLength(w), w.outChannels]);
  eachChunk(w, (first, count) => {
    const patches = host.allocate([count * patchesPerImage(w), patchLength(w)], 'float32');
    patchRows(w, host.floats(x!), first, count, host.floats(patches));
    const product = multiply(patches, weights);
    host.floats(out).set(host.floats(product), first * patchesPerImage(w) * w.outChannels);
    release(host, patches, product);
  });
  host.dispose(weights);
  return out;
};

export const filterGradient: Kernel = ({ x, dy }, attributes, host, multiply) => {
  const w = convWindow(x!.shape, attributes.filterShape, attributes);
  const out = host.allocate(attributes.filterShape, 'float32');
  host.floats(out).fill(0);
  eachChunk(w, (first, count) => {
    const patches = host.allocate([patchLength(w), count * patchesPerImage(w)], 'float32');
    patchColumns(w, host.floats(x!), first, count, host.floats(patches));
    const cotangents = rowsOf(dy!, w, first, count, host);
    const product = multiply(patches, cotangents);
    const [to, from] = [host.floats(out), host.floats(product)];
    for (let i = 0; i < to.length; i++) to[i]! += from[i]!;
    release(host, patches, cotangents, product);
  });
  return out;
};

export const inputGradient: Kernel = ({ dy, filter }, attributes, host, multiply) => {
  const w = convWindow(attributes.inputShape, filter!.shape, attributes);
  const out = host.allocate(attributes.inputShape, 'float32');
  host.floats(out).fill(0);
  const weights = host.alias(filter!, [patchLength(w), w.outChannels]);
  eachChunk(w, (first, count) => {
    const cotangents = rowsOf(dy!, w, first, count, host);
    const patches = multiply(cotangents, weights, true);
    addPatchRows(w, host.floats(patches), first, count, host.floats(out));
    release(host, cotangents, patches);
  });
  host.dispose(weights);
  return out;
};

/** Registers such a kernel for channels-last images; other layouts go to the backend's own kernel, if it has one. */
export function installConvolution(kernelName: string, kernel: Kernel, backendName: string): void {
  const own = getKernel(kernelName, backendName) as KernelConfig | undefined;
  installKernel({
    kernelName,
    backendName,
    kernelFunc({ inputs, attrs, backend }) {
      const attributes = attrs as unknown as Conv2DAttributes & Shapes;
      if (attributes.dataFormat === 'NCHW') {
        if (own == null) throw new Error(`The kernel ${kernelName} of ${backendName} needs channels-last images.`);
        return own.kernelFunc({ inputs, backend, attrs: attrs! });
      }
      const host = hostBackend(backend);
      const multiply: Product = (a, b, transposeB = false) =>
        getKernel('BatchMatMul', backendName).kernelFunc({
          inputs: { a, b },
          attrs: { transposeA: false, transposeB },
          backend,
        }) as TensorInfo;
      return kernel(inputs as Record<string, TensorInfo>, attributes, host, multiply);
    },
  });
}

function eachChunk(w: ConvWindow, visit: (first: number, count: number) => void): void {
  const size = imagesPerChunk(w);
  for (let first = 0; first < w.batch; first += size) visit(first, Math.min(size, w.batch - first));
}

/** The cotangents of some images as a matrix [patches, output channels]: the tensor itself where that is all of them. */
function rowsOf(dy: TensorInfo, w: ConvWindow, first: number, count: number, host: HostBackend): TensorInfo {
  const shape = [count * patchesPerImage(w), w.outChannels];
  if (count === w.batch) return host.alias(dy, shape);
  const rows = host.allocate(shape, 'float32');
  const start = first * patchesPerImage(w) * w.outChannels;
  host.floats(rows).set(host.floats(dy).subarray(start, start + util.sizeFromShape(shape)));
  return rows;
}

function release(host: HostBackend, ...tensors: TensorInfo[]): void {
  for (const tensor of tensors) host.dispose(tensor);
}
