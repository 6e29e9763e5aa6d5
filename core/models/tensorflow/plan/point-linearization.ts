import type { Tensor } from '@tensorflow/tfjs-core';
import type { HostVector } from '../../../linalg/vector-space.ts';
import type { LinearizedPrograms } from './linearized-programs.ts';

/** A function at one point, with products that are linear in what they are given. */
export interface PointLinearization {
  readonly examples: number;
  /** Memory that it takes. */
  readonly bytes: number;
  /** The function's own results at the point, with gradients. */
  readonly results: readonly Tensor[];
  /** The caller disposes what comes. */
  product(name: string, free: readonly Tensor[]): Tensor[];
  /** The same from and to flat host vectors, where the engine can do that at once. */
  productOnHost?(name: string, free: HostVector, into: HostVector): void;
  dispose(): void;
}

/** θ as tensors, and as one vector where that is how it came. */
export interface PointTheta {
  readonly blocks: readonly Tensor[];
  readonly host?: HostVector;
}

/** Runs the programs of a function at a point: one run of the point's program, then one run a product. */
export function atPoint(programs: LinearizedPrograms, theta: PointTheta, given: readonly Tensor[]): PointLinearization {
  const point = programs.point();
  // Copies share the numbers, and outlive the part of the data that they come from.
  const data = given.map((tensor) => tensor.clone());
  const results = theta.host && point.runFromHost ? point.runFromHost(theta.host, data) : point.run(theta.blocks, data);
  const productOf = (name: string) => {
    const program = programs.products[name];
    if (!program) throw new Error(`This linearisation has no product '${name}'.`);
    const fixed = program.fixed.map((source) =>
      'result' in source ? (results[source.result] as Tensor) : (data[source.data] as Tensor),
    );
    return { executor: program.executor(), fixed };
  };
  const ready = new Map<string, ReturnType<typeof productOf>>();
  const named = (name: string) => {
    const found = ready.get(name) ?? productOf(name);
    ready.set(name, found);
    return found;
  };
  return {
    examples: data[0]?.shape[0] ?? 0,
    bytes: results.reduce((sum, tensor) => sum + tensor.size, 0) * Float32Array.BYTES_PER_ELEMENT,
    results: results.slice(0, programs.pointResults),
    product(name, free) {
      const { executor, fixed } = named(name);
      return executor.run(free, fixed);
    },
    ...(point.runOnHost && {
      productOnHost(name: string, free: HostVector, into: HostVector) {
        const { executor, fixed } = named(name);
        executor.runOnHost?.(free, fixed, into);
      },
    }),
    dispose() {
      for (const tensor of [...results.splice(0), ...data.splice(0)]) tensor.dispose();
    },
  };
}
