import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type PoolAttributes, type PoolAxis, poolWindow } from '../pool-window.ts';
import type { HostBackend } from './host-view.ts';
import { hostKernel } from './kernel.ts';

/**
 * Max pooling as two steps: where each window has its maximum (flat positions in the input, the first one among
 * equals), and moving values to or from these positions. The second step is linear, and each direction is the other's
 * transpose. Of the library's own kernels those of wasm misplace windows without a positive value.
 */
export const maxPositions = hostKernel<PoolAttributes>('MaxPositions', ({ x }, attributes, host) =>
  positionsOfMaxima(x!, attributes, host),
);

export const maxPool3d = hostKernel<PoolAttributes>('MaxPool3D', ({ x }, attributes, host) => {
  const positions = positionsOfMaxima(x!, attributes, host);
  const maxima = gather(x!, positions, host);
  host.dispose(positions);
  return maxima;
});

export const scatterToPositions = hostKernel<{ shape: number[] }>(
  'ScatterToPositions',
  ({ dy, positions }, { shape }, host) => {
    const out = host.allocate(shape, 'float32');
    const [to, from, at] = [host.floats(out), host.floats(dy!), host.ints(positions!)];
    to.fill(0);
    for (let i = 0; i < at.length; i++) to[at[i]!]! += from[i]!;
    return out;
  },
);

export const gatherFromPositions = hostKernel('GatherFromPositions', ({ x, positions }, _, host) =>
  gather(x!, positions!, host),
);

function gather(x: TensorInfo, positions: TensorInfo, host: HostBackend): TensorInfo {
  const out = host.allocate(positions.shape, 'float32');
  const [to, from, at] = [host.floats(out), host.floats(x), host.ints(positions)];
  for (let i = 0; i < at.length; i++) to[i] = from[at[i]!]!;
  return out;
}

function positionsOfMaxima(x: TensorInfo, attributes: PoolAttributes, host: HostBackend): TensorInfo {
  const { batch, channels, axes, outputShape } = poolWindow(x.shape, attributes);
  const [depth, height, width] = axes;
  const out = host.allocate(outputShape, 'int32');
  const [values, at] = [host.floats(x), host.ints(out)];
  const row = width.input * channels;
  const plane = height.input * row;
  let o = 0;
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < depth.output; i++) {
      const [d0, d1] = bounds(depth, i);
      for (let j = 0; j < height.output; j++) {
        const [r0, r1] = bounds(height, j);
        for (let k = 0; k < width.output; k++) {
          const c0 = Math.max(0, k * width.stride - width.before);
          const c1 = Math.min(width.input, k * width.stride - width.before + width.size);
          for (let c = 0; c < channels; c++, o++) {
            // Starts at a cell of the window, so that a window of NaN shows NaN.
            let best = (n * depth.input + d0) * plane + r0 * row + c0 * channels + c;
            let most = values[best]!;
            for (let d = d0; d < d1; d++) {
              for (let r = r0; r < r1; r++) {
                let p = (n * depth.input + d) * plane + r * row + c0 * channels + c;
                for (let q = c0; q < c1; q++, p += channels) {
                  const value = values[p]!;
                  if (value > most) {
                    most = value;
                    best = p;
                  }
                }
              }
            }
            at[o] = best;
          }
        }
      }
    }
  }
  return out;
}

function bounds({ stride, before, size, input }: PoolAxis, i: number): [number, number] {
  const start = i * stride - before;
  return [Math.max(0, start), Math.min(input, start + size)];
}
