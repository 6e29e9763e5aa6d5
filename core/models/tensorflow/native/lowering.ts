import type { NativeAttributes, NativeType, NativeValue } from './binding.ts';

/**
 * Where lowered operations go: run at once (`eager-operations.ts`), or recorded as nodes of a graph that runs as one
 * program (`graph-operations.ts`). Values made on the way are freed by whoever runs the lowering.
 */
export interface NativeOperations {
  /** What tensors of dtype `float32` hold: doubles in a double-precision realm. */
  readonly floatType: NativeType;
  run(operation: string, inputs: readonly NativeValue[], attributes?: NativeAttributes): NativeValue;
  runMany(
    operation: string,
    inputs: readonly NativeValue[],
    attributes: NativeAttributes,
    outputs: number,
  ): NativeValue[];
  /** An int32 vector. */
  ints(values: readonly number[]): NativeValue;
  /** An int32 scalar. */
  int(value: number): NativeValue;
  /** A scalar of `floatType`. */
  float(value: number): NativeValue;
  /** A tensor of `floatType` from host values. */
  floats(values: readonly number[], shape: readonly number[]): NativeValue;
}

export type KernelAttributes = Readonly<Record<string, unknown>>;

/**
 * One kernel of TensorFlow.js as operations of TensorFlow. Kernels on lists (Concat, Pack, AddN) have the inputs '0',
 * '1', …; kernels with several outputs (SplitV, Unpack, TopK) return a list.
 */
export type Lowering = (
  native: NativeOperations,
  inputs: Readonly<Record<string, NativeValue>>,
  attributes: KernelAttributes,
) => NativeValue | NativeValue[];
