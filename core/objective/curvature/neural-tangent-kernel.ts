import type { LinearOperator } from '../../linalg/linear-operator.ts';
import { type CoordinateRange, embedded, extracted } from '../../linalg/operators/block-of-operator.ts';
import type { VectorSpace } from '../../linalg/vector-space.ts';
import type { Linearization } from '../objective.ts';
import { jacobianProducts } from './jacobian-products.ts';

export interface NeuralTangentKernelOptions {
  readonly examples: number;
  /** Numbers of one output row. */
  readonly outputs: number;
  /** Only these parameters move; all without it. */
  readonly ranges?: readonly CoordinateRange[] | null;
}

/**
 * K = (1/N) J Jᵀ on the outputs of all examples, N·C coordinates, example by example (Jacot, Gabriel and Hongler 2018):
 * its nonzero eigenvalues are those of JᵀJ/N, so of the Gauss–Newton matrix of the half squared error. With ranges,
 * (1/N) J E Eᵀ Jᵀ: the kernel of these parameters alone, and kernels of a partition of θ add up. Never formed. Cost: two
 * products.
 */
export function neuralTangentKernelOperator<V>(
  parameters: VectorSpace<V>,
  outputSpace: VectorSpace<V>,
  linearization: Linearization<V>,
  { examples, outputs, ranges = null }: NeuralTangentKernelOptions,
): LinearOperator<V> {
  const jacobian = jacobianProducts(linearization);
  if (outputSpace.dim !== examples * outputs) {
    throw new RangeError(`A space of dimension ${outputSpace.dim} for ${examples} × ${outputs} outputs.`);
  }

  /** E Eᵀ v; consumes v. */
  async function within(v: V): Promise<V> {
    if (ranges === null) return v;
    const entries = await parameters.toHost(v);
    parameters.release(v);
    return parameters.fromHost(embedded(extracted(entries, ranges), ranges, parameters.dim));
  }

  return {
    space: outputSpace,
    symmetric: true,
    positiveSemidefinite: true,
    async apply(u) {
      const data = await outputSpace.toHost(u);
      const direction = await within(await jacobian.transpose({ rows: examples, columns: outputs, data }));
      try {
        const along = await jacobian.forward(direction);
        return outputSpace.fromHost(along.data.map((entry) => entry / examples));
      } finally {
        parameters.release(direction);
      }
    },
  };
}
