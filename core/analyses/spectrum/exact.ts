import { type DenseOptions, type ExactSpectrum, exactSpectrum } from '../../linalg/dense/dense-symmetric.ts';
import type { Result } from '../../linalg/result.ts';
import { type CurvatureRequest, curvatureOperator } from '../../objective/curvature/curvature-operator.ts';
import type { Objective } from '../../objective/objective.ts';
import type { Spectrum } from './spectrum.ts';
import type { SpectrumContext } from './spectrum-context.ts';

/** What the matrix of a spectrum was made with: the same words make the same matrix. */
export function requestOf<V>(
  { operator, blocks, samples }: Pick<Spectrum, 'operator' | 'blocks' | 'samples'>,
  { rng, preconditioner }: Pick<SpectrumContext, 'rng' | 'preconditioner'>,
): CurvatureRequest<V> {
  return {
    kind: operator,
    blocks,
    samples: samples ?? 1,
    rng: rng.split('labels'),
    ...(preconditioner && { preconditioner }),
  };
}

/**
 * The whole spectrum at θ from the dense matrix: the slow twin of `runSpectrum`, for "check this". `context` has the
 * stream that `runSpectrum` had. Cost: one gradient and a product a row, then about 10 n³ operations; n at most 3,000
 * (`BadInput` above).
 */
export async function exactSpectrumAt<V>(
  objective: Objective<V>,
  theta: V,
  matrix: Pick<Spectrum, 'operator' | 'blocks' | 'samples'>,
  context: Pick<SpectrumContext, 'rng' | 'preconditioner'>,
  options: DenseOptions = {},
): Promise<Result<ExactSpectrum>> {
  const linearization = await objective.linearize(theta);
  try {
    const curvature = await curvatureOperator({ objective, theta, linearization }, requestOf(matrix, context));
    try {
      const result = await exactSpectrum(curvature.operator, options);
      const products = result.stats.products * curvature.productsPerApply;
      return { ...result, stats: { ...result.stats, products, gradients: 1 } };
    } finally {
      curvature.dispose();
    }
  } finally {
    linearization.dispose();
  }
}
