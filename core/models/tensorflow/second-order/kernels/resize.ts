import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { HostBackend } from './host-view.ts';
import { hostKernel } from './kernel.ts';

export interface ResizeAttributes {
  alignCorners: boolean;
  halfPixelCenters?: boolean;
}

/** Where one new row (or column) is read from: two old ones and the share of the second. */
export interface Source {
  readonly lower: number;
  readonly upper: number;
  readonly share: number;
}

/**
 * Gradients of resizing: each output pixel's cotangent is added to the pixels that it was read from. The cpu backend's
 * own kernels are wrong: for nearest neighbours the images of a batch are mixed, for bilinear interpolation height and
 * width of the result are exchanged, and neither knows half-pixel centres.
 */
export const nearestNeighborGradient = hostKernel<ResizeAttributes>(
  'ResizeNearestNeighborGrad',
  (inputs, attributes, host) => scattered(inputs, host, (size, newSize) => nearestSources(size, newSize, attributes)),
);

export const bilinearGradient = hostKernel<ResizeAttributes>('ResizeBilinearGrad', (inputs, attributes, host) =>
  scattered(inputs, host, (size, newSize) => bilinearSources(size, newSize, attributes)),
);

function scattered(
  { images, dy }: Record<string, TensorInfo>,
  host: HostBackend,
  sources: (size: number, newSize: number) => Source[],
): TensorInfo {
  const [batch = 0, height = 0, width = 0, channels = 0] = images!.shape;
  const [, newHeight = 0, newWidth = 0] = dy!.shape;
  const out = host.allocate(images!.shape, 'float32');
  const [to, from] = [host.floats(out), host.floats(dy!)];
  to.fill(0);
  const rows = sources(height, newHeight);
  const columns = sources(width, newWidth);
  let p = 0;
  const addPixel = (n: number, r: number, s: number, weight: number) => {
    if (weight === 0) return;
    const cell = ((n * height + r) * width + s) * channels;
    for (let c = 0; c < channels; c++) to[cell + c]! += weight * from[p + c]!;
  };
  for (let n = 0; n < batch; n++) {
    for (const row of rows) {
      for (const column of columns) {
        addPixel(n, row.lower, column.lower, (1 - row.share) * (1 - column.share));
        addPixel(n, row.lower, column.upper, (1 - row.share) * column.share);
        addPixel(n, row.upper, column.lower, row.share * (1 - column.share));
        addPixel(n, row.upper, column.upper, row.share * column.share);
        p += channels;
      }
    }
  }
  return out;
}

/** The places that the forward kernels read, in their own arithmetic. */
export function nearestSources(
  size: number,
  newSize: number,
  { alignCorners, halfPixelCenters = false }: ResizeAttributes,
): Source[] {
  const scale = scaleOf(size, newSize, alignCorners);
  return Array.from({ length: newSize }, (_, i) => {
    const place = halfPixelCenters ? scale * (i + 0.5) : scale * i;
    const nearest = Math.max(0, Math.min(size - 1, alignCorners ? Math.round(place) : Math.floor(place)));
    return { lower: nearest, upper: nearest, share: 0 };
  });
}

export function bilinearSources(
  size: number,
  newSize: number,
  { alignCorners, halfPixelCenters = false }: ResizeAttributes,
): Source[] {
  const scale = scaleOf(size, newSize, alignCorners);
  return Array.from({ length: newSize }, (_, i) => {
    const place = halfPixelCenters ? scale * (i + 0.5) - 0.5 : scale * i;
    const lower = Math.max(0, Math.floor(place));
    return { lower, upper: Math.min(size - 1, Math.ceil(place)), share: place - lower };
  });
}

function scaleOf(size: number, newSize: number, alignCorners: boolean): number {
  return alignCorners && newSize > 1 ? (size - 1) / (newSize - 1) : size / newSize;
}
