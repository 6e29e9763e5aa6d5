import { cellsInside, type PoolAttributes, type PoolAxis, poolWindow } from '../../second-order/pool-window.ts';
import type { NativeAttributes, NativeValue } from '../binding.ts';
import type { KernelAttributes, Lowering, NativeOperations } from '../lowering.ts';
import { ints, text } from './attributes.ts';
import { reshape, transpose } from './values.ts';
import { covered, fitted, liesInside, unfitted } from './window.ts';

/**
 * Pools of images and of volumes. A volume is pooled first in its planes, then along its depth: extrema of extrema, and
 * means of means with as many cells, are those of the whole window; TensorFlow has no pools of volumes in doubles.
 */
export const poolingLowerings: Readonly<Record<string, Lowering>> = {
  AvgPool: (native, { x }, attributes) => average(native, x!, attributes),
  AvgPool3D: (native, { x }, attributes) => channelsLast(native, x!, attributes, average),
  AvgPoolGrad: (native, { dy, input }, attributes) => averageBack(native, dy!, input!.shape, attributes),
  AvgPool3DGrad: (native, { dy, input }, attributes) => averageBack(native, dy!, input!.shape, attributes),
  MaxPool: (native, { x }, attributes) => maximum(native, x!, attributes),
  MaxPool3D: (native, { x }, attributes) => channelsLast(native, x!, attributes, maximum),
};

/** Means over the cells of each window that lie inside the input. */
function average(native: NativeOperations, x: NativeValue, attributes: KernelAttributes): NativeValue {
  const { axes, outputShape } = windowOf(x.shape, attributes);
  return inSteps(native, x, axes, outputShape, (cells, plane) => {
    const means = native.run('AvgPool', [fitted(native, cells, plane)], options(plane));
    return plane.every(liesInside) ? means : native.run('Mul', [means, wholeOverInside(native, plane)]);
  });
}

/** The whole window's cells over those inside the input, for each window: [1, rows, columns, 1]. */
function wholeOverInside(native: NativeOperations, [rows, columns]: readonly [PoolAxis, PoolAxis]): NativeValue {
  const [insideRows, insideColumns] = [cellsInside(rows), cellsInside(columns)];
  const whole = rows.size * columns.size;
  const values = insideRows.flatMap((r) => insideColumns.map((c) => whole / (r * c)));
  return native.floats(values, [1, rows.output, columns.output, 1]);
}

/**
 * What the other backends' kernels mean: every cotangent is divided by the cells of the whole window, and dealt to those
 * inside the input. The derivative rules correct borders themselves.
 */
function averageBack(
  native: NativeOperations,
  dy: NativeValue,
  inputShape: readonly number[],
  attributes: KernelAttributes,
): NativeValue {
  const { axes } = windowOf(inputShape, attributes);
  return backInSteps(native, dy, axes, inputShape, (dys, plane, shape) => {
    const [n = 0, channels = 0] = [shape[0], shape.at(-1)];
    const sizes = native.ints([n, ...plane.map(covered), channels]);
    return unfitted(native, native.run('AvgPoolGrad', [sizes, dys], options(plane)), plane);
  });
}

function maximum(native: NativeOperations, x: NativeValue, attributes: KernelAttributes): NativeValue {
  const { axes, outputShape } = windowOf(x.shape, attributes);
  return inSteps(native, x, axes, outputShape, (cells, plane) =>
    native.run('MaxPool', [fitted(native, cells, plane, Number.NEGATIVE_INFINITY)], options(plane)),
  );
}

export function windowOf(shape: readonly number[], attributes: KernelAttributes) {
  return poolWindow(shape, attributes as unknown as PoolAttributes);
}

export type Plane = readonly [PoolAxis, PoolAxis];

export function options([rows, columns]: Plane): NativeAttributes {
  return {
    ksize: ints([1, rows.size, columns.size, 1]),
    strides: ints([1, rows.stride, columns.stride, 1]),
    padding: text('VALID'),
  };
}

/** An axis along which nothing is pooled. */
export const untouched = (length: number): PoolAxis => ({
  input: length,
  output: length,
  size: 1,
  stride: 1,
  before: 0,
});

/** Pools [n, rows, columns, c] as it is; [n, depth, rows, columns, c] plane by plane, then along its depth. */
function inSteps(
  native: NativeOperations,
  x: NativeValue,
  [depth, rows, columns]: readonly [PoolAxis, PoolAxis, PoolAxis],
  outputShape: readonly number[],
  pool: (cells: NativeValue, plane: Plane) => NativeValue,
): NativeValue {
  if (x.shape.length === 4) return pool(x, [rows, columns]);
  const [n = 0, d = 0, h = 0, w = 0, c = 0] = x.shape;
  const planes = pool(reshape(native, x, [n * d, h, w, c]), [rows, columns]);
  const cells = rows.output * columns.output;
  const columnsOfPlanes = reshape(native, planes, [n, d, cells, c]);
  return reshape(native, pool(columnsOfPlanes, [depth, untouched(cells)]), outputShape);
}

/** The transposes in the opposite order. */
function backInSteps(
  native: NativeOperations,
  dy: NativeValue,
  [depth, rows, columns]: readonly [PoolAxis, PoolAxis, PoolAxis],
  inputShape: readonly number[],
  back: (dys: NativeValue, plane: Plane, shape: readonly number[]) => NativeValue,
): NativeValue {
  if (inputShape.length === 4) return back(dy, [rows, columns], inputShape);
  const [n = 0, d = 0, h = 0, w = 0, c = 0] = inputShape;
  const cells = rows.output * columns.output;
  const columnsOfPlanes = reshape(native, dy, [n, depth.output, cells, c]);
  const planes = back(columnsOfPlanes, [depth, untouched(cells)], [n, d, cells, c]);
  const images = reshape(native, planes, [n * d, rows.output, columns.output, c]);
  return reshape(native, back(images, [rows, columns], [n * d, h, w, c]), inputShape);
}

function channelsLast(
  native: NativeOperations,
  x: NativeValue,
  attributes: KernelAttributes,
  pool: (native: NativeOperations, x: NativeValue, attributes: KernelAttributes) => NativeValue,
): NativeValue {
  if (attributes.dataFormat !== 'NCDHW') return pool(native, x, attributes);
  return transpose(native, pool(native, transpose(native, x, [0, 2, 3, 4, 1]), attributes), [0, 4, 1, 2, 3]);
}
