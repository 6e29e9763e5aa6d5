import { type HeightScale, heightOf } from '../scene/height-scale.ts';
import type { SliceGrid, Square } from '../scene/slice-grid.ts';
import { colourIndex } from './colour-map.ts';

/**
 * The map as a picture, RGBA, highest β first: each pixel has the colour of the height at its centre, bilinear in the
 * square it lies in, as the surface of the scene has it. Pixels outside all squares stay clear: nothing is filled in.
 */
export function planeRaster(
  { alpha, beta, loss }: SliceGrid,
  squares: readonly Square[],
  scale: HeightScale,
  table: Uint8ClampedArray,
  width: number,
  height: number,
  out: Uint8ClampedArray,
): void {
  out.fill(0);
  const [left, bottom] = [alpha[0]!, beta[0]!];
  const [perColumn, perRow] = [(alpha[alpha.length - 1]! - left) / width, (beta[beta.length - 1]! - bottom) / height];
  for (const { row, column, stride } of squares) {
    const [x0, x1, y0, y1] = [alpha[column]!, alpha[column + stride]!, beta[row]!, beta[row + stride]!];
    const corner = (i: number, j: number) => heightOf(loss[i * alpha.length + j]!, scale);
    const [a, b] = [corner(row, column), corner(row, column + stride)];
    const [c, d] = [corner(row + stride, column), corner(row + stride, column + stride)];
    const [firstX, lastX] = pixelsWithin(x0 - left, x1 - left, perColumn, width);
    const [firstY, lastY] = pixelsWithin(y0 - bottom, y1 - bottom, perRow, height);
    for (let j = firstY; j <= lastY; j++) {
      const v = (bottom + (j + 0.5) * perRow - y0) / (y1 - y0);
      const [low, high] = [a + v * (c - a), b + v * (d - b)];
      for (let i = firstX; i <= lastX; i++) {
        const u = (left + (i + 0.5) * perColumn - x0) / (x1 - x0);
        const index = colourIndex(low + u * (high - low), scale.low, scale.high);
        const at = 4 * ((height - 1 - j) * width + i);
        out[at] = table[3 * index]!;
        out[at + 1] = table[3 * index + 1]!;
        out[at + 2] = table[3 * index + 2]!;
        out[at + 3] = 255;
      }
    }
  }
}

/** Pixels whose centres lie from one distance to another. */
const pixelsWithin = (from: number, to: number, size: number, count: number): readonly [number, number] => [
  Math.max(0, Math.ceil(from / size - 0.5 - 1e-9)),
  Math.min(count - 1, Math.floor(to / size - 0.5 + 1e-9)),
];
