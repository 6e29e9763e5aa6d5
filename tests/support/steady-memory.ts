import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { memory } from '@tensorflow/tfjs-core';
import { hostArena } from '../../core/linalg/spaces/host-arena.ts';
import type { HostVector } from '../../core/linalg/vector-space.ts';
import type { Objective } from '../../core/objective/objective.ts';
import { randomFromSeed } from '../../core/random/philox.ts';

/** Memory at one moment; bytes, except for the tensors. */
export interface MemoryNow {
  readonly tensors: number;
  readonly tensorBytes: number;
  readonly vectors: number;
  readonly heap: number;
  readonly resident: number;
  /** What the backend counts itself. */
  readonly held: Readonly<Record<string, number>>;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

export function memoryNow(held: Readonly<Record<string, number>> = {}): MemoryNow {
  collectGarbage();
  const { numTensors, numBytes } = memory();
  const { heapUsed, rss } = process.memoryUsage();
  return {
    tensors: numTensors,
    tensorBytes: numBytes,
    vectors: hostArena().bytesInUse,
    heap: heapUsed,
    resident: rss,
    held,
  };
}

/**
 * Memory after a quarter of the work and after all of it: `products` Hessian products at one point, then as many other
 * points as `points`, each with its gradient, its linearization, two products and a loss. What engines and compilers
 * hold once is there after the first quarter; whatever grows after it is a leak.
 */
export async function memoryOverWork(
  objective: Objective<HostVector>,
  theta: HostVector,
  { products, points }: { readonly products: number; readonly points: number },
  held: () => Readonly<Record<string, number>> = () => ({}),
): Promise<{ readonly early: MemoryNow; readonly late: MemoryNow }> {
  const { space } = objective;
  const v = space.random(randomFromSeed(1), 'sphere');

  async function work(share: number): Promise<void> {
    const linearization = await objective.linearize(theta);
    for (let i = 0; i < share * products; i++) space.release(await linearization.hessianProduct(v));
    linearization.dispose();
    for (let i = 0; i < share * points; i++) {
      const point = space.addScaled(space.copy(theta), 1e-3 * (i + 1), v);
      space.release((await objective.gradient(point)).gradient);
      const there = await objective.linearize(point);
      space.release(await there.hessianProduct(v));
      if (there.gaussNewtonProduct) space.release(await there.gaussNewtonProduct(v));
      there.dispose();
      await objective.evaluate(point);
      await objective.losses(point, [v], { rows: 3, columns: 1, data: Float64Array.of(-1, 0, 1) });
      space.release(point);
    }
  }

  await work(1 / 4);
  const early = memoryNow(held());
  await work(3 / 4);
  const late = memoryNow(held());
  space.release(v);
  return { early, late };
}
