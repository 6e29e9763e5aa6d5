import { util } from '@tensorflow/tfjs-core';
import { type NativeType, type NativeValue, nativeType } from '../binding.ts';
import type { Lowering, NativeOperations } from '../lowering.ts';
import { bool, int, type } from './attributes.ts';

/** The inputs of a kernel on a list, in order. */
export const listed = (inputs: Readonly<Record<string, NativeValue>>): NativeValue[] =>
  // Keys that are whole numbers come in their order, whatever the order in which they were made.
  Object.values(inputs);

/** An operation of the same name and meaning on one tensor of floats. */
export const sameUnary =
  (operation: string): Lowering =>
  (native, { x }) =>
    native.run(operation, [x!]);

export const isFloat = ({ type }: NativeValue): boolean => type === nativeType.float32 || type === nativeType.float64;

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

export function typeOf(native: NativeOperations, dtype: unknown): NativeType {
  if (dtype === 'float32') return native.floatType;
  if (dtype === 'int32') return nativeType.int32;
  if (dtype === 'bool') return nativeType.bool;
  throw new Error(`TensorFlow's engine has no tensors of ${String(dtype)}.`);
}

export function cast(native: NativeOperations, x: NativeValue, to: NativeType): NativeValue {
  return x.type === to ? x : native.run('Cast', [x], { DstT: type(to) });
}

export const asFloat = (native: NativeOperations, x: NativeValue): NativeValue => cast(native, x, native.floatType);

/** Truth values as 0 and 1, for operations that TensorFlow defines on numbers only. */
export const asNumber = (native: NativeOperations, x: NativeValue): NativeValue =>
  x.type === nativeType.bool ? cast(native, x, nativeType.int32) : x;

/** A scalar of a given type. */
export function scalar(native: NativeOperations, value: number, of: NativeType): NativeValue {
  if (of === nativeType.int32) return native.int(value);
  if (of === nativeType.bool) return cast(native, native.int(value), nativeType.bool);
  return native.float(value);
}

export function reshape(native: NativeOperations, x: NativeValue, shape: readonly number[]): NativeValue {
  return util.arraysEqual([...x.shape], [...shape]) ? x : native.run('Reshape', [x, native.ints(shape)]);
}

export function transpose(native: NativeOperations, x: NativeValue, perm: readonly number[]): NativeValue {
  return perm.every((axis, i) => axis === i) ? x : native.run('Transpose', [x, native.ints(perm)]);
}

/** Pairs of whole numbers as a matrix [n, 2]. */
export function pairs(native: NativeOperations, values: readonly (readonly number[])[]): NativeValue {
  return native.run('Reshape', [native.ints(values.flat()), native.ints([values.length, 2])]);
}

/** Pads with a value, zero if none is given; `x` itself where nothing is to be added. */
export function pad(
  native: NativeOperations,
  x: NativeValue,
  paddings: readonly (readonly number[])[],
  value = 0,
): NativeValue {
  if (paddings.every(([before, after]) => before === 0 && after === 0)) return x;
  return native.run('PadV2', [x, pairs(native, paddings), scalar(native, value, x.type)]);
}

/** Cuts a box out; `x` itself where that is all of it. */
export function slice(
  native: NativeOperations,
  x: NativeValue,
  begin: readonly number[],
  size: readonly number[],
): NativeValue {
  if (util.arraysEqual([...x.shape], [...size])) return x;
  return native.run('Slice', [x, native.ints(begin), native.ints(size)]);
}

export function concat(native: NativeOperations, parts: readonly NativeValue[], axis: number): NativeValue {
  return native.run('ConcatV2', [...parts, native.int(axis)], { N: int(parts.length), T: type(parts[0]!.type) });
}

/** Sum over axes. */
export function sum(native: NativeOperations, x: NativeValue, axes: readonly number[], keepDims: boolean): NativeValue {
  return native.run('Sum', [x, native.ints(axes)], { keep_dims: bool(keepDims) });
}

/** An input handed on: a lowering gives no input back as its result, so that each value has one owner. */
export const handedOn = (native: NativeOperations, x: NativeValue, given: NativeValue): NativeValue =>
  x.id === given.id ? native.run('Identity', [x]) : x;
