import type { NativeValue } from '../binding.ts';
import type { KernelAttributes, Lowering, NativeOperations } from '../lowering.ts';
import { bool } from './attributes.ts';
import { asFloat, reshape } from './values.ts';

/**
 * Resizing of images. It is linear and acts on rows and columns one after another, so that it is two products with
 * small matrices, and its derivative the same two transposed: exact in every precision, where TensorFlow's own kernels
 * compute places and shares in single precision.
 */
export const resizingLowerings: Readonly<Record<string, Lowering>> = {
  ResizeBilinear: (native, { images }, attributes) =>
    resized(native, asFloat(native, images!), attributes.size as number[], attributes, bilinear),
  ResizeNearestNeighbor: (native, { images }, attributes) =>
    picked(native, images!, attributes.size as number[], attributes),
  ResizeBilinearGrad: (native, { dy, images }, attributes) =>
    resizedBack(native, dy!, images!.shape, attributes, bilinear),
  ResizeNearestNeighborGrad: (native, { dy, images }, attributes) =>
    resizedBack(native, dy!, images!.shape, attributes, nearest),
};

/** For one new row: the old rows that it is read from, with their shares. */
type Shares = readonly (readonly [row: number, share: number])[];
type Rule = (size: number, newSize: number, attributes: KernelAttributes) => Shares[];

/** The library's places: between two rows, in proportion. */
function bilinear(size: number, newSize: number, attributes: KernelAttributes): Shares[] {
  const shift = attributes.halfPixelCenters === true ? 0.5 : 0;
  const scale = scaleOf(size, newSize, attributes);
  return Array.from({ length: newSize }, (_, i) => {
    const place = scale * (i + shift) - shift;
    const lower = Math.max(0, Math.floor(place));
    const upper = Math.min(size - 1, Math.ceil(place));
    return upper <= lower
      ? [[lower, 1]]
      : [
          [lower, 1 - (place - lower)],
          [upper, place - lower],
        ];
  });
}

function nearest(size: number, newSize: number, attributes: KernelAttributes): Shares[] {
  const shift = attributes.halfPixelCenters === true ? 0.5 : 0;
  const scale = scaleOf(size, newSize, attributes);
  const round = attributes.alignCorners === true ? Math.round : Math.floor;
  return Array.from({ length: newSize }, (_, i) => [[Math.max(0, Math.min(size - 1, round(scale * (i + shift)))), 1]]);
}

function scaleOf(size: number, newSize: number, { alignCorners }: KernelAttributes): number {
  return alignCorners === true && newSize > 1 ? (size - 1) / (newSize - 1) : size / newSize;
}

function resized(
  native: NativeOperations,
  images: NativeValue,
  [newHeight = 0, newWidth = 0]: readonly number[],
  attributes: KernelAttributes,
  rule: Rule,
): NativeValue {
  const [, height = 0, width = 0] = images.shape;
  const rows = alongAxis(native, images, 1, rule(height, newHeight, attributes), height, false);
  return alongAxis(native, rows, 2, rule(width, newWidth, attributes), width, false);
}

function resizedBack(
  native: NativeOperations,
  dy: NativeValue,
  [, height = 0, width = 0]: readonly number[],
  attributes: KernelAttributes,
  rule: Rule,
): NativeValue {
  const [, newHeight = 0, newWidth = 0] = dy.shape;
  const columns = alongAxis(native, dy, 2, rule(width, newWidth, attributes), width, true);
  return alongAxis(native, columns, 1, rule(height, newHeight, attributes), height, true);
}

/** The product of the matrix of shares [new, old], or of its transpose, with an axis of a tensor. */
function alongAxis(
  native: NativeOperations,
  x: NativeValue,
  axis: 1 | 2,
  shares: readonly Shares[],
  size: number,
  transposed: boolean,
): NativeValue {
  const matrix = new Array<number>(shares.length * size).fill(0);
  for (const [i, row] of shares.entries()) {
    for (const [place, share] of row) matrix[i * size + place] = share;
  }
  const [n = 0, height = 0, width = 0, channels = 0] = x.shape;
  const view = axis === 1 ? [n, height, width * channels] : [n * height, width, channels];
  const product = native.run(
    'BatchMatMulV2',
    [native.floats(matrix, [shares.length, size]), reshape(native, x, view)],
    { adj_x: bool(transposed), adj_y: bool(false) },
  );
  const length = transposed ? size : shares.length;
  return reshape(native, product, axis === 1 ? [n, length, width, channels] : [n, height, length, channels]);
}

/** Nearest neighbours forward are copies, of tensors of any type. */
function picked(
  native: NativeOperations,
  images: NativeValue,
  [newHeight = 0, newWidth = 0]: readonly number[],
  attributes: KernelAttributes,
): NativeValue {
  const [, height = 0, width = 0] = images.shape;
  const places = (size: number, newSize: number) =>
    native.ints(nearest(size, newSize, attributes).map(([first]) => first![0]));
  const rows = native.run('GatherV2', [images, places(height, newHeight), native.int(1)]);
  return native.run('GatherV2', [rows, places(width, newWidth), native.int(2)]);
}
