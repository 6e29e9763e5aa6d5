import { backend_util } from '@tensorflow/tfjs-core';
import type { Conv3DAttributes } from '../rules/convolution.ts';
import { hostKernel } from './kernel.ts';

type Five = [number, number, number, number, number];
type Info = ReturnType<typeof backend_util.computeConv3DInfo>;

/**
 * Gradients of volume convolutions as plain loops. Those of the wasm backend are wrong: the input's always, the
 * filter's for strides above 1.
 */
export const conv3dFilterGradient = hostKernel<Conv3DAttributes & { filterShape: number[] }>(
  'Conv3DBackpropFilterV2',
  ({ x, dy }, { strides, pad, filterShape }, host) => {
    const info = backend_util.computeConv3DInfo(x!.shape as Five, filterShape as Five, strides, 1, pad);
    const out = host.allocate(filterShape, 'float32');
    const [xs, dys] = [host.floats(x!), host.floats(dy!)];
    const sums = new Float64Array(filterShape.reduce((a, b) => a * b, 1));
    eachTap(info, (cell, tap, position) => {
      for (let c = 0; c < info.inChannels; c++) {
        const value = xs[cell + c]!;
        const row = tap + c * info.outChannels;
        for (let k = 0; k < info.outChannels; k++) sums[row + k]! += value * dys[position + k]!;
      }
    });
    host.floats(out).set(sums);
    return out;
  },
);

export const conv3dInputGradient = hostKernel<Conv3DAttributes & { inputShape: number[] }>(
  'Conv3DBackpropInputV2',
  ({ dy, filter }, { strides, pad, inputShape }, host) => {
    const info = backend_util.computeConv3DInfo(inputShape as Five, filter!.shape as Five, strides, 1, pad);
    const out = host.allocate(inputShape, 'float32');
    const [dxs, dys, weights] = [host.floats(out), host.floats(dy!), host.floats(filter!)];
    dxs.fill(0);
    eachTap(info, (cell, tap, position) => {
      for (let c = 0; c < info.inChannels; c++) {
        const row = tap + c * info.outChannels;
        let sum = 0;
        for (let k = 0; k < info.outChannels; k++) sum += weights[row + k]! * dys[position + k]!;
        dxs[cell + c]! += sum;
      }
    });
    return out;
  },
);

/** Visits (first channel in x, first weight of the tap, first channel in y) of every tap inside the volume. */
function eachTap(info: Info, visit: (cell: number, tap: number, position: number) => void): void {
  const { padInfo: before } = info;
  let position = 0;
  for (let n = 0; n < info.batchSize; n++) {
    for (let z = 0; z < info.outDepth; z++) {
      for (let y = 0; y < info.outHeight; y++) {
        for (let x = 0; x < info.outWidth; x++, position += info.outChannels) {
          for (let i = 0; i < info.filterDepth; i++) {
            const d = z * info.strideDepth - before.front + i;
            if (d < 0 || d >= info.inDepth) continue;
            for (let j = 0; j < info.filterHeight; j++) {
              const r = y * info.strideHeight - before.top + j;
              if (r < 0 || r >= info.inHeight) continue;
              for (let k = 0; k < info.filterWidth; k++) {
                const s = x * info.strideWidth - before.left + k;
                if (s < 0 || s >= info.inWidth) continue;
                const cell = (((n * info.inDepth + d) * info.inHeight + r) * info.inWidth + s) * info.inChannels;
                const tap = ((i * info.filterHeight + j) * info.filterWidth + k) * info.inChannels * info.outChannels;
                visit(cell, tap, position);
              }
            }
          }
        }
      }
    }
  }
}
