import { aroundCalls } from './around.ts';
import type { Objective } from './objective.ts';

/**
 * The same objective, which lets others have their turn: after any piece of work that ends more than `everyMs` after the
 * last turn it awaits `breathe`. Work on an engine that computes within one thread settles without ever giving the
 * thread away; with `breathe` settling after the event loop has turned, signals and messages are seen between two
 * products, and an analysis can be cancelled. `withData` breathes likewise. Changes no number and costs nothing but the
 * turns. `dispose` ends the objective inside.
 */
export function breathingObjective<V>(
  objective: Objective<V>,
  breathe: () => Promise<void>,
  everyMs = 8,
): Objective<V> {
  let lastTurn = performance.now();
  return aroundCalls(objective, async (_, call) => {
    const done = await call();
    if (performance.now() - lastTurn > everyMs) {
      await breathe();
      lastTurn = performance.now();
    }
    return done;
  });
}
