import { type Tensor, tidy } from '@tensorflow/tfjs-core';
import { engineInternals, type KernelCall } from '../engine-access.ts';

/** One kernel that ran, with the tensors that went in and came out. They may be freed already: only their names count. */
export interface TracedStep {
  readonly kernel: string;
  readonly inputs: readonly (readonly [name: string, tensor: Tensor])[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly outputs: readonly Tensor[];
}

/**
 * Runs `body` inside `tidy` and shows every kernel that ran, in order, to `visit`, right after it ran. Kernels that are
 * written with other kernels are one step. The engine's copies for the tape are no steps: they share the data.
 */
export function traceKernels<T>(body: () => T, visit: (step: TracedStep) => void): T {
  const engine = engineInternals();
  const run = engine.runKernelFunc;
  let depth = 0;
  engine.runKernelFunc = (call: KernelCall): unknown => {
    // Operations with a gradient by hand come without a kernel's name; the kernels inside them are the steps.
    if (call.kernelName === undefined || depth > 0) return run.call(engine, call);
    depth++;
    try {
      const out = run.call(engine, call);
      const inputs = Object.entries(call.inputs).filter((entry): entry is [string, Tensor] => entry[1] != null);
      const outputs = (Array.isArray(out) ? out : [out]) as Tensor[];
      // Still inside: kernels that the visitor runs are not steps.
      visit({ kernel: call.kernelName, inputs, attributes: call.attrs ?? {}, outputs });
      return out;
    } finally {
      depth--;
    }
  };
  try {
    let value: T | undefined;
    tidy(() => {
      value = body();
    });
    return value as T;
  } finally {
    engine.runKernelFunc = run;
  }
}
