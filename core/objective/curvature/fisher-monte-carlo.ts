import type { LinearOperator } from '../../linalg/linear-operator.ts';
import type { VectorSpace } from '../../linalg/vector-space.ts';
import type { Random } from '../../random/random.ts';
import type { LossName } from '../loss-convention.ts';
import type { Linearization, Outputs } from '../objective.ts';
import { sampledOutputGradients } from '../output-losses.ts';
import { outputOuterProducts } from './output-outer-products.ts';

export interface FisherMonteCarloOptions {
  readonly loss: LossName;
  /** f at the point of the linearization, for the same examples in the same order. */
  readonly outputs: Outputs;
  /** Labels drawn for each example. */
  readonly samples: number;
  readonly rng: Random;
  /** What multiplies Σᵢ: 1/N for the mean, 1 for the sum. */
  readonly scale: number;
}

/**
 * (1/(N S)) Σᵢ Σₛ gᵢₛ gᵢₛᵀ with gᵢₛ = Jᵢᵀ ∂ℓ/∂f at a label drawn from the model, y ∼ p(·|fᵢ): an unbiased estimate of the
 * exact Fisher matrix, whose error falls as 1/√(NS). The labels are drawn once, so that the operator is one fixed
 * symmetric matrix; another stream gives another one. Cost: two products, whatever S; memory 8·S·N·C bytes.
 */
export function fisherMonteCarloOperator<V>(
  space: VectorSpace<V>,
  linearization: Linearization<V>,
  { loss, outputs, samples, rng, scale }: FisherMonteCarloOptions,
): LinearOperator<V> {
  if (!Number.isSafeInteger(samples) || samples < 1) throw new RangeError(`${samples} labels an example.`);
  const stream = rng.split('labels of the Fisher matrix');
  const rows = Array.from({ length: samples }, () => sampledOutputGradients(loss, outputs, stream));
  return outputOuterProducts(space, linearization, rows, { scale: scale / samples });
}
