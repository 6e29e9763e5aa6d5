import { type DenseOptions, type ExactSpectrum, exactSpectrum } from '../../linalg/dense/dense-symmetric.ts';
import type { Result } from '../../linalg/result.ts';
import { gaussNewtonOperator } from '../../objective/curvature/gauss-newton.ts';
import { hessianOperator } from '../../objective/curvature/hessian.ts';
import type { Objective } from '../../objective/objective.ts';
import type { SpectrumParameters } from './descriptor.ts';

/**
 * The whole spectrum at θ from the dense matrix: the slow twin of `runSpectrum`, for "check this". Cost: one gradient and
 * p products, then about 10 p³ operations; p at most 2000 (`BadInput` above).
 */
export async function exactSpectrumAt<V>(
  objective: Objective<V>,
  theta: V,
  operator: SpectrumParameters['operator'],
  options: DenseOptions = {},
): Promise<Result<ExactSpectrum>> {
  const linearization = await objective.linearize(theta);
  try {
    const curvature =
      operator === 'hessian'
        ? hessianOperator(objective.space, linearization)
        : gaussNewtonOperator(objective.space, linearization);
    const result = await exactSpectrum(curvature, options);
    return { ...result, stats: { ...result.stats, gradients: 1 } };
  } finally {
    linearization.dispose();
  }
}
