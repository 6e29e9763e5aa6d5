import { hostKernel } from './kernel.ts';

/**
 * The gradient of nearest-neighbour resizing: each output pixel's cotangent is added to the pixel that it was read
 * from. The cpu backend's own kernel reads every image's cotangent at another image's place for batches above 1.
 */
export const nearestNeighborGradient = hostKernel<{ alignCorners: boolean; halfPixelCenters?: boolean }>(
  'ResizeNearestNeighborGrad',
  ({ images, dy }, attributes, host) => {
    const [batch = 0, height = 0, width = 0, channels = 0] = images!.shape;
    const [, newHeight = 0, newWidth = 0] = dy!.shape;
    const out = host.allocate(images!.shape, 'float32');
    const [to, from] = [host.floats(out), host.floats(dy!)];
    to.fill(0);
    const rows = sources(height, newHeight, attributes);
    const columns = sources(width, newWidth, attributes);
    let p = 0;
    for (let n = 0; n < batch; n++) {
      for (const r of rows) {
        for (const s of columns) {
          const cell = ((n * height + r) * width + s) * channels;
          for (let c = 0; c < channels; c++, p++) to[cell + c]! += from[p]!;
        }
      }
    }
    return out;
  },
);

/** For each new row, the old row that the forward kernel reads. */
function sources(
  size: number,
  newSize: number,
  { alignCorners, halfPixelCenters = false }: { alignCorners: boolean; halfPixelCenters?: boolean },
): number[] {
  const corners = alignCorners && newSize > 1;
  const scale = corners ? (size - 1) / (newSize - 1) : size / newSize;
  return Array.from({ length: newSize }, (_, i) => {
    const place = halfPixelCenters ? scale * (i + 0.5) : scale * i;
    const nearest = Math.min(size - 1, alignCorners ? Math.round(place) : Math.floor(place));
    return halfPixelCenters ? Math.max(0, nearest) : nearest;
  });
}
