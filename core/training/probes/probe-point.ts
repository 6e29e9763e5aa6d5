import type { LinearOperator } from '../../linalg/linear-operator.ts';
import type { Stats } from '../../linalg/result.ts';
import type { HostVector } from '../../linalg/vector-space.ts';
import type { BatchKey, Evaluation, Linearization, Objective } from '../../objective/objective.ts';
import type { Random } from '../../random/random.ts';

/** Which function a probe looks at: an objective, or a fixed part of its examples. */
export interface ProbedObjective<V extends HostVector> {
  readonly objective: Objective<V>;
  /** Always the same examples; without it all of them. */
  readonly batch?: BatchKey;
}

/** How a long probe lets the rest of the program breathe and learns that it is no longer wanted. */
export interface Interruption {
  /** Called between products and gradients. */
  breathe(): Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * One θ under several probes: the linearization is made when the first probe needs it and shared by the others. Counts
 * what is spent.
 */
export interface ProbePoint<V extends HostVector> {
  readonly theta: V;
  readonly step: number;
  readonly objective: Objective<V>;
  /** Of the probed part. */
  readonly examples: number;
  readonly subset: boolean;
  readonly interruption: Interruption;
  /** Cost: one gradient the first time. */
  linearization(): Promise<Linearization<V>>;
  /** The Hessian of the probed part at θ; every product lets the program breathe. */
  hessian(): Promise<LinearOperator<V>>;
  evaluate(): Promise<Evaluation>;
  gradient(batch: BatchKey): Promise<V>;
  /** What was spent since the last call. */
  takeStats(): Omit<Stats, 'seconds'>;
  dispose(): void;
}

export function probePoint<V extends HostVector>(
  probed: ProbedObjective<V>,
  theta: V,
  step: number,
  interruption: Interruption,
): ProbePoint<V> {
  const { objective, batch } = probed;
  let linearized: Linearization<V> | null = null;
  let spent = { products: 0, gradients: 0, losses: 0 };

  async function linearization(): Promise<Linearization<V>> {
    if (linearized === null) {
      spent.gradients++;
      linearized = await objective.linearize(theta, batch);
    }
    return linearized;
  }

  return {
    theta,
    step,
    objective,
    examples: batch?.length ?? objective.examples,
    subset: batch !== undefined,
    interruption,
    linearization,
    async hessian() {
      const at = await linearization();
      return {
        space: objective.space,
        symmetric: true,
        positiveSemidefinite: false,
        async apply(v) {
          spent.products++;
          const product = await at.hessianProduct(v);
          await interruption.breathe();
          return product;
        },
      };
    },
    async evaluate() {
      spent.losses++;
      return objective.evaluate(theta, batch === undefined ? {} : { batch });
    },
    async gradient(part) {
      spent.gradients++;
      const { gradient } = await objective.gradient(theta, part);
      await interruption.breathe();
      return gradient;
    },
    takeStats() {
      const taken = spent;
      spent = { products: 0, gradients: 0, losses: 0 };
      return taken;
    },
    dispose() {
      linearized?.dispose();
      linearized = null;
    },
  };
}

/** A fixed random part of n of the examples, in their own order; all of them (no key) where n is null or not smaller. */
export function fixedSubset(examples: number, n: number | null, rng: Random): BatchKey | undefined {
  if (n === null || n >= examples) return undefined;
  return rng.split('probe examples').permutation(examples).slice(0, n).sort();
}
