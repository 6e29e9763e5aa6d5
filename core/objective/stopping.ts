import { aroundCalls } from './around.ts';
import type { Gate } from './gate.ts';
import type { Objective } from './objective.ts';

/**
 * The same objective with the gate before every call that computes: under `miniBatched`, work on many batches stops
 * between two of them, with `Stopped`. `withData` passes the same gate; `dispose` ends the objective inside.
 */
export function stoppingObjective<V>(objective: Objective<V>, gate: Gate): Objective<V> {
  return aroundCalls(objective, async (_, call) => {
    await gate.pass();
    return call();
  });
}
