import type { SpectralWeights } from '../../linalg/dense/absolute-inverse.ts';
import { denseParts, krylovParts } from '../../linalg/operators/function-of-operator.ts';
import type { HostVector } from '../../linalg/vector-space.ts';
import type { TrainingSettings, Update } from './optimizer.ts';

/** Up to this many parameters every eigenvector of H is used; above, a Krylov space that starts at the gradient. */
export const denseStepLimit = 500;
/** Decades that a search of the damping tries; the last is taken whatever its loss. */
const mostTrials = 12;
/** Where a search goes on from μ = 0, relative to the largest eigenvalue in size. */
const leastDamping = 1e-6;

/** The most Hessian products that one update takes. */
export function productsOfStep({ krylov }: TrainingSettings, parameters: number): number {
  return parameters <= denseStepLimit ? parameters : Math.min(krylov, parameters);
}

/**
 * θ ← θ − η f(H) g, f given by its weights for a damping μ: that of the settings, or the first of μ, 10μ, 100μ … with which
 * the loss of the examples of the step does not rise (Dauphin et al. 2014 search over decades). Cost: `productsOfStep`
 * products at most, and for a search a loss a trial. A Hessian that is not finite makes θ NaN, which the next loss tells.
 */
export async function curvatureStep<V extends HostVector>(
  { theta, gradient, hessian, lossAt, learningRate, settings }: Update<V>,
  weightsOf: (damping: number) => SpectralWeights,
): Promise<void> {
  if (hessian === undefined || lossAt === undefined) throw new Error(`${settings.optimizer} was given no Hessian.`);
  const n = theta.length;
  const { value: parts } =
    n <= denseStepLimit ? await denseParts(hessian, gradient) : await krylovParts(hessian, gradient, settings.krylov);
  if (parts === null) {
    theta.fill(Number.NaN);
    return;
  }
  const start = theta.slice();
  const move = (damping: number): void => {
    const step = parts.times(weightsOf(damping));
    for (let i = 0; i < n; i++) theta[i] = start[i]! - learningRate * step[i]!;
    hessian.space.release(step);
  };
  let damping = settings.damping;
  move(damping);
  if (settings.dampingRule === 'search') {
    const before = await lossAt(start as V);
    const least = leastDamping * parts.eigenvalues.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (let trial = 1; trial < mostTrials && !((await lossAt(theta)) <= before); trial++) {
      damping = Math.max(10 * damping, least);
      move(damping);
    }
  }
  parts.dispose();
}
