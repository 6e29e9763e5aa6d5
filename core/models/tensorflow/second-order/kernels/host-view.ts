import type { TensorInfo } from '@tensorflow/tfjs-core';

/**
 * The values of tensors where they lie: the heap of the wasm backend or the arrays of the cpu backend. Kernels written
 * as plain loops over these views serve both, and work in double precision where arrays of numbers are doubles.
 */
export interface HostBackend {
  /** A new tensor with undefined contents. Allocate before taking views: the wasm heap may move when it grows. */
  allocate(shape: readonly number[], dtype: 'float32' | 'int32'): TensorInfo;
  floats(tensor: TensorInfo): Float32Array;
  ints(tensor: TensorInfo): Int32Array;
  /** A tensor that shares the data of `tensor`. */
  alias(tensor: TensorInfo, shape: readonly number[]): TensorInfo;
  dispose(tensor: TensorInfo): void;
}

interface WasmBackend {
  makeOutput(shape: number[], dtype: string): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): Float32Array | Int32Array;
}

interface CpuBackend {
  makeTensorInfo(shape: number[], dtype: string, values: Float32Array | Int32Array): TensorInfo;
  readonly data: { get(dataId: object): { values: unknown } };
}

interface Counted {
  incRef(dataId: object): void;
  disposeData(dataId: object): boolean;
}

const known = new WeakMap<object, HostBackend>();

export function hostBackend(backend: object): HostBackend {
  const found = known.get(backend);
  if (found !== undefined) return found;
  const counted = backend as Counted;
  const made: HostBackend = {
    ...('typedArrayFromHeap' in backend ? onHeap(backend as WasmBackend) : inArrays(backend as CpuBackend)),
    alias(tensor, shape) {
      counted.incRef(tensor.dataId);
      return { dataId: tensor.dataId, shape: [...shape], dtype: tensor.dtype };
    },
    dispose(tensor) {
      counted.disposeData(tensor.dataId);
    },
  };
  known.set(backend, made);
  return made;
}

type Access = Pick<HostBackend, 'allocate' | 'floats' | 'ints'>;

function onHeap(backend: WasmBackend): Access {
  return {
    allocate: (shape, dtype) => backend.makeOutput([...shape], dtype),
    floats: (tensor) => backend.typedArrayFromHeap(tensor) as Float32Array,
    ints: (tensor) => backend.typedArrayFromHeap(tensor) as Int32Array,
  };
}

function inArrays(backend: CpuBackend): Access {
  const values = (tensor: TensorInfo) => backend.data.get(tensor.dataId).values;
  return {
    allocate(shape, dtype) {
      const size = shape.reduce((a, b) => a * b, 1);
      return backend.makeTensorInfo(
        [...shape],
        dtype,
        dtype === 'int32' ? new Int32Array(size) : new Float32Array(size),
      );
    },
    // Uploads may leave plain arrays or typed arrays of another kind behind; loops want one kind.
    floats(tensor) {
      const found = values(tensor);
      return found instanceof Float32Array ? found : Float32Array.from(found as ArrayLike<number>);
    },
    ints(tensor) {
      const found = values(tensor);
      return found instanceof Int32Array ? found : Int32Array.from(found as ArrayLike<number>);
    },
  };
}
