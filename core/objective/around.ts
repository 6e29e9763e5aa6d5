import type { HostVector } from '../linalg/vector-space.ts';
import type { Linearization, Objective } from './objective.ts';

/** What one call on an objective costs, in the units of `Stats`. */
export interface CallCost {
  readonly products: number;
  readonly gradients: number;
  readonly losses: number;
}

/** Runs one call, with something before or behind it; the call's own answer is passed on. */
export type Around = <T>(cost: CallCost, call: () => Promise<T>) => Promise<T>;

const aLoss: CallCost = { products: 0, gradients: 0, losses: 1 };
const aGradient: CallCost = { products: 0, gradients: 1, losses: 0 };
const aProduct: CallCost = { products: 1, gradients: 0, losses: 0 };

/**
 * The same objective with `around` about every call that computes: `evaluate` is one loss, `losses` and
 * `evaluations` one a row, `gradient`
 * and `linearize` one gradient, each product of a linearization one product. `withData` is wrapped likewise, and `dispose`
 * ends the objective inside.
 */
export function aroundCalls<V>(objective: Objective<V>, around: Around): Objective<V> {
  const { space, layout, graph, convention, engine, examples, batches } = objective;
  return {
    space,
    layout,
    ...(graph && { graph }),
    convention,
    engine,
    examples,
    batches,
    evaluate: (theta, ask) => around(aLoss, () => objective.evaluate(theta, ask)),
    gradient: (theta, batch) => around(aGradient, () => objective.gradient(theta, batch)),
    losses: (origin, directions, coefficients, batch) =>
      around({ ...aLoss, losses: coefficients.rows }, () => objective.losses(origin, directions, coefficients, batch)),
    ...(objective.evaluations && {
      evaluations: (origin, directions, coefficients, ask, batch) =>
        around({ ...aLoss, losses: coefficients.rows }, () =>
          objective.evaluations!(origin, directions, coefficients, ask, batch),
        ),
    }),
    linearize: async (theta, batch) =>
      aroundProducts(await around(aGradient, () => objective.linearize(theta, batch)), around),
    ...(objective.derivativeBounds && {
      derivativeBounds: (theta, radius) => objective.derivativeBounds!(theta, radius),
    }),
    ...(objective.withData && { withData: (data) => aroundCalls(objective.withData!(data), around) }),
    dispose: () => objective.dispose(),
  };
}

function aroundProducts<V>(inner: Linearization<V>, around: Around): Linearization<V> {
  const { loss, gradient, exact, inexactReason } = inner;
  return {
    loss,
    gradient,
    exact,
    ...(inexactReason !== undefined && { inexactReason }),
    hessianProduct: (v) => around(aProduct, () => inner.hessianProduct(v)),
    ...(inner.hessianColumns && {
      hessianColumns: (from: number, to: number) =>
        around({ ...aProduct, products: to - from }, () => inner.hessianColumns!(from, to)),
    }),
    ...(inner.blockHessianProduct && {
      blockHessianProduct: (blocks: readonly string[], v: HostVector) =>
        around(aProduct, () => inner.blockHessianProduct!(blocks, v)),
    }),
    ...(inner.gaussNewtonProduct && {
      gaussNewtonProduct: (v: V) => around(aProduct, () => inner.gaussNewtonProduct!(v)),
    }),
    ...(inner.jacobianProduct && { jacobianProduct: (v: V) => around(aProduct, () => inner.jacobianProduct!(v)) }),
    ...(inner.jacobianTransposeProduct && {
      jacobianTransposeProduct: (u) => around(aProduct, () => inner.jacobianTransposeProduct!(u)),
    }),
    dispose: () => inner.dispose(),
  };
}
