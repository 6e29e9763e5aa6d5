import type { SimulationContext } from './simulate-one.ts';

/** Multiplications between two turns of the event loop, some ten milliseconds. */
const workBetween = 5e6;

/**
 * To be awaited before each step of a simulation: lets the event loop turn now and then, and answers whether the work is no
 * longer wanted.
 *
 * @param work multiplications of a step
 */
export function restEvery(work: number, { signal, breathe }: SimulationContext): () => Promise<boolean> {
  const every = Math.max(1, Math.floor(workBetween / work));
  let steps = 0;
  return async () => {
    if (++steps % every === 0) await breathe();
    return signal.aborted;
  };
}
