import type { Linearization, Objective } from './objective.ts';

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
  const breathingAfter = async <T>(work: Promise<T>): Promise<T> => {
    const done = await work;
    if (performance.now() - lastTurn > everyMs) {
      await breathe();
      lastTurn = performance.now();
    }
    return done;
  };
  const { space, layout, graph, convention, engine, examples, batches } = objective;
  return {
    space,
    layout,
    ...(graph && { graph }),
    convention,
    engine,
    examples,
    batches,
    evaluate: (theta, ask) => breathingAfter(objective.evaluate(theta, ask)),
    gradient: (theta, batch) => breathingAfter(objective.gradient(theta, batch)),
    losses: (origin, directions, coefficients, batch) =>
      breathingAfter(objective.losses(origin, directions, coefficients, batch)),
    linearize: async (theta, batch) =>
      breathingLinearization(await breathingAfter(objective.linearize(theta, batch)), breathingAfter),
    ...(objective.withData && {
      withData: (data) => breathingObjective(objective.withData!(data), breathe, everyMs),
    }),
    dispose: () => objective.dispose(),
  };
}

function breathingLinearization<V>(
  inner: Linearization<V>,
  breathingAfter: <T>(work: Promise<T>) => Promise<T>,
): Linearization<V> {
  const { loss, gradient, exact, inexactReason } = inner;
  return {
    loss,
    gradient,
    exact,
    ...(inexactReason !== undefined && { inexactReason }),
    hessianProduct: (v) => breathingAfter(inner.hessianProduct(v)),
    ...(inner.gaussNewtonProduct && {
      gaussNewtonProduct: (v: V) => breathingAfter(inner.gaussNewtonProduct!(v)),
    }),
    ...(inner.jacobianProduct && { jacobianProduct: (v: V) => breathingAfter(inner.jacobianProduct!(v)) }),
    ...(inner.jacobianTransposeProduct && {
      jacobianTransposeProduct: (u) => breathingAfter(inner.jacobianTransposeProduct!(u)),
    }),
    dispose: () => inner.dispose(),
  };
}
