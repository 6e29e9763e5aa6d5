import type { DataType, Tensor } from '@tensorflow/tfjs-core';
import type { HostVector } from '../../../linalg/vector-space.ts';

/** A value that a program computes or is given; its shape is fixed. */
export interface ProgramValue {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: DataType;
}

/** What a step takes: a value of the program, or a tensor that is the same in every run. */
export type Operand = { readonly value: ProgramValue } | { readonly constant: Tensor };

/** One kernel of TensorFlow.js. Kernels on lists have the inputs '0', '1', … */
export interface ProgramStep {
  readonly kernel: string;
  readonly inputs: readonly (readonly [name: string, operand: Operand])[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly outputs: readonly ProgramValue[];
}

/**
 * Kernels in the order in which they run, without branches: what one call of a function computes for every input of the
 * same shapes. `free` inputs change with every run, `fixed` ones stay for many (the point of a linearisation).
 */
export interface Program {
  readonly free: readonly ProgramValue[];
  readonly fixed: readonly ProgramValue[];
  readonly steps: readonly ProgramStep[];
  readonly results: readonly Operand[];
}

/** Runs one program any number of times. Constants of the program stay the property of who made it. */
export interface ProgramExecutor {
  /** Results on the device, the caller's, who disposes them. */
  run(free: readonly Tensor[], fixed: readonly Tensor[]): Tensor[];
  /** The same with the free inputs one after another in one host vector; where the backend gains by it. */
  runFromHost?(free: HostVector, fixed: readonly Tensor[]): Tensor[];
  /** From host to host: the results are written one after another into `into`. Where the backend gains by it. */
  runOnHost?(free: HostVector, fixed: readonly Tensor[], into: HostVector): void;
  /**
   * How many runs go on at once where `runOnHost` takes any number of them: the free inputs of each, run after run, and
   * the results likewise.
   */
  readonly lanes?: number;
  dispose(): void;
}
