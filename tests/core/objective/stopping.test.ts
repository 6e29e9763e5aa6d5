import { describe, expect, it } from 'vitest';
import { hostFloat64Space } from '../../../core/linalg/spaces/float64-space.ts';
import { hostArena } from '../../../core/linalg/spaces/host-arena.ts';
import { createGate, Stopped } from '../../../core/objective/gate.ts';
import { miniBatched } from '../../../core/objective/mini-batched.ts';
import type { Objective } from '../../../core/objective/objective.ts';
import { stoppingObjective } from '../../../core/objective/stopping.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import { leastSquaresObjective, randomLeastSquares } from '../../support/least-squares.ts';

const turnOfEventLoop = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Each call keeps the thread for some milliseconds, as an engine does. */
function busy(objective: Objective<Float64Array>, ms: number): Objective<Float64Array> {
  return {
    ...objective,
    async linearize(theta, batch) {
      const until = performance.now() + ms;
      while (performance.now() < until);
      return objective.linearize(theta, batch);
    },
  };
}

describe('an objective that can be stopped', () => {
  it('ends a product on many batches between two of them, soon after the signal, and frees what it held', async () => {
    const whole = leastSquaresObjective(randomLeastSquares(randomFromSeed(1), 200, 3), hostFloat64Space);
    const gate = createGate(turnOfEventLoop);
    const batched = miniBatched(stoppingObjective(busy(whole, 10), gate), 1);
    const theta = batched.space.random(randomFromSeed(2), 'normal');
    const linearization = await batched.linearize(theta);
    const held = hostArena().bytesInUse;
    const signal = { aborted: false };
    gate.watch(signal);
    let abortedAt = 0;
    setTimeout(() => {
      abortedAt = performance.now();
      signal.aborted = true;
    }, 50);
    // 200 batches of 10 ms: it could not be done by then.
    await expect(linearization.hessianProduct(theta)).rejects.toThrow(Stopped);
    expect(performance.now() - abortedAt).toBeLessThan(250);
    expect(hostArena().bytesInUse).toBe(held);
    linearization.dispose();
    batched.space.release(theta);
  });

  it('goes on with the next piece of work, whose signal is another', async () => {
    const whole = leastSquaresObjective(randomLeastSquares(randomFromSeed(1), 9, 3), hostFloat64Space);
    const gate = createGate(turnOfEventLoop);
    const objective = stoppingObjective(whole, gate);
    const theta = objective.space.zeros();
    gate.watch({ aborted: true });
    expect(gate.signal?.aborted).toBe(true);
    await expect(objective.evaluate(theta)).rejects.toThrow(Stopped);
    for (const signal of [{ aborted: false }, null]) {
      gate.watch(signal);
      expect((await objective.evaluate(theta)).loss).toBe((await whole.evaluate(theta)).loss);
    }
    objective.space.release(theta);
  });
});
