import type { Matrix } from '../linalg/matrix.ts';
import type { BatchKey, Linearization, Objective, PointEvaluations, PointsAsk } from './objective.ts';
import { pointEvaluations } from './point-evaluations.ts';
import { eachPoint } from './separate-points.ts';

const nothing = new Float64Array(0);

/** An objective with statistics of its own at every point, and the way back. */
export interface RecalibratedObjective<V> extends Objective<V> {
  /** Settles the origin again, as it was before; to be awaited before others use the objective inside. */
  restore(): Promise<void>;
}

/**
 * L(θ) with what belongs to a point but not to θ (running means and variances of batch normalisation) set anew at each
 * θ that is asked about: `settle` sets it to that of the whole training set at θ (Izmailov et al. 2018), and `objective`
 * uses it as constants. So the gradient is that of the loss with the statistics of this point held fixed, not the
 * derivative through them. Calls run one after another, because there is one set of statistics; a product of a
 * linearisation settles its point again if another one was looked at in between.
 *
 * Cost: one `settle`, a forward pass with the training set, a point more; several points have no shortcut. `origin` is
 * copied. `dispose` ends the objective inside.
 */
export function recalibrated<V>(
  objective: Objective<V>,
  settle: (theta: V) => Promise<void>,
  origin: V,
): RecalibratedObjective<V> {
  const { space, layout, graph, convention, engine, examples, batches } = objective;
  const home = space.copy(origin);
  let before: Promise<unknown> = Promise.resolve();
  /** The linearisation whose point is settled. */
  let settledFor: object | null = null;

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = before.then(work, work);
    before = mine.catch(() => {});
    return mine;
  }

  const at = <T>(theta: V, work: () => Promise<T>, of: object | null = null): Promise<T> =>
    inTurn(async () => {
      if (of === null || of !== settledFor) {
        settledFor = null;
        await settle(theta);
        settledFor = of;
      }
      return work();
    });

  async function linearize(theta: V, batch?: BatchKey): Promise<Linearization<V>> {
    const point = space.copy(theta);
    const self = {};
    let inner: Linearization<V>;
    try {
      inner = await at(point, () => objective.linearize(point, batch), self);
    } catch (problem) {
      space.release(point);
      throw problem;
    }
    const again =
      <A extends readonly unknown[], T>(product: (...args: A) => Promise<T>) =>
      (...args: A) =>
        at(point, () => product(...args), self);
    return {
      ...inner,
      hessianProduct: again(inner.hessianProduct),
      ...(inner.hessianColumns && { hessianColumns: again(inner.hessianColumns) }),
      ...(inner.blockHessianProduct && { blockHessianProduct: again(inner.blockHessianProduct) }),
      ...(inner.gaussNewtonProduct && { gaussNewtonProduct: again(inner.gaussNewtonProduct) }),
      ...(inner.jacobianProduct && { jacobianProduct: again(inner.jacobianProduct) }),
      ...(inner.jacobianTransposeProduct && { jacobianTransposeProduct: again(inner.jacobianTransposeProduct) }),
      dispose() {
        inner.dispose();
        space.release(point);
      },
    };
  }

  const evaluations = (
    start: V,
    directions: readonly V[],
    coefficients: Matrix,
    ask: PointsAsk,
    batch?: BatchKey,
  ): Promise<PointEvaluations> =>
    eachPoint(space, start, directions, coefficients, (point) =>
      at(point, () => pointEvaluations(objective, point, [], { rows: 1, columns: 0, data: nothing }, ask, batch)),
    );

  return {
    space,
    layout,
    ...(graph && { graph }),
    convention,
    engine,
    examples,
    batches,
    evaluate: (theta, ask) => at(theta, () => objective.evaluate(theta, ask)),
    gradient: (theta, batch) => at(theta, () => objective.gradient(theta, batch)),
    losses: async (start, directions, coefficients, batch) =>
      (await evaluations(start, directions, coefficients, {}, batch)).losses,
    evaluations,
    linearize,
    restore: () =>
      inTurn(async () => {
        settledFor = null;
        await settle(home);
      }),
    dispose() {
      space.release(home);
      objective.dispose();
    },
  };
}
