import type { Tensor } from '@tensorflow/tfjs-core';
import type { HostVector } from '../../../linalg/vector-space.ts';
import type { LinearizedPrograms } from './linearized-programs.ts';

/** A function at one point, with products that are linear in what they are given. */
export interface PointLinearization {
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
  const { point } = programs;
  // Copies share the numbers, and outlive the part of the data that they come from.
  const data = given.map((tensor) => tensor.clone());
  const results = theta.host && point.runFromHost ? point.runFromHost(theta.host, data) : point.run(theta.blocks, data);
  const productOf = (name: string) => {
    const program = programs.products[name];
    if (!program) throw new Error(`This linearisation has no product '${name}'.`);
    const fixed = program.fixed.map((source) =>
      'result' in source ? (results[source.result] as Tensor) : (data[source.data] as Tensor),
    );
    return { executor: program.executor, fixed };
  };
  const ready = new Map(Object.keys(programs.products).map((name) => [name, productOf(name)]));
  const named = (name: string) => ready.get(name) ?? productOf(name);
  const onHost = Object.values(programs.products).every(({ executor }) => executor.runOnHost);
  return {
    results: results.slice(0, programs.pointResults),
    product(name, free) {
      const { executor, fixed } = named(name);
      return executor.run(free, fixed);
    },
    ...(onHost && {
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
