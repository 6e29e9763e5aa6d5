import type * as tf from '@tensorflow/tfjs-core';

/**
 * One operation under test. `run` maps tensors of `shapes`, drawn from a seed by the case's name, to a tensor of any
 * shape; the tests turn that into a scalar with curvature of its own. A new layer or a new fault is a new row.
 */
export interface OpCase {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  readonly run: (...xs: tf.Tensor[]) => tf.Tensor;
}

export const row = (name: string, shapes: OpCase['shapes'], run: OpCase['run']): OpCase => ({ name, shapes, run });

export type X = tf.Tensor;
export const as1 = (x: X) => x as tf.Tensor1D;
export const as2 = (x: X) => x as tf.Tensor2D;
export const as3 = (x: X) => x as tf.Tensor3D;
export const as4 = (x: X) => x as tf.Tensor4D;
export const as5 = (x: X) => x as tf.Tensor5D;
