import type { SpectralWeights } from '../../linalg/dense/absolute-inverse.ts';
import { denseFunctionTimes, krylovFunctionTimes } from '../../linalg/operators/function-of-operator.ts';
import type { HostVector } from '../../linalg/vector-space.ts';
import type { TrainingSettings, Update } from './optimizer.ts';

/** Up to this many parameters every eigenvector of H is used; above, a Krylov space that starts at the gradient. */
export const denseStepLimit = 500;

/** The most Hessian products that one update takes. */
export function productsOfStep({ krylov }: TrainingSettings, parameters: number): number {
  return parameters <= denseStepLimit ? parameters : Math.min(krylov, parameters);
}

/**
 * θ ← θ − η f(H) g, f given by its weights. Cost: `productsOfStep` products at most. A Hessian that is not finite makes θ
 * NaN, which the next loss tells.
 */
export async function curvatureStep<V extends HostVector>(
  { theta, gradient, hessian, learningRate, settings }: Update<V>,
  weights: SpectralWeights,
): Promise<void> {
  if (hessian === undefined) throw new Error(`${settings.optimizer} was given no Hessian.`);
  const n = theta.length;
  const { value } =
    n <= denseStepLimit
      ? await denseFunctionTimes(hessian, gradient, weights)
      : await krylovFunctionTimes(hessian, gradient, settings.krylov, weights);
  const step = value.vector!;
  for (let i = 0; i < n; i++) theta[i]! -= learningRate * step[i]!;
  hessian.space.release(step);
}
