import { type NativeValue, nativeType } from '../binding.ts';
import type { KernelAttributes, Lowering, NativeOperations } from '../lowering.ts';
import { bool, type } from './attributes.ts';
import { options, type Plane, untouched, windowOf } from './pooling.ts';
import { cast, reshape, sizeOf } from './values.ts';
import { covered, fitted } from './window.ts';

/**
 * Where windows have their maxima, as flat positions in the input (the first one among equals), and moving values from
 * and to such positions. A volume's maxima are found in its planes, then along its depth.
 */
export const positionLowerings: Readonly<Record<string, Lowering>> = {
  MaxPositions: (native, { x }, attributes) => maxima(native, x!, attributes).positions,
  GatherFromPositions: (native, { x, positions }) => gather(native, x!, positions!),
  ScatterToPositions: (native, { dy, positions }, { shape }) => scatter(native, dy!, positions!, shape as number[]),

  MaxPoolGrad: (native, { dy, input }, attributes) =>
    scatter(native, dy!, maxima(native, input!, attributes).positions, input!.shape),
  MaxPool3DGrad: (native, { dy, input }, attributes) =>
    scatter(native, dy!, maxima(native, input!, attributes).positions, input!.shape),
  MaxPoolWithArgmax: (native, { x }, attributes) => {
    const { values, positions } = maxima(native, x!, attributes);
    if (attributes.includeBatchInIndex === true) return [values, positions];
    return [values, native.run('FloorMod', [positions, native.int(sizeOf(x!.shape.slice(1)))])];
  },
};

function gather(native: NativeOperations, x: NativeValue, positions: NativeValue): NativeValue {
  return native.run('GatherV2', [reshape(native, x, [sizeOf(x.shape)]), positions, native.int(0)]);
}

function scatter(
  native: NativeOperations,
  dy: NativeValue,
  positions: NativeValue,
  shape: readonly number[],
): NativeValue {
  const places = reshape(native, positions, [sizeOf(positions.shape)]);
  const values = reshape(native, dy, [sizeOf(dy.shape)]);
  // Five times as fast as ScatterNd.
  const sums = native.run('UnsortedSegmentSum', [values, places, native.int(sizeOf(shape))]);
  return reshape(native, sums, shape);
}

interface Maxima {
  readonly values: NativeValue;
  readonly positions: NativeValue;
}

function maxima(native: NativeOperations, x: NativeValue, attributes: KernelAttributes): Maxima {
  const { axes, outputShape } = windowOf(x.shape, attributes);
  const [depth, rows, columns] = axes;
  if (x.shape.length === 4) return maximaOfImages(native, x, [rows, columns]);
  const [n = 0, d = 0, h = 0, w = 0, c = 0] = x.shape;
  const cells = rows.output * columns.output;
  const inPlanes = maximaOfImages(native, reshape(native, x, [n * d, h, w, c]), [rows, columns]);
  const column = reshape(native, inPlanes.values, [n, d, cells, c]);
  const alongDepth = maximaOfImages(native, column, [depth, untouched(cells)]);
  return {
    values: reshape(native, alongDepth.values, outputShape),
    positions: reshape(native, gather(native, inPlanes.positions, alongDepth.positions), outputShape),
  };
}

function maximaOfImages(native: NativeOperations, x: NativeValue, plane: Plane): Maxima {
  const cells = fitted(native, x, plane, Number.NEGATIVE_INFINITY);
  const attributes = { ...options(plane), include_batch_in_index: bool(true), Targmax: type(nativeType.int64) };
  const [values, places] = native.runMany('MaxPoolWithArgmax', [cells], attributes, 2) as [NativeValue, NativeValue];
  const positions = cast(native, places, nativeType.int32);
  return { values, positions: cells.id === x.id ? positions : inInput(native, positions, x.shape, plane) };
}

/** Positions in the padded or cut images as positions in the images: by a table of the cells of one image. */
function inInput(
  native: NativeOperations,
  positions: NativeValue,
  [, height = 0, width = 0, channels = 0]: readonly number[],
  [rows, columns]: Plane,
): NativeValue {
  const image = covered(rows) * covered(columns);
  const clamp = (place: number, length: number) => Math.max(0, Math.min(length - 1, place));
  const table = Array.from({ length: image }, (_, cell) => {
    const row = clamp(Math.floor(cell / covered(columns)) - rows.before, height);
    return row * width + clamp((cell % covered(columns)) - columns.before, width);
  });
  const cell = native.run('FloorDiv', [positions, native.int(channels)]);
  const channel = native.run('FloorMod', [positions, native.int(channels)]);
  const example = native.run('FloorDiv', [cell, native.int(image)]);
  const place = native.run('FloorMod', [cell, native.int(image)]);
  const found = native.run('GatherV2', [native.ints(table), place, native.int(0)]);
  const inBatch = native.run('AddV2', [native.run('Mul', [example, native.int(height * width)]), found]);
  return native.run('AddV2', [native.run('Mul', [inBatch, native.int(channels)]), channel]);
}
