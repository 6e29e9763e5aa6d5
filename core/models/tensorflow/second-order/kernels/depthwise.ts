import type { Conv2DAttributes } from '../rules/convolution.ts';
import { hostKernel } from './kernel.ts';
import { type ConvWindow, convWindow } from './patches.ts';

type DepthwiseAttributes = Omit<Conv2DAttributes, 'dataFormat'>;

/** y[…, c·m + q] = Σ over taps of x[…, c] · w[i, j, c, q]: both gradients as loops over taps, missing on wasm. */
export const depthwiseFilterGradient = hostKernel<DepthwiseAttributes & { filterShape: number[] }>(
  'DepthwiseConv2dNativeBackpropFilter',
  ({ x, dy }, attributes, host) => {
    const w = convWindow(x!.shape, attributes.filterShape, attributes, { depthwise: true });
    const out = host.allocate(attributes.filterShape, 'float32');
    const [xs, dys] = [host.floats(x!), host.floats(dy!)];
    // Summed in doubles: one entry gathers as many terms as there are positions in the batch.
    const sums = new Float64Array(attributes.filterShape.reduce((a, b) => a * b, 1));
    const multiplier = w.outChannels / w.inChannels;
    eachTap(w, (cell, tap, position) => {
      for (let c = 0, k = 0; c < w.inChannels; c++) {
        const value = xs[cell + c]!;
        for (let q = 0; q < multiplier; q++, k++) sums[tap + k]! += value * dys[position + k]!;
      }
    });
    host.floats(out).set(sums);
    return out;
  },
);

export const depthwiseInputGradient = hostKernel<DepthwiseAttributes & { inputShape: number[] }>(
  'DepthwiseConv2dNativeBackpropInput',
  ({ dy, filter }, attributes, host) => {
    const w = convWindow(attributes.inputShape, filter!.shape, attributes, { depthwise: true });
    const out = host.allocate(attributes.inputShape, 'float32');
    const [dxs, dys, weights] = [host.floats(out), host.floats(dy!), host.floats(filter!)];
    dxs.fill(0);
    const multiplier = w.outChannels / w.inChannels;
    eachTap(w, (cell, tap, position) => {
      for (let c = 0, k = 0; c < w.inChannels; c++) {
        let sum = 0;
        for (let q = 0; q < multiplier; q++, k++) sum += weights[tap + k]! * dys[position + k]!;
        dxs[cell + c]! += sum;
      }
    });
    return out;
  },
);

/** Visits (first channel in x, in w, in y) of every tap that lies inside the image. */
function eachTap(w: ConvWindow, visit: (cell: number, tap: number, position: number) => void): void {
  for (let n = 0; n < w.batch; n++) {
    for (let y = 0; y < w.outHeight; y++) {
      for (let x = 0; x < w.outWidth; x++) {
        const position = ((n * w.outHeight + y) * w.outWidth + x) * w.outChannels;
        for (let i = 0; i < w.filterHeight; i++) {
          const r = y * w.strideHeight - w.top + i * w.dilationHeight;
          if (r < 0 || r >= w.inHeight) continue;
          for (let j = 0; j < w.filterWidth; j++) {
            const s = x * w.strideWidth - w.left + j * w.dilationWidth;
            if (s < 0 || s >= w.inWidth) continue;
            const cell = ((n * w.inHeight + r) * w.inWidth + s) * w.inChannels;
            visit(cell, (i * w.filterWidth + j) * w.outChannels, position);
          }
        }
      }
    }
  }
}
