import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { installKernel } from '../second-order/kernels/kernel.ts';
import type { NativeValue } from './binding.ts';
import { EagerOperations } from './eager-operations.ts';
import type { KernelAttributes, Lowering } from './lowering.ts';
import { type NativeBackend, nativeBackendName } from './native-backend.ts';

type Inputs = Readonly<Record<string, TensorInfo | null | undefined>>;

/** Registers every lowering as a kernel that runs at once, and the kernels that only pass values on. */
export function installNativeKernels(backend: NativeBackend, lowerings: Readonly<Record<string, Lowering>>): void {
  const operations = new EagerOperations(backend.binding, backend.floatType);
  for (const [kernelName, lowering] of Object.entries(lowerings)) {
    const kernel: KernelFunc = ({ inputs, attrs }) =>
      runLowering(backend, operations, lowering, inputs, (attrs ?? {}) as KernelAttributes);
    const passing = passingKernels[kernelName];
    const kernelFunc: KernelFunc =
      passing === undefined
        ? kernel
        : (call) =>
            passing(backend, (call.inputs as { x: TensorInfo }).x, (call.attrs ?? {}) as KernelAttributes) ??
            kernel(call);
    installKernel({ kernelName, backendName: nativeBackendName, kernelFunc });
  }
}

/** One kernel at once. Everything made on the way is freed, whether it ends well or not. */
function runLowering(
  backend: NativeBackend,
  operations: EagerOperations,
  lowering: Lowering,
  inputs: Inputs,
  attributes: KernelAttributes,
): TensorInfo | TensorInfo[] {
  const values: Record<string, NativeValue> = {};
  for (const [name, input] of Object.entries(inputs)) if (input != null) values[name] = backend.nativeValue(input);
  try {
    const results = lowering(operations, values, attributes);
    return Array.isArray(results) ? results.map(toTensor) : toTensor(results);
  } finally {
    operations.release();
  }

  function toTensor(value: NativeValue): TensorInfo {
    if (operations.take(value)) return backend.adopt(value);
    const name = Object.keys(values).find((name) => values[name] === value);
    if (name !== undefined) return backend.share(inputs[name]!, value.shape);
    // The same value for a second time, or a constant that is kept: the result needs a value of its own.
    const copy = operations.run('Identity', [value]);
    operations.take(copy);
    return backend.adopt(copy);
  }
}

/** Kernels whose result has the memory of their input; null where the values change after all. */
const passingKernels: Readonly<
  Record<string, (backend: NativeBackend, x: TensorInfo, attributes: KernelAttributes) => TensorInfo | null>
> = {
  Identity: (backend, x) => backend.share(x, x.shape),
  Reshape: (backend, x, { shape }) => backend.share(x, fullShape(x.shape, shape as number[])),
  Cast: (backend, x, { dtype }) => (dtype === x.dtype ? backend.share(x, x.shape) : null),
};

/** A shape in which one length may be −1: whatever is left over. */
function fullShape(from: readonly number[], to: readonly number[]): number[] {
  const product = (lengths: readonly number[]) => lengths.reduce((size, length) => size * length, 1);
  const rest = product(from) / product(to.filter((length) => length !== -1));
  return to.map((length) => (length === -1 ? rest : length));
}
