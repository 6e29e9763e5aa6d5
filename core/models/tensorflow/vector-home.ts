import { concat1d, reshape, slice, type Tensor, type Tensor1D, tensor, tidy } from '@tensorflow/tfjs-core';
import { hostFloat32Space } from '../../linalg/spaces/float32-space.ts';
import { hostFloat64Space } from '../../linalg/spaces/float64-space.ts';
import type { HostVector, VectorSpace } from '../../linalg/vector-space.ts';
import { isFloat64Realm } from './float64-realm.ts';
import { type TensorVector, tensorSpace } from './tensor-space.ts';

/** The bridge between vectors of a space and the tensors that a model takes, one for each block of θ. */
export interface VectorHome<V> {
  readonly space: VectorSpace<V>;
  /** New tensors, one a block, that no later change of `v` reaches; the caller disposes them. */
  split(v: V): Tensor[];
  /** A new vector of the caller's from one tensor a block; disposes the tensors. */
  join(tensors: readonly Tensor[]): Promise<V>;
  /** The numbers of a vector themselves, where vectors live on the host. */
  readonly onHost?: (v: V) => HostVector;
}

function offsetsOf(sizes: readonly number[]): { offsets: number[]; dim: number } {
  let dim = 0;
  const offsets = sizes.map((size) => {
    dim += size;
    return dim - size;
  });
  return { offsets, dim };
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, extent) => product * extent, 1);

/** Vectors on the host: float32, or float64 in a realm whose tensors are float64. */
export function hostHome(shapes: readonly (readonly number[])[]): VectorHome<HostVector> {
  const sizes = shapes.map(sizeOf);
  const { offsets, dim } = offsetsOf(sizes);
  const space = (isFloat64Realm() ? hostFloat64Space(dim) : hostFloat32Space(dim)) as VectorSpace<HostVector>;
  const checked = (v: HostVector): HostVector => {
    if (v.length !== dim) throw new RangeError(`${v.length} numbers are no vector of dimension ${dim}.`);
    return v;
  };
  return {
    space,
    onHost: checked,
    split(v) {
      checked(v);
      return shapes.map((shape, i) => {
        const start = offsets[i] ?? 0;
        // Copied, because the cpu backend keeps a view of what it is given and `v` may change while a tape is held.
        return tensor(Float32Array.from(v.subarray(start, start + (sizes[i] ?? 0))), [...shape]);
      });
    },
    async join(tensors) {
      const read = await Promise.all(tensors.map((block) => block.data()));
      for (const block of tensors) block.dispose();
      const v = space.zeros();
      for (const [i, values] of read.entries()) v.set(values as Float32Array, offsets[i]);
      return v;
    },
  };
}

/** Vectors as float32 tensors on the device. */
export function tensorHome(shapes: readonly (readonly number[])[]): VectorHome<TensorVector> {
  const sizes = shapes.map(sizeOf);
  const { offsets, dim } = offsetsOf(sizes);
  return {
    space: tensorSpace(dim),
    split: (v) => tidy(() => shapes.map((shape, i) => reshape(slice(v, offsets[i] ?? 0, sizes[i]), [...shape]))),
    async join(tensors) {
      const flat = tidy(() => concat1d(tensors.map((block) => reshape(block, [block.size]) as Tensor1D)));
      for (const block of tensors) block.dispose();
      return flat;
    },
  };
}
