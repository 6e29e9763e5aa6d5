import { util } from '@tensorflow/tfjs-core';
import { type NativeValue, nativeType } from '../binding.ts';
import type { KernelAttributes, Lowering, NativeOperations } from '../lowering.ts';
import { bool, type } from './attributes.ts';
import { asFloat, asNumber, sum } from './values.ts';

/** Sums, extrema and the like along axes; all axes where none is named. */
export const reductionLowerings: Readonly<Record<string, Lowering>> = {
  Sum: (native, { x }, { axis, keepDims }) => sum(native, asNumber(native, x!), axesOf(x!, axis), keepDims === true),
  Mean: (native, { x }, { axis, keepDims }) =>
    native.run('Mean', [asFloat(native, x!), native.ints(axesOf(x!, axis))], { keep_dims: bool(keepDims) }),
  Prod: reduction('Prod'),
  Max: reduction('Max'),
  Min: reduction('Min'),
  All: (native, { x }, { axis, keepDims }) =>
    native.run('All', [x!, native.ints(axesOf(x!, axis))], { keep_dims: bool(keepDims) }),
  Any: (native, { x }, { axis, keepDims }) =>
    native.run('Any', [x!, native.ints(axesOf(x!, axis))], { keep_dims: bool(keepDims) }),
  ArgMax: place('ArgMax'),
  ArgMin: place('ArgMin'),
  Cumsum: scan('Cumsum'),
  Cumprod: scan('Cumprod'),

  Softmax: (native, { logits }) => native.run('Softmax', [logits!]),
  LogSoftmax: (native, { logits }) => native.run('LogSoftmax', [logits!]),

  TopK: (native, { x }, { k, sorted }) =>
    native.runMany(
      'TopKV2',
      [asNumber(native, x!), native.int((k as number | undefined) ?? 1)],
      { sorted: bool(sorted ?? true) },
      2,
    ),
  Bincount: (native, { x, weights }, { size }) => counts(native, x!, weights!, size as number, false),
  DenseBincount: (native, { x, weights }, { size, binaryOutput }) =>
    counts(native, x!, weights!, size as number, binaryOutput === true),
};

export function axesOf(x: NativeValue, axis: unknown): number[] {
  return util.parseAxisParam((axis ?? null) as number | number[], [...x.shape]);
}

/** Extrema name their axes differently from each other. */
function reduction(operation: string): Lowering {
  return (native, { x }, { axis, reductionIndices = axis, keepDims }) =>
    native.run(operation, [asNumber(native, x!), native.ints(axesOf(x!, reductionIndices))], {
      keep_dims: bool(keepDims),
    });
}

function place(operation: string): Lowering {
  return (native, { x }, { axis }) =>
    native.run(operation, [asNumber(native, x!), native.int(axesOf(x!, axis)[0] ?? 0)], {
      output_type: type(nativeType.int32),
    });
}

function scan(operation: string): Lowering {
  return (native, { x }, { axis, exclusive, reverse }: KernelAttributes) =>
    native.run(operation, [asNumber(native, x!), native.int(axesOf(x!, axis)[0] ?? 0)], {
      exclusive: bool(exclusive),
      reverse: bool(reverse),
    });
}

/** How often each of 0, 1, …, size − 1 occurs, or the weights of its occurrences added; larger numbers are left out. */
function counts(
  native: NativeOperations,
  x: NativeValue,
  weights: NativeValue,
  size: number,
  binary: boolean,
): NativeValue {
  return native.run('DenseBincount', [x, native.int(size), weights], { binary_output: bool(binary) });
}
